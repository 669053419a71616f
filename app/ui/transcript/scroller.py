"""Moves through the conversation: keeps rows, placement and scroll bar in step."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from app.ui.palette import COLUMN_WIDTH
from app.ui.transcript.budget import Budget
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.placement import Placement
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.selection import Selection
from app.ui.transcript.style import Style
from app.ui.transcript.wheel import LINE_PX

LAYOUT_BUDGET_S = 0.006  # of the 16 ms that a frame has
SCROLL_BUDGET_S = 0.025  # what is passed by must be laid out for the text to move by what the hand moved
CONTINUE_AFTER_MS = 4
MARGIN_PX = 24
MIN_COLUMN_PX = 200
PAGE_OVERLAP_PX = 2 * LINE_PX


class Scroller(QObject):
    """What does not fit into a frame's budget is laid out in the next."""

    placed = Signal()

    def __init__(
        self,
        area: QAbstractScrollArea,
        conversation: ConversationLayout,
        rows: RowPool,
        selection: Selection,
        style: Style,
    ) -> None:
        super().__init__(area)
        self._viewport = area.viewport()
        self._bar = area.verticalScrollBar()
        self._conversation = conversation
        self._rows = rows
        self._selection = selection
        self._style = style
        self._placement = Placement(conversation)
        self._is_placing = False
        self._actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Up: lambda: self.scroll_by(-LINE_PX),
            Qt.Key.Key_Down: lambda: self.scroll_by(LINE_PX),
            Qt.Key.Key_PageUp: lambda: self.scroll_by(-self._page_px),
            Qt.Key.Key_PageDown: lambda: self.scroll_by(self._page_px),
            Qt.Key.Key_Home: self.to_start,
            Qt.Key.Key_End: self.to_end,
        }
        self._continue = QTimer(self)
        self._continue.setSingleShot(True)
        self._continue.setInterval(CONTINUE_AFTER_MS)
        self._continue.timeout.connect(self.place)
        self._bar.valueChanged.connect(self._on_bar_moved)
        self._bar.sliderReleased.connect(self.place)

    @property
    def is_at_end(self) -> bool:
        return self._placement.is_following

    @property
    def is_behind(self) -> bool:
        return self._continue.isActive()

    @property
    def column_width(self) -> int:
        return min(COLUMN_WIDTH, max(MIN_COLUMN_PX, self._viewport.width() - 2 * MARGIN_PX))

    @property
    def _page_px(self) -> int:
        return max(LINE_PX, self._viewport.height() - PAGE_OVERLAP_PX)

    def restyle(self, style: Style) -> None:
        self._style = style
        self._rows.release()
        self._conversation.restyle(style)
        self.place()

    def place(self) -> None:
        """Put every row where it belongs now. Cheap when nothing has changed."""
        if self._is_placing:
            return
        self._is_placing = True
        self._conversation.resize(self.column_width)
        placed = self._placement.place(self._viewport.height(), Budget(LAYOUT_BUDGET_S))
        column_x = (self._viewport.width() - self.column_width) // 2
        self._rows.show(placed.rows, column_x, self._conversation, self._style, self._selection.span_in)
        self._conversation.forget_unseen([row for row, _ in placed.rows])
        self._move_bar()
        self._is_placing = False
        if not placed.is_complete:
            self._continue.start()
        self.placed.emit()

    def take_in(self, row: int) -> None:
        """The row's message has grown."""
        if row not in self._rows.seen and not self._conversation.read(row, Budget(LAYOUT_BUDGET_S)):
            self._continue.start()
        self.place()

    def note_changed(self, row: int) -> None:
        """The row's message looks different. Costs nothing if it is not in sight."""
        if (widget := self._rows.seen.get(row)) is not None:
            widget.refresh()
            self.place()

    def note_removed(self, removed: set[int]) -> None:
        self._placement.note_removed(removed)
        self.place()

    def scroll_by(self, down_px: int) -> None:
        self._placement.scroll_by(down_px, Budget(SCROLL_BUDGET_S))
        self.place()

    def obey(self, key: int) -> bool:
        """Scroll by a key; False if it is not one for that."""
        action = self._actions.get(key)
        if action is not None:
            action()
        return action is not None

    def to_start(self) -> None:
        self._placement.jump_to(0)
        self.place()

    def to_end(self) -> None:
        self._placement.follow()
        self.place()

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
