"""The Copy of a block of code."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import FEEDBACK_MS, TextButton
from app.ui.transcript.code_cell import CodeCell
from app.ui.transcript.copying import cleaned_code
from app.ui.transcript.style import LABEL_PX


class CopyCodeButton(TextButton):
    """Says for a moment that it copied, and what it left out."""

    copied = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(theme, icons, "copy", "Copy", parent=parent, height_px=26, font_px=LABEL_PX)
        self._cell: CodeCell | None = None
        self._feedback = QTimer(self)
        self._feedback.setSingleShot(True)
        self._feedback.setInterval(FEEDBACK_MS)
        self._feedback.timeout.connect(self._forget_feedback)
        self.clicked.connect(self._on_clicked)

    def bind(self, cell: CodeCell) -> None:
        if cell is not self._cell:
            self._cell = cell
            self._forget_feedback()
        self.set_label(f"Copy {cell.language or 'code'}")

    def _colors(self) -> tuple[str | None, str]:
        """On a ground in any case: it also stands over the code."""
        ground, ink = super()._colors()
        return ground or self._theme.palette.code_background, ink

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
        """Its right edge stays."""
        right = self.x() + self.width()
        self.set_content(icon_name, text)
        self.move(right - self.width(), self.y())
