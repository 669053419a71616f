"""All messages on screen and off it, with their heights; laid out are only those that were looked at."""

from collections import OrderedDict
from collections.abc import Collection, Iterable

from app.domain.conversation import Message
from app.ui.icons import Icons
from app.ui.transcript.budget import Budget
from app.ui.transcript.heights import Heights
from app.ui.transcript.message_body import Place
from app.ui.transcript.message_layout import MessageLayout
from app.ui.transcript.shown_message import ShownMessage
from app.ui.transcript.style import Style

KEPT_LAYOUTS = 200


class ConversationLayout:
    """Rows are numbered from the top. Heights of rows that nobody asked for yet are estimates."""

    def __init__(self, style: Style, icons: Icons) -> None:
        self._style = style
        self._icons = icons
        self._width = 1
        self._rows: list[ShownMessage] = []
        self._numbers: dict[str, int] = {}
        self._heights = Heights()
        self._layouts: OrderedDict[str, MessageLayout] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

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

    def shown(self, row: int) -> ShownMessage:
        return self._rows[row]

    def row_of(self, message_id: str) -> int | None:
        return self._numbers.get(message_id)

    def replace(self, messages: Iterable[Message]) -> None:
        self._rows = [ShownMessage(message) for message in messages]
        self._numbers = {shown.message.id: row for row, shown in enumerate(self._rows)}
        self._heights = Heights(shown.estimated_height() for shown in self._rows)
        self._layouts.clear()

    def append(self, message: Message) -> None:
        shown = ShownMessage(message)
        self._numbers[message.id] = len(self._rows)
        self._rows.append(shown)
        self._heights.append(shown.estimated_height())

    def end(self, row: int, message: Message) -> None:
        if not self._rows[row].end(message):
            self._layouts.pop(message.id, None)
        self.refresh(row)

    def remove(self, removed: Collection[int]) -> None:
        for row in removed:
            self._layouts.pop(self._rows[row].message.id, None)
        kept = [row for row in range(len(self._rows)) if row not in removed]
        self._heights.keep(kept)
        self._rows = [self._rows[row] for row in kept]
        self._numbers = {shown.message.id: row for row, shown in enumerate(self._rows)}

    def layout(self, row: int) -> MessageLayout:
        shown = self._rows[row]
        layout = self._layouts.get(shown.message.id)
        if layout is None:
            layout = self._layouts[shown.message.id] = MessageLayout(shown, self._style, self._icons, self._width)
            self._heights.set(row, layout.height)
        else:
            layout.resize(self._width)
            self._layouts.move_to_end(shown.message.id)
        return layout

    def resize(self, width: int) -> None:
        """Costs nothing: each message is laid out anew when it is looked at."""
        self._width = width

    def restyle(self, style: Style) -> None:
        self._style = style
        for layout in self._layouts.values():
            layout.restyle(style)

    def forget_unseen(self, seen: Collection[int]) -> None:
        """Memory stays flat however far one scrolls."""
        kept = {self._rows[row].message.id for row in seen}
        for message_id in list(self._layouts):
            if len(self._layouts) <= KEPT_LAYOUTS:
                return
            if message_id not in kept:
                del self._layouts[message_id]

    def refresh(self, row: int) -> None:
        """The message's status or receipt is another one now. Costs nothing for one that nobody has looked at."""
        if self._rows[row].message.id in self._layouts:
            layout = self.layout(row)
            layout.refresh()
            self._heights.set(row, layout.height)

    def toggle_reasoning(self, row: int) -> None:
        layout = self.layout(row)
        layout.toggle_reasoning()
        self._heights.set(row, layout.height)

    def read(self, row: int, budget: Budget) -> bool:
        """Take in new text of a message, for its height. False if the time was spent before the end."""
        layout = self.layout(row)
        is_read = layout.body.read(budget)
        self._heights.set(row, layout.height)
        return is_read

    def settle_down(self, row: int, top: int, need: int, budget: Budget) -> bool:
        """Lay out `need` pixels of the row below `top`. False if the time was spent before."""
        layout = self.layout(row)
        is_settled = layout.settle_down(top, need, budget)
        self._heights.set(row, layout.height)
        return is_settled

    def settle_up(self, row: int, bottom: int | None, need: int, budget: Budget) -> bool:
        """Lay out `need` pixels of the row above `bottom` (None: its end). False if the time was spent before."""
        layout = self.layout(row)
        is_settled = layout.settle_up(bottom, need, budget)
        self._heights.set(row, layout.height)
        return is_settled

    def place_at(self, row: int, y: int) -> Place:
        return self.layout(row).place_at(y)

    def y_of(self, row: int, place: Place) -> int:
        return self.layout(row).y_of(place)
