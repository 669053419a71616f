"""
Running text, wrapped, with a cost that does not grow with it.

The text stands in segments. Only the last one is laid out again when text comes; when it is
long enough, its last line begins a new segment and the others are never touched again.
Where a line ends does not depend on what follows it, so the cut cannot be seen.
"""

from bisect import bisect_right

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QTextOption

from app.markdown.blocks import Paragraph
from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import DOT_GAP_PX, Mark, Span
from app.ui.transcript.qt_text import TAB_STOPS, direction_of, word_in
from app.ui.transcript.segment import Segment
from app.ui.transcript.style import TextStyle

SLICE_CHARACTERS = 1_000  # laid out between two looks at the clock: under 1 ms
TAIL_CHARACTERS = 800  # and lines: what is laid out again when text comes
TAIL_LINES = 16


class ParagraphCell:
    """Reads the growing pieces of its paragraph by itself. Costs next to nothing until it is laid out."""

    _option: QTextOption  # once it is laid out

    def __init__(self, paragraph: Paragraph, style: TextStyle, gap_px: int = 0) -> None:
        self.gap_px = gap_px
        self._pieces = paragraph.pieces
        self._style = style
        self._counted_pieces = 0
        self._length = 0
        self._newlines = 0
        self.resize(1)

    @property
    def width(self) -> int:
        return self._width

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
        return self._is_right_to_left

    def resize(self, width: int) -> None:
        self._width = max(1, width)
        self._segments = [Segment(0, 0)]
        self._starts = [0]
        self._first_lines = [0]
        self._taken = 0
        self._waiting = ""  # the rest of a piece that was too long for one slice
        self._laid_out_length = 0
        self._natural_width = 0.0
        self._is_right_to_left = False

    def count(self) -> None:
        for piece in self._pieces[self._counted_pieces :]:
            self._length += len(piece)
            self._newlines += piece.count("\n")
        self._counted_pieces = len(self._pieces)

    def lay_out(self, budget: Budget) -> None:
        self.count()
        if not self._laid_out_length:
            self._option = QTextOption()
            self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            self._option.setTabStopDistance(TAB_STOPS * self._style.advance_px)
        while not self.is_settled and not budget.is_spent:
            piece = self._next_slice()
            tail = self._segments[-1]
            tail.text += piece
            self._laid_out_length += len(piece)
            if len(self._segments) == 1:
                self._note_direction(tail.text)
            self._lay_out_segment(tail)
            if len(tail.text) > TAIL_CHARACTERS or tail.line_count > TAIL_LINES:
                self._begin_new_tail(tail.give_up_last_line())

    def _note_direction(self, text: str) -> None:
        """It is decided by the first letter that has one, for all of the paragraph."""
        direction = direction_of(text)
        self._option.setTextDirection(direction)
        self._is_right_to_left = direction == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if self._is_right_to_left else Qt.AlignmentFlag.AlignLeft
        self._option.setAlignment(side)

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

    def _begin_new_tail(self, tail: Segment) -> None:
        self._segments.append(tail)
        self._starts.append(tail.start)
        self._first_lines.append(tail.first_line)
        self._lay_out_segment(tail)

    def _lay_out_segment(self, segment: Segment) -> None:
        segment.lay_out(self._style, self._option, self._width)
        self._natural_width = max(self._natural_width, segment.natural_width)

    def _segment_of(self, index: int) -> Segment:
        return self._segments[bisect_right(self._starts, index) - 1]

    def y_of(self, mark: Mark) -> int:
        index, line_px = mark[1], self._style.line_px
        if index > self._laid_out_length:
            done = self._laid_out_lines * line_px
            share = (index - self._laid_out_length) / max(1, self._length - self._laid_out_length)
            return done + int(share * (self.height - done)) // line_px * line_px
        return self._segment_of(index).line_of(index) * line_px

    def mark_at(self, x: int, y: int) -> Mark:
        number = max(0, y // self._style.line_px)
        if number >= self._laid_out_lines and self._laid_out_length < self._length:
            done = self._laid_out_lines * self._style.line_px
            share = min(1.0, (y - done) / max(1, self.height - done))
            return 0, self._laid_out_length + int(share * (self._length - self._laid_out_length))
        return 0, self._segments[bisect_right(self._first_lines, number) - 1].character_at(x, number)

    def text_between(self, span: Span) -> str:
        """Joins the paragraph: for copying."""
        (_, start), (line, end) = span
        return "".join(self._pieces)[start : None if line else end]

    def word_at(self, mark: Mark) -> Span:
        segment = self._segment_of(mark[1])
        start, end = word_in(segment.text, mark[1] - segment.start)
        return (0, segment.start + start), (0, segment.start + end)

    def dot_center(self) -> QPointF | None:
        last = self._segments[-1]
        if not last.line_count:
            return None
        x = last.end_x() + (-DOT_GAP_PX if self.is_right_to_left else DOT_GAP_PX)
        return QPointF(x, (self._laid_out_lines - 0.5) * self._style.line_px)

    def paint(self, painter: QPainter, clip: QRect, selected: Span | None) -> None:
        line_px = self._style.line_px
        painter.setPen(self._style.color)
        first = max(0, bisect_right(self._first_lines, clip.top() // line_px) - 1)
        for segment in self._segments[first:]:
            if segment.first_line * line_px > clip.bottom():
                break
            segment.paint(painter, clip, self._style, selected)
