"""Boxes with round corners that can be as tall as a hundred thousand lines."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter


def paint_box(painter: QPainter, box: QRect, clip: QRect, radius: int) -> None:
    """With the painter's pen and brush. What is out of sight is left out: a path costs by its height."""
    top = max(box.top(), clip.top() - 2 * radius)
    bottom = min(box.bottom(), clip.bottom() + 2 * radius)
    if top > bottom:
        return
    seen = QRectF(box.left(), top, box.width(), bottom - top + 1)
    inset = 0.0 if painter.pen().style() == Qt.PenStyle.NoPen else 0.5  # a hairline lies on one row of pixels
    painter.drawRoundedRect(seen.adjusted(inset, inset, -inset, -inset), radius, radius)
