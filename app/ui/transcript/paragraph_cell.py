"""
Running text, wrapped, with a cost that does not grow with it.

The text stands in segments. Only the last one is laid out again when text comes; when it is
long enough, its finished lines become a segment of their own and are never touched again.
Where a line ends does not depend on what follows it, so the cut cannot be seen.
"""

from bisect import bisect_right

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from app.markdown.blocks import Paragraph
from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import DOT_GAP_PX, Mark, Span
from app.ui.transcript.qt_text import TAB_STOPS, direction_of, from_qt, to_qt, word_in, x_of
from app.ui.transcript.style import TextStyle

SLICE_CHARACTERS = 1_000  # laid out between two looks at the clock: under 1 ms
TAIL_CHARACTERS = 800  # and lines: what is laid out again when text comes
TAIL_LINES = 16
_LINE_SEPARATOR = "\u2028"  # QTextLayout's word for a line end inside a paragraph


class _Segment:
    """Some lines of the text. `start` counts characters, `first_line` lines; the layout may hold a line more."""

    __slots__ = ("first_line", "layout", "line_count", "start", "text")

    def __init__(self, start: int, first_line: int) -> None:
        self.start = start
        self.first_line = first_line
        self.text = ""
        self.layout = QTextLayout()
        self.line_count = 0


class ParagraphCell:
    """Reads the growing pieces of its paragraph by itself."""

    def __init__(self, paragraph: Paragraph, style: TextStyle, gap_px: int = 0) -> None:
        self.gap_px = gap_px
        self._pieces = paragraph.pieces
        self._style = style
        self._counted_pieces = 0
        self._length = 0
        self._newlines = 0
        self.resize(1)

    @property
    def height(self) -> int:
        lines = self._laid_out_lines
        waiting = self._length - self._laid_out_length
        if waiting > 0:
            lines += 1 + int(waiting * self._style.average_px / self._width) + (0 if lines else self._newlines)
        return max(1, lines) * self._style.line_px

    @property
    def is_settled(self) -> bool:
        return self._taken == len(self._pieces) and not self._waiting

    @property
    def growth_y(self) -> int:
        return self._segments[-1].first_line * self._style.line_px

    @property
    def _laid_out_lines(self) -> int:
        last = self._segments[-1]
        return last.first_line + last.line_count

    @property
    def natural_width(self) -> float:
        """Of the widest line."""
        return self._natural_width

    @property
    def is_right_to_left(self) -> bool:
        return self._option.textDirection() == Qt.LayoutDirection.RightToLeft

    def resize(self, width: int) -> None:
        self._width = max(1, width)
        self._segments = [_Segment(0, 0)]
        self._starts = [0]
        self._first_lines = [0]
        self._taken = 0
        self._waiting = ""  # the rest of a piece that was too long for one slice
        self._laid_out_length = 0
        self._natural_width = 0.0
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._option.setTabStopDistance(TAB_STOPS * self._style.advance_px)
        self.count()

    def count(self) -> None:
        """Take note of new pieces, for the estimate."""
        for piece in self._pieces[self._counted_pieces :]:
            self._length += len(piece)
            self._newlines += piece.count("\n")
        self._counted_pieces = len(self._pieces)

    def lay_out(self, budget: Budget) -> None:
        self.count()
        while not self.is_settled and not budget.is_spent:
            piece = self._next_slice()
            tail = self._segments[-1]
            tail.text += piece
            self._laid_out_length += len(piece)
            if len(self._segments) == 1:
                self._note_direction(tail.text)
            self._lay_out_segment(tail)
            if len(tail.text) > TAIL_CHARACTERS or tail.line_count > TAIL_LINES:
                self._close_lines(tail)

    def _note_direction(self, text: str) -> None:
        """It is decided by the first letter that has one, for all of the paragraph."""
        direction = direction_of(text)
        self._option.setTextDirection(direction)
        is_flipped = direction == Qt.LayoutDirection.RightToLeft
        self._option.setAlignment(Qt.AlignmentFlag.AlignRight if is_flipped else Qt.AlignmentFlag.AlignLeft)

    def _next_slice(self) -> str:
        parts = [self._waiting]
        size = len(self._waiting)
        while size < SLICE_CHARACTERS and self._taken < len(self._pieces):
            parts.append(self._pieces[self._taken])
            size += len(parts[-1])
            self._taken += 1
        text = "".join(parts)
        self._waiting = text[SLICE_CHARACTERS:]
        return text[:SLICE_CHARACTERS]

    def _close_lines(self, tail: _Segment) -> None:
        """All lines of the tail but the last are finished: the last begins a new tail."""
        # A line of so many characters has no width to speak of: it is cut where it stands.
        kept_lines = max(1, tail.line_count - 1)
        rest_from = len(tail.text)
        if kept_lines < tail.line_count:
            rest_from = from_qt(tail.text, tail.layout.lineAt(kept_lines).textStart())
        new_tail = _Segment(tail.start + rest_from, tail.first_line + kept_lines)
        new_tail.text = tail.text[rest_from:]
        tail.text = tail.text[:rest_from]
        tail.line_count = kept_lines
        self._segments.append(new_tail)
        self._starts.append(new_tail.start)
        self._first_lines.append(new_tail.first_line)
        self._lay_out_segment(new_tail)

    def _lay_out_segment(self, segment: _Segment) -> None:
        layout = QTextLayout(segment.text.replace("\n", _LINE_SEPARATOR), self._style.font)
        layout.setTextOption(self._option)
        layout.setCacheEnabled(True)
        segment.layout = layout
        line_px, baseline_px = self._style.line_px, self._style.baseline_px
        count = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            line.setPosition(QPointF(0, count * line_px + baseline_px - line.ascent()))
            self._natural_width = max(self._natural_width, line.naturalTextWidth())
            count += 1
        layout.endLayout()
        segment.line_count = count if segment.text else 0

    def y_of(self, mark: Mark) -> int:
        index = mark[1]
        if index > self._laid_out_length:
            done, line_px = self._laid_out_lines * self._style.line_px, self._style.line_px
            share = (index - self._laid_out_length) / max(1, self._length - self._laid_out_length)
            return done + int(share * (self.height - done)) // line_px * line_px
        segment = self._segment_of(index)
        if not segment.line_count:
            return segment.first_line * self._style.line_px
        place = to_qt(segment.text, index - segment.start)
        number = segment.line_count - 1
        while number and segment.layout.lineAt(number).textStart() > place:
            number -= 1
        return (segment.first_line + number) * self._style.line_px

    def mark_at(self, x: int, y: int) -> Mark:
        number = max(0, y // self._style.line_px)
        if number >= self._laid_out_lines and self._laid_out_length < self._length:
            done = self._laid_out_lines * self._style.line_px
            share = min(1.0, (y - done) / max(1, self.height - done))
            return 0, self._laid_out_length + int(share * (self._length - self._laid_out_length))
        segment = self._segments[bisect_right(self._first_lines, number) - 1]
        if not segment.line_count:
            return 0, self._laid_out_length
        line = segment.layout.lineAt(min(number - segment.first_line, segment.line_count - 1))
        return 0, segment.start + from_qt(segment.text, line.xToCursor(float(x)))

    def text_between(self, span: Span) -> str:
        """Joins the paragraph: for copying."""
        (_, start), (line, end) = span
        return "".join(self._pieces)[start : None if line else end]

    def word_at(self, mark: Mark) -> Span:
        segment = self._segment_of(mark[1])
        start, end = word_in(segment.text, mark[1] - segment.start)
        return (0, segment.start + start), (0, segment.start + end)

    def dot_center(self) -> QPointF | None:
        segment = self._segments[-1]
        if not segment.line_count:
            return None
        line = segment.layout.lineAt(segment.line_count - 1)
        x = x_of(line.cursorToX(line.textStart() + line.textLength()))
        x += -DOT_GAP_PX if self.is_right_to_left else DOT_GAP_PX
        return QPointF(x, (segment.first_line + segment.line_count - 0.5) * self._style.line_px)

    def paint(self, painter: QPainter, clip: QRect, selected: Span | None) -> None:
        line_px = self._style.line_px
        painter.setPen(self._style.color)
        first = max(0, bisect_right(self._first_lines, clip.top() // line_px) - 1)
        for segment in self._segments[first:]:
            top = segment.first_line * line_px
            if top > clip.bottom():
                break
            if selected:
                self._paint_selection(painter, segment, selected)
            last = min(segment.line_count, (clip.bottom() - top) // line_px + 1)
            for number in range(max(0, (clip.top() - top) // line_px), last):
                segment.layout.lineAt(number).draw(painter, QPointF(0, top))

    def _paint_selection(self, painter: QPainter, segment: _Segment, selected: Span) -> None:
        (_, start), (line_after, end) = selected
        first = max(0, start - segment.start)
        last = len(segment.text) if line_after else min(len(segment.text), end - segment.start)
        if first >= last:
            return
        first, last = to_qt(segment.text, first), to_qt(segment.text, last)
        for number in range(segment.line_count):
            line = segment.layout.lineAt(number)
            begin, stop = max(first, line.textStart()), min(last, line.textStart() + line.textLength())
            if begin >= stop:
                continue
            left, right = sorted((x_of(line.cursorToX(begin)), x_of(line.cursorToX(stop))))
            top = (segment.first_line + number) * self._style.line_px
            painter.fillRect(QRectF(left, top, right - left, self._style.line_px), self._style.selection)

    def _segment_of(self, index: int) -> _Segment:
        return self._segments[max(0, bisect_right(self._starts, index) - 1)]
