"""What the window can do by key and by menu: one QAction each, so that keys and menu never disagree."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.icons import IconButton, Icons
from app.ui.text import (
    CHOOSE_MODEL,
    CHOOSE_MODEL_KEYS,
    FIND,
    FIND_KEYS,
    NEW_CONVERSATION,
    NEW_CONVERSATION_KEYS,
    SEARCH,
    SEARCH_KEYS,
    SETTINGS,
    SETTINGS_KEYS,
)
from app.ui.theme import Theme, new_menu

SIDEBAR_KEYS = "Ctrl+B"
STOP_ALL_KEYS = "Ctrl+Shift+."
QUIT_KEYS = "Ctrl+Q"


class Actions:
    """The window's actions. Whoever can do them connects to `triggered`."""

    def __init__(self, window: QWidget) -> None:
        self.new_conversation = _action(window, NEW_CONVERSATION, NEW_CONVERSATION_KEYS)
        self.search = _action(window, SEARCH, SEARCH_KEYS)
        self.sidebar = _action(window, "Show or hide the sidebar", SIDEBAR_KEYS)
        self.choose_model = _action(window, CHOOSE_MODEL, CHOOSE_MODEL_KEYS)
        self.find = _action(window, FIND, FIND_KEYS)
        self.find_next = _action(window, "Find next", "F3", "Ctrl+G")
        self.find_previous = _action(window, "Find previous", "Shift+F3", "Ctrl+Shift+G")
        self.previous_message = _action(window, "Previous message", "Alt+Up")
        self.next_message = _action(window, "Next message", "Alt+Down")
        self.zoom_in = _action(window, "Zoom in", "Ctrl++", "Ctrl+=")  # the same key, with and without Shift
        self.zoom_out = _action(window, "Zoom out", "Ctrl+-")
        self.zoom_reset = _action(window, "Actual size", "Ctrl+0")
        self.stop_all = _action(window, "Stop all answers", STOP_ALL_KEYS)
        self.stop_all.setEnabled(False)
        self.settings = _action(window, SETTINGS, SETTINGS_KEYS)
        self.quit = _action(window, "Quit", QUIT_KEYS)
        # Esc belongs to fields and menus; only while an answer is written is it Stop, wherever the focus is.
        self.stop = _action(window, "Stop", "Esc")
        self.stop.setEnabled(False)

    def all(self) -> tuple[QAction, ...]:
        """Every action, in the order of the menu, and then those that it does not list."""
        listed = [action for action in self.in_menu() if action is not None]
        rest = [each for each in vars(self).values() if isinstance(each, QAction) and each not in listed]
        return (*listed, *rest)

    def in_menu(self) -> tuple[QAction | None, ...]:
        """The actions of the menu from top to bottom; None is a line between them."""
        return (
            self.new_conversation,
            self.search,
            self.find,
            self.sidebar,
            self.choose_model,
            None,
            self.previous_message,
            self.next_message,
            None,
            self.zoom_in,
            self.zoom_out,
            self.zoom_reset,
            None,
            self.stop_all,
            None,
            self.settings,
            self.quit,
        )


class MenuButton(IconButton):
    """The window's menu, behind three dots."""

    def __init__(self, theme: Theme, icons: Icons, actions: Actions) -> None:
        super().__init__(theme, icons, "ellipsis", "Menu")
        self.setObjectName("menuButton")
        self._menu = new_menu(self)
        for action in actions.in_menu():
            if action is None:
                self._menu.addSeparator()
            else:
                self._menu.addAction(action)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        below = self.mapToGlobal(QPoint(self.width(), self.height() + 4))
        self._menu.popup(below - QPoint(self._menu.sizeHint().width(), 0))


def _action(window: QWidget, label: str, *keys: str) -> QAction:
    """The first of the keys is the one that the menu names."""
    action = QAction(label, window)
    action.setShortcuts([QKeySequence(each) for each in keys])
    window.addAction(action)
    return action
