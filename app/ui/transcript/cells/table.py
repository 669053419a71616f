"""A table: cells wrapped in columns as wide as what they hold, scrolled sideways if there is no room for it."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter

from app.markdown.blocks import Table
from app.markdown.references import References
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import DOT_GAP_PX, END, UNMARKED, Link, Mark, Marked, Span
from app.ui.transcript.cells.sideways import Sideways
from app.ui.transcript.cells.table_grid import TableGrid
from app.ui.transcript.cells.table_source import TableSource
from app.ui.transcript.cells.table_writing import html_of_table, markdown_of_table, text_of_table
from app.ui.transcript.materials import Materials
from app.ui.transcript.qt_text import word_in

_GAP_PX = 12
_THUMB_PX = 4


class TableCell:
    """Marks are (row, character), row 0 being the header: characters are those of its cells, parted by tabs."""

    def __init__(self, block: Table, materials: Materials, references: References) -> None:
        self.gap_px = materials.style.px(_GAP_PX)
        self.block = block
        self._style = materials.style
        self._source = TableSource(block, references)
        self._grid = TableGrid(self._source, materials)
        self._sideways = Sideways()
        self.width = 1

    @property
    def height(self) -> int:
        return max(self._grid.height, self._style.px(1)) + self._thumb_room

    @property
    def _thumb_room(self) -> int:
        return 3 * self._style.px(_THUMB_PX) if self._sideways.overflow else 0

    @property
    def is_settled(self) -> bool:
        return self._grid.is_settled

    @property
    def growth_y(self) -> int:
        """The top of the last row, which may get a line below it."""
        return 0 if self._grid.has_new_columns else self._grid.top(max(0, self._source.count - 1))

    def look_at(self, top: int, bottom: int) -> None:
        """Only what stands between is about to be seen: the rest keeps heights that are about right."""
        self._grid.look_at(top, bottom)

    def resize(self, width: int) -> None:
        self.width = max(1, width)
        self._grid.resize(self.width)
        self._sideways.resize(self._grid.content_width, self.width)

    def count(self) -> None:
        self._grid.read()

    def lay_out(self, budget: Budget) -> None:
        self._grid.lay_out(budget)
        self._sideways.resize(self._grid.content_width, self.width)

    def refresh(self) -> bool:
        return self._grid.take_formulas()

    def scroll_by(self, dx: int) -> bool:
        return self._sideways.scroll_by(dx)

    def y_of(self, mark: Mark) -> int:
        row = min(mark[0], max(0, self._source.count - 1))
        line_top = self._grid.row(row).line_top(mark[1]) if self._source.count and mark[1] else 0
        return self._grid.top(row) + (self._grid.padding + line_top if line_top else 0)

    def mark_at(self, x: int, y: int) -> Mark:
        if not self._source.count:
            return 0, 0
        row, inside = self._grid.find(y)
        return row, self._grid.row(row).character_at(x + self._sideways.offset, inside - self._grid.padding)

    def link_at(self, x: int, y: int) -> str:
        if not self._source.count or not 0 <= y < self._grid.height:
            return ""
        row, inside = self._grid.find(y)
        return self._grid.row(row).link_at(x + self._sideways.offset, inside - self._grid.padding)

    def links(self) -> Sequence[Link]:
        return [
            Link(((number, start), (number, end)), href)
            for number in self._grid.known_rows()
            for start, end, href in self._grid.row(number).links()
        ]

    def lines(self) -> Sequence[str]:
        return [self._source.shown(row) for row in range(self._source.count)]

    def text_between(self, span: Span) -> str:
        return text_of_table(self._source, span)

    def markdown_between(self, span: Span) -> str:
        return markdown_of_table(self._source, span)

    def html_between(self, span: Span) -> str:
        return html_of_table(self._source, span)

    def word_at(self, mark: Mark) -> Span:
        row = min(mark[0], max(0, self._source.count - 1))
        start, end = word_in(self._source.shown(row), mark[1]) if self._source.count else (0, 0)
        return (row, start), (row, end)

    def dot_center(self) -> QPointF | None:
        """Behind what is being written, or in the row that is to come."""
        if self.block.is_closed or not self._source.count:
            return None
        row = self._source.count - 1
        end = self._grid.row(row).end_of_text()
        if end is None:
            return None
        point = end + QPointF(DOT_GAP_PX - self._sideways.offset, self._grid.top(row) + self._grid.padding)
        return point if 0 <= point.x() < self.width else None

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        painter.save()
        painter.setClipRect(QRect(0, 0, self.width, self.height), Qt.ClipOperation.IntersectClip)
        grid = self._grid
        for row in grid.rows_between(clip.top(), clip.bottom() + 1):
            top = grid.top(row)
            corner = QPoint(-self._sideways.offset, top + grid.padding)
            painter.translate(corner)
            grid.row(row).paint(painter, clip.translated(-corner), _in_row(marked, row))
            painter.translate(-corner)
            if row < self._source.count - 1:
                painter.fillRect(QRect(0, grid.top(row + 1) - grid.line, self.width, grid.line), self._style.border)
        painter.restore()
        self._sideways.paint_thumb(painter, self.height, self._style.px(_THUMB_PX), self._style.scrollbar)


def _in_row(marked: Marked, row: int) -> Marked:
    """The marks of the table as those of a text of one line. What is found is in order, and in one row each."""
    if not any(marked):
        return UNMARKED
    first = bisect_left(marked.found, (row, 0), key=_start)
    last = bisect_left(marked.found, (row + 1, 0), key=_start)
    found = [((0, start), (0, end)) for (_, start), (_, end) in marked.found[first:last]]
    return Marked(_part(marked.selected, row), found, _part(marked.current, row), _part(marked.focused, row))


def _start(span: Span) -> Mark:
    return span[0]


def _part(span: Span | None, row: int) -> Span | None:
    if span is None or not span[0][0] <= row <= span[1][0]:
        return None
    start = span[0][1] if span[0][0] == row else 0
    return (0, start), ((0, span[1][1]) if span[1][0] == row else END)
