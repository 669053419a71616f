"""The conversations on disk: list, open, rename, delete. Each returns at once; events tell the rest."""

from typing import ParamSpec

from app.domain.conversation import ConversationId, MessageId
from app.domain.errors import StorageError
from app.engine.events import ConversationLoaded, ConversationRenamed, ConversationsListed, FaultOccurred
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage import conversations, messages
from app.storage.database import Database, Query

P = ParamSpec("P")

TITLE_LENGTH_MAX = 200
RETRY_AFTER_S = 2.0


class Library:
    def __init__(self, *, database: Database, store: ChatStore, tasks: Tasks) -> None:
        self._database = database
        self._store = store
        self._tasks = tasks

    def load(self) -> None:
        """Settle what a crash left behind, then list the conversations."""
        self._tasks.start(self._load(), name="library-load")

    def open(self, conversation_id: ConversationId) -> None:
        """Bring a conversation's messages into memory; ConversationLoaded tells when, at once if they are."""
        if not self._store.is_loaded(conversation_id):
            self._tasks.start(self._open(conversation_id), name="library-open")

    def rename(self, conversation_id: ConversationId, title: str) -> None:
        """Give a conversation another title. A blank one is not taken."""
        title = " ".join(title.split())[:TITLE_LENGTH_MAX]
        if not title or conversation_id not in self._store.conversations:
            return
        self._store.apply(ConversationRenamed(conversation_id, title))
        self._write_behind(conversations.rename_conversation, conversation_id, title)

    def delete_conversation(self, conversation_id: ConversationId) -> None:
        """Delete on disk what has been deleted in memory."""
        self._write_behind(conversations.delete_conversation, conversation_id)

    def delete_messages(
        self, conversation_id: ConversationId, message_ids: tuple[MessageId, ...], leaf_id: MessageId | None
    ) -> None:
        """Delete on disk what has been deleted in memory."""
        self._write_behind(messages.delete_messages, message_ids, conversation_id, leaf_id)

    async def _load(self) -> None:
        try:
            await self._database.run(messages.settle_orphans)
            listed = await self._database.run(conversations.list_conversations)
        except StorageError as error:
            self._store.apply(FaultOccurred(error.fault))
            return
        self._store.apply(ConversationsListed(listed))

    async def _open(self, conversation_id: ConversationId) -> None:
        try:
            loaded = await self._database.run(messages.load_messages, conversation_id)
        except StorageError as error:
            self._store.apply(FaultOccurred(error.fault))
            return
        self._store.apply(ConversationLoaded(conversation_id, loaded))

    def _write_behind(self, query: Query[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        self._tasks.start(self._write(query, *args, **kwargs), name=f"write-{getattr(query, '__name__', 'query')}")

    async def _write(self, query: Query[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """See the write through: what was deleted must not come back, however long somebody holds the lock."""
        while True:
            try:
                await self._database.run(query, *args, **kwargs)
            except StorageError as error:
                self._store.apply(FaultOccurred(error.fault))
                await self._tasks.before_retry(RETRY_AFTER_S)
            else:
                return
