"""The conversation on screen: takes messages, wheel, keys and mouse."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.domain.conversation import Message, Role
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import JumpButton
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.copying import cleaned_text
from app.ui.transcript.pulse import Pulse
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroll_bar import QuietScrollBar
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.selection import Selection
from app.ui.transcript.style import Style
from app.ui.transcript.text_pointer import TextPointer
from app.ui.transcript.welcome import Welcome
from app.ui.transcript.wheel import down_px

JUMP_ABOVE_BOTTOM_PX = 14
LOADING_SHOWN_AFTER_MS = 200


class Transcript(QAbstractScrollArea):
    """Says what the user wants of a message, by its id. `copied` carries what is on the clipboard now."""

    retry_requested = Signal(str)
    delete_requested = Signal(str)
    continue_requested = Signal(str)
    copied = Signal(str)

    def __init__(
        self, theme: Theme, icons: Icons, *, can_continue: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        style = Style(theme)
        self._conversation = ConversationLayout(style, icons)
        self._selection = Selection(self._conversation)
        self._dress_frame()
        self._rows = RowPool(self.viewport(), theme, icons, can_continue=can_continue)
        self._scroller = Scroller(self, self._conversation, self._rows, self._selection, style)
        self._pointer = TextPointer(self.viewport(), self._rows, self._selection, self._conversation)
        self._pulse = Pulse(self)
        self._welcome = Welcome(theme, self.viewport())
        self._loading = Welcome(theme, self.viewport())
        self._loading.set_text("", ["Opening…"])
        self._loading.hide()
        self._loading_is_slow = QTimer(self)
        self._loading_is_slow.setSingleShot(True)
        self._loading_is_slow.setInterval(LOADING_SHOWN_AFTER_MS)
        self._jump_button = JumpButton(theme, icons, self)
        self._connect()

    def _dress_frame(self) -> None:
        self.setObjectName("transcript")
        self.setAccessibleName("Conversation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBar(QuietScrollBar(self))

    def _connect(self) -> None:
        self._rows.retry_requested.connect(self.retry_requested)
        self._rows.delete_requested.connect(self.delete_requested)
        self._rows.continue_requested.connect(self.continue_requested)
        self._rows.copied.connect(self.copied)
        self._rows.reasoning_toggled.connect(self._on_reasoning_toggled)
        self._pointer.selection_changed.connect(self._rows.repaint_all)
        self._pointer.scroll_wanted.connect(self._scroller.scroll_by)
        self._scroller.placed.connect(self._on_placed)
        self._pulse.changed.connect(self._on_pulse_changed)
        self._jump_button.clicked.connect(self._scroller.to_end)
        self._loading_is_slow.timeout.connect(self._loading.show)
        self._theme.changed.connect(self._on_theme_changed)

    @property
    def is_settled(self) -> bool:
        """All that is in sight is laid out: nothing was put off to a later frame."""
        return not self._scroller.is_behind

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show another conversation, from its end. What a GENERATING one has so far comes by `append_text`."""
        self._rows.release()
        self._selection.clear()
        self._conversation.replace(message for message in messages if message.role is not Role.SYSTEM)
        self.set_loading(False)
        self._scroller.to_end()

    def clear(self) -> None:
        self.show_messages(())

    def add_message(self, message: Message) -> None:
        """At the end. What the user has just said is scrolled to."""
        if message.role is Role.SYSTEM:
            return
        self._conversation.append(message)
        if message.role is Role.USER:
            self._scroller.to_end()
        else:
            self._scroller.place()

    def append_text(self, message_id: str, text: str) -> None:
        """Once a frame at most. Text for a message that has ended or is not in this conversation is dropped."""
        row = self._conversation.row_of(message_id)
        if row is not None and text and self._conversation.shown(row).is_generating:
            self._conversation.shown(row).text.append(text)
            self._scroller.take_in(row)

    def append_reasoning(self, message_id: str, text: str) -> None:
        """As `append_text`, for what the model thinks before it answers."""
        row = self._conversation.row_of(message_id)
        if row is not None and text and self._conversation.shown(row).is_generating:
            self._conversation.shown(row).reasoning.append(text)
            self._scroller.take_in(row)

    def end_message(self, message: Message) -> None:
        """It will not grow any more. What of its content was not handed in yet is shown now."""
        row = self._conversation.row_of(message.id)
        if row is not None:
            self._conversation.end(row, message)
            self._scroller.note_changed(row)

    def set_receipt(self, message_id: str, text: str, tooltip: str = "") -> None:
        """The muted line under a stopped answer; beside the buttons of a whole one."""
        row = self._conversation.row_of(message_id)
        if row is not None:
            shown = self._conversation.shown(row)
            shown.receipt, shown.receipt_tooltip = text, tooltip
            self._conversation.refresh(row)
            self._scroller.note_changed(row)

    def remove_messages(self, message_ids: Collection[str]) -> None:
        removed = {row for row in map(self._conversation.row_of, message_ids) if row is not None}
        if removed:
            self._rows.release()
            self._selection.clear()
            self._conversation.remove(removed)
            self._scroller.note_removed(removed)

    def visible_text(self, message_id: str) -> str:
        """All text of the message that was handed in so far."""
        row = self._conversation.row_of(message_id)
        return self._conversation.shown(row).whole_text if row is not None else ""

    def visible_receipt(self, message_id: str) -> str:
        """The receipt under the message, empty where there is none."""
        row = self._conversation.row_of(message_id)
        return self._conversation.shown(row).receipt if row is not None else ""

    def set_empty_text(self, title: str, lines: Sequence[str]) -> None:
        """What stands in a conversation without messages."""
        self._welcome.set_text(title, lines)

    def set_loading(self, is_loading: bool) -> None:
        """A conversation is being read from disk: said if it takes long."""
        self._loading_is_slow.stop()
        self._loading.hide()
        self._welcome.setVisible(not is_loading and not len(self._conversation))
        if is_loading:
            self._loading_is_slow.start()

    def _on_placed(self) -> None:
        self._jump_button.setVisible(not self._scroller.is_at_end)
        self._welcome.setVisible(not len(self._conversation) and not self._loading_is_slow.isActive())
        is_waiting = any(row.is_waiting for row in self._rows.seen.values())
        self._pulse.set_running(is_waiting and self.isVisible())

    def _on_pulse_changed(self, opacity: float) -> None:
        for row in self._rows.seen.values():
            row.set_dot_opacity(opacity)

    def _on_reasoning_toggled(self, message_id: str) -> None:
        row = self._conversation.row_of(message_id)
        if row is not None:
            self._conversation.toggle_reasoning(row)
            self._scroller.note_changed(row)

    def _on_theme_changed(self) -> None:
        self._scroller.restyle(Style(self._theme))

    def _copy_selection(self) -> None:
        text = cleaned_text(self._selection.text()).text
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit(text)

    def _select_all(self) -> None:
        self._selection.select_all()
        self._rows.repaint_all()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.viewport().geometry()
        for word in (self._welcome, self._loading):
            word.setGeometry(self.viewport().rect())
        button = self._jump_button
        button.move(area.center().x() - button.width() // 2, area.bottom() + 1 - button.height() - JUMP_ABOVE_BOTTOM_PX)
        self._scroller.place()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The scroller places the rows itself."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # zoom is the window's
            return
        self._scroller.scroll_by(down_px(event))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_selection()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_all()
        elif not self._scroller.obey(event.key()):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._pointer.press(event.position().toPoint(), extends=extends)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pointer.drag(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release()
