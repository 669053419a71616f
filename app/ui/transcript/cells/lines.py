"""Lines of text: laid out, measured and painted."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextLine, QTextOption

from app.ui.transcript.cells.typeset import Typeset
from app.ui.transcript.qt_text import TAB_STOPS, x_of
from app.ui.transcript.style import TextStyle

_RADIUS = 0.3  # of a ground, by the height of the text
_GROUND_OUT = 0.07  # how far it reaches into the spaces beside it, by the same
_GROUND_PX = 2  # how much higher than a line of its text the ground of code is


def wrapping(style: TextStyle, direction: Qt.LayoutDirection) -> QTextOption:
    """Between words, or anywhere in one that is too long, from the side that the text begins at."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(TAB_STOPS * style.advance_px)
    option.setTextDirection(direction)
    is_flipped = direction == Qt.LayoutDirection.RightToLeft
    option.setAlignment(Qt.AlignmentFlag.AlignRight if is_flipped else Qt.AlignmentFlag.AlignLeft)
    return option


class Lines:
    """
    What is typeset, in lines of a width. Coordinates are those of their own corner; places are units of the text.

    They see of the typeset what it was when they were made, and its insets and grounds as they are.
    """

    def __init__(self, typeset: Typeset, style: TextStyle, option: QTextOption, width: int) -> None:
        self.typeset = typeset
        self._style = style
        self.tops: list[int] = []
        self.starts: list[int] = []
        self.height = 0
        self.natural_width = 0.0
        layout = self._layout = QTextLayout(typeset.text, style.font)
        layout.setFormats(typeset.formats)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            above, below = self._overhang(line)
            line.setPosition(QPointF(0, self.height + above + style.baseline_px - line.ascent()))
            self.natural_width = max(self.natural_width, line.naturalTextWidth())
            self.tops.append(self.height)
            self.starts.append(line.textStart())
            self.height += above + style.line_px + below
        layout.endLayout()

    def __len__(self) -> int:
        return len(self.tops)

    def _overhang(self, line: QTextLine) -> tuple[int, int]:
        if not self.typeset.insets:
            return 0, 0
        return self.typeset.overhang(line.textStart(), line.textStart() + line.textLength())

    def keep(self, count: int) -> None:
        """Forget the lines after these."""
        if count < len(self.tops):
            self.height = self.tops[count]
            del self.tops[count:], self.starts[count:]

    @property
    def baseline(self) -> float:
        """Of the first line."""
        return self._baseline(self._layout.lineAt(0))

    def _baseline(self, line: QTextLine) -> float:
        return line.position().y() + line.ascent()

    def end(self, number: int) -> int:
        """Where what stands in a line ends."""
        line = self._layout.lineAt(number)
        return line.textStart() + line.textLength()

    def line_of(self, unit: int) -> int:
        return max(0, bisect_right(self.starts, unit) - 1)

    def _line_at(self, y: int) -> QTextLine:
        """The line at `y`, or the nearest."""
        return self._layout.lineAt(max(0, bisect_right(self.tops, y) - 1))

    def nearest_unit(self, x: float, y: int) -> int:
        return self._line_at(y).xToCursor(x)

    def unit_under(self, x: float, y: int) -> int | None:
        """What is painted at a point."""
        line = self._line_at(y)
        seen = line.naturalTextRect()
        if not seen.left() <= x < seen.right():
            return None
        return line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)

    def end_of_text(self) -> QPointF:
        """In the middle of the last line's height."""
        line = self._layout.lineAt(len(self.tops) - 1)
        x = x_of(line.cursorToX(line.textStart() + line.textLength()))
        return QPointF(x, self._baseline(line) - self._style.baseline_px + self._style.line_px / 2)

    def between(self, top: int, bottom: int) -> range:
        """The lines that are seen there."""
        return range(max(0, bisect_right(self.tops, top) - 1), bisect_right(self.tops, bottom))

    def paint(self, painter: QPainter, lines: range) -> None:
        """The text and what stands in it."""
        for number in lines:
            line = self._layout.lineAt(number)
            painter.setPen(self._style.color)
            line.draw(painter, QPointF(0, 0))
            if self.typeset.insets:
                self._paint_insets(painter, line)

    def _paint_insets(self, painter: QPainter, line: QTextLine) -> None:
        start = line.textStart()
        for unit, inset in self.typeset.insets_between(start, start + line.textLength()):
            left = min(x_of(line.cursorToX(unit)), x_of(line.cursorToX(unit + 1)))
            inset.paint(painter, QPointF(left, self._baseline(line)))

    def paint_grounds(self, painter: QPainter, lines: range) -> None:
        """Of code, and of what looks like a chip."""
        grounds = self.typeset.grounds
        if not grounds or not lines:
            return
        start = self.starts[lines.start]
        end = self.starts[lines.stop] if lines.stop < len(self.starts) else 1 << 60
        out, radius = self._style.px * _GROUND_OUT, self._style.px * _RADIUS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.code_ground)
        for units in grounds:
            if units[1] > start and units[0] < end:
                for area in self._areas(lines, units):
                    painter.drawRoundedRect(self._hugging(area).adjusted(-out, 0, out, 0), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def paint_span(self, painter: QPainter, lines: range, units: tuple[int, int], color: QColor) -> None:
        """The ground of what is selected or found."""
        for area in self._areas(lines, units):
            painter.fillRect(area, color)

    def paint_frame(self, painter: QPainter, lines: range, units: tuple[int, int], color: QColor) -> None:
        """Around what the keyboard stands on."""
        radius = self._style.px * _RADIUS
        painter.setPen(color)
        for area in self._areas(lines, units):
            painter.drawRoundedRect(self._hugging(area).adjusted(-1.5, 0.5, 1.5, -0.5), radius, radius)

    def _hugging(self, area: QRectF) -> QRectF:
        """Not as high as the line: it stands apart from those above and below it."""
        off = max(0.0, (area.height() - self._style.text_px - _GROUND_PX) / 2)
        return area.adjusted(0, off, 0, -off)

    def _areas(self, lines: range, units: tuple[int, int]) -> list[QRectF]:
        """Where these units stand, a rectangle a line."""
        areas = []
        first = max(lines.start, bisect_right(self.starts, units[0]) - 1)
        for number in range(first, min(lines.stop, bisect_left(self.starts, units[1]))):
            line = self._layout.lineAt(number)
            start, end = max(units[0], line.textStart()), min(units[1], line.textStart() + line.textLength())
            if start < end:
                left, right = sorted((x_of(line.cursorToX(start)), x_of(line.cursorToX(end))))
                top = self._baseline(line) - self._style.baseline_px
                areas.append(QRectF(left, top, right - left, self._style.line_px))
        return areas
