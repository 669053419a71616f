"""Which conversations are in memory: those that were looked at last."""

from collections import Counter, OrderedDict

from app.domain.conversation import ConversationId, MessageId, MessageStatus
from app.engine.events import (
    ConversationAdded,
    ConversationDeleted,
    ConversationUnloaded,
    Event,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
)
from app.engine.store import ChatStore

KEPT_CONVERSATIONS = 8


class RecentConversations:
    """
    Memory stays flat however many are opened.

    One whose answers are being written, or are not on disk for good, stays.
    """

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._by_age: OrderedDict[ConversationId, None] = OrderedDict()
        self._unsaved: dict[MessageId, ConversationId] = {}
        self._held: Counter[ConversationId] = Counter()
        store.subscribe(self._on_event)

    def look_at(self, conversation_id: ConversationId) -> None:
        """It is on screen now."""
        self._by_age[conversation_id] = None
        self._by_age.move_to_end(conversation_id)
        spare = [found for found in self._by_age if self._store.is_loaded(found)][:-KEPT_CONVERSATIONS]
        for found in spare:
            if not self._is_needed(found):
                del self._by_age[found]
                self._store.apply(ConversationUnloaded(found))

    def hold(self, conversation_id: ConversationId) -> None:
        """Something of it is on its way to disk: read again, it would be what it was."""
        self._held[conversation_id] += 1

    def let_go(self, conversation_id: ConversationId) -> None:
        self._held[conversation_id] -= 1

    def _is_needed(self, conversation_id: ConversationId) -> bool:
        return self._held[conversation_id] > 0 or conversation_id in self._unsaved.values()

    def _on_event(self, event: Event) -> None:
        match event:
            case ConversationAdded(conversation):
                self._by_age[conversation.id] = None
            case ConversationDeleted(conversation_id):
                self._by_age.pop(conversation_id, None)
            case MessageAdded(message):
                if message.status is MessageStatus.GENERATING:
                    self._unsaved[message.id] = message.conversation_id
            case MessageSaved(message_id=message_id):
                self._unsaved.pop(message_id, None)
            case MessagesDeleted(message_ids=message_ids):
                for message_id in message_ids:
                    self._unsaved.pop(message_id, None)
