"""How soon a window is there, what it weighs, and what it does when nothing happens."""
