"""How a conversation comes into memory: what is seen first comes first."""

from app.domain.conversation import ConversationId
from app.domain.errors import StorageError, TextUnreadable
from app.domain.row_shape import RowShape
from app.engine.events import ConversationLoaded, EndRead
from app.engine.store import ChatStore
from app.engine.texts import Texts
from app.storage import reading
from app.storage.database import Database
from app.storage.reading import HeadsSlice

# A conversation that is not long comes whole.
SHORT_MESSAGES, SHORT_CHARACTERS = 200, 200_000
END_MESSAGES, END_CHARACTERS = 30, 50_000


class Opening:
    """No text of a long conversation is read but those at its end; the database thread works in small slices."""

    def __init__(self, *, database: Database, store: ChatStore, texts: Texts) -> None:
        self._database = database
        self._store = store
        self._texts = texts

    async def read(self, conversation_id: ConversationId, shape: RowShape) -> None:
        """
        Have all messages of a conversation known. EndRead tells of the end of a long one, ConversationLoaded of all.

        Raises:
            TextUnreadable: not all could be read.
        """
        first = await self._heads(conversation_id, shape, 0, SHORT_MESSAGES + 1)
        heads, heights = first.heads, first.heights
        if first.last_seq is None and sum(head.characters for head in heads) <= SHORT_CHARACTERS:
            messages = await self._texts.read(heads)
            self._store.apply(ConversationLoaded(conversation_id, messages, shape, heights))
            return
        await self._read_end(conversation_id)
        after_seq = first.last_seq
        while after_seq is not None:
            part = await self._heads(conversation_id, shape, after_seq, reading.HEADS_A_SLICE)
            heads += part.heads
            heights |= part.heights
            after_seq = part.last_seq
        self._store.apply(ConversationLoaded(conversation_id, tuple(heads), shape, heights))

    async def _read_end(self, conversation_id: ConversationId) -> None:
        conversation = self._store.conversations.get(conversation_id)
        if conversation is None or conversation.leaf_id is None:
            return
        try:
            end = await self._database.read(reading.read_end, conversation.leaf_id, END_MESSAGES, END_CHARACTERS)
        except StorageError as error:
            raise TextUnreadable(error.detail) from error
        if end:
            self._store.apply(EndRead(conversation_id, tuple(end)))

    async def _heads(self, conversation_id: ConversationId, shape: RowShape, after_seq: int, limit: int) -> HeadsSlice:
        try:
            return await self._database.read(reading.read_heads, conversation_id, shape, after_seq, limit)
        except StorageError as error:
            raise TextUnreadable(error.detail) from error
