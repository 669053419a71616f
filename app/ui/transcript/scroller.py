"""Moves through the conversation: keeps rows, placement and scroll bar in step."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea

from app.domain.conversation import KnownMessage
from app.domain.row_shape import RowShape
from app.ui.palette import COLUMN_WIDTH
from app.ui.transcript.budget import Budget
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.marks import Marks
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import Place
from app.ui.transcript.placement import ROW_TOP, Placement, Sight
from app.ui.transcript.prefetch import Prefetch
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.selection import Position
from app.ui.transcript.sideways import bring_sideways
from app.ui.transcript.wheel import LINE_PX
from app.version import VERSION

LAYOUT_BUDGET_S = 0.006  # of the 16 ms that a frame has
SCROLL_BUDGET_S = 0.008  # by what is left the text moves in the next frame
HOLD_BUDGET_S = 0.025  # what comes in above must be laid out for the text to stay where it is
CONTINUE_AFTER_MS = 4
MARGIN_PX = 24
MIN_COLUMN_PX = 200
PAGE_OVERLAP_PX = 2 * LINE_PX
REVEAL_ROOM_PX = 48


class Scroller(QObject):
    """What does not fit into a frame's budget is laid out in the next."""

    placed = Signal()

    def __init__(
        self,
        area: QAbstractScrollArea,
        conversation: ConversationLayout,
        rows: RowPool,
        marks: Marks,
        materials: Materials,
    ) -> None:
        super().__init__(area)
        self._viewport = area.viewport()
        self._bar = area.verticalScrollBar()
        self._conversation = conversation
        self._rows = rows
        self._marks = marks
        self._style = materials.style
        self._placement = Placement(conversation)
        self._is_placing = False
        self._actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Up: lambda: self.scroll_by(-LINE_PX),
            Qt.Key.Key_Down: lambda: self.scroll_by(LINE_PX),
            Qt.Key.Key_PageUp: lambda: self.scroll_by(-self.page_px),
            Qt.Key.Key_PageDown: lambda: self.scroll_by(self.page_px),
            Qt.Key.Key_Space: lambda: self.scroll_by(self.page_px),
            Qt.Key.Key_Home: self.to_start,
            Qt.Key.Key_End: self.to_end,
        }
        self._continue = QTimer(self)
        self._continue.setSingleShot(True)
        self._continue.setInterval(CONTINUE_AFTER_MS)
        self._continue.timeout.connect(lambda: self.scroll_by(0))
        self._prefetch = Prefetch(self, self._lay_out_around)
        self._rows.reflowed.connect(self.place)
        self._bar.valueChanged.connect(self._on_bar_moved)
        self._bar.sliderReleased.connect(self.place)

    @property
    def is_at_end(self) -> bool:
        return self._placement.is_following

    @property
    def is_behind(self) -> bool:
        return self._continue.isActive() or self._rows.waits_for_text

    @property
    def column_width(self) -> int:
        return min(self._style.px(COLUMN_WIDTH), max(MIN_COLUMN_PX, self._viewport.width() - 2 * MARGIN_PX))

    @property
    def shape(self) -> RowShape:
        """What heights depend on now. Another version may lay out otherwise."""
        return RowShape(self.column_width, f"{VERSION} {self._style.zoom:.0%}")

    @property
    def top(self) -> Position:
        """The text at the viewport's top."""
        row, place = self._placement.anchor
        return Position(row, place.cell, place.mark)

    @property
    def page_px(self) -> int:
        return max(LINE_PX, self._viewport.height() - PAGE_OVERLAP_PX)

    def restyle(self, materials: Materials) -> None:
        self._placement.note_zoomed(materials.style.zoom / self._style.zoom)
        self._style = materials.style
        self._rows.release()
        self._conversation.restyle(materials)
        self.place()

    def place(self, budget: Budget | None = None) -> None:
        """Put every row where it belongs now. Cheap when nothing has changed."""
        if self._is_placing:
            return
        self._is_placing = True
        self._conversation.resize(self.column_width)
        placed = self._placement.place(self._viewport.height(), budget or Budget(LAYOUT_BUDGET_S))
        column_x = (self._viewport.width() - self.column_width) // 2
        self._rows.show(placed.rows, column_x, self._conversation, self._style, self._marks.marked_in)
        self._conversation.forget_unseen([row for row, _ in placed.rows])
        self._conversation.wish_around(self._placement.value, self._viewport.height())
        self._move_bar()
        self._is_placing = False
        if not placed.is_complete or self._placement.is_behind:
            self._continue.start()
        else:
            self._prefetch.note_placed()
        self.placed.emit()

    def take_in(self, row: int) -> None:
        """The row's message has grown."""
        if row not in self._rows.seen and not self._conversation.read(row, Budget(LAYOUT_BUDGET_S)):
            self._continue.start()
        self.place()

    def refresh_cells(self) -> None:
        """A formula or the colours of code came ready."""
        self._conversation.refresh_cells()
        self.place()

    def note_changed(self, row: int) -> None:
        """The row's message looks different. Costs nothing if it is not in sight."""
        if (widget := self._rows.seen.get(row)) is not None:
            widget.refresh()
            self.place()

    def note_removed(self, removed: set[int]) -> None:
        self._placement.note_removed(removed)
        self.place()

    def note_put_above(self, count: int) -> None:
        """So many rows came in above the first. What is seen stays as it is."""
        self._rows.renumber(count)
        self._placement.note_put_above(count)
        self.place()

    def take(self, messages: Sequence[KnownMessage]) -> None:
        """Texts of messages were read, or are forgotten. What is read stays where it is."""
        if self._placement.is_following or not len(self._conversation):
            self._conversation.take(messages)
        else:
            row, place = self._placement.anchor
            held = min(self._rows.seen.items(), default=None)
            number, y = (held[0], held[1].y()) if held else (row, -self._conversation.y_of(row, place))
            self._conversation.take(messages)
            self._placement.hold(number, y, Budget(HOLD_BUDGET_S))
        self.place()

    def scroll_by(self, down_px: int) -> None:
        self._placement.scroll_by(down_px, budget := Budget(SCROLL_BUDGET_S))
        self.place(budget)

    def obey(self, event: QKeyEvent) -> bool:
        """Scroll by a key; False if it is not one for that."""
        action = self._actions.get(event.key())
        if action is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False
        is_back = event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        (self._actions[Qt.Key.Key_PageUp] if is_back else action)()
        return True

    def to_start(self) -> None:
        self._placement.jump_to(0)
        self.place()

    def to_end(self) -> None:
        self._placement.follow()
        self.place()

    def hold_still(self, is_held: bool) -> None:
        """Whether something is written in the text: then the view does not follow the end."""
        self._placement.is_held = is_held

    def hold_bottom(self, row: int, y: int) -> None:
        """Other rows are here now: this one ends at `y` of the viewport."""
        self._conversation.settle_up(row, None, self._viewport.height(), Budget(HOLD_BUDGET_S))
        self._placement.is_following = False
        self._placement.hold(row, y - self._conversation.height(row), Budget(HOLD_BUDGET_S))
        self.place()

    def reveal(self, position: Position, *, top_px: int = 0, room_px: int = REVEAL_ROOM_PX) -> None:
        """
        Scroll as little as shows this line of the text, with some room around it.

        The first `top_px` of the viewport are covered.
        """
        place = Place(position.cell, position.mark, 0)
        layout = self._conversation.layout(position.row)
        if bring_sideways(layout.body, layout.width, position.cell, position.mark):
            self._rows.repaint_all()
        self._reveal(position.row, place, self._style.body.line_px, top_px=top_px, room_px=room_px)

    def reveal_row(self, row: int) -> None:
        """Scroll as little as shows all of the row, or its top if it is higher than the viewport."""
        self._conversation.settle_down(row, 0, self._viewport.height(), Budget(HOLD_BUDGET_S))
        self._reveal(row, ROW_TOP, self._conversation.height(row))

    def _reveal(self, row: int, place: Place, height: int, *, top_px: int = 0, room_px: int = 0) -> None:
        sight = Sight(self._viewport.height(), top_px, room_px)
        self._placement.reveal(row, place, height, sight)
        self.place()

    def _lay_out_around(self, budget: Budget) -> bool:
        placement = self._placement
        before = placement.value, placement.extent
        is_complete = placement.lay_out_around(self._viewport.height(), budget)
        if before != (placement.value, placement.extent):
            self.place()  # before anything is painted: what is above has another height now
        return is_complete

    def _move_bar(self) -> None:
        if self._bar.isSliderDown():
            return  # it would run away from under the pointer
        maximum = max(0, self._placement.extent - self._viewport.height())
        self._bar.setRange(0, maximum)
        self._bar.setPageStep(self._viewport.height())
        self._bar.setSingleStep(LINE_PX)
        self._bar.setValue(maximum if self._placement.is_following else self._placement.value)

    def _on_bar_moved(self, value: int) -> None:
        if self._is_placing:
            return
        distance = value - self._placement.value
        if value >= self._bar.maximum():
            self.to_end()
        elif abs(distance) <= self._viewport.height():
            self.scroll_by(distance)
        else:
            self._placement.jump_to(value)
            self.place()
