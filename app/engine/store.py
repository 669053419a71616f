"""
The state of the chat, in memory. Events go in; listeners hear them.

Longer than other files: state changes nowhere else, and what each event does to it is one list.
"""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from app.domain.conversation import Conversation, ConversationId, KnownMessage, Message, MessageId, MessageStatus
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ProviderState
from app.domain.row_shape import RowShape
from app.domain.usage import Usage
from app.engine.events import (
    ConnectionTested,
    ContextMeasured,
    ConversationAdded,
    ConversationDeleted,
    ConversationLoaded,
    ConversationModelChanged,
    ConversationRenamed,
    ConversationsListed,
    ConversationUnloaded,
    DeltaReceived,
    DiagnosisMade,
    EndRead,
    Event,
    FaultOccurred,
    GenerationEnded,
    LeafChanged,
    LocalFileRead,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
    ReasoningReceived,
    RetryBegun,
    RetryScheduled,
    RowsMeasured,
    SaveFailed,
    TextsForgotten,
    TextsRead,
    UsageCounted,
    UsageSummed,
)
from app.engine.growing_text import GrowingText
from app.engine.known_providers import KnownProviders
from app.engine.message_tree import MessageTree
from app.engine.row_heights import RowHeights

Listener = Callable[[Event], None]


class ChatStore:
    """
    The one place where state changes, in `apply`.

    Of every message of an open conversation it knows the head; texts that nobody looks at stay on disk.
    An event that would make a message leave a terminal status is dropped and nobody hears it.
    """

    def __init__(self) -> None:
        self.conversations: dict[ConversationId, Conversation] = {}
        self.known = KnownProviders()
        self.retries: dict[MessageId, RetryScheduled] = {}  # answers that wait to be asked for again
        self._tree = MessageTree()
        self._heights = RowHeights()
        self._texts: dict[MessageId, GrowingText] = {}
        self._reasonings: dict[MessageId, GrowingText] = {}
        self._listeners: list[Listener] = []

    @property
    def providers(self) -> Mapping[ProviderId, ProviderState]:
        """Return every provider there is, in the user's order."""
        return self.known.states

    @property
    def selected_model(self) -> ModelRef | None:
        return self.known.selected_model

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every later event. Returns the function that unsubscribes; calling it again does nothing."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def message(self, message_id: MessageId) -> Message | None:
        """Return a message with its text, None if it is not in memory: unknown, deleted, or not read from disk."""
        found = self._tree.get(message_id)
        return found if isinstance(found, Message) else None

    def head(self, message_id: MessageId) -> KnownMessage | None:
        """Return what is known of a message of an open conversation, whether its text is in memory or not."""
        return self._tree.get(message_id)

    def text_of(self, message_id: MessageId) -> str:
        """Return the whole text so far, also while it grows. Joins: not for every delta."""
        if (growing := self._texts.get(message_id)) is not None:
            return growing.whole()
        message = self.message(message_id)
        return message.content if message else ""

    def reasoning_of(self, message_id: MessageId) -> str:
        if (growing := self._reasonings.get(message_id)) is not None:
            return growing.whole()
        message = self.message(message_id)
        return message.reasoning if message else ""

    def is_loaded(self, conversation_id: ConversationId) -> bool:
        """Whether all its messages are known. What was added to one that is not is known all the same."""
        return self._tree.is_loaded(conversation_id)

    def branch(self, conversation_id: ConversationId) -> tuple[KnownMessage, ...]:
        """Return the messages on screen: from the root to the conversation's leaf."""
        conversation = self.conversations.get(conversation_id)
        return self.path_to(conversation.leaf_id) if conversation and conversation.leaf_id else ()

    def path_to(self, message_id: MessageId) -> tuple[KnownMessage, ...]:
        """Return the messages from the root to this one, as far as they are known."""
        return self._tree.path_to(message_id)

    def members(self, conversation_id: ConversationId) -> tuple[KnownMessage, ...]:
        """Return every message of a loaded conversation, all branches, in the order they were written."""
        return self._tree.members(conversation_id)

    def row_heights(self, conversation_id: ConversationId, shape: RowShape) -> Mapping[MessageId, int]:
        """Return the heights that messages had on screen, as far as they are known in this shape."""
        return self._heights.of(conversation_id, shape)

    def generating(self, conversation_id: ConversationId | None = None) -> tuple[MessageId, ...]:
        """Return the answers being written now, in one conversation or in all."""
        heads = filter(None, map(self.head, self._texts))
        return tuple(head.id for head in heads if conversation_id in (None, head.conversation_id))

    def apply(self, event: Event) -> None:
        """Fold one event into the state, then tell the listeners, now."""
        if not self._fold(event):
            return
        for listener in tuple(self._listeners):
            listener(event)

    def _fold(self, event: Event) -> bool:  # noqa: C901 - one flat table of events reads better than a registry
        match event:
            case DeltaReceived(message_id, text):
                if (growing := self._texts.get(message_id)) is None:
                    return False  # late: the message has ended or is gone
                growing.append(text)
            case ReasoningReceived(message_id, text):
                if (growing := self._reasonings.get(message_id)) is None:
                    return False
                growing.append(text)
            case GenerationEnded():
                return self._end(event)
            case MessageAdded(message):
                self._add(message)
            case MessageSaved():
                return self._note_saved(event)
            case UsageCounted(message_id, usage):
                return self._take_usage(message_id, usage)
            case ConversationsListed(conversations):
                self.conversations = {found.id: found for found in conversations} | self.conversations
            case ConversationAdded(conversation):
                self.conversations[conversation.id] = conversation
                self._tree.begin(conversation.id)
            case ConversationRenamed(conversation_id, title):
                return self._change_conversation(conversation_id, title=title)
            case ConversationDeleted(conversation_id):
                self.conversations.pop(conversation_id, None)
                self._unload(conversation_id)
            case ConversationLoaded() | EndRead():
                return self._load(event)
            case ConversationUnloaded(conversation_id):
                self._unload(conversation_id)
            case TextsRead(messages):
                return self._tree.take_texts(messages)
            case TextsForgotten(message_ids):
                self._tree.forget_texts(message_ids)
            case RowsMeasured(shape, heights):
                return self._take_heights(shape, heights)
            case LeafChanged(conversation_id, leaf_id):
                return self._change_conversation(conversation_id, leaf_id=leaf_id)
            case MessagesDeleted(conversation_id, message_ids, leaf_id):
                self._tree.remove(conversation_id, message_ids)
                self._drop_growing(message_ids)
                self._change_conversation(conversation_id, leaf_id=leaf_id)
            case ConversationModelChanged(conversation_id, ref):
                return self._change_conversation(conversation_id, model=ref)
            case RetryScheduled(message_id=message_id):
                self.retries[message_id] = event
            case RetryBegun(message_id):
                self.retries.pop(message_id, None)
            case (
                SaveFailed()
                | FaultOccurred()
                | ConnectionTested()
                | LocalFileRead()
                | DiagnosisMade()
                | ContextMeasured()
                | UsageSummed()
            ):
                pass
            case _:
                self.known.fold(event)
        return True

    def _add(self, message: Message) -> None:
        self._tree.add(message)
        if message.status is MessageStatus.GENERATING:
            self._texts[message.id] = GrowingText()
            self._reasonings[message.id] = GrowingText()
        known = self.conversations.get(message.conversation_id)
        updated_at_ms = max(known.updated_at_ms, message.created_at_ms) if known else message.created_at_ms
        self._change_conversation(message.conversation_id, leaf_id=message.id, updated_at_ms=updated_at_ms)

    def _end(self, event: GenerationEnded) -> bool:
        message = self.message(event.message_id)
        if message is None or message.status.is_terminal:
            return False
        content, reasoning = self.text_of(message.id), self.reasoning_of(message.id)
        del self._texts[message.id], self._reasonings[message.id]
        self.retries.pop(message.id, None)
        changed = replace(
            message,
            content=content,
            reasoning=reasoning,
            status=event.status,
            stop_reason=event.stop_reason,
            fault=event.fault,
            usage=event.usage,
            timing=event.timing,
        )
        self._tree.change(changed)
        return True

    def _note_saved(self, event: MessageSaved) -> bool:
        message = self.message(event.message_id)
        if message is None or not message.status.is_terminal:
            return False
        changed = replace(
            message,
            status=event.status,
            stop_reason=event.stop_reason,
            timing=replace(message.timing, committed_ms=event.committed_ms),
        )
        self._tree.change(changed)
        return True

    def _take_usage(self, message_id: MessageId, usage: Usage) -> bool:
        message = self.message(message_id)
        if message is None or not message.status.is_terminal:
            return False
        self._tree.change(replace(message, usage=usage))
        return True

    def _change_conversation(self, conversation_id: ConversationId, **changes: object) -> bool:
        conversation = self.conversations.get(conversation_id)
        if conversation is None:
            return False
        self.conversations[conversation_id] = replace(conversation, **changes)
        return True

    def _take_heights(self, shape: RowShape, heights: Mapping[MessageId, int]) -> bool:
        found: dict[ConversationId, dict[MessageId, int]] = {}
        for message_id, height in heights.items():
            if (head := self.head(message_id)) is not None:
                found.setdefault(head.conversation_id, {})[message_id] = height
        for conversation_id, its_heights in found.items():
            self._heights.note(conversation_id, shape, its_heights)
        return bool(found)

    def _load(self, event: ConversationLoaded | EndRead) -> bool:
        conversation_id = event.conversation_id
        if conversation_id not in self.conversations or self.is_loaded(conversation_id):
            return False  # deleted meanwhile, or known already
        if isinstance(event, EndRead):
            self._tree.add_end(conversation_id, event.messages)
            return True
        self._tree.load(conversation_id, event.messages)
        self._heights.note(conversation_id, event.shape, event.heights)
        return True

    def _unload(self, conversation_id: ConversationId) -> None:
        self._heights.forget(conversation_id)
        self._drop_growing(self._tree.unload(conversation_id))

    def _drop_growing(self, message_ids: tuple[MessageId, ...]) -> None:
        for message_id in message_ids:
            self._texts.pop(message_id, None)
            self._reasonings.pop(message_id, None)
            self.retries.pop(message_id, None)
