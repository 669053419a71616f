"""Settings › Shortcuts: every key there is."""

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence

from app.domain.settings import Settings
from app.ui.settings.page import Group, Page, plain
from app.ui.text import ENTER_KEYS, SEND, send_keys, shortcut

_IN_SETTINGS = (("Search settings", "Ctrl+F"), ("Move a provider up or down", "Alt+Up, Alt+Down"))
_IN_TEXT = (("Break the line", "Shift+Enter"),)


class ShortcutsPage(Page):
    """Reads the actions that there are, so that it never says another key than the one that works."""

    def __init__(self, actions: Iterable[QAction]) -> None:
        super().__init__("shortcuts", "Shortcuts", words="keys keyboard hotkeys bindings")
        self.column.addWidget(plain("These keys work in the window. They can't be changed yet.", "muted"))
        writing = self.add_group("Writing")
        self._send = plain(ENTER_KEYS, "keys")
        self._send.setWordWrap(False)
        self.add_setting(writing, SEND, self._send)
        for label, keys in _IN_TEXT:
            self._add(writing, label, keys)
        window = self.add_group("Window")
        for action in actions:
            keys = ", ".join(_native(each) for each in action.shortcuts())
            if keys:
                self._add(window, _label(action), keys)
        settings = self.add_group("Settings")
        for label, keys in _IN_SETTINGS:
            self._add(settings, label, ", ".join(map(shortcut, keys.split(", "))))

    def show_settings(self, settings: Settings) -> None:
        self._send.setText(send_keys(with_ctrl=settings.sends_with_ctrl))

    def _add(self, group: Group, label: str, keys: str) -> None:
        shown = plain(keys, "keys")
        shown.setWordWrap(False)
        self.add_setting(group, label, shown, words=keys)


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _label(action: QAction) -> str:
    """Without what an action says of the moment: “Actual size (150 %)”."""
    return action.text().split(" (")[0]
