"""A row of a table, laid out."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QTextOption

from app.markdown.blocks import Alignment
from app.markdown.runs import RunKind
from app.ui.transcript.cells.cell import UNMARKED, Marked, Span
from app.ui.transcript.cells.segment import Segment
from app.ui.transcript.cells.typeset import Part
from app.ui.transcript.materials import Materials
from app.ui.transcript.qt_text import direction_of
from app.ui.transcript.style import TextStyle

_ENDLESS_PX = 1 << 20
_ALIGNMENTS = {
    "": Qt.AlignmentFlag.AlignLeft,
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


def is_unfinished(parts: Sequence[Part], materials: Materials, px: int) -> bool:
    """A formula in it is yet to be set in type, and nobody knows how wide it will be."""
    formulas = materials.formulas
    runs = (part.run for part in parts if part.run.kind is RunKind.MATH)
    return any(
        formulas.picture(run.text, px, is_display=run.is_display) is None and not formulas.has_failed(run.text)
        for run in runs
    )


class CellText:
    """
    What stands in one cell. Its origin is the cell's top left corner.

    A single line is laid out once, and moved to where its alignment wants it in a column of any width.
    """

    def __init__(self, parts: Sequence[Part], style: TextStyle, materials: Materials, alignment: Alignment) -> None:
        self._parts = parts
        self._style = style
        self._materials = materials
        self._alignment = alignment
        self._direction = direction_of("".join(part.text for part in parts))
        self._x = 0
        self._lay_out_unwrapped()
        self.natural_width = self._segment.natural_width
        self._is_single = self._segment.line_count == 1 and self._direction == Qt.LayoutDirection.LeftToRight

    def _lay_out_unwrapped(self) -> None:
        self._lay_out(_ENDLESS_PX, QTextOption.WrapMode.ManualWrap, Qt.AlignmentFlag.AlignLeft)
        self._is_unwrapped = True

    def _lay_out(self, width: int, wrapping: QTextOption.WrapMode, alignment: Qt.AlignmentFlag) -> None:
        option = QTextOption()
        option.setTextDirection(self._direction)
        option.setAlignment(alignment)
        option.setWrapMode(wrapping)
        self._segment = Segment(self._style, begins_line=True)
        self._segment.add(self._parts)
        self._segment.lay_out(self._materials, option, width)

    def fit(self, width: int) -> None:
        """Into a column of this width."""
        if self._is_single and self.natural_width <= width:
            if not self._is_unwrapped:
                self._lay_out_unwrapped()
            spare = int(width - self.natural_width)
            self._x = {"center": spare // 2, "right": spare}.get(self._alignment, 0)
            return
        is_flipped = self._direction == Qt.LayoutDirection.RightToLeft and not self._alignment
        alignment = Qt.AlignmentFlag.AlignRight if is_flipped else _ALIGNMENTS[self._alignment]
        self._lay_out(width, QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, alignment)
        self._is_unwrapped = False
        self._x = 0

    @property
    def height(self) -> int:
        return self._segment.height

    @property
    def length(self) -> int:
        """Of what it shows, in characters."""
        return self._segment.length

    @property
    def text(self) -> str:
        return self._segment.text

    def links(self) -> Iterator[tuple[int, int, str]]:
        """Each with where it begins and ends."""
        start = 0
        for href, parts in groupby(self._parts, lambda part: part.run.href):
            end = start + sum(part.length for part in parts)
            if href:
                yield start, end, href
            start = end

    @property
    def has_new_formula(self) -> bool:
        return self._segment.formula_came_ready(self._materials)

    @property
    def is_unfinished(self) -> bool:
        return is_unfinished(self._parts, self._materials, self._style.px)

    def line_top(self, index: int) -> int:
        return self._segment.line_top(index)

    def character_at(self, x: int, y: int) -> int:
        return min(self._segment.character_at(x - self._x, y), self.length)

    def link_at(self, x: int, y: int) -> str:
        return self._segment.link_at(x - self._x, y)

    def end_of_text(self) -> QPointF:
        return self._segment.end_of_text() + QPointF(self._x, 0)

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        painter.translate(self._x, 0)
        # After a text with transparent characters Qt 6.11 takes the same pen for another, and text is bolder.
        painter.setPen(Qt.PenStyle.NoPen)
        self._segment.paint(painter, clip.translated(-self._x, 0), marked)
        painter.translate(-self._x, 0)


class TableRow:
    """Its cells stand side by side, the origin is the first one's. Characters are counted over all of them."""

    def __init__(
        self,
        cells: Sequence[Sequence[Part]],
        style: TextStyle,
        materials: Materials,
        alignments: Sequence[Alignment],
    ) -> None:
        self.cells = [
            CellText(parts, style, materials, alignment) for parts, alignment in zip(cells, alignments, strict=False)
        ]
        self._starts = [0]
        for cell in self.cells:
            self._starts.append(self._starts[-1] + cell.length + 1)  # a tab stands between them
        self._lefts: Sequence[int] = ()
        self.height = style.line_px

    def fit(self, lefts: Sequence[int], widths: Sequence[int]) -> None:
        """Into columns that begin here and are so wide."""
        self._lefts = lefts
        for cell, width in zip(self.cells, widths, strict=False):
            cell.fit(width)
        self.height = max((cell.height for cell in self.cells), default=self.height)

    @property
    def has_new_formula(self) -> bool:
        return any(cell.has_new_formula for cell in self.cells)

    def line_top(self, index: int) -> int:
        number = self._cell_of(index)
        return self.cells[number].line_top(index - self._starts[number]) if self.cells else 0

    def character_at(self, x: int, y: int) -> int:
        if not self.cells:
            return 0
        number = max(0, bisect_right(self._lefts, x, hi=len(self.cells)) - 1)
        return self._starts[number] + self.cells[number].character_at(x - self._lefts[number], y)

    def link_at(self, x: int, y: int) -> str:
        number = bisect_right(self._lefts, x, hi=len(self.cells)) - 1
        return self.cells[number].link_at(x - self._lefts[number], y) if number >= 0 else ""

    def links(self) -> Iterator[tuple[int, int, str]]:
        """Each with where it begins and ends."""
        for begin, cell in zip(self._starts, self.cells, strict=False):
            for start, end, href in cell.links():
                yield begin + start, begin + end, href

    def end_of_text(self) -> QPointF | None:
        """After its last character."""
        if not self.cells:
            return None
        return self.cells[-1].end_of_text() + QPointF(self._lefts[len(self.cells) - 1], 0)

    def _cell_of(self, index: int) -> int:
        return max(0, min(bisect_right(self._starts, index), len(self.cells)) - 1)

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        for left, start, cell in zip(self._lefts, self._starts, self.cells, strict=False):
            corner = QPoint(left, 0)
            painter.translate(corner)
            cell.paint(painter, clip.translated(-corner), _shifted(marked, start, cell.length))
            painter.translate(-corner)


def _shifted(marked: Marked, start: int, length: int) -> Marked:
    """The marks of a row as those of a cell of it."""
    if not any(marked):
        return UNMARKED
    found = [span for span in (_part(span, start, length) for span in marked.found) if span is not None]
    return Marked(
        _part(marked.selected, start, length),
        found,
        _part(marked.current, start, length),
        _part(marked.focused, start, length),
    )


def _part(span: Span | None, start: int, length: int) -> Span | None:
    if span is None:
        return None
    (_, first), (line_after, last) = span
    first, last = max(0, first - start), length if line_after else min(length, last - start)
    return ((0, first), (0, last)) if first < last else None
