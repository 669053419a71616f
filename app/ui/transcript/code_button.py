"""The buttons of one block of code, and the strip that its thumb is dragged on."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import FEEDBACK_MS, TextButton
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.copying import cleaned_code
from app.ui.transcript.style import LABEL_PX

_HEIGHT_PX = 26
_ICON_PX = LABEL_PX + 2
_KEY_PX = 60
_FAR_PX = 1 << 24
_KEYS = {
    Qt.Key.Key_Left: -_KEY_PX,
    Qt.Key.Key_Right: _KEY_PX,
    Qt.Key.Key_Home: -_FAR_PX,
    Qt.Key.Key_End: _FAR_PX,
}


class CodeButton(TextButton):
    """Stands over the code too, and moves it sideways by keys."""

    scrolled = Signal()

    def __init__(self, theme: Theme, icons: Icons, icon_name: str, text: str, parent: QWidget) -> None:
        super().__init__(theme, icons, icon_name, text, parent=parent, height_px=_HEIGHT_PX, font_px=LABEL_PX)
        self._cell: CodeCell | None = None

    def bind(self, cell: CodeCell) -> None:
        style = cell.style
        if style.px(_HEIGHT_PX) != self._height_px:
            self._height_px, self._icon_px = style.px(_HEIGHT_PX), style.px(_ICON_PX)
            self.setFont(style.label.font)
            self.resize(self.sizeHint())
        self._cell = cell

    def _colors(self) -> tuple[str | None, str]:
        """On a ground in any case."""
        ground, ink = super()._colors()
        return ground or self._theme.palette.code_background, ink

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        dx = _KEYS.get(Qt.Key(event.key()))
        if dx is None or self._cell is None or not self._cell.overflow_px:
            super().keyPressEvent(event)
        elif self._cell.scroll_by(dx):
            self.scrolled.emit()


class CopyCodeButton(CodeButton):
    """Says for a moment that it copied, and what it left out."""

    copied = Signal(str)
    resized = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(theme, icons, "copy", "Copy", parent)
        self.setObjectName("copyCodeButton")
        self._feedback = QTimer(self)
        self._feedback.setSingleShot(True)
        self._feedback.timeout.connect(self._forget_feedback)
        self.clicked.connect(self._on_clicked)

    def bind(self, cell: CodeCell) -> None:
        if self._cell is None or cell.block is not self._cell.block:
            self._forget_feedback()
        super().bind(cell)
        self.set_label(f"Copy {cell.title}" if cell.title != "Code" else "Copy code")

    def _on_clicked(self) -> None:
        if self._cell is None:
            return
        text, removed = cleaned_code(self._cell.text)
        QGuiApplication.clipboard().setText(text)
        left_out = f", {removed} hidden character{'s' * (removed > 1)} left out" if removed else ""
        self._say("check", f"Copied{left_out}")
        self._feedback.start(FEEDBACK_MS * (3 if removed else 1))
        self.copied.emit(text)

    def _forget_feedback(self) -> None:
        self._feedback.stop()
        self._say("copy", "Copy")

    def _say(self, icon_name: str, text: str) -> None:
        self.set_content(icon_name, text)
        self.resized.emit()


class WrapCodeButton(CodeButton):
    """Wraps long lines, or shows each on a line of its own again."""

    reflowed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(theme, icons, "text-wrap", "Wrap", parent)
        self.setObjectName("wrapCodeButton")
        self.clicked.connect(self._on_clicked)

    def bind(self, cell: CodeCell) -> None:
        super().bind(cell)
        word = "Unwrap" if cell.wraps else "Wrap"
        if word != self.text():
            self.set_content("text-wrap", word)
        self.set_label(f"{word} long lines")

    def _on_clicked(self) -> None:
        if self._cell is not None:
            self._cell.set_wraps(not self._cell.wraps)
            self.bind(self._cell)
            self.reflowed.emit()


class CodeGrip(QWidget):
    """Lies over the thumb that the cell paints, and moves it with the mouse."""

    scrolled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("codeGrip")
        self.setAccessibleName("Scroll code sideways")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._cell: CodeCell | None = None
        self._held_px: float | None = None  # from the thumb's left edge

    def bind(self, cell: CodeCell) -> None:
        self._cell = cell

    def _move_thumb(self, x: float) -> None:
        if self._cell is not None and self._held_px is not None and self._cell.move_thumb(x - self._held_px):
            self.scrolled.emit()

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._cell is None or event.button() is not Qt.MouseButton.LeftButton or not self._cell.overflow_px:
            event.ignore()
            return
        x = event.position().x()
        left, length = self._cell.thumb
        self._held_px = x - left if left <= x < left + length else length / 2
        self._move_thumb(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_thumb(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held_px = None
