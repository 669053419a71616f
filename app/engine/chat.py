"""The commands a user can give. Each returns at once; events tell the rest."""

from msgspec import Struct

from app.domain.abort import AbortReason
from app.domain.conversation import (
    Conversation,
    ConversationId,
    MessageHead,
    MessageId,
    MessageStatus,
    Role,
    new_id,
    now_ms,
    title_from,
)
from app.engine.abort import INVALID_MESSAGE, NOT_GENERATING, ActiveGenerations, StopResult
from app.engine.accounting import Accounting
from app.engine.answering import Answering
from app.engine.branches import leaf_beside, newest_leaf, with_descendants
from app.engine.connect_first import ReadyModel
from app.engine.context import ContextPlanner
from app.engine.events import (
    ConversationAdded,
    ConversationDeleted,
    ConversationModelChanged,
    LeafChanged,
    MessagesDeleted,
)
from app.engine.journal import Journal
from app.engine.library import Library
from app.engine.model_choice import model_in
from app.engine.models import Models
from app.engine.prices import ModelFacts
from app.engine.store import ChatStore
from app.engine.tasks import Tasks

CLOSE_GRACE_S = 0.4  # quitting is on disk within 500 ms
_CUT_SHORT = (MessageStatus.STOPPED, MessageStatus.FAILED)


class Sent(Struct, frozen=True):
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
        accounting: Accounting,
        planner: ContextPlanner,
        facts: ModelFacts,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._journal = journal
        self._models = models
        self._library = library
        self._active = active
        self._tasks = tasks
        self._answering = Answering(
            store=store,
            journal=journal,
            library=library,
            active=active,
            accounting=accounting,
            planner=planner,
            facts=facts,
            tasks=tasks,
        )

    def send(self, text: str, conversation_id: ConversationId | None = None) -> Sent:
        """
        Add the user's message and begin the answer. Without a conversation a new one is made.

        An answer under way in the conversation is stopped first, as superseded.

        Raises:
            NoModelReady: nothing was changed.
        """
        model = self._model_for(conversation_id)
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
                model=model.ref,
            )
            self._store.apply(ConversationAdded(added))
        return Sent(known.id, self._answering.ask(known.id, known.leaf_id, text, model, new_conversation=added))

    def edit(self, message_id: MessageId, text: str) -> Sent | None:
        """
        Ask something else in a question's place, beside it: the old one stays, with all that follows it.

        An answer under way in the conversation is stopped first, as superseded. None if it is no question.

        Raises:
            NoModelReady: nothing was changed.
        """
        old = self._store.head(message_id)
        if old is None or old.role is not Role.USER:
            return None
        model = self._model_for(old.conversation_id)
        self._stop_in(old.conversation_id, AbortReason.SUPERSEDED)
        return Sent(old.conversation_id, self._answering.ask(old.conversation_id, old.parent_id, text, model))

    def regenerate(self, message_id: MessageId) -> MessageId | None:
        """
        Answer the same question again, beside the answer there is. None if it is no answer.

        Raises:
            NoModelReady: nothing was changed.
        """
        question = self._question_of(message_id)
        if question is None:
            return None
        model = self._model_for(question.conversation_id)
        self._stop_in(question.conversation_id, AbortReason.SUPERSEDED)
        return self._answering.answer(question, model)

    def continue_reply(self, message_id: MessageId) -> MessageId | None:
        """
        Have a stopped or failed answer go on: one beside it begins with its words and grows.

        The old one stays as it was recorded; one without a word is asked for again. An answer under way in
        the conversation is stopped first, as superseded. None if it is no answer, or a whole one, or not ended, or
        if its text is not in memory.

        Raises:
            NoModelReady: nothing was changed.
        """
        message, question = self._store.message(message_id), self._question_of(message_id)
        if message is None or question is None or message.status not in _CUT_SHORT:
            return None
        model = self._model_for(question.conversation_id)
        self._stop_in(question.conversation_id, AbortReason.SUPERSEDED)
        return self._answering.answer(question, model, begun=message if message.content.strip() else None)

    def show_branch(self, message_id: MessageId) -> None:
        """Put the newest branch that a message is on in the place of the one on screen. Answers under way go on."""
        message = self._store.head(message_id)
        if message is None:
            return
        leaf_id = newest_leaf(self._store.members(message.conversation_id), message_id)
        self._store.apply(LeafChanged(message.conversation_id, leaf_id))
        self._library.save_leaf(message.conversation_id)

    def stop(self, message_id: MessageId, clicked_ns: int | None = None) -> StopResult:
        """
        End an answer inside this call: when it returns, the connection is closed and the window knows.

        `clicked_ns`: monotonic time of the click, for the receipt.
        """
        message = self._store.head(message_id)
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
        message = self._store.head(message_id)
        if message is None:
            return
        members = self._store.members(message.conversation_id)
        doomed = with_descendants(members, message_id)
        for doomed_id in doomed:
            self._active.stop(doomed_id, AbortReason.DELETED)
        branch = self._store.branch(message.conversation_id)
        conversation = self._store.conversations[message.conversation_id]
        leaf_id = conversation.leaf_id
        if any(shown.id == message_id for shown in branch):
            leaf_id = leaf_beside(members, message, set(doomed))
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

    def _model_for(self, conversation_id: ConversationId | None) -> ReadyModel:
        """
        Return what answers in a conversation, and keep it as the conversation's own.

        Raises:
            NoModelReady: nothing was changed.
        """
        used = model_in(self._store, conversation_id)
        ready = self._models.ready(used.ref if used else None)
        conversation = self._store.conversations.get(conversation_id) if conversation_id else None
        if conversation is not None and conversation.model != ready.ref:
            self._store.apply(ConversationModelChanged(conversation.id, ready.ref))
            self._library.save_model(conversation.id)
        return ready

    def _question_of(self, message_id: MessageId) -> MessageHead | None:
        """What an answer answers; None if it is no answer."""
        message = self._store.head(message_id)
        if message is None or message.role is not Role.ASSISTANT or message.parent_id is None:
            return None
        return self._store.head(message.parent_id)

    def _stop_in(self, conversation_id: ConversationId, reason: AbortReason) -> None:
        for message_id in self._store.generating(conversation_id):
            self._active.stop(message_id, reason)
