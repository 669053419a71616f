"""
Which rows stand where in the viewport.

What the reader reads is held by one anchor: the text at the viewport's top edge. Whatever
changes height above it or below, that text stays where it is. While the view is at its end
it follows the end instead.
"""

from collections.abc import Collection
from typing import NamedTuple

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import START
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.message_body import Place

BELOW_LAST_ROW_PX = 8
REVEAL_BUDGET_S = 0.025
MOST_OWED_PX = 1_000  # about a page: who scrolls further than that in one go does not follow the text
ROW_TOP = Place(0, START, -(1 << 20))


class Placed(NamedTuple):
    """Row numbers with their tops in the viewport. Not complete: time was short, place again soon."""

    rows: list[tuple[int, int]]
    is_complete: bool


class Sight(NamedTuple):
    """How high the viewport is, how much of its top is covered, and how much room what is shown should have."""

    height: int
    covered_px: int
    room_px: int


class Placement:
    def __init__(self, conversation: ConversationLayout) -> None:
        self._conversation = conversation
        self._row = 0
        self._place = ROW_TOP
        self.is_following = True
        self.is_held = False  # nothing in sight moves by itself, not even at the end
        self._is_going_to_end = False
        self._owed_px = 0  # that the reader was moved up, and there was no time yet to lay out what stands there

    @property
    def is_behind(self) -> bool:
        """The reader was moved further than where this stands: `scroll_by` goes on."""
        return self._owed_px > 0

    @property
    def value(self) -> int:
        """How far the viewport's top is below that of the conversation, once this is not behind."""
        rows = self._conversation
        return max(0, rows.top(self._row) + self._offset - self._owed_px) if len(rows) else 0

    @property
    def extent(self) -> int:
        return self._conversation.total_height + BELOW_LAST_ROW_PX

    @property
    def _offset(self) -> int:
        return max(0, self._conversation.y_of(self._row, self._place))

    def note_removed(self, removed: Collection[int]) -> None:
        """These rows were taken out of the conversation. If the anchor's own was, the next one takes its place."""
        if self._row in removed:
            self._place = ROW_TOP
        self._row -= sum(row < self._row for row in removed)

    def note_put_above(self, count: int) -> None:
        """So many rows came in above the first."""
        self._row += count

    def follow(self) -> None:
        self.is_following = self._is_going_to_end = True
        self._owed_px = 0

    @property
    def anchor(self) -> tuple[int, Place]:
        """The row at the viewport's top, and the place in it."""
        return self._row, self._place

    def note_zoomed(self, ratio: float) -> None:
        """Everything is so much larger now."""
        cell, mark, rest_px = self._place
        self._place = Place(cell, mark, round(rest_px * ratio))

    def reveal(self, row: int, place: Place, height: int, sight: Sight) -> None:
        """Scroll as little as shows what stands at `place`, its top rather than its end."""
        rows = self._conversation
        self._owed_px = 0
        y = rows.top(row) + max(0, rows.y_of(row, place)) - self.value
        if y >= sight.covered_px and y + height <= sight.height:
            return
        room = max(sight.covered_px, min(sight.room_px, (sight.height - height) // 2))
        above = room if y < sight.covered_px else max(room, sight.height - height - room)
        self.is_following = False
        self._row, self._place = row, place
        budget = Budget(REVEAL_BUDGET_S)
        rows.settle_down(row, self._offset, height, budget)
        self.scroll_by(-above, budget)

    def hold(self, row: int, y: int, budget: Budget) -> None:
        """Others have other heights now; `row` stands at `y` of the viewport all the same."""
        rows = self._conversation
        rows.settle_down(row, max(0, -y), 1, budget)
        while y > 0 and row > 0:
            row -= 1
            rows.settle_up(row, None, y, budget)
            y -= rows.height(row)
        self._set_anchor(row, max(0, -y))

    def jump_to(self, y: int) -> None:
        self.is_following = False
        self._owed_px = 0
        self._set_anchor(*self._conversation.find(max(0, y)))

    def scroll_by(self, dy: int, budget: Budget) -> None:
        """
        Move the reader by `dy` pixels exactly, whatever heights turn out to be on the way.

        What there is no time for is made up for by the next call.
        """
        dy -= self._owed_px
        self._owed_px = 0
        if not len(self._conversation) or not dy:
            return
        self.is_following = False
        if dy < 0:
            self._scroll_up(-dy, budget)
        else:
            self._scroll_down(dy, budget)

    def _scroll_down(self, px: int, budget: Budget) -> None:
        rows, row = self._conversation, self._row
        rows.settle_down(row, self._offset, px, budget)
        offset = self._offset + px
        while offset >= rows.height(row) and row < len(rows) - 1:
            offset -= rows.height(row)
            row += 1
            rows.settle_down(row, 0, offset, budget)
        self._set_anchor(row, offset)

    def _scroll_up(self, px: int, budget: Budget) -> None:
        """As far as there is time to lay out what comes into sight: what is read already moves by whole steps only."""
        rows, step = self._conversation, px
        is_read = rows.settle_down(self._row, self._offset, 1, budget)
        while step:
            if self._step_up(step, budget):
                px -= step
                step = min(step, px)
            else:
                step //= 2
        if px > MOST_OWED_PX or not is_read:
            self._set_anchor(*rows.find(max(0, self.value - px)))
        else:
            self._owed_px = px

    def _step_up(self, px: int, budget: Budget) -> bool:
        """False, and nothing is moved, if the time was spent before all of it was laid out."""
        rows, row = self._conversation, self._row
        is_settled = rows.settle_up(row, self._offset, px, budget)
        offset = self._offset - px
        while is_settled and offset < 0 and row > 0:
            row -= 1
            is_settled = rows.settle_up(row, None, -offset, budget)
            offset += rows.height(row)
        if is_settled:
            self._set_anchor(row, max(0, offset))
        return is_settled

    def place(self, viewport_height: int, budget: Budget) -> Placed:
        if not len(self._conversation):
            self._row, self._place, self.is_following = 0, ROW_TOP, True
            return Placed([], is_complete=True)
        if self.is_held and not self._is_going_to_end:
            placed, self.is_following = self._place_at_anchor(viewport_height, budget)
            return placed
        self._is_going_to_end = False
        if not self.is_following:
            placed, self.is_following = self._place_at_anchor(viewport_height, budget)
            if not self.is_following:
                return placed
        return self._place_at_end(viewport_height, budget)

    def lay_out_around(self, viewport_height: int, budget: Budget) -> bool:
        """Lay out what a page up and a page down would bring into sight. False if the time was spent before."""
        rows = self._conversation
        if not len(rows):
            return True
        is_complete = rows.settle_up(self._row, self._offset, viewport_height, budget)
        row, rest = self._row, viewport_height - self._offset
        while is_complete and rest > 0 and row > 0:
            row -= 1
            is_complete = rows.settle_up(row, None, rest, budget)
            rest -= rows.height(row)
        row, top, rest = self._row, self._offset, 2 * viewport_height
        while is_complete and rest > 0 and row < len(rows):
            is_complete = rows.settle_down(row, top, rest, budget)
            rest -= rows.height(row) - top
            row, top = row + 1, 0
        return is_complete

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

    def _place_at_anchor(self, viewport_height: int, budget: Budget) -> tuple[Placed, bool]:
        """And whether the end of the conversation is in the viewport."""
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
        shows_end = is_complete and row == len(rows) and y + BELOW_LAST_ROW_PX <= viewport_height
        return Placed(placed, is_complete), shows_end
