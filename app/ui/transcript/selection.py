"""What is selected: from one place in the text to another, across cells and messages."""

from typing import NamedTuple

from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import END, START, Mark, Span
from app.ui.transcript.conversation_layout import ConversationLayout

_WHOLE_BUDGET_S = 5.0  # for reading what is copied: a user waits for that


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

    @property
    def is_empty(self) -> bool:
        return self._start is None or self._start == self._end

    def clear(self) -> None:
        self._fixed = self._start = self._end = None

    def begin(self, first: Position, last: Position) -> None:
        self._fixed = first, last
        self._start, self._end = first, last

    def extend(self, first: Position, last: Position) -> None:
        """From what was pressed on to there, both included."""
        if self._fixed is not None:
            self._start, self._end = min(first, self._fixed[0]), max(last, self._fixed[1])

    def select_all(self) -> None:
        if len(self._conversation):
            self.begin(Position(0, 0, START), Position(len(self._conversation) - 1, 1 << 60, END))

    def span_in(self, row: int, cell: int) -> Span | None:
        """The selected part of a cell."""
        if self._start is None or self._end is None or self._start == self._end:
            return None
        if not self._start[:2] <= (row, cell) <= self._end[:2]:
            return None
        start = self._start.mark if (row, cell) == self._start[:2] else START
        end = self._end.mark if (row, cell) == self._end[:2] else END
        return start, end

    def text(self) -> str:
        """Of whole messages their own text, of others what is selected of it."""
        if self._start is None or self._end is None or self.is_empty:
            return ""
        parts: list[str] = []
        for row in range(self._start.row, self._end.row + 1):
            is_whole = self._start <= (row, 0, START) and (row, 1 << 60, END) <= self._end
            parts.append(self._conversation.shown(row).whole_text if is_whole else self._part(row))
        return "\n\n".join(part for part in parts if part)

    def _part(self, row: int) -> str:
        body = self._conversation.layout(row).body
        body.read(Budget(_WHOLE_BUDGET_S))
        spans = ((cell, self.span_in(row, index)) for index, cell in enumerate(body.cells))
        return "\n\n".join(text for cell, span in spans if span and (text := cell.text_between(span)))
