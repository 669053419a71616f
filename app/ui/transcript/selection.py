"""What is selected: from one place in the text to another, across cells and messages."""

from typing import NamedTuple

from app.ui.transcript.cells.cell import END, START, Mark, Span
from app.ui.transcript.conversation_layout import ConversationLayout

LAST_CELL = 1 << 60


class Position(NamedTuple):
    row: int
    cell: int
    mark: Mark


class Selection:
    """Positions name text, not pixels: it stays on its words while more of them stream in."""

    def __init__(self, conversation: ConversationLayout) -> None:
        self._conversation = conversation
        self._fixed: tuple[Position, Position] | None = None  # what was pressed on: a place, a word, a cell
        self._start: Position | None = None
        self._end: Position | None = None
        self._is_backward = False

    @property
    def is_empty(self) -> bool:
        return self._start is None or self._start == self._end

    @property
    def ends(self) -> tuple[Position, Position] | None:
        """From where to where; None if nothing is selected."""
        if self._start is None or self._end is None or self._start == self._end:
            return None
        return self._start, self._end

    @property
    def caret(self) -> Position | None:
        """The end that moves; where nothing is selected, the place that was pressed on last."""
        return self._start if self._is_backward else self._end

    def clear(self) -> None:
        self._fixed = self._start = self._end = None
        self._is_backward = False

    def begin(self, first: Position, last: Position) -> None:
        self._fixed = first, last
        self._start, self._end = first, last
        self._is_backward = False

    def extend(self, first: Position, last: Position) -> None:
        """From what was pressed on to there, both included."""
        if self._fixed is not None:
            self._start, self._end = min(first, self._fixed[0]), max(last, self._fixed[1])
            self._is_backward = first < self._fixed[0]

    def move_caret(self, to: Position) -> None:
        """The other end stays."""
        fixed = self._end if self._is_backward else self._start
        if fixed is not None:
            self.begin(fixed, fixed)
            self.extend(to, to)

    def note_put_above(self, rows: int) -> None:
        """So many rows were put above all others."""
        if self._fixed is not None and self._start is not None and self._end is not None:
            self._fixed = _lower(self._fixed[0], rows), _lower(self._fixed[1], rows)
            self._start, self._end = _lower(self._start, rows), _lower(self._end, rows)

    def select_all(self) -> None:
        if len(self._conversation):
            self.begin(Position(0, 0, START), Position(len(self._conversation) - 1, LAST_CELL, END))

    def span_in(self, row: int, cell: int) -> Span | None:
        """The selected part of a cell."""
        if self._start is None or self._end is None or self._start == self._end:
            return None
        if not self._start[:2] <= (row, cell) <= self._end[:2]:
            return None
        start = self._start.mark if (row, cell) == self._start[:2] else START
        end = self._end.mark if (row, cell) == self._end[:2] else END
        return start, end

    def covers(self, row: int) -> bool:
        """Whether all of the row is selected, and what may be added to it."""
        if self._start is None or self._end is None:
            return False
        return self._start <= (row, 0, START) and (row, LAST_CELL, END) <= self._end


def _lower(position: Position, rows: int) -> Position:
    return position._replace(row=position.row + rows)
