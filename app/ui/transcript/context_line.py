"""The quiet line above the first message that the model gets to see: how it looks."""

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.ui.transcript.style import Style

CONTEXT_BEGINS = "Messages above are not sent: they do not fit the model's context"

_SHORT = "Messages above are not sent"  # where the column is narrow
_HEIGHT_PX = 40
_GAP_PX = 14
_SHORTEST_LINE_PX = 24


def divider_height(style: Style) -> int:
    return style.px(_HEIGHT_PX)


def paint_divider(painter: QPainter, width: int, style: Style) -> None:
    """The painter's origin is the row's top, at the left of the column."""
    height = divider_height(style)
    painter.setFont(style.small.font)
    metrics = painter.fontMetrics()
    is_wide = metrics.horizontalAdvance(CONTEXT_BEGINS) <= width
    shown = CONTEXT_BEGINS if is_wide else metrics.elidedText(_SHORT, Qt.TextElideMode.ElideRight, width)
    words_width = metrics.horizontalAdvance(shown)
    left = (width - words_width) / 2
    painter.setPen(style.small.color)
    painter.drawText(QRectF(left, 0, words_width + 1, height), int(Qt.AlignmentFlag.AlignVCenter), shown)
    line = left - _GAP_PX
    if line >= _SHORTEST_LINE_PX:
        painter.setPen(QPen(style.border, 1))
        middle = height // 2 + 0.5
        painter.drawLine(QLineF(0, middle, line, middle))
        painter.drawLine(QLineF(width - line, middle, width, middle))
