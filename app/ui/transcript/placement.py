"""
Which rows stand where in the viewport.

What the reader reads is held by one anchor: the text at the viewport's top edge. Whatever
changes height above it or below, that text stays where it is. While the view is at its end
it follows the end instead.
"""

from collections.abc import Collection
from typing import NamedTuple

from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import START
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.message_body import Place

BELOW_LAST_ROW_PX = 8
_TOP = Place(0, START, -(1 << 20))


class Placed(NamedTuple):
    """Row numbers with their tops in the viewport. Not complete: time was short, place again soon."""

    rows: list[tuple[int, int]]
    is_complete: bool


class Placement:
    def __init__(self, conversation: ConversationLayout) -> None:
        self._conversation = conversation
        self._row = 0
        self._place = _TOP
        self.is_following = True

    @property
    def value(self) -> int:
        """How far the viewport's top is below that of the conversation."""
        return self._conversation.top(self._row) + self._offset if len(self._conversation) else 0

    @property
    def extent(self) -> int:
        return self._conversation.total_height + BELOW_LAST_ROW_PX

    @property
    def _offset(self) -> int:
        return max(0, self._conversation.y_of(self._row, self._place))

    def note_removed(self, removed: Collection[int]) -> None:
        """These rows were taken out of the conversation. If the anchor's own was, the next one takes its place."""
        if self._row in removed:
            self._place = _TOP
        self._row -= sum(row < self._row for row in removed)

    def follow(self) -> None:
        self.is_following = True

    def jump_to(self, y: int) -> None:
        self.is_following = False
        self._set_anchor(*self._conversation.find(max(0, y)))

    def scroll_by(self, dy: int, budget: Budget) -> None:
        """Move the reader by `dy` pixels exactly, whatever heights turn out to be on the way."""
        rows = self._conversation
        if not len(rows) or not dy:
            return
        self.is_following = False
        row = self._row
        if dy < 0:
            rows.settle_up(row, self._offset, -dy, budget)
            offset = self._offset + dy
            while offset < 0 and row > 0:
                row -= 1
                rows.settle_up(row, None, -offset, budget)
                offset += rows.height(row)
            offset = max(0, offset)
        else:
            rows.settle_down(row, self._offset, dy, budget)
            offset = self._offset + dy
            while offset >= rows.height(row) and row < len(rows) - 1:
                offset -= rows.height(row)
                row += 1
                rows.settle_down(row, 0, offset, budget)
        self._set_anchor(row, offset)

    def place(self, viewport_height: int, budget: Budget) -> Placed:
        if not len(self._conversation):
            self._row, self._place, self.is_following = 0, _TOP, True
            return Placed([], is_complete=True)
        if not self.is_following:
            placed = self._place_at_anchor(viewport_height, budget)
            if placed is not None:
                return placed
            self.is_following = True
        return self._place_at_end(viewport_height, budget)

    def _set_anchor(self, row: int, offset: int) -> None:
        self._row = row
        self._place = self._conversation.place_at(row, offset)

    def _place_at_end(self, viewport_height: int, budget: Budget) -> Placed:
        rows = self._conversation
        placed: list[tuple[int, int]] = []
        is_complete = True
        y = viewport_height - BELOW_LAST_ROW_PX
        row = len(rows)
        while row > 0 and y > 0:
            row -= 1
            is_complete &= rows.settle_up(row, None, y, budget)
            y -= rows.height(row)
            placed.append((row, y))
        above = max(0, y)  # what is shorter than the viewport stands at its top
        self._set_anchor(row, above - y)
        return Placed([(row, y - above) for row, y in reversed(placed)], is_complete)

    def _place_at_anchor(self, viewport_height: int, budget: Budget) -> Placed | None:
        """None if the end of the conversation is in the viewport."""
        rows = self._conversation
        self._row = min(self._row, len(rows) - 1)
        offset = -1
        is_complete = True
        while offset != self._offset:  # laying out may move the anchor's line in its row
            offset = self._offset
            is_complete = rows.settle_down(self._row, offset, viewport_height, budget)
        y = -offset
        row = self._row
        placed: list[tuple[int, int]] = []
        while row < len(rows) and y < viewport_height:
            is_complete &= rows.settle_down(row, max(0, -y), viewport_height - max(0, y), budget)
            placed.append((row, y))
            y += rows.height(row)
            row += 1
        if is_complete and row == len(rows) and y + BELOW_LAST_ROW_PX <= viewport_height:
            return None
        return Placed(placed, is_complete)
