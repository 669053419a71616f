"""
Running text, wrapped, with a cost that does not grow with it.

The text stands in segments. Only the last one is laid out again when text comes; when it is
long enough, its last line begins a new segment and the others are never touched again.
Where a line begins does not depend on what follows it, so the cut cannot be seen.
"""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter

from app.markdown.blocks import Paragraph
from app.markdown.runs import UNKNOWN_TARGET, RunKind
from app.markdown.writing import html_of, markdown_of, plain_text
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import DOT_GAP_PX, Link, Mark, Marked, Span
from app.ui.transcript.cells.lines import wrapping
from app.ui.transcript.cells.run_source import RunSource
from app.ui.transcript.cells.segment import Segment
from app.ui.transcript.cells.typeset import Part
from app.ui.transcript.materials import Materials
from app.ui.transcript.qt_text import direction_of, word_in
from app.ui.transcript.style import TextStyle

SLICE_CHARACTERS = 1_000  # laid out between two looks at the clock: about 1 ms
TAIL_CHARACTERS = 400  # lines, and parts: what is laid out again when text comes
TAIL_LINES = 16
TAIL_PARTS = 40


class TextCell:
    """Reads the growing pieces of its paragraph by itself. Costs next to nothing until it is laid out."""

    def __init__(self, source: RunSource, materials: Materials, style: TextStyle, gap_px: int = 0) -> None:
        self.gap_px = gap_px
        self._source = source
        self._materials = materials
        self._style = style
        self._width = 0
        self._forget_layout()

    @property
    def block(self) -> Paragraph:
        return self._source.block

    @property
    def width(self) -> int:
        return self._width

    @property
    def height(self) -> int:
        height = self._done_px
        if not self.is_settled:
            height += self._waiting_lines() * self._style.line_px
        return max(self._style.line_px, height)

    def _waiting_lines(self) -> int:
        """Those that what is not laid out yet will take, by and large."""
        waiting = self._source.length - self._done_length
        if waiting <= 0:
            return 0
        lines = 1 + int(waiting * self._style.average_px / max(1, self._width))
        return lines if self._done_length else lines + self._source.newlines

    @property
    def is_settled(self) -> bool:
        source = self._source
        return self._shows_all and source.is_read and source.is_handed_out and not source.is_stale

    @property
    def growth_y(self) -> int:
        return self._segments[-1].growth_top if self._segments and not self._source.is_stale else 0

    @property
    def first_baseline(self) -> float:
        """Of the first line, from the top."""
        return self._segments[0].baseline if self._segments else self._style.baseline_px

    @property
    def natural_width(self) -> float:
        """Of the widest line."""
        return max(self._natural_width, self._segments[-1].natural_width) if self._segments else 0.0

    @property
    def is_right_to_left(self) -> bool:
        return self._direction is Qt.LayoutDirection.RightToLeft

    @property
    def _done_px(self) -> int:
        """How high what is laid out is."""
        return self._segments[-1].top + self._segments[-1].height if self._segments else 0

    @property
    def _done_length(self) -> int:
        """How many characters of it are settled."""
        return self._segments[-1].start + self._segments[-1].length if self._segments else 0

    def resize(self, width: int) -> None:
        self._width = width
        self._source.rewind(0, 0)
        self._forget_layout()

    def _forget_layout(self) -> None:
        self._direction = Qt.LayoutDirection.LayoutDirectionAuto
        self._natural_width = 0.0
        self._segments: list[Segment] = []
        self._starts: list[int] = []
        self._tops: list[int] = []
        self._shows_all = False  # that was read

    def _begin_segment(self, segment: Segment) -> None:
        self._segments.append(segment)
        self._starts.append(segment.start)
        self._tops.append(segment.top)

    def count(self) -> None:
        self._source.count()

    def lay_out(self, budget: Budget) -> None:
        source = self._source
        source.count()
        if source.is_stale:
            source.restart()
            self._forget_layout()
        if not self._segments:
            self._begin_segment(Segment(self._style))
        while not self.is_settled and not budget.is_spent:
            if source.is_handed_out:
                source.read(SLICE_CHARACTERS)
            parts = source.take(SLICE_CHARACTERS)
            if not parts and not source.is_read:
                continue
            self._shows_all = source.is_read and source.is_handed_out
            self._lay_out_tail(parts, source.open_parts() if self._shows_all else [])

    def _lay_out_tail(self, parts: Sequence[Part], opened: Sequence[Part]) -> None:
        tail = self._segments[-1]
        tail.add(parts)
        if len(self._segments) == 1:
            self._note_direction([*tail.parts, *opened])
        option, width = wrapping(self._style, self._direction), max(1, self._width)
        if tail.length > TAIL_CHARACTERS or len(tail.parts) > TAIL_PARTS:
            tail.lay_out(self._materials, option, width)
            tail = self._cut(tail)
        tail.lay_out(self._materials, option, width, opened)
        if tail.line_count > TAIL_LINES:
            self._cut(tail).lay_out(self._materials, option, width, opened)

    def _cut(self, tail: Segment) -> Segment:
        """Return what is to be laid out with all that comes."""
        rest = tail.give_up_last_line()
        if rest is None:
            return tail
        self._natural_width = max(self._natural_width, tail.natural_width)
        self._begin_segment(rest)
        return rest

    def _note_direction(self, parts: Sequence[Part]) -> None:
        """It is decided by the first letter that has one, for all of the paragraph."""
        words = (part.text for part in parts if part.run.kind is not RunKind.MATH)
        self._direction = direction_of("".join(words))

    def refresh(self) -> bool:
        for number, segment in enumerate(self._segments):
            if segment.formula_came_ready(self._materials):
                if segment.parts:
                    self._source.rewind(segment.parts[0].number, segment.parts[0].start)
                del self._segments[number:], self._starts[number:], self._tops[number:]
                self._begin_segment(segment.anew())
                self._shows_all = False
                return True
        return False

    def scroll_by(self, dx: int) -> bool:
        return False

    def _segment_of(self, index: int) -> Segment:
        return self._segments[bisect_right(self._starts, index) - 1]

    def _segment_at(self, y: int) -> Segment:
        return self._segments[max(0, bisect_right(self._tops, y) - 1)]

    def y_of(self, mark: Mark) -> int:
        index = mark[1]
        if self._segments and (self.is_settled or index <= self._done_length):
            return self._segment_of(index).line_top(index)
        share = (index - self._done_length) / max(1, self._source.length - self._done_length)
        waiting_px = self.height - self._done_px
        return self._done_px + int(min(1.0, share) * waiting_px) // self._style.line_px * self._style.line_px

    def mark_at(self, x: int, y: int) -> Mark:
        if not self._segments or (y >= self._done_px and not self.is_settled):
            share = min(1.0, max(0, y - self._done_px) / max(1, self.height - self._done_px))
            return 0, self._done_length + int(share * max(0, self._source.length - self._done_length))
        return 0, self._segment_at(y).character_at(x, y)

    def link_at(self, x: int, y: int) -> str:
        return self._segment_at(y).link_at(x, y) if self._segments else ""

    def links(self) -> Sequence[Link]:
        found: list[Link] = []
        start = 0
        for run, shown in self._source.known_shown():
            end = start + len(shown)
            if run.href and found and found[-1].href == run.href and found[-1].span[1][1] == start:
                found[-1] = Link((found[-1].span[0], (0, end)), run.href)
            elif shown and run.href not in ("", UNKNOWN_TARGET):
                found.append(Link(((0, start), (0, end)), run.href))
            start = end
        return found

    def lines(self) -> Sequence[str]:
        return ("".join(shown for _, shown in self._source.all_shown()),)

    def text_between(self, span: Span) -> str:
        return plain_text(self._source.runs_between(span))

    def markdown_between(self, span: Span) -> str:
        """Of all of it its source."""
        if not self._source.is_whole(span):
            return markdown_of(self._source.runs_between(span))
        level = self.block.level
        return f"{'#' * level} {self.block.text.strip()}" if level else self.block.text

    def html_between(self, span: Span) -> str:
        """Without an element around all of it."""
        return html_of(self._source.runs_between(span))

    def word_at(self, mark: Mark) -> Span:
        if not self._segments:
            return mark, mark
        segment = self._segment_of(mark[1])
        start, end = word_in(segment.text, mark[1] - segment.start)
        return (0, segment.start + start), (0, segment.start + end)

    def dot_center(self) -> QPointF | None:
        if not self._segments or not self._segments[-1].line_count:
            return None
        gap = self._materials.style.px(DOT_GAP_PX)
        return self._segments[-1].end_of_text() + QPointF(-gap if self.is_right_to_left else gap, 0)

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        first = max(0, bisect_right(self._tops, clip.top()) - 1)
        for segment in self._segments[first:]:
            if segment.top > clip.bottom():
                break
            segment.paint(painter, clip, marked)
