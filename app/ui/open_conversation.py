"""The conversation on screen: which one it is, and how events reach its transcript and composer."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import ConversationId, KnownMessage, Message, MessageId, MessageStatus
from app.domain.model import BUILT_IN, ProviderId
from app.engine.branches import versions
from app.engine.events import (
    ConversationDeleted,
    ConversationLoaded,
    EndRead,
    Event,
    GenerationEnded,
    LeafChanged,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
    ModelSelected,
    TextsForgotten,
    TextsRead,
    UsageCounted,
)
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.receipt import receipt_of
from app.ui.transcript.row_notes import RowNotes
from app.ui.transcript.view import Transcript

WELCOME = "What would you like to know?"
WELCOME_LINES = ("Press Stop at any time: the answer ends that very moment,", "and every word so far is kept.")


class OpenConversation(QObject):
    """
    Knows which conversation is on screen, and nothing of it that the store does not know.

    Keeps what was typed but not sent, per conversation, for as long as the window is open.
    """

    changed = Signal()
    load_requested = Signal(str, object)  # it is on screen now; the RowShape it is shown in

    def __init__(self, store: ChatStore, bridge: StoreBridge, transcript: Transcript, composer: Composer) -> None:
        super().__init__()
        self._store = store
        self._bridge = bridge
        self._transcript = transcript
        self._composer = composer
        self._drafts: dict[ConversationId | None, str] = {}
        self._last_shown: MessageId | None = None
        self.id: ConversationId | None = None
        bridge.event_happened.connect(self._on_event)
        bridge.event_happened.connect(self._on_disk_event)
        bridge.text_appended.connect(self._on_text_appended)
        bridge.reasoning_appended.connect(self._on_reasoning_appended)
        self._show_welcome()

    def show(self, conversation_id: ConversationId | None) -> None:
        """Put another conversation on screen, None for a new one. Answers under way elsewhere go on."""
        self._bridge.flush()  # what waits for the frame is in the store already: it must not be shown twice
        self._transcript.announcer.forget()
        if conversation_id != self.id:
            self._drafts[self.id] = self._composer.text()
            self._composer.set_text(self._drafts.pop(conversation_id, ""))
        self.id = conversation_id
        if conversation_id is None:
            self._show_welcome()
        elif self._store.is_loaded(conversation_id):
            self.load_requested.emit(conversation_id, self._transcript.on_disk.shape)
            self._show_branch()
        else:
            self._transcript.clear()
            self._transcript.set_loading(True)
            self.load_requested.emit(conversation_id, self._transcript.on_disk.shape)
        self._composer.set_generating(bool(self.generating()), guarded=False)
        self.changed.emit()
        self._composer.focus_input()

    def adopt(self, conversation_id: ConversationId) -> None:
        """The new conversation on screen got its id: its first message was sent."""
        self._drafts.pop(None, None)
        self.id = conversation_id
        self._show_branch()
        self._refresh_generating()
        self.changed.emit()

    def generating(self) -> tuple[MessageId, ...]:
        """The answers being written in it now."""
        return self._store.generating(self.id) if self.id is not None else ()

    def _on_text_appended(self, message_id: str, text: str) -> None:
        if self._message_here(message_id) is not None:
            self._transcript.append_text(message_id, text)
            if message_id == self._last_shown:  # on the branch on screen, what grows is always the last
                self._transcript.announcer.append(message_id, text)

    def _on_reasoning_appended(self, message_id: str, text: str) -> None:
        if self._message_here(message_id) is not None:
            self._transcript.append_reasoning(message_id, text)

    def _on_event(self, event: Event) -> None:
        match event:
            case GenerationEnded(message_id=message_id) | MessageSaved(message_id=message_id):
                self._show_end(message_id, is_news=isinstance(event, GenerationEnded))
            case MessageAdded(message):
                if message.conversation_id == self.id:
                    self._show_added(message)
                    self._refresh_generating()
            case LeafChanged(conversation_id) | MessagesDeleted(conversation_id):
                if conversation_id == self.id:
                    self._show_branch(in_place=isinstance(event, LeafChanged))
                    self._refresh_generating()
            case ModelSelected() if self.id is None:
                self._show_welcome()
            case ConversationDeleted(conversation_id):
                self._drafts.pop(conversation_id, None)
                if conversation_id == self.id:
                    self.show(None)
                    self._drafts.pop(conversation_id, None)

    def _on_disk_event(self, event: Event) -> None:
        """Something was read, or counted."""
        match event:
            case UsageCounted(message_id):
                if (message := self._message_here(message_id)) is not None:
                    self._show_receipt(message)
            case EndRead(conversation_id) if conversation_id == self.id:
                self._show_branch()
            case ConversationLoaded(conversation_id) if conversation_id == self.id:
                if not self._transcript.show_rest(*self._branch(conversation_id)):
                    self._show_branch()
                self._refresh_generating()
            case TextsRead(messages):
                self._show_texts(message.id for message in messages)
            case TextsForgotten(message_ids):
                self._show_texts(message_ids)

    def _show_end(self, message_id: MessageId, *, is_news: bool) -> None:
        if (message := self._message_here(message_id)) is None:
            return
        self._transcript.end_message(message)
        self._show_receipt(message)
        self._refresh_generating()
        if is_news and message_id == self._last_shown:
            self._transcript.announcer.end(message)

    def _message_here(self, message_id: str) -> Message | None:
        message = self._store.message(MessageId(message_id))
        return message if message is not None and message.conversation_id == self.id else None

    def _show_welcome(self) -> None:
        self._transcript.set_loading(False)
        self._transcript.clear()
        self._last_shown = None
        self._transcript.set_empty_text(WELCOME, (*WELCOME_LINES, *self._notes()))

    def _notes(self) -> tuple[str, ...]:
        """What must be known of the built-in model before it is asked: it is no assistant to rely on."""
        selected = self._store.selected_model
        if selected is None or selected.provider_id != BUILT_IN or BUILT_IN not in self._store.providers:
            return ()
        note = self._store.providers[BUILT_IN].note
        return ("", note) if note else ()

    def _show_branch(self, *, in_place: bool = False) -> None:
        """`in_place`: what is on screen stays as far as it is on this branch too."""
        if self.id is None:
            return
        branch, notes = self._branch(self.id)
        if in_place:
            self._transcript.show_branch(branch, notes)
        else:
            self._transcript.show_messages(branch, notes)
        self._last_shown = branch[-1].id if branch else None
        for message in branch:
            if message.status is MessageStatus.GENERATING:
                if reasoning := self._store.reasoning_of(message.id):
                    self._transcript.append_reasoning(message.id, reasoning)
                if text := self._store.text_of(message.id):
                    self._transcript.append_text(message.id, text)

    def _branch(self, conversation_id: ConversationId) -> tuple[Sequence[KnownMessage], RowNotes]:
        """What is to be shown of a conversation."""
        heights = self._store.row_heights(conversation_id, self._transcript.on_disk.shape)
        branch = self._store.branch(conversation_id)
        receipts = {
            message.id: receipt
            for message in branch
            if isinstance(message, Message) and (receipt := self._receipt_of(message)) is not None
        }
        return branch, RowNotes(heights, versions(self._store.members(conversation_id)), receipts)

    def _show_texts(self, message_ids: Iterable[MessageId]) -> None:
        """They were read from disk, or are there only again."""
        heads = (self._store.head(message_id) for message_id in message_ids)
        here = [head for head in heads if head is not None and head.conversation_id == self.id]
        for message in here:
            if isinstance(message, Message):
                self._show_receipt(message)
        self._transcript.on_disk.take(here)

    def _show_added(self, message: Message) -> None:
        """Add the new leaf below what is on screen; where it begins another branch, show that one."""
        if message.parent_id == self._last_shown:
            self._transcript.add_message(message)
            self._last_shown = message.id
        else:
            self._show_branch()

    def _show_receipt(self, message: Message) -> None:
        if (receipt := self._receipt_of(message)) is not None:
            self._transcript.set_receipt(message.id, *receipt)

    def _receipt_of(self, message: Message) -> tuple[str, str] | None:
        provider = self._store.providers.get(ProviderId(message.provider or ""))
        return receipt_of(message, provider.billing if provider else None)

    def _refresh_generating(self) -> None:
        self._composer.set_generating(bool(self.generating()))
