"""How much of the model's context the conversation on screen takes, and what it has cost: told while one types."""

import asyncio
import logging
import time

from app.domain.context_use import ContextUse
from app.domain.conversation import ConversationId
from app.domain.errors import StorageError, TextUnreadable
from app.domain.model import ModelRef
from app.domain.usage_report import UsageSum
from app.engine.context import ContextPlan, ContextPlanner
from app.engine.events import (
    ContextMeasured,
    ConversationLoaded,
    ConversationModelChanged,
    Event,
    GenerationEnded,
    LeafChanged,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
    ModelSelected,
    ProviderChanged,
    UsageCounted,
)
from app.engine.model_choice import model_in
from app.engine.prices import ModelFacts
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage import usage
from app.storage.database import Database

log = logging.getLogger(__name__)

QUIET_S = 0.25  # after the last key
EARLIEST_S = 3.0  # after the start: the vocabulary is not loaded while the window is being built

_CHANGES = (
    ConversationLoaded,
    ConversationModelChanged,
    GenerationEnded,
    LeafChanged,
    MessageAdded,
    MessagesDeleted,
    MessageSaved,
    ModelSelected,
    ProviderChanged,
    UsageCounted,
)


class ContextMeter:
    """Measures what was wanted last, and again whenever something of it changes; ContextMeasured tells."""

    def __init__(
        self,
        *,
        store: ChatStore,
        planner: ContextPlanner,
        facts: ModelFacts,
        database: Database,
        tasks: Tasks,
        quiet_s: float = QUIET_S,
        earliest_s: float = EARLIEST_S,
    ) -> None:
        self._store = store
        self._planner = planner
        self._facts = facts
        self._database = database
        self._tasks = tasks
        self._quiet_s = quiet_s
        self._earliest = time.monotonic() + earliest_s
        self._wanted: tuple[ConversationId | None, str] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_measuring = False
        self._is_stale = False
        self._unsubscribe = store.subscribe(self._on_event)

    def want(self, conversation_id: ConversationId | None, draft: str) -> None:
        """Measure this conversation with what is being written in it. Returns at once."""
        self._wanted = (conversation_id, draft)
        self._measure_soon()

    def close(self) -> None:
        self._unsubscribe()
        self._stop_timer()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, _CHANGES) and self._wanted is not None:
            self._measure_soon()

    def _measure_soon(self) -> None:
        self._stop_timer()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # before the loop runs there is nothing to tell to anybody
        wait_s = max(self._quiet_s, self._earliest - time.monotonic())
        self._timer = loop.call_later(wait_s, self._on_timer)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_timer(self) -> None:
        self._timer = None
        self._is_stale = True
        if not self._is_measuring and not self._tasks.is_closing:
            self._is_measuring = True
            self._tasks.start(self._measure(), name="context-meter")

    async def _measure(self) -> None:
        """Until what was measured is what is wanted by then."""
        try:
            while self._is_stale and self._wanted is not None:
                self._is_stale = False
                conversation_id, draft = self._wanted
                use = await self._use(conversation_id, draft)
                if self._wanted == (conversation_id, draft):
                    self._store.apply(ContextMeasured(conversation_id, use))
        finally:
            self._is_measuring = False

    async def _use(self, conversation_id: ConversationId | None, draft: str) -> ContextUse | None:
        used = model_in(self._store, conversation_id)
        if used is None or not used.ref.model:
            return None
        if conversation_id is not None and not self._store.is_loaded(conversation_id):
            return None  # ConversationLoaded comes
        branch = self._store.branch(conversation_id) if conversation_id is not None else ()
        try:
            plan = await self._planner.plan(branch, used.ref, self._facts.info(used.ref), draft)
            so_far = await self._so_far(conversation_id)
        except (TextUnreadable, StorageError) as error:
            log.info("context not measured error=%s", type(error).__name__)
            return None
        return self._told(used.ref, plan, so_far)

    async def _so_far(self, conversation_id: ConversationId | None) -> UsageSum:
        if conversation_id is None:
            return UsageSum()
        return await self._database.read(usage.usage_of_conversation, conversation_id)

    def _told(self, ref: ModelRef, plan: ContextPlan, so_far: UsageSum) -> ContextUse:
        sent = plan.sent
        return ContextUse(
            count=plan.count,
            context_tokens=self._facts.info(ref).context_tokens,
            left_out=plan.left_out,
            begins_with=next((each.id for each in sent if each.role != "system"), None) if plan.left_out else None,
            cost=so_far.cost,
            unpriced=so_far.unpriced,
            is_free=(price := self._facts.price(ref)) is not None and price.is_free,
        )
