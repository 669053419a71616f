"""All messages on screen and off it, with their heights; laid out are only those that were looked at."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence

from app.domain.conversation import KnownMessage, Message, MessageId
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import START
from app.ui.transcript.estimate import Estimate
from app.ui.transcript.heights import Heights
from app.ui.transcript.kept_heights import KeptHeights
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import MessageBody, Place
from app.ui.transcript.message_layout import MessageLayout
from app.ui.transcript.message_rows import MessageRows
from app.ui.transcript.row_notes import RowNotes
from app.ui.transcript.slices import Step, Steps
from app.ui.transcript.text_wishes import TextWishes

KEPT_LAYOUTS = 200
READING_STEP_S = 0.002


class ConversationLayout(MessageRows):
    """The rows as they are seen: at one width, in one style."""

    def __init__(self, materials: Materials, wishes: TextWishes) -> None:
        super().__init__(wishes)
        self._materials = materials
        self._width = 1
        self._layouts: OrderedDict[MessageId, MessageLayout] = OrderedDict()
        self._kept = KeptHeights()

    @property
    def _estimate(self) -> Estimate:
        return Estimate(self._materials.style, self._width)

    def replace(self, messages: Sequence[KnownMessage], notes: RowNotes) -> None:
        self._put(messages, notes, self._estimate)
        self._kept.begin(notes.heights)
        self._layouts.clear()

    def put_above(self, messages: Sequence[KnownMessage], notes: RowNotes) -> bool:
        """
        The rows there are stay as they are, at the end of these.

        False, and nothing is changed, if `messages` do not end with them.
        """
        if not self._put_above(messages, notes, self._estimate):
            return False
        self._kept.begin(notes.heights)
        return True

    def append(self, message: Message) -> None:
        self._append(message, self._estimate)

    def end(self, row: int, message: Message) -> None:
        self._messages[row] = message
        if not self.shown(row).end(message):
            self._layouts.pop(message.id, None)
        self.refresh(row)

    def take(self, messages: Iterable[KnownMessage]) -> None:
        """Texts were read, or are forgotten."""
        for message in messages:
            if (row := self.row_of(message.id)) is not None:
                self._forget_layout(message.id)
                self._take_text(row, message)

    def remove(self, removed: Collection[int]) -> None:
        for row in removed:
            self._layouts.pop(self._messages[row].id, None)
        self._remove(removed)

    def layout(self, row: int) -> MessageLayout:
        message_id = self._messages[row].id
        layout = self._layouts.get(message_id)
        if layout is None:
            layout = self._layouts[message_id] = MessageLayout(self.shown(row), self._materials, self._width)
        else:
            layout.resize(self._width)
            self._layouts.move_to_end(message_id)
        self._take_height(row, layout)
        return layout

    def _take_height(self, row: int, layout: MessageLayout) -> None:
        """A text that is not read to its end has the height that was known before: the scroll bar does not jump."""
        if layout.shown.is_generating or layout.body.is_read:
            self._heights.set(row, layout.height)

    def reading(self, row: int) -> Steps[MessageBody]:
        """Read all of a row's text, in steps. A body that is not laid out is made for this only, and not kept."""
        shown = yield from self.bringing(row)
        if shown.message.id in self._layouts:
            while not self.read(row, Budget(READING_STEP_S)):
                yield Step.DONE
            return self.layout(row).body
        body = MessageBody(shown, self._materials, self._width)
        while not body.read(Budget(READING_STEP_S)):
            yield Step.DONE
        return body

    def resize(self, width: int) -> None:
        """Costs nothing: each message is laid out anew when it is looked at."""
        if width != self._width:
            self._width = width
            self._kept.change_shape()

    def restyle(self, materials: Materials) -> None:
        ratio = materials.style.zoom / self._materials.style.zoom
        if ratio != 1:
            self._heights = Heights(round(self._heights[row] * ratio) for row in range(len(self._messages)))
            self._kept.change_shape()
        self._materials = materials
        for layout in self._layouts.values():
            layout.restyle(materials)

    def refresh_cells(self) -> None:
        """A formula or the colours of code came ready. Costs next to nothing: who is looked at shows them."""
        for layout in self._layouts.values():
            layout.body.refresh_cells()

    def forget_unseen(self, seen: Collection[int]) -> None:
        """Memory stays flat however far one scrolls."""
        kept = {self._messages[row].id for row in seen}
        for message_id in list(self._layouts):
            if len(self._layouts) <= KEPT_LAYOUTS:
                return
            if message_id not in kept:
                self._forget_layout(message_id)

    def _forget_layout(self, message_id: MessageId) -> None:
        self._measure(message_id)
        self._layouts.pop(message_id, None)

    def take_measured(self) -> dict[MessageId, int]:
        """Return the heights that are right and were not returned before: of whole texts, laid out at this width."""
        for message_id in self._layouts:
            self._measure(message_id)
        return self._kept.take()

    def _measure(self, message_id: MessageId) -> None:
        layout = self._layouts.get(message_id)
        if layout is not None and layout.width == self._width and layout.is_exact:
            self._kept.note(message_id, layout.height)

    def refresh(self, row: int) -> None:
        """The message's status or receipt is another one now. Costs nothing for one that nobody has looked at."""
        if self._messages[row].id in self._layouts:
            layout = self.layout(row)
            layout.refresh()
            self._take_height(row, layout)

    def toggle_reasoning(self, row: int) -> None:
        layout = self.layout(row)
        layout.toggle_reasoning()
        self._take_height(row, layout)

    def read(self, row: int, budget: Budget) -> bool:
        """Take in new text of a message, for its height. False if the time was spent before the end."""
        if not self.is_read(row):
            return True
        layout = self.layout(row)
        is_read = layout.body.read(budget)
        self._take_height(row, layout)
        return is_read

    def settle_down(self, row: int, top: int, need: int, budget: Budget) -> bool:
        """Lay out `need` pixels of the row below `top`. False if the time was spent before."""
        if not self.is_read(row):
            return True
        layout = self.layout(row)
        is_settled = layout.settle_down(top, need, budget)
        self._take_height(row, layout)
        return is_settled

    def settle_up(self, row: int, bottom: int | None, need: int, budget: Budget) -> bool:
        """Lay out `need` pixels of the row above `bottom` (None: its end). False if the time was spent before."""
        if not self.is_read(row):
            return True
        layout = self.layout(row)
        is_settled = layout.settle_up(bottom, need, budget)
        self._take_height(row, layout)
        return is_settled

    def place_at(self, row: int, y: int) -> Place:
        return self.layout(row).place_at(y) if self.is_read(row) else Place(0, START, y)

    def y_of(self, row: int, place: Place) -> int:
        return self.layout(row).y_of(place) if self.is_read(row) else min(place.rest_px, self.height(row) - 1)
