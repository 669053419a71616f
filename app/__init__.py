"""Belay: a desktop chat client whose Stop is instant, wastes nothing, loses nothing and never races."""
