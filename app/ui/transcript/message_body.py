"""The cells of one message, one below the other, at one width."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from app.markdown.blocks import Paragraph
from app.markdown.stream import BlockStream
from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import START, Cell, Mark, Span
from app.ui.transcript.cells import cell_for, gap_between
from app.ui.transcript.heights import Heights
from app.ui.transcript.reasoning_cell import ReasoningCell
from app.ui.transcript.shown_message import ShownMessage
from app.ui.transcript.style import Style

SLICE_CHARACTERS = 4_000  # read between two looks at the clock: under 1 ms


class Place(NamedTuple):
    """A height in a message, told by the text that stands there: it outlives every new layout."""

    cell: int
    mark: Mark
    rest_px: int  # below the top of the mark's line


class MessageBody:
    """
    Reads the growing text of its message by itself, and lays out what is asked for.

    Heights of cells that nobody asked for yet are estimates.
    """

    def __init__(self, shown: ShownMessage, style: Style, width: int) -> None:
        self._shown = shown
        self._style = style
        self._width = width
        self._stream = BlockStream()
        self._is_finished = False
        self._read_pieces = 0
        self._unread = ""
        self._unread_from = 0
        self._dirty_y: int | None = None
        self._rebuild()

    @property
    def height(self) -> int:
        return self._heights.total

    @property
    def cells(self) -> list[Cell]:
        return self._cells

    @property
    def reasoning(self) -> ReasoningCell | None:
        first = self._cells[0] if self._cells else None
        return first if isinstance(first, ReasoningCell) else None

    def restyle(self, style: Style) -> None:
        self._style = style
        self._rebuild()

    def resize(self, width: int) -> None:
        """Costs nothing: each cell is laid out anew when it is looked at, and has its old height until then."""
        if width != self._width:
            self._width = width
            self._dirty_y = 0

    def take_dirty_y(self) -> int | None:
        """From where on it looks different since this was last asked; None if nowhere."""
        result, self._dirty_y = self._dirty_y, None
        return result

    def read(self, budget: Budget) -> bool:
        """Read new text into blocks. False if the time was spent before the end."""
        if self._shown.reasoning:
            self._read_reasoning()
        while self._unread or self._read_pieces < len(self._shown.text):
            if budget.is_spent:
                return False
            self._read_slice()
        if not self._is_finished and not self._shown.is_generating:
            self._is_finished = True
            self._stream.finish()
            self._note_blocks()
        return True

    def _read_reasoning(self) -> None:
        if self.reasoning is None:
            self._rebuild()
        elif not self._cells[0].is_settled:
            self._measure(0)

    def _read_slice(self) -> None:
        if not self._unread:
            self._unread = "".join(self._shown.text[self._read_pieces :])
            self._read_pieces = len(self._shown.text)
        end = self._unread_from + SLICE_CHARACTERS
        text = self._unread[self._unread_from : end]
        self._unread_from = end
        if end >= len(self._unread):
            self._unread, self._unread_from = "", 0
        if self._shown.is_from_user:
            self._feed_verbatim(text)
        else:
            self._stream.feed(text)
        self._note_blocks()

    def _feed_verbatim(self, text: str) -> None:
        """What the user wrote is shown as it was written."""
        if not self._stream.blocks:
            self._stream.blocks.append(Paragraph(0))
        block = self._stream.blocks[0]
        assert isinstance(block, Paragraph)
        block.pieces.append(text)

    def toggle_reasoning(self) -> None:
        if (reasoning := self.reasoning) is not None:
            reasoning.is_unfolded = self._shown.shows_reasoning
            self._heights.set(0, reasoning.height)
            self._dirty_y = 0

    def _rebuild(self) -> None:
        """New cells for the blocks that were read."""
        self._cells: list[Cell] = []
        self._heights = Heights()
        if self._shown.reasoning:
            is_unfolded = self._shown.shows_reasoning
            self._add(ReasoningCell(self._shown.reasoning, self._style, is_unfolded=is_unfolded))
        self._dirty_y = 0
        self._note_blocks()

    def _note_blocks(self) -> None:
        """The last block that has a cell may have grown; those after it are new."""
        known = len(self._cells) - (self.reasoning is not None)
        if known:
            self._measure(len(self._cells) - 1)
        for block in self._stream.blocks[known:]:
            self._add(cell_for(block, self._style, is_from_user=self._shown.is_from_user))

    def _add(self, cell: Cell) -> None:
        cell.resize(self._width)
        cell.count()
        self._cells.append(cell)
        self._heights.append(self._gap(len(self._cells) - 1) + cell.height)

    def _gap(self, index: int) -> int:
        return gap_between(self._cells[index - 1] if index else None, self._cells[index])

    def _top(self, index: int) -> int:
        return self._heights.before(index) + self._gap(index)

    def _measure(self, index: int) -> None:
        cell = self._cells[index]
        self._note_dirty(self._top(index) + cell.growth_y)
        cell.count()
        self._heights.set(index, self._gap(index) + cell.height)

    def _note_dirty(self, y: int) -> None:
        self._dirty_y = y if self._dirty_y is None else min(y, self._dirty_y)

    def _settle(self, index: int, budget: Budget) -> bool:
        cell = self._cells[index]
        has_width = cell.width == self._width
        if has_width and cell.is_settled:
            return True
        if budget.is_spent:
            return False
        if not has_width:
            cell.resize(self._width)
        self._note_dirty(self._top(index) + cell.growth_y)
        cell.lay_out(budget)
        self._heights.set(index, self._gap(index) + cell.height)
        return cell.is_settled

    def settle_down(self, top: int, need: int, budget: Budget) -> bool:
        """Lay out what stands in `need` pixels below `top`. False if the time was spent before."""
        if not self._cells:
            return True
        index, inside = self._heights.find(max(0, top))
        covered = -inside
        while index < len(self._cells) and covered < need:
            if not self._settle(index, budget):
                return False
            covered += self._heights[index]
            index += 1
        return True

    def settle_up(self, bottom: int, need: int, budget: Budget) -> bool:
        """Lay out what stands in `need` pixels above `bottom`. False if the time was spent before."""
        if not self._cells or bottom <= 0:
            return True
        index, inside = self._heights.find(min(bottom, self.height) - 1)
        covered = -max(0, self._heights[index] - inside - 1)
        while index >= 0 and covered < need:
            if not self._settle(index, budget):
                return False
            covered += self._heights[index]
            index -= 1
        return True

    def place_at(self, y: int) -> Place:
        if not self._cells:
            return Place(0, START, y)
        index, inside = self._heights.find(y)
        inside -= self._gap(index)
        mark = self._cells[index].mark_at(0, inside)
        return Place(index, mark, inside - self._cells[index].y_of(mark))

    def y_of(self, place: Place) -> int:
        if not self._cells:
            return place.rest_px
        index = min(place.cell, len(self._cells) - 1)
        return self._top(index) + self._cells[index].y_of(place.mark) + place.rest_px

    def mark_at(self, x: int, y: int) -> tuple[int, Mark]:
        """The nearest cell, and the nearest place in it."""
        if not self._cells:
            return 0, START
        index, inside = self._heights.find(y)
        return index, self._cells[index].mark_at(x, inside - self._gap(index))

    def tops_between(self, top: int, bottom: int) -> list[tuple[int, int, Cell]]:
        """Index, top and cell of all that stand there."""
        found: list[tuple[int, int, Cell]] = []
        if not self._cells:
            return found
        index, inside = self._heights.find(max(0, top))
        y = max(0, top) - inside
        while index < len(self._cells) and y < bottom:
            found.append((index, y + self._gap(index), self._cells[index]))
            y += self._heights[index]
            index += 1
        return found

    def dot_center(self) -> QPointF | None:
        if not self._cells:
            return None
        point = self._cells[-1].dot_center()
        return point + QPointF(0, self._top(len(self._cells) - 1)) if point is not None else None

    def paint(self, painter: QPainter, clip: QRect, selected: Callable[[int], Span | None]) -> None:
        for index, top, cell in self.tops_between(clip.top(), clip.bottom() + 1):
            painter.translate(0, top)
            cell.paint(painter, clip.translated(0, -top), selected(index))
            painter.translate(0, -top)
