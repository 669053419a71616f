"""
The conversation on screen: takes messages, wheel, keys and mouse.

Longer than other files: it builds the transcript's parts and passes on to them what it is told, line by line.
"""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from app.domain.conversation import KnownMessage, Message, Role
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.announcer import Announcer
from app.ui.transcript.appearance import Appearance
from app.ui.transcript.context_divider import ContextDivider
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.finder import Finder
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.growth import Growth
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.marks import Marks
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_actions import MessageActions
from app.ui.transcript.on_disk import OnDisk
from app.ui.transcript.overlays import Overlays
from app.ui.transcript.reader import Reader
from app.ui.transcript.row_notes import NO_NOTES, RowNotes, said
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroll_bar import QuietScrollBar
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.selection import Selection
from app.ui.transcript.style import Style
from app.ui.transcript.text_wishes import TextWishes
from app.ui.transcript.waiting_line import WaitingLine
from app.ui.transcript.wheel import ZoomWheel, down_px


class Transcript(QAbstractScrollArea):
    """
    `copied` carries what is on the clipboard now.

    What concerns the text itself, whoever wrote it, is the `reader`'s; `message_actions` are for one message.
    """

    copied = Signal(str)
    link_requested = Signal(str, str)  # an address, and the text that stands for it
    zoom_requested = Signal(int)  # so many steps larger, or smaller

    def __init__(self, theme: Theme, icons: Icons, formulas: Formulas, highlighting: Highlighting) -> None:
        super().__init__()
        self._zoom_wheel = ZoomWheel()
        materials = Materials(Style(theme), icons, formulas, highlighting)
        wishes = TextWishes(self)
        self._conversation = ConversationLayout(materials, wishes)
        self._dress_frame()
        self._rows = RowPool(self.viewport(), theme, icons)
        selection = Selection(self._conversation)
        self._finder = Finder(self, self._conversation)
        marks = Marks(selection, self._finder)
        self._scroller = Scroller(self, self._conversation, self._rows, marks, materials)
        self.on_disk = OnDisk(self, wishes, self._conversation, self._scroller)
        self.reader = Reader(
            self, theme, icons, self._conversation, self._rows, self._scroller, selection, self._finder, marks
        )
        self.message_actions = MessageActions(
            self, self.viewport(), self._conversation, self._rows, self._scroller, theme, icons
        )
        self.announcer = Announcer(self)
        self._appearance = Appearance(self, theme, materials, self._rows, self._scroller)
        self._growth = Growth(self._conversation, self._scroller, self._finder)
        self.waiting_line = WaitingLine(self._conversation, self._rows)
        self.context = ContextDivider(self._conversation, self._scroller)
        self._overlays = Overlays(self, theme, icons)
        self._connect()

    def _dress_frame(self) -> None:
        self.setObjectName("transcript")
        self.setAccessibleName("Conversation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click on a button must leave the focus in the composer
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBar(QuietScrollBar(self))

    def _connect(self) -> None:
        self.message_actions.copied.connect(self.copied)
        self._rows.copied.connect(self.copied)
        self._rows.reasoning_toggled.connect(self._on_reasoning_toggled)
        self.reader.copied.connect(self.copied)
        self.reader.link_requested.connect(self.link_requested)
        self._scroller.placed.connect(self._on_placed)
        self._overlays.jump_requested.connect(self._scroller.to_end)

    @property
    def is_settled(self) -> bool:
        """All that is in sight is laid out: nothing was put off to a later frame."""
        return not self._scroller.is_behind

    def show_messages(self, messages: Sequence[KnownMessage], notes: RowNotes = NO_NOTES) -> None:
        """Show another conversation, from its end. What a GENERATING one has so far comes by `append_text`."""
        self._rows.release()
        self._replace(messages, notes)
        self._scroller.to_end()

    def show_rest(self, messages: Sequence[KnownMessage], notes: RowNotes) -> bool:
        """What is above the messages on screen is known now. False, and nothing is done, if these are others."""
        shown, count = said(messages), len(self._conversation)
        if not self._conversation.put_above(shown, notes):
            return False
        self.reader.note_put_above(len(shown) - count)
        self._scroller.note_put_above(len(shown) - count)
        return True

    def show_branch(self, messages: Sequence[KnownMessage], notes: RowNotes) -> None:
        """Show another branch: the first message that is another one ends where the old one did."""
        pairs = zip(range(len(self._conversation)), said(messages), strict=False)
        row = next((row for row, new in pairs if self._conversation.message(row).id != new.id), len(self._conversation))
        old = self._rows.seen.get(row)
        bottom = old.geometry().bottom() + 1 if old is not None else None
        self._replace(messages, notes)  # the rows are bound anew as they are: the focus stays
        if bottom is None:
            self._scroller.to_end()
        else:
            self._scroller.hold_bottom(row, bottom)

    def _replace(self, messages: Sequence[KnownMessage], notes: RowNotes) -> None:
        self.on_disk.tell_heights()
        self.reader.note_replaced()
        self._conversation.replace(said(messages), notes)
        self.message_actions.note_rows_changed()
        self.set_loading(False)

    def clear(self) -> None:
        self.show_messages(())

    def add_message(self, message: Message) -> None:
        """At the end. What the user has just said is scrolled to."""
        if message.role is Role.SYSTEM:
            return
        self._conversation.append(message)
        self._finder.note_appended()
        if message.role is Role.USER:
            self._scroller.to_end()
        else:
            self._scroller.place()

    def append_text(self, message_id: str, text: str) -> None:
        """Once a frame at most. Text for a message that has ended or is not in this conversation is dropped."""
        self._growth.append_text(message_id, text)

    def append_reasoning(self, message_id: str, text: str) -> None:
        """As `append_text`, for what the model thinks before it answers."""
        self._growth.append_reasoning(message_id, text)

    def end_message(self, message: Message) -> None:
        """It will not grow any more. What of its content was not handed in yet is shown now."""
        self._growth.end_message(message)

    def set_receipt(self, message_id: str, text: str, tooltip: str = "") -> None:
        """The muted line under a stopped answer; beside the buttons of a whole one."""
        self._growth.set_receipt(message_id, text, tooltip)

    def remove_messages(self, message_ids: Collection[str]) -> None:
        removed = {row for row in map(self._conversation.row_of, message_ids) if row is not None}
        if removed:
            self._rows.release()
            self._conversation.remove(removed)
            self.reader.note_removed()
            self.message_actions.note_rows_changed()
            self._scroller.note_removed(removed)

    def visible_text(self, message_id: str) -> str:
        """All text of the message that was handed in so far."""
        row = self._conversation.row_of(message_id)
        return self._conversation.shown(row).whole_text if row is not None else ""

    def visible_receipt(self, message_id: str) -> str:
        """The receipt under the message, empty where there is none."""
        row = self._conversation.row_of(message_id)
        return self._conversation.shown(row).receipt if row is not None else ""

    def set_zoom(self, percent: int) -> None:
        """Of the text; what is read stays in its place."""
        self._appearance.set_zoom(percent)

    def set_motion(self, is_wanted: bool) -> None:
        """Whether anything may move by itself, where the system has nothing against it."""
        self._appearance.set_motion(is_wanted)

    def set_empty_text(self, title: str, lines: Sequence[str]) -> None:
        """What stands in a conversation without messages."""
        self._overlays.set_empty_text(title, lines)

    def set_loading(self, is_loading: bool) -> None:
        """A conversation is being read from disk: said if it takes long."""
        self._overlays.set_loading(is_loading, is_empty=not len(self._conversation))

    def _on_placed(self) -> None:
        self._overlays.note_placed(is_at_end=self._scroller.is_at_end, is_empty=not len(self._conversation))
        self._appearance.note_placed(is_visible=self.isVisible())

    def _on_reasoning_toggled(self, message_id: str) -> None:
        row = self._conversation.row_of(message_id)
        if row is not None:
            self._conversation.toggle_reasoning(row)
            self.reader.note_cells_changed(row)
            self._scroller.note_changed(row)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._overlays.arrange()
        self.reader.find.arrange(self.viewport().geometry())
        self._scroller.place()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The scroller places the rows itself."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if steps := self._zoom_wheel.steps(event):
                self.zoom_requested.emit(steps)
        elif down := down_px(event):
            self._scroller.scroll_by(down)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_done = self.reader.obey(event) or self.message_actions.obey(event.key(), self.reader.focus.message_id)
        if not is_done and not self._scroller.obey(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.reader.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reader.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.reader.drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.reader.release(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_for_message = event.reason() is QContextMenuEvent.Reason.Keyboard and not self.reader.focus.link
        if not is_for_message or not self.message_actions.open_menu(self.reader.focus.message_id):
            self.reader.open_menu(event, lambda menu: self.message_actions.add_rows(menu, event.pos()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Qt would go through the buttons in the order they were made."""
        return self.reader.focus.tab(forward=forward) or super().focusNextPrevChild(forward)
