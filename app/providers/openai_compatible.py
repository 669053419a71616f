"""Any server that speaks the OpenAI chat completions protocol."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from app.domain.abort import AbortSignal
from app.domain.completion import (
    Chunk,
    CompletionRequest,
    Delta,
    Finish,
    FinishReason,
    ReasoningDelta,
    ResponseStarted,
)
from app.domain.errors import (
    NotAnOpenAIServer,
    ProviderError,
    StreamBroken,
    StreamStalled,
    WebPageReceived,
)
from app.domain.model import ModelInfo
from app.domain.network import origin_of
from app.domain.provider import Endpoint
from app.providers.bodies import drain, whole
from app.providers.client_loading import new_client
from app.providers.dialect import Dialect, has_no_room
from app.providers.endpoints import check_sendable, extra_body, new_transport
from app.providers.error_map import as_provider_errors, from_error_body
from app.providers.exchange import Exchange, current_exchange
from app.providers.local_details import with_local_details
from app.providers.model_list import read_list
from app.providers.model_request import list_body
from app.providers.proxies import FindProxy
from app.providers.refused import Refused
from app.providers.sse import EventLines
from app.providers.stall_timer import StallTimer
from app.providers.stream_end import StreamEnd
from app.providers.tls import TlsContexts
from app.providers.wire import WireChunk, WireDelta, decode_chunk, decode_usage

if TYPE_CHECKING:
    from app.providers.client import Client

MAX_WHOLE_BYTES = 4 * 1024 * 1024  # of an answer that does not stream: decoding it takes 10 ms


class OpenAICompatibleProvider:
    """
    Streams completions over the openai client's raw response.

    The SDK's typed stream costs 150-204 µs a chunk against 53-92 µs here; at 3,000 chunks/s that
    is the difference between a click that waits for 147 tokens and one that waits for none.
    """

    def __init__(self, endpoint: Endpoint, find_proxy: FindProxy | None = None, tls: TlsContexts | None = None) -> None:
        """
        For a thread: it may read the trust store. `find_proxy` is asked instead of the endpoint's setting, if given.

        Raises:
            ProviderError: the endpoint can't be used as it was set up; nothing was sent.
        """
        self._endpoint = endpoint
        self._transport = new_transport(endpoint, tls or TlsContexts(), find_proxy)
        check_sendable(endpoint)
        self._extra_body = extra_body(endpoint)
        self._client: Client | None = None  # made for the first message
        self._dialect = Dialect(endpoint.base_url)

    async def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        """See ChatProvider.stream. A `finish_reason` or `[DONE]` makes the end of a stream; silence does not."""
        exchange = Exchange(signal)
        stall = StallTimer(exchange.close_connection, waits_for_first_byte=not self._endpoint.is_local)
        token = current_exchange.set(exchange)
        try:
            with _stalls_named(stall), as_provider_errors(self._endpoint.secrets, streaming=True):
                async with aclosing(self._answer(request, stall)) as chunks:
                    async for chunk in chunks:
                        yield chunk
        finally:
            stall.cancel()
            exchange.end()
            if current_exchange.get() is exchange:
                current_exchange.reset(token)

    async def _answer(self, request: CompletionRequest, stall: StallTimer) -> AsyncGenerator[Chunk, None]:
        """Ask, and ask again as long as the server refuses a word of the question and another can be used."""
        client = await self._ready_client()
        while True:
            try:
                async with client.answer(request, self._dialect) as response:
                    yield ResponseStarted()
                    kind = response.headers.get("content-type", "").lower()
                    portions = response.iter_bytes()
                    is_stream = "event-stream" in kind
                    body = self._from_events(portions, stall) if is_stream else self._from_whole_body(portions, kind)
                    async with aclosing(body) as chunks:
                        async for chunk in chunks:
                            yield chunk
                return
            except Refused as refusal:  # nothing of an answer has come
                if request.max_tokens is not None and has_no_room(refusal):
                    yield ResponseStarted()
                    yield Finish(FinishReason.LENGTH)
                    return
                if not self._dialect.learn(refusal):
                    raise

    async def _ready_client(self) -> "Client":
        """Return the client: at once, but for the first message. A cancel leaves the thread to its loading."""
        if self._client is None:
            loop, of = asyncio.get_running_loop(), (self._endpoint, self._transport, self._extra_body)
            self._client = await loop.run_in_executor(None, new_client, *of)
        return self._client

    async def list_models(self) -> tuple[ModelInfo, ...]:
        """See ChatProvider.list_models."""
        exchange = Exchange(AbortSignal())
        token = current_exchange.set(exchange)
        try:
            with as_provider_errors(self._endpoint.secrets):
                body = await list_body(self._endpoint, self._transport)
                read = asyncio.get_running_loop().run_in_executor(None, read_list, body, self._endpoint.base_url)
                listed = await read
        finally:
            exchange.end()
            if current_exchange.get() is exchange:
                current_exchange.reset(token)
        if not self._endpoint.is_local or self._endpoint.is_built_in:
            return listed.models
        return await with_local_details(listed.models, listed.owners, origin_of(self._endpoint.base_url))

    async def warm(self) -> None:
        """See ChatProvider.warm."""
        with as_provider_errors(self._endpoint.secrets):
            await self._transport.warm()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _from_events(self, portions: AsyncIterator[bytes], stall: StallTimer) -> AsyncGenerator[Chunk, None]:
        lines = EventLines()
        end = StreamEnd()
        async for portion in portions:
            for data in lines.feed(portion):
                stall.progress()
                if data == b"[DONE]":
                    end.is_done = True
                    break
                for chunk in self._deltas(decode_chunk(data), end):
                    yield chunk
            if end.is_done:
                break
        else:
            for data in lines.end():
                if data == b"[DONE]":
                    end.is_done = True
                else:
                    for chunk in self._deltas(decode_chunk(data), end):
                        yield chunk
        if not end.is_done and end.reason is None:
            raise StreamBroken("the stream ended without saying so")
        end.check()
        yield end.finish()
        await drain(portions)

    def _deltas(self, chunk: WireChunk, end: StreamEnd) -> list[Chunk]:
        found: list[Chunk] = []
        if (error := bytes(chunk.error)) not in (b"", b"null"):
            raise from_error_body(error, self._endpoint.secrets)
        end.note_usage(decode_usage(chunk.usage))
        for choice in chunk.choices or ():
            part: WireDelta | None = choice.delta or choice.message
            if part is not None:
                if thought := part.reasoning_content or part.reasoning:
                    found.append(ReasoningDelta(thought))
                if part.content or part.reasoning_content or part.reasoning:
                    end.has_begun = True
                if part.content:
                    found.append(Delta(part.content))
            if choice.finish_reason:
                end.note_reason(choice.finish_reason)
        return found

    async def _from_whole_body(self, portions: AsyncIterator[bytes], kind: str) -> AsyncGenerator[Chunk, None]:
        """Read the answer of a server that does not stream; anything else is not our protocol."""
        if "html" in kind:
            raise WebPageReceived("a web page instead of an event stream")
        if "json" not in kind:
            raise NotAnOpenAIServer(f"the answer is {kind.split(';')[0] or 'of no known kind'}, not an event stream")
        end = StreamEnd()
        chunks = self._deltas(decode_chunk(await whole(portions, MAX_WHOLE_BYTES)), end)
        if not chunks and end.reason is None:
            raise NotAnOpenAIServer("the answer has no message in it")
        for chunk in chunks:
            yield chunk
        end.check()
        yield end.finish()


class _stalls_named:  # noqa: N801 - used like a function
    """Turn the error of a connection that the stall timer closed into the stall that it was."""

    def __init__(self, stall: StallTimer) -> None:
        self._stall = stall

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self._stall.stalled and isinstance(error, ProviderError):
            raise StreamStalled(f"nothing came for {self._stall.waited_s:.0f} s") from error
