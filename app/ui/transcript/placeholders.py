"""What stands where a text has not been read yet: quiet lines, if it takes long."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.transcript.style import Style

SHOWN_AFTER_MS = 100
MARGIN_PX = 26  # above and below the lines
INK_PX = 10  # how high a line is
_SHARES = (1.0, 0.94, 0.98, 0.9, 0.96)  # of the width
_LAST_SHARE = 0.6
_QUESTION_SHARE = 0.5


class Blank(NamedTuple):
    """A row without its text, in the viewport."""

    y: int
    height: int
    is_from_user: bool


class Placeholders(QWidget):
    """Lies below the rows and takes no clicks. Empty for SHOWN_AFTER_MS: most texts are there before."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._style: Style | None = None
        self._blanks: list[Blank] = []
        self._column = range(0)
        self._is_slow = QTimer(self)
        self._is_slow.setSingleShot(True)
        self._is_slow.setInterval(SHOWN_AFTER_MS)
        self._is_slow.timeout.connect(self._on_slow)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def is_needed(self) -> bool:
        return bool(self._blanks)

    def stand_in(self, blanks: list[Blank], column: range, style: Style) -> None:
        """For these rows; for none, there is nothing to see. `column` goes from its left to its right edge."""
        if blanks == self._blanks and column == self._column and style is self._style:
            return
        self._blanks, self._column, self._style = blanks, column, style
        if not blanks:
            self._is_slow.stop()
            self.hide()
        elif self.isVisible():
            self._fill_viewport()
        elif not self._is_slow.isActive():
            self._is_slow.start()

    def _on_slow(self) -> None:
        self._fill_viewport()
        self.show()
        self.lower()

    def _fill_viewport(self) -> None:
        self.setGeometry(self._viewport.rect())
        self.update()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._style is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.bubble_ground)
        seen = event.rect()
        for blank in self._blanks:
            for line in _lines_of(blank, self._column, self._style):
                if line.bottom() >= seen.top() and line.top() <= seen.bottom():
                    painter.drawRoundedRect(line, line.height() / 2, line.height() / 2)


def _lines_of(blank: Blank, column: range, style: Style) -> list[QRectF]:
    pitch, ink, margin = style.body.line_px, style.px(INK_PX), style.px(MARGIN_PX)
    count = max(1, (blank.height - 2 * margin) // pitch)
    whole = len(column) * (_QUESTION_SHARE if blank.is_from_user else 1.0)
    lines: list[QRectF] = []
    for number in range(count):
        share = _LAST_SHARE if number == count - 1 else _SHARES[number % len(_SHARES)]
        width = whole * share
        left = column.stop - width if blank.is_from_user else column.start
        lines.append(QRectF(left, blank.y + margin + number * pitch, width, ink))
    return lines
