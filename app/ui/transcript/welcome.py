"""What stands in an empty conversation."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.theme import Theme, body_font

TITLE_PX = 24


class Welcome(QWidget):
    """A quiet word in the middle."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: list[QLabel] = []
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(8)
        self._layout.addStretch()
        self._layout.addStretch()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._dress)

    def set_text(self, title: str, lines: Sequence[str]) -> None:
        for label in self._labels:
            self._layout.removeWidget(label)
            label.deleteLater()
        self._labels = []
        for text in (title, *lines):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            self._layout.insertWidget(self._layout.count() - 1, label)
            self._labels.append(label)
        self.setAccessibleName(". ".join((title, *lines)))
        self._dress()

    def _dress(self) -> None:
        palette = self._theme.palette
        for index, label in enumerate(self._labels):
            label.setFont(body_font(TITLE_PX, QFont.Weight.DemiBold) if index == 0 else body_font())
            colors = label.palette()
            colors.setColor(label.foregroundRole(), palette.text if index == 0 else palette.muted)
            label.setPalette(colors)
