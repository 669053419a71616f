"""The conversation on screen: which one it is, and how events reach its transcript and composer."""

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import ConversationId, Message, MessageId
from app.domain.provider import BUILT_IN, ProviderId
from app.engine.events import (
    ConversationDeleted,
    ConversationLoaded,
    Event,
    GenerationEnded,
    LeafChanged,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
    ModelSelected,
)
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.receipt import receipt_of
from app.ui.transcript.view import Transcript

WELCOME = "What would you like to know?"
WELCOME_LINES = ("Press Stop at any time: the answer ends that very moment,", "and every word so far is kept.")


class OpenConversation(QObject):
    """
    Knows which conversation is on screen, and nothing of it that the store does not know.

    Keeps what was typed but not sent, per conversation, for as long as the window is open.
    """

    changed = Signal()
    load_requested = Signal(str)  # its messages are not in memory yet

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
        bridge.text_appended.connect(self._on_text_appended)
        bridge.reasoning_appended.connect(self._on_reasoning_appended)
        self._show_welcome()

    def show(self, conversation_id: ConversationId | None) -> None:
        """Put another conversation on screen, None for a new one. Answers under way elsewhere go on."""
        self._bridge.flush()  # what waits for the frame is in the store already: it must not be shown twice
        if conversation_id != self.id:
            self._drafts[self.id] = self._composer.text()
            self._composer.set_text(self._drafts.pop(conversation_id, ""))
        self.id = conversation_id
        if conversation_id is None:
            self._show_welcome()
        elif self._store.is_loaded(conversation_id):
            self._show_branch()
        else:
            self._transcript.clear()
            self._transcript.set_loading(True)
            self.load_requested.emit(conversation_id)
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

    def _on_reasoning_appended(self, message_id: str, text: str) -> None:
        if self._message_here(message_id) is not None:
            self._transcript.append_reasoning(message_id, text)

    def _on_event(self, event: Event) -> None:
        match event:
            case GenerationEnded(message_id=message_id) | MessageSaved(message_id=message_id):
                if (message := self._message_here(message_id)) is not None:
                    self._transcript.end_message(message)
                    self._show_receipt(message)
                    self._refresh_generating()
            case MessageAdded(message):
                if message.conversation_id == self.id:
                    self._show_added(message)
                    self._refresh_generating()
            case ConversationLoaded(conversation_id) | LeafChanged(conversation_id) | MessagesDeleted(conversation_id):
                if conversation_id == self.id:
                    self._show_branch()
                    self._refresh_generating()
            case ModelSelected() if self.id is None:
                self._show_welcome()
            case ConversationDeleted(conversation_id):
                self._drafts.pop(conversation_id, None)
                if conversation_id == self.id:
                    self.show(None)
                    self._drafts.pop(conversation_id, None)

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
        if selected is None or selected.provider_id != BUILT_IN:
            return ()
        return ("", self._store.providers[BUILT_IN].note)

    def _show_branch(self) -> None:
        if self.id is None:
            return
        self._transcript.set_loading(False)
        branch = self._store.branch(self.id)
        self._transcript.show_messages(branch)
        self._last_shown = branch[-1].id if branch else None
        for message in branch:
            if not message.status.is_terminal:
                if reasoning := self._store.reasoning_of(message.id):
                    self._transcript.append_reasoning(message.id, reasoning)
                if text := self._store.text_of(message.id):
                    self._transcript.append_text(message.id, text)
            else:
                self._show_receipt(message)

    def _show_added(self, message: Message) -> None:
        """Add the new leaf below what is on screen; where it begins another branch, show that one."""
        if message.parent_id == self._last_shown:
            self._transcript.add_message(message)
            self._last_shown = message.id
        else:
            self._show_branch()

    def _show_receipt(self, message: Message) -> None:
        provider = self._store.providers.get(ProviderId(message.provider or ""))
        if (receipt := receipt_of(message, provider.billing if provider else None)) is not None:
            self._transcript.set_receipt(message.id, *receipt)

    def _refresh_generating(self) -> None:
        self._composer.set_generating(bool(self.generating()))
