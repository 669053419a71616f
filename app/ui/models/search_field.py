"""The field above the list of models: what is written searches, and some keys are the list's."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from app.ui.icons import ROW_TEXT_LEFT_PX, Icons, paint_row_icon
from app.ui.measures import ROW_HEIGHT_PX
from app.ui.models.entry_view import NAVIGATION
from app.ui.theme import Theme, body_font

FAVORITE_KEY, PRICE_KEY = Qt.Key.Key_D, Qt.Key.Key_P  # with Ctrl
MENU_KEY = Qt.Key.Key_Menu
_OTHERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_F5)
_TEXT_FIELD_PADDING_PX = 12
_SEARCH = "Search models"


class SearchField(QLineEdit):
    """Passes on the keys that are the list's."""

    key_pressed = Signal(int)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self.setObjectName("modelSearch")
        self.setAccessibleName(_SEARCH)
        self.setPlaceholderText(_SEARCH)
        self.setFont(body_font(14))
        self.setProperty("look", "quiet")
        self.setTextMargins(ROW_TEXT_LEFT_PX - _TEXT_FIELD_PADDING_PX, 0, 0, 0)
        self.setFixedHeight(ROW_HEIGHT_PX)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if (is_plain and (key in NAVIGATION or key in _OTHERS)) or (is_ctrl and key in (FAVORITE_KEY, PRICE_KEY)):
            self.key_pressed.emit(key)
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse it is the field's; by a key it is that of the row which is marked."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.key_pressed.emit(MENU_KEY)
        else:
            super().contextMenuEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_row_icon(QPainter(self), self, self._icons, "search", self._theme.palette.muted)
