"""The conversations on disk: list, open, rename, delete. Each returns at once; events tell the rest."""

import logging
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import ParamSpec

from app.domain.conversation import ConversationId, KnownMessage, Message, MessageHead, MessageId, now_ms
from app.domain.errors import StorageError, TextUnreadable
from app.domain.row_shape import RowShape
from app.engine.events import (
    ConversationRenamed,
    ConversationsListed,
    FaultOccurred,
    RowsMeasured,
)
from app.engine.opening import Opening
from app.engine.recent import RecentConversations
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.engine.texts import Texts
from app.storage import conversations, messages, row_heights
from app.storage.database import Database, Query

log = logging.getLogger(__name__)

P = ParamSpec("P")

TITLE_LENGTH_MAX = 200
RETRY_AFTER_S = 2.0
HEIGHTS_A_SLICE = 250


class Library:
    def __init__(
        self, *, database: Database, store: ChatStore, texts: Texts, recent: RecentConversations, tasks: Tasks
    ) -> None:
        self._database = database
        self._store = store
        self._texts = texts
        self._opening = Opening(database=database, store=store, texts=texts)
        self._recent = recent
        self._tasks = tasks
        self._shape = RowShape(0, "")

    def load(self) -> None:
        """Settle what a crash left behind, then list the conversations."""
        self._tasks.start(self._load(), name="library-load")

    def open(self, conversation_id: ConversationId, shape: RowShape) -> None:
        """
        Have a conversation's messages known, with the heights they had on screen in this shape.

        EndRead and ConversationLoaded tell when; nothing happens if they are.
        """
        self._shape = shape
        self._recent.look_at(conversation_id)
        if not self._store.is_loaded(conversation_id):
            self._tasks.start(self._open(conversation_id), name="library-open")

    async def history(self, message: MessageHead) -> tuple[Message, ...]:
        """
        Return the messages from the root to this one, every one with its text, wherever that is.

        Raises:
            TextUnreadable: one of them could not be read. There is never less than all.
        """
        return await self._texts.read(await self.path(message))

    async def path(self, message: MessageHead) -> tuple[KnownMessage, ...]:
        """
        Return the messages from the root to this one, some of them perhaps without their text.

        Raises:
            TextUnreadable: one of them is gone.
        """
        if not self._store.is_loaded(message.conversation_id):
            await self._opening.read(message.conversation_id, self._shape)
        path = self._store.path_to(message.id)
        if not path or path[0].parent_id is not None:
            raise TextUnreadable("a message that others follow is gone")
        return path

    async def with_texts(self, messages: Sequence[KnownMessage]) -> tuple[Message, ...]:
        """
        Return these messages, every one with its text, wherever that is.

        Raises:
            TextUnreadable: one of them could not be read.
        """
        return await self._texts.read(messages)

    def keep_heights(self, shape: RowShape, heights: Mapping[MessageId, int]) -> None:
        """Note how high messages were on screen, for the next time they are shown in this shape."""
        self._store.apply(RowsMeasured(shape, heights))
        self._tasks.start(self._write_heights(shape, heights), name="write-heights")

    def rename(self, conversation_id: ConversationId, title: str) -> None:
        """Give a conversation another title. A blank one is not taken."""
        title = " ".join(title.split())[:TITLE_LENGTH_MAX]
        if not title or conversation_id not in self._store.conversations:
            return
        self._store.apply(ConversationRenamed(conversation_id, title))
        self._write_behind(conversation_id, conversations.rename_conversation, conversation_id, title)

    def delete_conversation(self, conversation_id: ConversationId) -> None:
        """Delete on disk what has been deleted in memory."""
        self._write_behind(conversation_id, conversations.delete_conversation, conversation_id)

    def delete_messages(
        self, conversation_id: ConversationId, message_ids: tuple[MessageId, ...], leaf_id: MessageId | None
    ) -> None:
        """Delete on disk what has been deleted in memory."""
        self._recent.hold(conversation_id)
        self._tasks.start(self._delete_messages(conversation_id, message_ids, leaf_id), name="write-delete_messages")

    def save_leaf(self, conversation_id: ConversationId) -> None:
        """Write which branch is on screen."""
        self._tasks.start(self._save_leaf(conversation_id), name="write-leaf")

    def save_model(self, conversation_id: ConversationId) -> None:
        """Write which model answers in it."""
        self._tasks.start(self._save_model(conversation_id), name="write-model")

    async def _save_model(self, conversation_id: ConversationId) -> None:
        """As with the leaf. A conversation whose first turn could not be written yet is waited for."""
        while (conversation := self._store.conversations.get(conversation_id)) is not None and conversation.model:
            try:
                if await self._database.run(conversations.set_model, conversation_id, conversation.model):
                    return
            except StorageError as error:
                self._store.apply(FaultOccurred(error.fault))
            await self._tasks.before_retry(RETRY_AFTER_S)

    async def _save_leaf(self, conversation_id: ConversationId) -> None:
        """Each attempt writes the leaf of that moment: an old one must not come after the turn that was sent since."""
        while (conversation := self._store.conversations.get(conversation_id)) is not None:
            try:
                await self._database.run(conversations.set_leaf, conversation_id, conversation.leaf_id)
            except StorageError as error:
                self._store.apply(FaultOccurred(error.fault))
                await self._tasks.before_retry(RETRY_AFTER_S)
            else:
                return

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
            await self._opening.read(conversation_id, self._shape)
        except TextUnreadable as error:
            self._store.apply(FaultOccurred(error.fault))

    async def _write_heights(self, shape: RowShape, heights: Mapping[MessageId, int]) -> None:
        """Lost, they are measured again."""
        rest = iter(heights.items())
        while part := dict(islice(rest, HEIGHTS_A_SLICE)):
            try:
                await self._database.run(row_heights.keep_heights, shape, part, now_ms())
            except StorageError as error:
                log.info("row heights not kept error=%s", type(error).__name__)
                return

    def _write_behind(
        self, conversation_id: ConversationId, query: Query[P, None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        self._recent.hold(conversation_id)
        work = self._write(conversation_id, query, *args, **kwargs)
        self._tasks.start(work, name=f"write-{getattr(query, '__name__', 'query')}")

    async def _delete_messages(
        self, conversation_id: ConversationId, message_ids: tuple[MessageId, ...], leaf_id: MessageId | None
    ) -> None:
        """As `_write`; each attempt shows the branch of that moment, as `_save_leaf`."""
        while True:
            conversation = self._store.conversations.get(conversation_id)
            leaf_id = conversation.leaf_id if conversation is not None else leaf_id
            try:
                await self._database.run(messages.delete_messages, message_ids, conversation_id, leaf_id)
            except StorageError as error:
                self._store.apply(FaultOccurred(error.fault))
                await self._tasks.before_retry(RETRY_AFTER_S)
            else:
                self._recent.let_go(conversation_id)
                return

    async def _write(
        self, conversation_id: ConversationId, query: Query[P, None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """See the write through: what was deleted must not come back, however long somebody holds the lock."""
        while True:
            try:
                await self._database.run(query, *args, **kwargs)
            except StorageError as error:
                self._store.apply(FaultOccurred(error.fault))
                await self._tasks.before_retry(RETRY_AFTER_S)
            else:
                self._recent.let_go(conversation_id)
                return
