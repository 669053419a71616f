"""Some lines of running text."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter, QTextOption

from app.markdown.runs import UNKNOWN_TARGET
from app.ui.transcript.cells.cell import Marked, Span
from app.ui.transcript.cells.lines import Lines
from app.ui.transcript.cells.typeset import Part, Typeset
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import TextStyle

LONGEST_LINE_CHARACTERS = 4_000  # of characters without a width; then it is cut where it stands


class Segment:
    """
    Begins `start` characters of what its paragraph shows after the paragraph's own start, and `top` pixels below.

    All characters and coordinates are the paragraph's. There are lines once it was laid out.
    """

    def __init__(self, style: TextStyle, *, start: int = 0, top: int = 0, begins_line: bool = False) -> None:
        self._style = style
        self._begins_line = begins_line  # which is there even if it is empty
        self._typeset: Typeset | None = None
        self._typeset_width = 0
        self._typeset_parts = 0
        self._lines: Lines | None = None
        self._opened: Sequence[Part] = ()
        self.start = start
        self.top = top
        self.parts: list[Part] = []
        self.length = 0  # of the parts

    @property
    def line_count(self) -> int:
        return len(self._lines) if self._lines is not None else 0

    @property
    def height(self) -> int:
        return self._lines.height if self._lines is not None else 0

    @property
    def natural_width(self) -> float:
        """Of the widest line."""
        return self._lines.natural_width if self._lines is not None else 0.0

    @property
    def text(self) -> str:
        """What it shows, also of what is open."""
        return "".join(part.text for part in (*self.parts, *self._opened))

    @property
    def baseline(self) -> float:
        """Of the first line, from its top."""
        return self._lines.baseline if self._lines is not None else self._style.baseline_px

    def formula_came_ready(self, materials: Materials) -> bool:
        """One whose source it shows can be had in type now."""
        if self._lines is None:
            return False
        picture, px = materials.formulas.picture, self._style.px
        return any(picture(run.text, px, is_display=run.is_display) for run in self._lines.typeset.waits_for)

    def anew(self) -> "Segment":
        """An empty one in its place."""
        return Segment(self._style, start=self.start, top=self.top, begins_line=self._begins_line)

    def add(self, parts: Sequence[Part]) -> None:
        """At the end."""
        self.parts += parts
        self.length += sum(part.length for part in parts)

    def lay_out(self, materials: Materials, option: QTextOption, width: int, opened: Sequence[Part] = ()) -> None:
        """All of the text anew, with what is `opened` after it: that may be another the next time."""
        self._opened = opened
        self._lines = None
        if self.length or opened or self._begins_line:
            typeset = self._typeset_for(materials, width)
            for part in opened:
                typeset.add(part)
            self._lines = Lines(typeset, self._style, option, width)

    def _typeset_for(self, materials: Materials, width: int) -> Typeset:
        """The parts, and nothing open. What was typeset is not typeset again."""
        typeset = self._typeset
        if typeset is None or width != self._typeset_width:
            typeset = self._typeset = Typeset(self._style, materials, width)
            self._typeset_width, self._typeset_parts = width, 0
        typeset.forget_open()
        for part in self.parts[self._typeset_parts :]:
            typeset.add(part)
        self._typeset_parts = len(self.parts)
        typeset.settle()
        return typeset

    def give_up_last_line(self) -> "Segment | None":
        """
        Return a new segment of the last line that the parts fill, and of all that comes after; None for only one.

        To be laid out.
        """
        lines = self._lines
        if lines is None:
            return None
        last = self._last_filled(lines)
        if last > 0:
            index = lines.typeset.index_of(lines.starts[last])
            rest = Segment(self._style, start=self.start + index, top=self.top + lines.tops[last], begins_line=True)
            lines.keep(last)
        elif self.length > LONGEST_LINE_CHARACTERS:
            index = self.length
            rest = Segment(self._style, start=self.start + index, top=self.top + lines.height)
        else:
            return None
        rest.add(self._cut(index))
        return rest

    def _last_filled(self, lines: Lines) -> int:
        """
        The last line that what is settled fills.

        A line begins where it does because of what stands in it and before it: what comes later, and may be
        another the next time, does not move it.
        """
        settled_end = lines.typeset.unit_of(self.length)
        last = len(lines) - 1
        while last > 0 and lines.end(last) > settled_end:
            last -= 1
        return last

    @property
    def growth_top(self) -> int:
        """Nothing above this will look different when it is laid out with more."""
        return self.top + (self._lines.tops[self._last_filled(self._lines)] if self._lines is not None else 0)

    def _cut(self, index: int) -> list[Part]:
        """Give up the parts from character `index` of its own on."""
        ends = list(accumulate(part.length for part in self.parts))
        first = bisect_right(ends, index)
        later = self.parts[first:]
        del self.parts[first:]
        if later and (inside := index - (ends[first - 1] if first else 0)):
            middle = later[0].start + inside
            self.parts.append(later[0]._replace(end=middle))
            later[0] = later[0]._replace(start=middle)
        self.length = index
        self._opened = ()
        return later

    def line_top(self, index: int) -> int:
        """Of the line that character `index` is in."""
        if self._lines is None:
            return self.top
        return self.top + self._lines.tops[self._lines.line_of(self._lines.typeset.unit_of(index - self.start))]

    def character_at(self, x: int, y: int) -> int:
        """The nearest to a point."""
        if self._lines is None:
            return self.start
        return self.start + self._lines.typeset.index_of(self._lines.nearest_unit(x, y - self.top))

    def link_at(self, x: int, y: int) -> str:
        """Where the text leads that is painted at a point."""
        lines = self._lines
        unit = lines.unit_under(x, y - self.top) if lines is not None else None
        if lines is None or unit is None:
            return ""
        parts = (*self.parts, *self._opened)
        number = bisect_right(list(accumulate(part.length for part in parts)), lines.typeset.index_of(unit))
        href = parts[number].run.href if number < len(parts) else ""
        return "" if href == UNKNOWN_TARGET else href

    def end_of_text(self) -> QPointF:
        """In the middle of the last line's height."""
        end = self._lines.end_of_text() if self._lines is not None else QPointF(0, self._style.line_px / 2)
        return end + QPointF(0, self.top)

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        lines = self._lines
        if lines is None:
            return
        seen = lines.between(clip.top() - self.top, clip.bottom() - self.top)
        style = self._style
        painter.translate(0, self.top)
        lines.paint_grounds(painter, seen)
        for span in marked.found:
            lines.paint_span(painter, seen, self._units(lines, span), style.found)
        for marked_span, color in ((marked.current, style.found_current), (marked.selected, style.selection)):
            if marked_span is not None:
                lines.paint_span(painter, seen, self._units(lines, marked_span), color)
        lines.paint(painter, seen)
        if marked.focused is not None:
            lines.paint_frame(painter, seen, self._units(lines, marked.focused), style.link)
        painter.translate(0, -self.top)

    def _units(self, lines: Lines, span: Span) -> tuple[int, int]:
        (_, start), (line_after, end) = span
        last = 1 << 60 if line_after else max(0, end - self.start)
        return lines.typeset.unit_of(max(0, start - self.start)), lines.typeset.unit_of(last)
