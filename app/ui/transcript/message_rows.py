"""The messages of a conversation, one in a row, with the heights of the rows."""

from collections.abc import Collection, Iterable, Sequence

from app.domain.conversation import KnownMessage, Message, MessageId
from app.ui.transcript.estimate import Estimate
from app.ui.transcript.heights import Heights
from app.ui.transcript.row_notes import NO_NOTES, RowNotes
from app.ui.transcript.shown_message import ShownMessage
from app.ui.transcript.slices import Step, Steps
from app.ui.transcript.text_wishes import TextWishes

SOUGHT_ROWS = 100  # whose texts are asked for at once, to be looked through
PAGES_ABOVE, PAGES_BELOW = 1, 2  # whose texts are asked for before they are in sight


class MessageRows:
    """
    Rows are numbered from the top. One whose text is on disk only keeps its place until the text comes.

    Heights of rows that nobody has looked at are those of an earlier time, or estimates.
    """

    def __init__(self, wishes: TextWishes) -> None:
        self._wishes = wishes
        self._messages: list[KnownMessage] = []
        self._shown: dict[MessageId, ShownMessage] = {}
        self._numbers: dict[str, int] = {}
        self._heights = Heights()
        self._notes = NO_NOTES

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def total_height(self) -> int:
        return self._heights.total

    def height(self, row: int) -> int:
        return self._heights[row]

    def top(self, row: int) -> int:
        return self._heights.before(row)

    def find(self, y: int) -> tuple[int, int]:
        """The row at `y`, and how far below its top."""
        return self._heights.find(y)

    def message(self, row: int) -> KnownMessage:
        return self._messages[row]

    def is_read(self, row: int) -> bool:
        """Whether its text is in memory."""
        return isinstance(self._messages[row], Message)

    def characters(self, row: int) -> int:
        """Of the text that is copied, and of thoughts too while it is on disk only."""
        message = self._messages[row]
        return sum(map(len, self.shown(row).text)) if isinstance(message, Message) else message.characters

    def shown(self, row: int) -> ShownMessage:
        message = self._messages[row]
        shown = self._shown.get(message.id)
        if shown is None:
            shown = self._shown[message.id] = ShownMessage(message, self._notes.versions.get(message.id, ()))
            shown.receipt, shown.receipt_tooltip = self._notes.receipts.get(message.id, ("", ""))
        return shown

    def row_of(self, message_id: str) -> int | None:
        return self._numbers.get(message_id)

    def _put(self, messages: Sequence[KnownMessage], notes: RowNotes, estimate: Estimate) -> None:
        """In the place of all there were."""
        self._shown.clear()
        self._notes = notes
        self._number(messages)
        self._heights = Heights(_heights_of(messages, notes, estimate))

    def _put_above(self, messages: Sequence[KnownMessage], notes: RowNotes, estimate: Estimate) -> bool:
        """The rows there are stay, at the end of these. False if that is not what `messages` end with."""
        above = messages[: len(messages) - len(self._messages)]
        old = [message.id for message in self._messages]
        if not old or [message.id for message in messages[len(above) :]] != old:
            return False
        self._notes = notes
        for message_id, shown in self._shown.items():
            shown.versions = tuple(notes.versions.get(message_id, ()))
        kept = [self._heights[row] for row in range(len(old))]
        self._heights = Heights(_heights_of(above, notes, estimate) + kept)
        self._number(messages)
        return True

    def _append(self, message: Message, estimate: Estimate) -> None:
        self._numbers[message.id] = len(self._messages)
        self._messages.append(message)
        self._heights.append(estimate.of(message))

    def _take_text(self, row: int, message: KnownMessage) -> None:
        """It was read, or is forgotten. The row keeps its height until it is laid out."""
        self._messages[row] = message
        shown = self._shown.get(message.id)
        if shown is None:
            return
        if isinstance(message, Message) or shown.shows_reasoning or shown.editor_px:
            shown.take(message)
        else:
            del self._shown[message.id]

    def _remove(self, removed: Collection[int]) -> None:
        for row in removed:
            self._shown.pop(self._messages[row].id, None)
        kept = [row for row in range(len(self._messages)) if row not in removed]
        self._heights.keep(kept)
        self._number([self._messages[row] for row in kept])

    def _number(self, messages: Sequence[KnownMessage]) -> None:
        self._messages = list(messages)
        self._numbers = {message.id: row for row, message in enumerate(self._messages)}
        self._wishes.forget()

    def wish_around(self, y: int, page_px: int) -> None:
        """The viewport is there: have the texts in sight brought first, then those near."""
        if not self._messages:
            return
        first, last = self.find(y)[0], self.find(y + page_px)[0]
        above, below = self.find(y - PAGES_ABOVE * page_px)[0], self.find(y + (1 + PAGES_BELOW) * page_px)[0]
        rows = (*range(first, last + 1), *range(last + 1, below + 1), *range(first - 1, above - 1, -1))
        self._wishes.set_near(tuple(self._messages[row].id for row in rows))

    def bringing(self, row: int) -> Steps[ShownMessage]:
        """Wait for a row's text, in steps. What comes below it is asked for with it."""
        while not self.is_read(row):
            sought = self._messages[row : row + SOUGHT_ROWS]
            self._wishes.seek(tuple(message.id for message in sought))
            yield Step.WAITS
        return self.shown(row)


def _heights_of(messages: Iterable[KnownMessage], notes: RowNotes, estimate: Estimate) -> list[int]:
    known, estimated = notes.heights.get, estimate.of
    return [known(message.id) or estimated(message) for message in messages]
