"""The state of the chat, in memory. Events go in; listeners hear them."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus
from app.domain.provider import ModelRef, ProviderId, ProviderState
from app.engine.events import (
    ConversationAdded,
    ConversationDeleted,
    ConversationLoaded,
    ConversationRenamed,
    ConversationsListed,
    DeltaReceived,
    Event,
    FaultOccurred,
    GenerationEnded,
    LeafChanged,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
    ModelSelected,
    ProviderChanged,
    ReasoningReceived,
    SaveFailed,
)

Listener = Callable[[Event], None]


class GrowingText:
    """Text that grows by small pieces: `whole` costs a millisecond per 10 MB, however many pieces there were."""

    _PIECES_A_BLOCK = 512

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._pieces: list[str] = []

    def append(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) >= self._PIECES_A_BLOCK:
            self._blocks.append("".join(self._pieces))
            self._pieces.clear()

    def whole(self) -> str:
        return "".join(self._blocks) + "".join(self._pieces)


class ChatStore:
    """
    The one place where state changes, in `apply`.

    An event that would make a message leave a terminal status is dropped and nobody hears it.
    """

    def __init__(self) -> None:
        self.conversations: dict[ConversationId, Conversation] = {}
        self.providers: dict[ProviderId, ProviderState] = {}
        self.selected_model: ModelRef | None = None
        self._messages: dict[MessageId, Message] = {}
        self._members: dict[ConversationId, dict[MessageId, None]] = {}
        self._texts: dict[MessageId, GrowingText] = {}
        self._reasonings: dict[MessageId, GrowingText] = {}
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every later event. Returns the function that unsubscribes; calling it again does nothing."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def message(self, message_id: MessageId) -> Message | None:
        return self._messages.get(message_id)

    def text_of(self, message_id: MessageId) -> str:
        """Return the whole text so far, also while it grows. Joins: not for every delta."""
        if (growing := self._texts.get(message_id)) is not None:
            return growing.whole()
        message = self._messages.get(message_id)
        return message.content if message else ""

    def reasoning_of(self, message_id: MessageId) -> str:
        if (growing := self._reasonings.get(message_id)) is not None:
            return growing.whole()
        message = self._messages.get(message_id)
        return message.reasoning if message else ""

    def is_loaded(self, conversation_id: ConversationId) -> bool:
        return conversation_id in self._members

    def branch(self, conversation_id: ConversationId) -> tuple[Message, ...]:
        """Return the messages on screen: from the root to the conversation's leaf."""
        conversation = self.conversations.get(conversation_id)
        found: list[Message] = []
        step = conversation.leaf_id if conversation else None
        while step is not None and (message := self._messages.get(step)) is not None:
            found.append(message)
            step = message.parent_id
        return tuple(reversed(found))

    def members(self, conversation_id: ConversationId) -> tuple[Message, ...]:
        """Return every message of a loaded conversation, all branches, in the order they were written."""
        return tuple(self._messages[member] for member in self._members.get(conversation_id, ()))

    def generating(self, conversation_id: ConversationId | None = None) -> tuple[MessageId, ...]:
        """Return the answers being written now, in one conversation or in all."""
        return tuple(
            message_id
            for message_id in self._texts
            if conversation_id is None or self._messages[message_id].conversation_id == conversation_id
        )

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
            case ConversationsListed(conversations):
                self.conversations = {found.id: found for found in conversations} | self.conversations
            case ConversationAdded(conversation):
                self.conversations[conversation.id] = conversation
                self._members.setdefault(conversation.id, {})
            case ConversationRenamed(conversation_id, title):
                return self._change_conversation(conversation_id, title=title)
            case ConversationDeleted(conversation_id):
                self.conversations.pop(conversation_id, None)
                self._forget(tuple(self._members.pop(conversation_id, ())))
            case ConversationLoaded(conversation_id, messages):
                if conversation_id not in self.conversations or self.is_loaded(conversation_id):
                    return False  # deleted meanwhile, or what memory holds is newer
                self._members[conversation_id] = {message.id: None for message in messages}
                self._messages.update((message.id, message) for message in messages)
            case LeafChanged(conversation_id, leaf_id):
                return self._change_conversation(conversation_id, leaf_id=leaf_id)
            case MessagesDeleted(conversation_id, message_ids, leaf_id):
                self._forget(message_ids)
                for message_id in message_ids:
                    self._members.get(conversation_id, {}).pop(message_id, None)
                self._change_conversation(conversation_id, leaf_id=leaf_id)
            case ProviderChanged(state):
                self.providers[state.id] = state
            case ModelSelected(ref):
                self.selected_model = ref
            case SaveFailed() | FaultOccurred():
                pass
        return True

    def _add(self, message: Message) -> None:
        self._messages[message.id] = message
        self._members.setdefault(message.conversation_id, {})[message.id] = None
        if message.status is MessageStatus.GENERATING:
            self._texts[message.id] = GrowingText()
            self._reasonings[message.id] = GrowingText()
        known = self.conversations.get(message.conversation_id)
        updated_at_ms = max(known.updated_at_ms, message.created_at_ms) if known else message.created_at_ms
        self._change_conversation(message.conversation_id, leaf_id=message.id, updated_at_ms=updated_at_ms)

    def _end(self, event: GenerationEnded) -> bool:
        message = self._messages.get(event.message_id)
        if message is None or message.status.is_terminal:
            return False
        content, reasoning = self.text_of(message.id), self.reasoning_of(message.id)
        del self._texts[message.id], self._reasonings[message.id]
        self._messages[message.id] = replace(
            message,
            content=content,
            reasoning=reasoning,
            status=event.status,
            stop_reason=event.stop_reason,
            fault=event.fault,
            usage=event.usage,
            timing=event.timing,
        )
        return True

    def _note_saved(self, event: MessageSaved) -> bool:
        message = self._messages.get(event.message_id)
        if message is None or not message.status.is_terminal:
            return False
        self._messages[message.id] = replace(
            message,
            status=event.status,
            stop_reason=event.stop_reason,
            timing=replace(message.timing, committed_ms=event.committed_ms),
        )
        return True

    def _change_conversation(self, conversation_id: ConversationId, **changes: object) -> bool:
        conversation = self.conversations.get(conversation_id)
        if conversation is None:
            return False
        self.conversations[conversation_id] = replace(conversation, **changes)  # type: ignore[arg-type]  # the two callers name fields
        return True

    def _forget(self, message_ids: tuple[MessageId, ...]) -> None:
        for message_id in message_ids:
            self._messages.pop(message_id, None)
            self._texts.pop(message_id, None)
            self._reasonings.pop(message_id, None)
