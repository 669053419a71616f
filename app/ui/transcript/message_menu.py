"""The menu of one message."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.icons import Icons
from app.ui.text import plain_label
from app.ui.theme import Theme, new_menu
from app.ui.transcript.message_action import KEYS, MessageAction, button_label, menu_label, menu_of
from app.ui.transcript.shown_message import ShownMessage

ICON_PX = 16


class MessageMenu(QObject):
    chosen = Signal(str, str)  # a MessageAction, the message's id

    def __init__(self, area: QWidget, theme: Theme, icons: Icons) -> None:
        super().__init__(area)
        self._area = area
        self._theme = theme
        self._icons = icons

    def popup(self, shown: ShownMessage, at: QPoint, *, by_keyboard: bool = False) -> None:
        """`at` is on the screen. Returns at once; by keyboard, the first row is chosen already."""
        menu = new_menu(self._area)
        menu.setObjectName("messageMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Actions of the message")
        self._add_rows(menu, shown, {})
        menu.popup(at)
        if by_keyboard and menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def add_to(self, menu: QMenu, shown: ShownMessage) -> None:
        """What can be done with this message, below what is in the menu for the text it has."""
        menu.addSeparator()
        self._add_rows(menu, shown, {MessageAction.COPY: button_label(MessageAction.COPY, shown)})

    def _add_rows(self, menu: QMenu, shown: ShownMessage, labels: Mapping[MessageAction, str]) -> None:
        for action in menu_of(shown):
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(self._row(action, shown, labels.get(action) or menu_label(action, shown), menu))

    def _row(self, action: MessageAction, shown: ShownMessage, label: str, menu: QWidget) -> QAction:
        icon = self._icons.icon(action.icon_name, self._theme.palette.text, ICON_PX)
        row = QAction(icon, plain_label(label), menu)
        row.setObjectName(f"{action}MessageAction")
        if (key := KEYS.get(action)) is not None:
            row.setShortcut(QKeySequence(key))
            row.setShortcutVisibleInContextMenu(True)
        message_id = shown.message.id
        row.triggered.connect(lambda: self.chosen.emit(action, message_id))
        return row
