"""Paints what stands beside cells: bullets, numbers, boxes to tick, the bars of quotes."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.markdown.blocks import Item
from app.ui.transcript.cells.frames import MARKER_GAP_PX, Frame, Framing
from app.ui.transcript.style import Style, TextStyle

BAR_PX = 2
_BOX_PX = 16
_BULLET_X_PX = 11  # from the middle of a bullet to its text
_BULLET_UP_PX = 5.2  # from the baseline
_CHECK = ((4.4, 8.4), (7.1, 11.1), (11.8, 5.4))  # in a box of 16


class Side:
    """Where things stand in a column of this width: x counts from the side that its text begins at."""

    def __init__(self, style: Style, width: int, *, is_right_to_left: bool) -> None:
        self.style = style
        self._width = width
        self._is_right_to_left = is_right_to_left

    def span(self, x: float, width: float) -> float:
        """The left edge of what is `width` wide and begins at x."""
        return self._width - x - width if self._is_right_to_left else x

    def text(self, frame: Frame) -> TextStyle:
        """What a marker looks like."""
        return self.style.small if frame.is_small else self.style.body


def paint_bars(painter: QPainter, framing: Framing, side: Side, top: int, bottom: int, gap: int) -> None:
    """`gap`: how far up the cell above is; a bar that it has too goes on through it."""
    if framing.frame is None:
        return
    width = side.style.px(BAR_PX)
    for x, depth in framing.frame.bars:
        start = top if depth > framing.known_depth else top - gap
        painter.fillRect(QRectF(side.span(x, width), start, width, bottom - start), side.style.scrollbar)


def paint_marker(painter: QPainter, frame: Frame, side: Side, x: int, baseline: float) -> None:
    """`x` is where the text begins that it belongs to."""
    if isinstance(frame.container, Item) and frame.container.is_done is not None:
        _paint_box(painter, side, x, baseline, is_done=frame.container.is_done)
    elif frame.number:
        _paint_number(painter, frame, side, x, baseline)
    else:
        _paint_bullet(painter, frame, side, x, baseline)


def _paint_number(painter: QPainter, frame: Frame, side: Side, x: int, baseline: float) -> None:
    text = side.text(frame)
    width = QFontMetricsF(text.font).horizontalAdvance(frame.number)
    painter.setFont(text.font)
    painter.setPen(text.color)
    painter.drawText(QPointF(side.span(x - side.style.px(MARKER_GAP_PX) - width, width), baseline), frame.number)


def _paint_bullet(painter: QPainter, frame: Frame, side: Side, x: int, baseline: float) -> None:
    zoom = side.style.zoom
    radius = 2.7 * zoom
    left = side.span(x - _BULLET_X_PX * zoom - radius, 2 * radius)
    area = QRectF(left, baseline - _BULLET_UP_PX * zoom - radius, 2 * radius, 2 * radius)
    color = side.text(frame).color
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if frame.list_level <= 1:
        painter.drawEllipse(area)
    elif frame.list_level == 2:
        painter.setPen(QPen(color, 1.1 * zoom))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(area)
    else:
        off = 0.35 * zoom
        painter.drawRect(area.adjusted(off, off, -off, -off))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_box(painter: QPainter, side: Side, x: int, baseline: float, *, is_done: bool) -> None:
    style, zoom = side.style, side.style.zoom
    size = style.px(_BOX_PX)
    left = side.span(x - style.px(MARKER_GAP_PX) - size, size)
    area = QRectF(left, round(baseline - style.body.px * 0.36 - size / 2), size, size)
    radius = 4 * zoom
    if not is_done:
        half = 0.6 * zoom
        painter.setPen(QPen(style.body.muted, 2 * half))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius, radius)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.body.link)
    painter.drawRoundedRect(area, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tick = QPen(QColor(style.palette.background), 1.8 * zoom)
    tick.setCapStyle(Qt.PenCapStyle.RoundCap)
    tick.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(tick)
    painter.drawPolyline([area.topLeft() + QPointF(at_x, at_y) * (size / _BOX_PX) for at_x, at_y in _CHECK])
