"""How an answer begins: new messages in the tree, the request for the model, the generation."""

import logging
from functools import partial

from app.domain.completion import CompletionRequest
from app.domain.conversation import (
    Conversation,
    ConversationId,
    Message,
    MessageHead,
    MessageId,
    MessageStatus,
    Role,
    new_id,
    now_ms,
)
from app.domain.model import BUILT_IN
from app.engine.abort import ActiveGenerations
from app.engine.accounting import Accounting
from app.engine.connect_first import ReadyModel
from app.engine.context import ContextPlanner, surely_fits, turns_of, turns_to_continue
from app.engine.events import DeltaReceived, MessageAdded, ReasoningReceived
from app.engine.generation import Generation
from app.engine.journal import Journal
from app.engine.library import Library
from app.engine.prices import ModelFacts
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.messages import NewTurn

log = logging.getLogger(__name__)


class Answering:
    """What is under way in the conversation must have been stopped before."""

    def __init__(
        self,
        *,
        store: ChatStore,
        journal: Journal,
        library: Library,
        active: ActiveGenerations,
        accounting: Accounting,
        planner: ContextPlanner,
        facts: ModelFacts,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._journal = journal
        self._library = library
        self._active = active
        self._accounting = accounting
        self._planner = planner
        self._facts = facts
        self._tasks = tasks

    def ask(
        self,
        conversation_id: ConversationId,
        parent_id: MessageId | None,
        text: str,
        model: ReadyModel,
        *,
        new_conversation: Conversation | None = None,
    ) -> MessageId:
        """Add a question below `parent_id` and begin its answer. `new_conversation` is written with them."""
        question = Message(
            id=MessageId(new_id()),
            conversation_id=conversation_id,
            parent_id=parent_id,
            role=Role.USER,
            content=text,
            created_at_ms=now_ms(),
        )
        self._store.apply(MessageAdded(question))
        return self.answer(question, model, before=(question,), new_conversation=new_conversation)

    def answer(
        self,
        question: MessageHead,
        model: ReadyModel,
        *,
        before: tuple[Message, ...] = (),
        new_conversation: Conversation | None = None,
        begun: Message | None = None,
    ) -> MessageId:
        """
        Begin an answer to a question.

        `before`: what is written with it because it is new too. `begun`: an answer that was cut short,
        whose words this one begins with.
        """
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
        generation = Generation(
            answer,
            partial(self._request, question, model, begun),
            NewTurn((*before, answer), new_conversation),
            provider=model.provider,
            store=self._store,
            journal=self._journal,
            tasks=self._tasks,
            account=self._accounting.open(model.ref, begun),
            settle=self._accounting.settle,
            on_saved=lambda done: self._active.cleanup(answer.id, done),
        )
        self._active.start(answer.id, generation)
        generation.start()
        if begun is not None:
            self._begin_with(answer.id, begun)
        log.info("generation started message=%s provider=%s", answer.id[-6:], model.ref.provider_id)
        return answer.id

    async def _request(self, question: MessageHead, model: ReadyModel, begun: Message | None) -> CompletionRequest:
        """Waits for the disk only if there are texts that nobody has looked at."""
        path = await self._library.path(question)
        info = self._facts.info(model.ref)
        if not surely_fits(path, info):
            plan = await self._planner.plan(path, model.ref, info, draft=begun.content if begun else "")
            log.info("context planned left_out=%d tokens=%d", plan.left_out, plan.count.tokens)
            path = plan.sent
        history = await self._library.with_texts(path)
        turns = turns_of(history)
        if begun is not None:
            turns = turns_to_continue(history, begun.content, is_asked=model.ref.provider_id != BUILT_IN)
        return CompletionRequest(model=model.ref.model, turns=turns)

    def _begin_with(self, answer_id: MessageId, begun: Message) -> None:
        """As if it had just come: in memory, on screen and in the journal."""
        if begun.reasoning:
            reasoning = f"{begun.reasoning.rstrip()}\n\n"  # the model may go on thinking, in another paragraph
            self._journal.append(answer_id, reasoning, "reasoning")
            self._store.apply(ReasoningReceived(answer_id, reasoning))
        self._journal.append(answer_id, begun.content)
        self._store.apply(DeltaReceived(answer_id, begun.content))
