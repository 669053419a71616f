"""The messages of open conversations, in memory: the head of each, and the texts of those that are looked at."""

from collections.abc import Collection, Iterable

from app.domain.conversation import ConversationId, KnownMessage, Message, MessageId, UnreadMessage


class MessageTree:
    """A conversation is loaded when all its messages are known; what is added to one that is not is known too."""

    def __init__(self) -> None:
        self._messages: dict[MessageId, KnownMessage] = {}
        self._members: dict[ConversationId, dict[MessageId, None]] = {}
        self._loaded: set[ConversationId] = set()
        self._removed: dict[ConversationId, set[MessageId]] = {}  # of those that are not loaded

    def get(self, message_id: MessageId) -> KnownMessage | None:
        return self._messages.get(message_id)

    def is_loaded(self, conversation_id: ConversationId) -> bool:
        return conversation_id in self._loaded

    def members(self, conversation_id: ConversationId) -> tuple[KnownMessage, ...]:
        """In the order they were written."""
        return tuple(self._messages[member] for member in self._members.get(conversation_id, ()))

    def path_to(self, message_id: MessageId | None) -> tuple[KnownMessage, ...]:
        """From the root to this one, as far as they are known."""
        found: list[KnownMessage] = []
        known = self._messages.get
        while message_id is not None and (message := known(message_id)) is not None:
            found.append(message)
            message_id = message.parent_id
        return tuple(reversed(found))

    def begin(self, conversation_id: ConversationId) -> None:
        """It is new: all its messages will be added."""
        self._loaded.add(conversation_id)

    def add(self, message: Message) -> None:
        self._messages[message.id] = message
        self._members.setdefault(message.conversation_id, {})[message.id] = None

    def change(self, message: Message) -> None:
        self._messages[message.id] = message

    def add_end(self, conversation_id: ConversationId, messages: Iterable[Message]) -> None:
        """The end of a branch, read from disk while the rest is not known."""
        added = self._members.get(conversation_id, {})
        read = {message.id: message for message in messages if message.id not in added}
        self._messages.update(read)
        self._members[conversation_id] = dict.fromkeys(read) | added

    def load(self, conversation_id: ConversationId, messages: Collection[KnownMessage]) -> None:
        """What was added or removed while it was being read is newer in memory than on disk."""
        added = self._members.get(conversation_id, {})
        removed = self._removed.pop(conversation_id, set())
        if removed:
            for message in messages:  # parents come first
                if message.parent_id in removed:
                    removed.add(message.id)
        read = {message.id: message for message in messages if message.id not in removed}
        self._members[conversation_id] = dict.fromkeys(read) | added
        for message_id in added:
            read.pop(message_id, None)
        self._messages.update(read)
        self._loaded.add(conversation_id)

    def unload(self, conversation_id: ConversationId) -> tuple[MessageId, ...]:
        """Forget it. Returns the messages it had."""
        self._loaded.discard(conversation_id)
        self._removed.pop(conversation_id, None)
        gone = tuple(self._members.pop(conversation_id, ()))
        for message_id in gone:
            del self._messages[message_id]
        return gone

    def remove(self, conversation_id: ConversationId, message_ids: Collection[MessageId]) -> None:
        if not self.is_loaded(conversation_id):
            self._removed.setdefault(conversation_id, set()).update(message_ids)
        for message_id in message_ids:
            self._messages.pop(message_id, None)
            self._members.get(conversation_id, {}).pop(message_id, None)

    def take_texts(self, messages: Iterable[Message]) -> bool:
        """What was deleted meanwhile stays away. False if no text was wanted."""
        taken = {message.id: message for message in messages if isinstance(self.get(message.id), UnreadMessage)}
        self._messages.update(taken)
        return bool(taken)

    def forget_texts(self, message_ids: Iterable[MessageId]) -> None:
        """They are on disk."""
        for message_id in message_ids:
            if isinstance(message := self.get(message_id), Message):
                self._messages[message_id] = message.without_text()
