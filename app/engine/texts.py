"""Texts that are on disk only: brought into memory for who looks at them, and read for requests."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from app.domain.conversation import KnownMessage, Message, MessageId, UnreadMessage
from app.domain.errors import StorageError, TextUnreadable
from app.engine.events import ConversationLoaded, EndRead, Event, FaultOccurred, MessageSaved, TextsForgotten, TextsRead
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage import reading
from app.storage.database import Database

KEPT_CHARACTERS = 8_000_000  # in memory, of texts that are on disk too
SLICE_CHARACTERS = 200_000  # read in a few milliseconds: a write that comes meanwhile waits no longer
SLICE_MESSAGES = 100
ATTEMPTS = 3
RETRY_AFTER_S = 2.0


class Texts:
    """
    Memory stays flat however much is read: what was looked at longest ago is on disk only again.

    A text that is not on disk yet is never among what is forgotten.
    """

    def __init__(
        self, *, database: Database, store: ChatStore, tasks: Tasks, kept_characters: int = KEPT_CHARACTERS
    ) -> None:
        self._database = database
        self._store = store
        self._tasks = tasks
        self._kept_characters = kept_characters
        self._on_disk_too: OrderedDict[MessageId, int] = OrderedDict()  # with their lengths
        self._wanted: tuple[MessageId, ...] = ()
        self._missing: set[MessageId] = set()
        self._is_reading = False
        self._failures = 0  # since something else was wanted
        store.subscribe(self._on_event)

    def want(self, message_ids: Sequence[str]) -> None:
        """
        Bring texts into memory, the first first; TextsRead tells.

        Replaces what was wanted before. What is wanted now is not forgotten.
        """
        self._wanted = tuple(map(MessageId, message_ids))
        self._failures = 0
        for message_id in self._wanted:
            if message_id in self._on_disk_too:
                self._on_disk_too.move_to_end(message_id)
        if not self._is_reading and self._unread():
            self._is_reading = True
            self._tasks.start(self._read_wanted(), name="texts-wanted")

    async def read(self, messages: Sequence[KnownMessage]) -> tuple[Message, ...]:
        """
        Return messages with their texts, in the same order. Memory does not keep what is read for this.

        Raises:
            TextUnreadable: one of them could not be read, or is not there any more.
        """
        found: list[Message] = []
        for part in _slices(messages):
            found += await self._read_slice(part)
        return tuple(found)

    async def _read_wanted(self) -> None:
        """Until all is here that is wanted by then."""
        try:
            while self._failures < ATTEMPTS and (part := next(_slices(self._unread()), None)):
                try:
                    messages = await self._read_slice(part)
                except StorageError as error:
                    self._failures += 1
                    self._store.apply(FaultOccurred(error.fault))
                    await self._tasks.before_retry(RETRY_AFTER_S)
                else:
                    self._store.apply(TextsRead(tuple(messages)))
                    self._forget_oldest()
        finally:
            self._is_reading = False

    def _unread(self) -> list[KnownMessage]:
        heads = map(self._store.head, self._wanted)
        return [head for head in heads if isinstance(head, UnreadMessage) and head.id not in self._missing]

    async def _read_slice(self, part: Sequence[KnownMessage]) -> list[Message]:
        unread = [message.id for message in part if isinstance(message, UnreadMessage)]
        if not unread:
            return [message for message in part if isinstance(message, Message)]
        try:
            read = await self._database.read(reading.read_messages, unread)
        except StorageError as error:
            raise TextUnreadable(error.detail) from error
        found = {message.id: message for message in read}
        if len(found) < len(unread):
            self._missing.update(set(unread) - found.keys())
            raise TextUnreadable(f"{len(unread) - len(found)} messages are not in the database any more")
        return [message if isinstance(message, Message) else found[message.id] for message in part]

    def _forget_oldest(self) -> None:
        wanted, too_many = set(self._wanted), sum(self._on_disk_too.values()) - self._kept_characters
        forgotten: list[MessageId] = []
        for message_id, characters in self._on_disk_too.items():
            if too_many <= 0:
                break
            if message_id not in wanted:
                too_many -= characters
                forgotten.append(message_id)
        for message_id in forgotten:
            del self._on_disk_too[message_id]
        if forgotten:
            self._store.apply(TextsForgotten(tuple(forgotten)))

    def _on_event(self, event: Event) -> None:
        match event:
            case ConversationLoaded(messages=messages) | EndRead(messages=messages) | TextsRead(messages):
                for message in messages:
                    if isinstance(message, Message):
                        self._note_on_disk(message)
            case MessageSaved(message_id=message_id):
                if (answer := self._store.message(message_id)) is not None:
                    self._note_on_disk(answer)
                    if answer.parent_id and (question := self._store.message(answer.parent_id)) is not None:
                        self._note_on_disk(question)

    def _note_on_disk(self, message: Message) -> None:
        if message.status.is_terminal:
            self._on_disk_too[message.id] = len(message.content) + len(message.reasoning)
            self._on_disk_too.move_to_end(message.id)


def _slices(messages: Sequence[KnownMessage]) -> Iterator[Sequence[KnownMessage]]:
    """Cut so that each part is read in a moment; what is in memory weighs nothing."""
    begin, characters = 0, 0
    for position, message in enumerate(messages):
        weight = message.characters if isinstance(message, UnreadMessage) else 0
        if position > begin and (characters + weight > SLICE_CHARACTERS or position - begin >= SLICE_MESSAGES):
            yield messages[begin:position]
            begin, characters = position, 0
        characters += weight
    if begin < len(messages):
        yield messages[begin:]
