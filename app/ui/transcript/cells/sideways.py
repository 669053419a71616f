"""Moving sideways what is wider than its cell."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

_SHORTEST_THUMB_PX = 32.0


class Sideways:
    """`room` is what is seen at once of `content`, both widths in pixels."""

    def __init__(self) -> None:
        self.offset = 0
        self._content = 0
        self._room = 0

    def resize(self, content: int, room: int) -> None:
        self._content = content
        self._room = room
        self.scroll_by(0)

    @property
    def overflow(self) -> int:
        return max(0, self._content - self._room)

    def scroll_by(self, dx: int) -> bool:
        """False if there is nothing further that way."""
        before = self.offset
        self.offset = max(0, min(before + dx, self.overflow))
        return self.offset != before

    @property
    def thumb(self) -> tuple[float, float]:
        """Its left edge and its length, in the room. There must be an overflow."""
        length = max(_SHORTEST_THUMB_PX, self._room * self._room / self._content)
        return (self._room - length) * self.offset / self.overflow, length

    def move_thumb(self, left: float) -> bool:
        """False if there is nothing further that way."""
        if not self.overflow:
            return False
        way = max(1.0, self._room - self.thumb[1])
        return self.scroll_by(round(left * self.overflow / way) - self.offset)

    def paint_thumb(self, painter: QPainter, bottom: float, thickness: int, color: QColor) -> None:
        """Where one is. Nothing if all is in sight."""
        if not self.overflow:
            return
        left, length = self.thumb
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(left, bottom - thickness, length, thickness), thickness / 2, thickness / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
