"""Some lines of running text."""

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from app.ui.transcript.cell import Span
from app.ui.transcript.qt_text import from_qt, to_qt, x_of
from app.ui.transcript.style import TextStyle

_LINE_SEPARATOR = "\u2028"  # QTextLayout's word for a line end inside a paragraph


class Segment:
    """
    Where it begins in its paragraph is counted in characters by `start` and in lines by `first_line`.

    There is a layout once there are lines. It may hold one line more than `line_count`.
    """

    __slots__ = ("_begins_line", "_layout", "first_line", "line_count", "natural_width", "start", "text")
    _layout: QTextLayout

    def __init__(self, start: int, first_line: int, text: str = "", *, begins_line: bool = False) -> None:
        self.start = start
        self.first_line = first_line
        self.text = text
        self._begins_line = begins_line  # which is there even if it is empty
        self.line_count = 0
        self.natural_width = 0.0

    def lay_out(self, style: TextStyle, option: QTextOption, width: int) -> None:
        """All of the text anew."""
        if not self.text and not self._begins_line:
            return
        layout = QTextLayout(self.text.replace("\n", _LINE_SEPARATOR), style.font)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        count = 0
        widest = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, count * style.line_px + style.baseline_px - line.ascent()))
            widest = max(widest, line.naturalTextWidth())
            count += 1
        layout.endLayout()
        self._layout = layout
        self.line_count = count
        self.natural_width = widest

    def give_up_last_line(self) -> "Segment":
        """Return a new segment of the last line's text. A single line is kept whole: it is cut where it stands."""
        kept_lines = max(1, self.line_count - 1)
        begins_line = kept_lines < self.line_count
        cut = len(self.text)
        if begins_line:
            cut = from_qt(self.text, self._layout.lineAt(kept_lines).textStart())
        rest = Segment(self.start + cut, self.first_line + kept_lines, self.text[cut:], begins_line=begins_line)
        self.text = self.text[:cut]
        self.line_count = kept_lines
        return rest

    def line_of(self, index: int) -> int:
        """The line, counted from the paragraph's first, that the paragraph's character `index` is in."""
        place = to_qt(self.text, index - self.start)
        number = self.line_count - 1
        while number > 0 and self._layout.lineAt(number).textStart() > place:
            number -= 1
        return self.first_line + max(0, number)

    def character_at(self, x: int, number: int) -> int:
        """The paragraph's character that is nearest to `x` in the paragraph's line `number`."""
        if not self.line_count:
            return self.start
        line = self._layout.lineAt(min(number - self.first_line, self.line_count - 1))
        return self.start + from_qt(self.text, line.xToCursor(float(x)))

    def end_x(self) -> float:
        """Where the last line's text ends."""
        line = self._layout.lineAt(self.line_count - 1)
        return x_of(line.cursorToX(line.textStart() + line.textLength()))

    def paint(self, painter: QPainter, clip: QRect, style: TextStyle, selected: Span | None) -> None:
        """The painter's origin is the paragraph's top left corner."""
        top = self.first_line * style.line_px
        if selected:
            self._paint_selection(painter, style, selected)
        last = min(self.line_count, (clip.bottom() - top) // style.line_px + 1)
        for number in range(max(0, (clip.top() - top) // style.line_px), last):
            self._layout.lineAt(number).draw(painter, QPointF(0, top))

    def _paint_selection(self, painter: QPainter, style: TextStyle, selected: Span) -> None:
        (_, start), (line_after, end) = selected
        first = max(0, start - self.start)
        last = len(self.text) if line_after else min(len(self.text), end - self.start)
        if first >= last:
            return
        first, last = to_qt(self.text, first), to_qt(self.text, last)
        for number in range(self.line_count):
            line = self._layout.lineAt(number)
            begin, stop = max(first, line.textStart()), min(last, line.textStart() + line.textLength())
            if begin >= stop:
                continue
            left, right = sorted((x_of(line.cursorToX(begin)), x_of(line.cursorToX(stop))))
            top = (self.first_line + number) * style.line_px
            painter.fillRect(QRectF(left, top, right - left, style.line_px), style.selection)
