"""The slim bar that asks what to find in the conversation, and says how often it is there."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from app.ui.icons import IconButton, Icons
from app.ui.palette import SMALL_PX
from app.ui.text import CLOSE, FIND
from app.ui.theme import Theme, body_font

FIELD_WIDTH_PX = 200
COUNT_WIDTH_PX = 96
FIELD_HEIGHT_PX = 30
HEIGHT_PX = 44
RADIUS_PX = 12
BUTTON_PX = 28
LONGEST_SEARCH = 1_000  # characters

NEXT = "Next match"
PREVIOUS = "Previous match"


class FindBar(QWidget):
    """Says what is wanted. Enter is next, Shift+Enter previous, Esc closes: also while an answer could be stopped."""

    text_changed = Signal(str)
    step_requested = Signal(int)  # +1: the next one, -1: the one before
    close_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("findBar")
        self.setAccessibleName(FIND)
        self._input = QLineEdit()
        self._input.setObjectName("findInput")
        self._input.setAccessibleName(FIND)
        self._input.setPlaceholderText(FIND)
        self._input.setProperty("look", "inline")
        self._input.setFont(body_font(14))
        self._input.setMaxLength(LONGEST_SEARCH)
        self._input.setMinimumWidth(FIELD_WIDTH_PX // 3)
        self._input.setMaximumWidth(FIELD_WIDTH_PX)
        self._input.setFixedHeight(FIELD_HEIGHT_PX)
        self._input.textChanged.connect(self.text_changed)
        self._count = QLabel()
        self._count.setObjectName("findCount")
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setProperty("look", "muted")
        self._count.setFont(body_font(SMALL_PX))
        self._count.setMinimumWidth(0)
        self._count.setMaximumWidth(COUNT_WIDTH_PX)
        self._count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._previous = self._button(icons, "chevron-up", PREVIOUS, "Shift+Enter")
        self._previous.setObjectName("findPreviousButton")
        self._previous.clicked.connect(lambda: self.step_requested.emit(-1))
        self._next = self._button(icons, "chevron-down", NEXT, "Enter")
        self._next.setObjectName("findNextButton")
        self._next.clicked.connect(lambda: self.step_requested.emit(+1))
        self._close = self._button(icons, "x", CLOSE, "Esc")
        self._close.setObjectName("findCloseButton")
        self._close.clicked.connect(self.close_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(2)
        row.addWidget(self._input, 2)
        row.addSpacing(6)
        row.addWidget(self._count, 1)
        for button in (self._previous, self._next, self._close):
            row.addWidget(button)
        self.setFixedHeight(HEIGHT_PX)
        self.hide()
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        return self._input.text()

    def set_text(self, text: str) -> None:
        self._input.setText(text)

    def ask(self, text: str = "") -> None:
        """Take the focus. `text` is what may be meant; what was asked for last stays if there is none."""
        self.show()
        self.raise_()
        if text:
            self.set_text(text)
        self._input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._input.selectAll()

    def show_count(self, number: int, count: int, *, is_searching: bool) -> None:
        """`number` is the current one's, 0 if none is."""
        more = "…" if is_searching else ""
        if not self.text:
            words = ""
        elif not count:
            words = "Searching…" if is_searching else "Not found"
        else:
            words = f"{number:,} of {count:,}{more}" if number else f"{count:,} found{more}"
        self._count.setText(words)
        self._count.setAccessibleName(words)
        for button in (self._previous, self._next):
            button.setEnabled(bool(count))

    def _button(self, icons: Icons, icon_name: str, label: str, keys: str) -> IconButton:
        return IconButton(self._theme, icons, icon_name, label, shortcut=keys, side_px=BUTTON_PX, icon_px=16)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(FIELD_WIDTH_PX + COUNT_WIDTH_PX + 3 * BUTTON_PX + 30, HEIGHT_PX)

    def event(self, event: QEvent) -> bool:
        wants_shortcut = event.type() == QEvent.Type.ShortcutOverride
        if wants_shortcut and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # else the window's own Esc would hear it first, and stop an answer
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step_requested.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else +1)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette.border))
        painter.setBrush(QColor(palette.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
