"""The commands a user can give. Each returns at once; events tell the rest."""

import logging
from dataclasses import dataclass

from app.domain.abort import AbortReason
from app.domain.completion import CompletionRequest
from app.domain.conversation import (
    Conversation,
    ConversationId,
    Message,
    MessageId,
    MessageStatus,
    Role,
    new_id,
    now_ms,
    title_from,
)
from app.engine.abort import INVALID_MESSAGE, NOT_GENERATING, ActiveGenerations, StopResult
from app.engine.context import turns_of
from app.engine.events import ConversationAdded, ConversationDeleted, MessageAdded, MessagesDeleted
from app.engine.generation import Generation
from app.engine.journal import Journal
from app.engine.library import Library
from app.engine.models import Models, ReadyModel
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.messages import NewTurn

log = logging.getLogger(__name__)

CLOSE_GRACE_S = 0.4  # quitting is on disk within 500 ms


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer that a send began, and the conversation it is in (which may be new)."""

    conversation_id: ConversationId
    message_id: MessageId


class ChatEngine:
    def __init__(
        self,
        *,
        store: ChatStore,
        journal: Journal,
        models: Models,
        library: Library,
        active: ActiveGenerations,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._journal = journal
        self._models = models
        self._library = library
        self._active = active
        self._tasks = tasks

    def send(self, text: str, conversation_id: ConversationId | None = None) -> Sent:
        """
        Add the user's message and begin the answer. Without a conversation a new one is made.

        An answer under way in the conversation is stopped first, as superseded.

        Raises:
            NoModelReady: nothing was changed.
        """
        model = self._models.ready()
        if conversation_id is not None:
            self._stop_in(conversation_id, AbortReason.SUPERSEDED)
        at_ms = now_ms()
        known = self._store.conversations.get(conversation_id) if conversation_id else None
        added: Conversation | None = None
        if known is None:
            added = known = Conversation(
                id=conversation_id or ConversationId(new_id()),
                title=title_from(text),
                created_at_ms=at_ms,
                updated_at_ms=at_ms,
            )
            self._store.apply(ConversationAdded(added))
        question = Message(
            id=MessageId(new_id()),
            conversation_id=known.id,
            parent_id=known.leaf_id,
            role=Role.USER,
            content=text,
            created_at_ms=at_ms,
        )
        self._store.apply(MessageAdded(question))
        answer_id = self._answer(question, model, before=(question,), new_conversation=added)
        return Sent(known.id, answer_id)

    def regenerate(self, message_id: MessageId) -> MessageId | None:
        """
        Answer the same question again, beside the answer there is. None if it is no answer.

        Raises:
            NoModelReady: nothing was changed.
        """
        message = self._store.message(message_id)
        if message is None or message.role is not Role.ASSISTANT or message.parent_id is None:
            return None
        question = self._store.message(message.parent_id)
        if question is None:
            return None
        model = self._models.ready()
        self._stop_in(message.conversation_id, AbortReason.SUPERSEDED)
        return self._answer(question, model)

    def stop(self, message_id: MessageId, clicked_ns: int | None = None) -> StopResult:
        """
        End an answer inside this call: when it returns, the connection is closed and the window knows.

        `clicked_ns`: monotonic time of the click, for the receipt.
        """
        message = self._store.message(message_id)
        if message is None or message.role is not Role.ASSISTANT:
            return StopResult(False, INVALID_MESSAGE)
        if message.status.is_terminal:
            return StopResult(False, NOT_GENERATING)
        return self._active.stop(message_id, AbortReason.USER, clicked_ns)

    def stop_all(self, clicked_ns: int | None = None) -> int:
        """End every answer under way. Returns how many there were."""
        return sum(self.stop(message_id, clicked_ns).success for message_id in self._store.generating())

    def delete_message(self, message_id: MessageId) -> None:
        """Delete a message and all that follows it; what of it is being written is stopped first."""
        message = self._store.message(message_id)
        if message is None:
            return
        doomed = self._with_descendants(message)
        for doomed_id in doomed:
            self._active.stop(doomed_id, AbortReason.DELETED)
        branch = self._store.branch(message.conversation_id)
        conversation = self._store.conversations[message.conversation_id]
        leaf_id = conversation.leaf_id
        if any(shown.id == message_id for shown in branch):
            leaf_id = self._leaf_beside(message, doomed)
        self._store.apply(MessagesDeleted(message.conversation_id, doomed, leaf_id))
        self._library.delete_messages(message.conversation_id, doomed, leaf_id)

    def delete_conversation(self, conversation_id: ConversationId) -> None:
        """Delete a conversation; what of it is being written is stopped first."""
        self._stop_in(conversation_id, AbortReason.DELETED)
        self._store.apply(ConversationDeleted(conversation_id))
        self._library.delete_conversation(conversation_id)

    async def close(self) -> None:
        """Stop everything and wait until it is on disk."""
        for message_id in self._store.generating():
            self._active.stop(message_id, AbortReason.QUIT)
        await self._tasks.close(grace_s=CLOSE_GRACE_S)
        self._journal.close()

    def _answer(
        self,
        question: Message,
        model: ReadyModel,
        *,
        before: tuple[Message, ...] = (),
        new_conversation: Conversation | None = None,
    ) -> MessageId:
        answer = Message(
            id=MessageId(new_id()),
            conversation_id=question.conversation_id,
            parent_id=question.id,
            role=Role.ASSISTANT,
            status=MessageStatus.GENERATING,
            model=model.ref.model,
            provider=model.ref.provider_id,
            created_at_ms=now_ms(),
        )
        self._store.apply(MessageAdded(answer))
        history = self._store.branch(question.conversation_id)[:-1]
        generation = Generation(
            answer,
            CompletionRequest(model=model.ref.model, turns=turns_of(history)),
            NewTurn((*before, answer), new_conversation),
            provider=model.provider,
            store=self._store,
            journal=self._journal,
            tasks=self._tasks,
            on_saved=lambda done: self._active.cleanup(answer.id, done),
        )
        self._active.start(answer.id, generation)
        generation.start()
        log.info("generation started message=%s provider=%s", answer.id[-6:], model.ref.provider_id)
        return answer.id

    def _stop_in(self, conversation_id: ConversationId, reason: AbortReason) -> None:
        for message_id in self._store.generating(conversation_id):
            self._active.stop(message_id, reason)

    def _with_descendants(self, message: Message) -> tuple[MessageId, ...]:
        doomed = {message.id: None}
        for other in self._store.members(message.conversation_id):  # in the order written: parents come first
            if other.parent_id in doomed:
                doomed[other.id] = None
        return tuple(doomed)

    def _leaf_beside(self, message: Message, doomed: tuple[MessageId, ...]) -> MessageId | None:
        """Return the end of the newest branch beside a message that goes, else its parent."""
        gone = set(doomed)
        beside = [
            other
            for other in self._store.members(message.conversation_id)
            if other.parent_id == message.parent_id and other.id not in gone
        ]
        if not beside:
            return message.parent_id
        leaf = beside[-1].id
        for other in self._store.members(message.conversation_id):
            if other.parent_id == leaf and other.id not in gone:
                leaf = other.id
        return leaf
