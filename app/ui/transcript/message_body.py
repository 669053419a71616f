"""The text of one message in cells: what a model thought, if that is unfolded, and what it answered."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.block_reader import BlockReader
from app.ui.transcript.cells.cell import START, Cell, Mark, Marked
from app.ui.transcript.cells.column import Column
from app.ui.transcript.cells.frames import frame_of_thoughts
from app.ui.transcript.cells.passage import Passage
from app.ui.transcript.cells.reasoning import ReasoningHead
from app.ui.transcript.excerpt import InCells, markdown_of, pieces_between, text_of
from app.ui.transcript.excerpt_html import html_of
from app.ui.transcript.materials import Materials
from app.ui.transcript.shown_message import ShownMessage
from app.ui.transcript.thinking_time import ThinkingTime

_TOGGLE_BUDGET_S = 0.01


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

    def __init__(self, shown: ShownMessage, materials: Materials, width: int) -> None:
        self._shown = shown
        self._answer_reader = BlockReader(shown.text, is_verbatim=shown.is_from_user)
        self._thought_reader = BlockReader(shown.reasoning)
        self._thinking_time = ThinkingTime()
        self._rebuild(materials, width)

    def _rebuild(self, materials: Materials, width: int) -> None:
        """New cells for what was read."""
        self._materials = materials
        self._column = Column(materials, width)
        self.reasoning: ReasoningHead | None = None
        if self._shown.reasoning:
            self.reasoning = ReasoningHead(materials.style, is_unfolded=self._shown.shows_reasoning)
            self._column.append(self.reasoning)
        small = replace(materials, style=materials.style.smaller())
        self._thoughts = Passage(self._thought_reader, self._column, small, frame_of_thoughts(materials.style))
        self._answer = Passage(self._answer_reader, self._column, materials)

    @property
    def height(self) -> int:
        return self._column.height

    @property
    def cells(self) -> list[Cell]:
        return self._column.cells

    @property
    def is_read(self) -> bool:
        """All text there is has its cells. Never true of a message whose text is on disk only."""
        is_whole = not self._shown.is_generating
        thinks = self._shown.shows_reasoning and self._thoughts.has_news(is_whole=is_whole)
        return self._shown.is_read and not thinks and not self._answer.has_news(is_whole=is_whole)

    @property
    def is_settled(self) -> bool:
        """No height is an estimate."""
        return self._column.is_settled

    @property
    def thinking_s(self) -> float | None:
        """How long the model thought; None for one that does it still, or whom nobody watched doing it."""
        return self._thinking_time.elapsed_s

    def restyle(self, materials: Materials) -> None:
        self._rebuild(materials, self._column.width)

    def resize(self, width: int) -> None:
        """Costs nothing: each cell is laid out anew when it is looked at, and has its old height until then."""
        self._column.resize(width)

    def refresh_cells(self) -> None:
        """A formula or the colours of code came ready: what waits for them is shown anew when it is looked at."""
        self._column.refresh()

    def take_dirty_y(self) -> int | None:
        """From where on it looks different since this was last asked; None if nowhere."""
        return self._column.take_dirty_y()

    def read(self, budget: Budget) -> bool:
        """Read new text into cells. False if the time was spent before the end."""
        is_whole = not self._shown.is_generating
        self._thinking_time.look(self._shown.reasoning, is_over=is_whole or bool(self._shown.text))
        if self._shown.reasoning and self.reasoning is None:
            self._rebuild(self._materials, self._column.width)
        is_read = True
        if self._shown.shows_reasoning and self._thoughts.has_news(is_whole=is_whole):
            self._answer.lift()
            is_read = self._thoughts.read(budget, is_whole=is_whole)
        return self._answer.read(budget, is_whole=is_whole) and is_read

    def toggle_reasoning(self) -> None:
        """Show or hide the thoughts, as the message says now."""
        if self.reasoning is not None:
            self.reasoning.is_unfolded = self._shown.shows_reasoning
            self._answer.lift()
            self._thoughts.lift()
            self._column.note_all_dirty()
            self.read(Budget(_TOGGLE_BUDGET_S))

    def settle_down(self, top: int, need: int, budget: Budget) -> bool:
        """Lay out what stands in `need` pixels below `top`. False if the time was spent before."""
        return self._column.settle_down(top, need, budget)

    def settle_up(self, bottom: int, need: int, budget: Budget) -> bool:
        """Lay out what stands in `need` pixels above `bottom`. False if the time was spent before."""
        return self._column.settle_up(bottom, need, budget)

    def place_at(self, y: int) -> Place:
        if not self.cells:
            return Place(0, START, y)
        index, inside = self._column.find(y)
        mark = self.cells[index].mark_at(0, inside)
        return Place(index, mark, inside - self.cells[index].y_of(mark))

    def y_of(self, place: Place) -> int:
        if not self.cells:
            return place.rest_px
        index = min(place.cell, len(self.cells) - 1)
        return self._column.top(index) + self.cells[index].y_of(place.mark) + place.rest_px

    def mark_at(self, x: int, y: int) -> tuple[int, Mark]:
        """The nearest cell, and the nearest place in it."""
        return self._column.mark_at(x, y) if self.cells else (0, START)

    def link_at(self, x: int, y: int) -> str:
        """Where the link at this point leads, "" if there is none."""
        return self._column.link_at(x, y)

    def text_between(self, first: InCells, last: InCells) -> str:
        """As it reads, from one place to another; both are the number of a cell and a mark in it."""
        return text_of(pieces_between(self._column, first, last))

    def markdown_between(self, first: InCells, last: InCells) -> str:
        return markdown_of(pieces_between(self._column, first, last))

    def html_between(self, first: InCells, last: InCells) -> str:
        return html_of(pieces_between(self._column, first, last))

    def left_of(self, index: int) -> int:
        """How far in the cell stands."""
        return self._column.left(index)

    def tops_between(self, top: int, bottom: int) -> Iterator[tuple[int, int, Cell]]:
        """Index, top and cell of all that stand there."""
        return self._column.tops_between(top, bottom)

    def dot_center(self) -> QPointF | None:
        return self._column.dot_center()

    def paint(self, painter: QPainter, clip: QRect, marked: Callable[[int], Marked]) -> None:
        self._column.paint(painter, clip, marked)
