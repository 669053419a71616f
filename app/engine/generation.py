"""
One generation: a single streamed reply, from request to last status. The heart.

Longer than other files: who changes how a reply ends should see all of the ways in which it does.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import aclosing

from msgspec.structs import replace

from app.domain.abort import AbortReason, AbortSignal
from app.domain.completion import ChatProvider, CompletionRequest, Delta, Finish, ReasoningDelta, ResponseStarted
from app.domain.conversation import Message, MessageId, MessageStatus
from app.domain.errors import (
    AppError,
    ProviderError,
    StorageError,
    StreamBroken,
    TextUnreadable,
    Unavailable,
    UnexpectedFault,
)
from app.domain.usage import Timing
from app.engine.accounting import Account
from app.engine.events import DeltaReceived, GenerationEnded, MessageSaved, ReasoningReceived, SaveFailed
from app.engine.journal import Journal
from app.engine.retrying import Retries
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.messages import NewTurn, RecordedEnd

log = logging.getLogger(__name__)

RETRY_SAVE_AFTER_S = 2.0

_NS_PER_MS = 1_000_000


class Generation:
    """
    Streams one reply into the store and the journal.

    Two tasks: an abort cancels the one that streams, never the one that reports, which has the end
    of the story to save. Who ends the message is decided in `_end`, and only there.
    """

    def __init__(
        self,
        message: Message,
        request: Callable[[], Awaitable[CompletionRequest]],
        turn: NewTurn,
        *,
        provider: ChatProvider,
        store: ChatStore,
        journal: Journal,
        tasks: Tasks,
        account: Account,
        settle: Callable[[MessageId, Account], None],
        on_saved: Callable[["Generation"], None],
    ) -> None:
        self.message_id: MessageId = message.id
        self.signal = AbortSignal()
        self._request = request
        self._turn = turn
        self._provider = provider
        self._store = store
        self._journal = journal
        self._tasks = tasks
        self._account = account
        self._settle = settle
        self._on_saved = on_saved
        self._ended = False
        self._started_ns = time.monotonic_ns()
        self._timing = Timing()
        self._last_delta_ns: int | None = None
        self._handler_ms = 0.0
        self._pieces = 0
        self._finish: Finish | None = None
        self._recorded: Future[None] = Future()
        self._write: Future[RecordedEnd | None] | Future[None] | None = None
        self._stream_task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Hand the new messages to the disk and begin to stream; the one does not wait for the other."""
        self._recorded = self._journal.record(self._turn)
        self._journal.begin(self.message_id, self._recorded, self._on_ended_elsewhere)
        self._stream_task = asyncio.get_running_loop().create_task(
            self._stream(), name=f"generation-{self.message_id[-6:]}"
        )
        self.signal.on_abort(self._stream_task.cancel)
        self._tasks.start(self._report(self._stream_task), name=f"report-{self.message_id[-6:]}")

    def abort(self, reason: AbortReason, clicked_ns: int | None = None) -> bool:
        """
        End the reply inside this call: connection closed, task cancelled, window and disk told.

        There is no await, no dialog and no disk between the click and the closed connection.
        False if the reply had ended before. `clicked_ns` is the monotonic time of the click.
        """
        called_ns = time.monotonic_ns()
        if not self._decide():
            return False
        self.signal.abort(reason)
        self._timing = replace(
            self._timing,
            stop_click_ms=self._since_start_ms(clicked_ns or called_ns),
            socket_closed_ms=self._since_start_ms(self.signal.closed_ns) if self.signal.closed_ns else None,
        )
        self._end(MessageStatus.STOPPED, stop_reason=reason)
        self._handler_ms = self._since_start_ms(time.monotonic_ns()) - self._since_start_ms(called_ns)
        return True

    def _decide(self) -> bool:
        """Test and set: the only place that decides how a reply ends. Whoever gets True ends it."""
        if self._ended:
            return False
        self._ended = True
        return True

    def _end(
        self, status: MessageStatus, *, stop_reason: AbortReason | None = None, error: AppError | None = None
    ) -> None:
        if self._last_delta_ns is not None:
            self._timing = replace(self._timing, last_token_ms=self._since_start_ms(self._last_delta_ns))
        self._store.apply(
            GenerationEnded(
                message_id=self.message_id,
                status=status,
                stop_reason=stop_reason,
                fault=error.fault if error else None,
                usage=self._account.usage(self._finish),
                timing=self._timing,
            )
        )
        if (message := self._store.message(self.message_id)) is not None:
            self._write = self._journal.finish(message, self._turn, self._recorded, self._leaf_of(message))

    async def _stream(self) -> None:
        try:
            self._account.request = request = await self._request()
            retries = Retries(self.message_id, self._store)
            while (refusal := await self._ask(request)) is not None:
                await retries.wait(refusal)
        except (ProviderError, TextUnreadable) as error:
            if self._decide():
                log.warning(
                    "generation failed message=%s error=%s pieces=%d", self.message_id[-6:], type(error).__name__,
                    self._pieces,
                )  # fmt: skip
                self._end(MessageStatus.FAILED, error=error)
            else:  # it was stopped a moment before: the error is a detail for the log
                log.info("error after the end message=%s error=%s", self.message_id[-6:], type(error).__name__)

    async def _ask(self, request: CompletionRequest) -> ProviderError | None:
        """Stream the answer to its end. Returns the refusal if nothing of an answer came."""
        try:
            async with aclosing(self._provider.stream(request, self.signal)) as chunks:
                async for chunk in chunks:  # to the very end, so that the connection can be used again
                    self._take(chunk)
        except ProviderError as error:
            if self._pieces or self._ended:
                raise
            if isinstance(error, Unavailable):  # it was the provider who said so
                self._timing = replace(self._timing, headers_ms=self._since_start_ms(time.monotonic_ns()))
            return error
        if not self._ended:
            raise StreamBroken
        return None

    def _take(self, chunk: Delta | ReasoningDelta | ResponseStarted | Finish) -> None:
        if self._ended:
            return  # a late chunk of a reply that was stopped from inside a listener
        match chunk:
            case Delta(text):
                self._note_piece(text)
                if self._timing.answer_ms is None:
                    self._timing = replace(self._timing, answer_ms=self._since_start_ms(time.monotonic_ns()))
                self._journal.append(self.message_id, text)
                self._store.apply(DeltaReceived(self.message_id, text))
            case ReasoningDelta(text):
                self._note_piece(text)
                self._journal.append(self.message_id, text, "reasoning")
                self._store.apply(ReasoningReceived(self.message_id, text))
            case ResponseStarted():
                self._account.is_accepted = True
                self._timing = replace(self._timing, headers_ms=self._since_start_ms(time.monotonic_ns()))
            case Finish():
                self._finish = chunk
                if self._decide():  # no await since the last chunk: a Stop comes wholly before or after
                    self._end(MessageStatus.COMPLETE)
                    log.info("generation complete message=%s pieces=%d", self.message_id[-6:], self._pieces)

    def _note_piece(self, text: str) -> None:
        self._account.note_piece(text)
        self._last_delta_ns = time.monotonic_ns()
        if not self._pieces:
            self._timing = replace(self._timing, first_token_ms=self._since_start_ms(self._last_delta_ns))
        self._pieces += 1

    async def _report(self, stream_task: asyncio.Task[None]) -> None:
        try:
            await self._see_recorded()
            await asyncio.wait([stream_task])
            if not stream_task.cancelled() and (bug := stream_task.exception()) is not None:
                log.error("generation hit a bug message=%s", self.message_id[-6:], exc_info=bug)
                if self._decide():
                    self._end(MessageStatus.FAILED, error=UnexpectedFault(type(bug).__name__))
            elif self.signal.reason is not None:
                self._log_stop(self.signal.reason)
            elif self._decide():  # cancelled by somebody who is not the signal: the loop is being torn down
                self._end(MessageStatus.STOPPED, stop_reason=AbortReason.QUIT)
            await self._save()
            self._settle(self.message_id, self._account)
        finally:
            self._on_saved(self)

    def _log_stop(self, reason: AbortReason) -> None:
        """Afterwards: a log line writes to the disk, and nothing does that inside a click."""
        log.info(
            "generation stopped message=%s reason=%s pieces=%d close_ms=%s handler_ms=%.3f",
            self.message_id[-6:],
            reason,
            self._pieces,
            "none" if self._timing.close_ms is None else f"{self._timing.close_ms:.3f}",
            self._handler_ms,
        )

    async def _see_recorded(self) -> None:
        try:
            await asyncio.shield(asyncio.wrap_future(self._recorded))
        except StorageError as error:
            self._store.apply(SaveFailed(self.message_id, error.fault))

    async def _save(self) -> None:
        """See the write through, however often it takes. The text stays in memory meanwhile."""
        while self._write is not None:
            try:
                recorded = await asyncio.shield(asyncio.wrap_future(self._write))
            except StorageError as error:
                log.warning("message not saved yet message=%s error=%s", self.message_id[-6:], error.detail)
                self._store.apply(SaveFailed(self.message_id, error.fault))
                await self._tasks.before_retry(RETRY_SAVE_AFTER_S)
                self._write = self._write_again()
                continue
            if recorded is not None:
                committed_ms = self._since_start_ms(time.monotonic_ns())
                self._journal.note_committed(self.message_id, committed_ms)
                self._store.apply(
                    MessageSaved(
                        message_id=self.message_id,
                        status=recorded.status,
                        stop_reason=recorded.stop_reason,
                        committed_ms=committed_ms,
                    )
                )
            return

    def _write_again(self) -> Future[RecordedEnd | None] | Future[None] | None:
        """Write the end; if the answer was deleted meanwhile, what else of its turn never came to disk."""
        if (message := self._store.message(self.message_id)) is not None:
            return self._journal.finish(message, self._turn, self._recorded, self._leaf_of(message))
        left = tuple(known for each in self._turn.messages if (known := self._store.message(each.id)) is not None)
        if left and self._recorded.exception() is not None:
            return self._journal.record(NewTurn(left, self._turn.conversation))
        return None

    def _leaf_of(self, message: Message) -> MessageId | None:
        conversation = self._store.conversations.get(message.conversation_id)
        return conversation.leaf_id if conversation else None

    def _on_ended_elsewhere(self) -> None:
        """Obey another process that ended the message in the database."""
        self.abort(AbortReason.EXTERNAL)

    def _since_start_ms(self, at_ns: int) -> float:
        return (at_ns - self._started_ns) / _NS_PER_MS
