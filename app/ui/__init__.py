"""Widgets. With main, the only room that imports PySide6; nothing here awaits."""
