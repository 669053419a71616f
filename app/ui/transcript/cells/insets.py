"""What stands in a line of text and is painted, not typed."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.ui.icons import Icons
from app.ui.transcript.formulas import FormulaPicture


class Inset(Protocol):
    """Measures in logical pixels; `ascent` and `descent` are those above and below the baseline of its line."""

    width: float
    ascent: float
    descent: float

    def paint(self, painter: QPainter, baseline: QPointF) -> None:
        """`baseline` is its left end."""
        ...


class FormulaInset:
    """A formula in type, made smaller where it is wider than the text."""

    def __init__(self, picture: FormulaPicture, color: QColor, room: float) -> None:
        self._picture = picture
        self._color = color
        self._scale = min(1.0, room / picture.width) if picture.width else 1.0
        self.width = picture.width * self._scale
        self.ascent = picture.ascent * self._scale
        self.descent = picture.descent * self._scale

    def paint(self, painter: QPainter, baseline: QPointF) -> None:
        if self._scale == 1.0:
            self._picture.paint(painter, baseline, self._color)
            return
        painter.save()
        painter.translate(baseline)
        painter.scale(self._scale, self._scale)
        self._picture.paint(painter, QPointF(0, 0), self._color)
        painter.restore()


class IconInset:
    """An icon of the text's colour with some room at both sides."""

    ascent = 0.0
    descent = 0.0

    def __init__(self, icons: Icons, name: str, color: QColor, side_px: int, room_px: int) -> None:
        self._icons = icons
        self._name = name
        self._color = color.name()
        self._side_px = side_px
        self._room_px = room_px
        self.width = float(side_px + 2 * room_px)

    def paint(self, painter: QPainter, baseline: QPointF) -> None:
        pixmap = self._icons.pixmap(self._name, self._color, self._side_px, painter.device().devicePixelRatioF())
        side = self._side_px
        place = QRectF(round(baseline.x()) + self._room_px, round(baseline.y() - 0.86 * side), side, side)
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))


class NameInset:
    """The name of a character that cannot be seen, small and in a box."""

    def __init__(self, name: str, font: QFont, color: QColor) -> None:
        metrics = QFontMetricsF(font)
        self._name = name
        self._font = font
        self._color = color
        self._inside_px = metrics.horizontalAdvance(name)
        self._text_ascent = metrics.capHeight()
        self._room_px = max(1, round(font.pixelSize() / 4))
        self.width = self._inside_px + 4 * self._room_px
        self.ascent = self._text_ascent + self._room_px
        self.descent = float(self._room_px)

    def paint(self, painter: QPainter, baseline: QPointF) -> None:
        room = self._room_px
        box = QRectF(
            baseline.x() + room, baseline.y() - self.ascent, self._inside_px + 2 * room, self.ascent + self.descent
        )
        painter.setPen(self._color)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 2, 2)
        painter.setFont(self._font)
        painter.drawText(QPointF(baseline.x() + 2 * room, baseline.y()), self._name)
