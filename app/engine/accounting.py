"""What an answer took: estimated while it streams, the provider's word or a real count when it has ended."""

import logging

from msgspec.structs import replace

from app.domain.completion import CompletionRequest, Finish
from app.domain.conversation import Message, MessageId
from app.domain.errors import StorageError
from app.domain.model import ModelRef, Price
from app.domain.usage import Usage, UsageSource, estimate_tokens
from app.engine.events import UsageCounted
from app.engine.prices import ModelFacts, cost_of
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.engine.token_counter import CountedText, TokenCounter
from app.providers.token_families import TOKENS_A_MESSAGE, TOKENS_A_REQUEST
from app.storage import messages
from app.storage.database import Database

log = logging.getLogger(__name__)


class Account:
    """One answer's. `begun_characters`: of its text and thoughts, those that an earlier answer had."""

    def __init__(self, model: str, price: Price | None, begun: Message | None) -> None:
        self.model = model
        self.price = price
        self.begun_content = len(begun.content) if begun else 0
        self.begun_reasoning = len(begun.reasoning.rstrip()) + 2 if begun and begun.reasoning else 0
        self.request: CompletionRequest | None = None
        self.is_accepted = False  # a model has begun to read: one that is refused takes nothing
        self._estimated_tokens = 0

    def note_piece(self, text: str) -> None:
        """For each delta: cheap."""
        self.is_accepted = True
        self._estimated_tokens += estimate_tokens(text)

    def usage(self, finish: Finish | None) -> Usage:
        """Return what is known as the answer ends: the provider's word, else the sum of the deltas' estimates."""
        if finish is None or finish.completion_tokens is None:
            estimated = Usage(completion_tokens=self._estimated_tokens, source=UsageSource.ESTIMATED)
            return replace(estimated, cost=cost_of(estimated, self.price))
        told = Usage(
            completion_tokens=finish.completion_tokens,
            prompt_tokens=finish.prompt_tokens,
            cached_tokens=finish.cached_tokens,
            reasoning_tokens=finish.reasoning_tokens,
            source=UsageSource.PROVIDER,
        )
        return replace(told, cost=cost_of(told, self.price))


class Accounting:
    def __init__(
        self, *, store: ChatStore, database: Database, counter: TokenCounter, facts: ModelFacts, tasks: Tasks
    ) -> None:
        self._store = store
        self._database = database
        self._counter = counter
        self._facts = facts
        self._tasks = tasks
        self._counting: set[MessageId] = set()

    def open(self, ref: ModelRef, begun: Message | None) -> Account:
        """Begin to keep an answer's account, at the price of now. `begun` is the answer that it goes on with."""
        return Account(ref.model, self._facts.price(ref), begun)

    @property
    def is_counting(self) -> bool:
        return bool(self._counting)

    def settle(self, message_id: MessageId, account: Account) -> None:
        """
        Put a real count in the place of the estimate, on disk and in memory. Nothing if the provider told.

        Returns at once; UsageCounted tells. Comes after the end was saved, which waits for nothing: lost in a crash or
        when the program quits, the estimate stands.
        """
        self._counting.add(message_id)
        self._tasks.start(self._settle(message_id, account), name=f"count-{message_id[-6:]}")

    async def _settle(self, message_id: MessageId, account: Account) -> None:
        try:
            await self._replace_estimate(message_id, account)
        finally:
            self._counting.discard(message_id)

    async def _replace_estimate(self, message_id: MessageId, account: Account) -> None:
        message = self._store.message(message_id)
        if message is None or message.usage is None or message.usage.source is not UsageSource.ESTIMATED:
            return
        if account.request is None or self._tasks.is_closing:
            return
        usage = await self._counted(message, account, account.request)
        if usage == message.usage:
            return
        try:
            await self._database.run(messages.note_usage, message_id, usage)
        except StorageError as error:
            log.info("usage not saved message=%s error=%s", message_id[-6:], type(error).__name__)
            return
        self._store.apply(UsageCounted(message_id, usage))

    async def _counted(self, message: Message, account: Account, request: CompletionRequest) -> Usage:
        written = message.content[account.begun_content :]
        thought = message.reasoning[account.begun_reasoning :]
        answer = [CountedText(written), CountedText(thought)]
        sent = [CountedText(turn.content) for turn in request.turns] if account.is_accepted else []
        counts = [each.tokens for each in await self._counter.count([*answer, *sent], account.model)]
        prompt_tokens = sum(counts[2:]) + TOKENS_A_MESSAGE * len(sent) + TOKENS_A_REQUEST if sent else None
        usage = Usage(
            completion_tokens=counts[0] + counts[1],
            prompt_tokens=prompt_tokens,
            reasoning_tokens=counts[1] or None,
            source=UsageSource.ESTIMATED,
        )
        return replace(usage, cost=cost_of(usage, account.price))
