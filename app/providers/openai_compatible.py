"""Any server that speaks the OpenAI chat completions protocol."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import httpcore2
import httpx2
import openai
from openai.types.chat import ChatCompletionMessageParam

from app.domain.abort import AbortSignal
from app.domain.completion import (
    Chunk,
    CompletionRequest,
    Delta,
    ReasoningDelta,
    ResponseStarted,
    Turn,
)
from app.domain.conversation import Role
from app.domain.errors import (
    AnswerTooLarge,
    NotAnOpenAIServer,
    ProviderError,
    StreamBroken,
    StreamStalled,
    WebPageReceived,
)
from app.domain.model import ModelInfo
from app.domain.provider import Endpoint
from app.providers.client import CONNECT_TIMEOUT_S, auth_headers, extra_body, new_client, new_transport
from app.providers.error_map import as_provider_errors, from_error_body
from app.providers.exchange import Exchange, current_exchange
from app.providers.proxies import FindProxy
from app.providers.sse import EventLines
from app.providers.stall_timer import StallTimer
from app.providers.stream_end import StreamEnd
from app.providers.tls import TlsContexts
from app.providers.wire import WireChunk, WireDelta, decode_chunk, decode_models, decode_usage

log = logging.getLogger(__name__)

LIST_TIMEOUT_S = 15.0
MAX_WHOLE_BYTES = 4 * 1024 * 1024  # of an answer that does not stream: decoding it takes 10 ms
MAX_LIST_BYTES = 8 * 1024 * 1024  # OpenRouter's list of models has 0.6 MB
DRAIN_TIMEOUT_S = 0.5  # after the last event, for the end of the body: then the connection can be used again


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
        self._client = new_client(endpoint, self._transport)
        self._headers = auth_headers(endpoint)
        self._extra_body = extra_body(endpoint)

    async def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        """See ChatProvider.stream. A `finish_reason` or `[DONE]` makes the end of a stream; silence does not."""
        exchange = Exchange(signal)
        stall = StallTimer(exchange.close_connection, waits_for_first_byte=not self._endpoint.is_local)
        token = current_exchange.set(exchange)
        try:
            with _stalls_named(stall), as_provider_errors(self._endpoint.api_key, streaming=True):
                async with self._client.chat.completions.with_streaming_response.create(
                    model=request.model,
                    messages=[_to_param(turn) for turn in request.turns],
                    stream=True,
                    stream_options={"include_usage": True},
                    max_tokens=openai.omit if request.max_tokens is None else request.max_tokens,
                    extra_headers=self._headers,
                    extra_body=self._extra_body,
                ) as response:
                    yield ResponseStarted()
                    kind = response.headers.get("content-type", "").lower()
                    portions = response.iter_bytes()
                    is_stream = "event-stream" in kind
                    body = self._from_events(portions, stall) if is_stream else self._from_whole_body(portions, kind)
                    async with aclosing(body) as chunks:
                        async for chunk in chunks:
                            yield chunk
        finally:
            stall.cancel()
            exchange.end()
            if current_exchange.get() is exchange:
                current_exchange.reset(token)

    async def list_models(self) -> tuple[ModelInfo, ...]:
        """See ChatProvider.list_models."""
        exchange = Exchange(AbortSignal())
        token = current_exchange.set(exchange)
        try:
            with as_provider_errors(self._endpoint.api_key):
                async with self._client.models.with_streaming_response.list(
                    timeout=LIST_TIMEOUT_S, extra_headers=self._headers
                ) as response:
                    if "html" in response.headers.get("content-type", ""):
                        raise WebPageReceived("a web page instead of a list of models")
                    listed = decode_models(await _whole(response.iter_bytes(), MAX_LIST_BYTES))
        finally:
            exchange.end()
            if current_exchange.get() is exchange:
                current_exchange.reset(token)
        ids = dict.fromkeys(model.id for model in listed.data)
        return tuple(ModelInfo(id=each) for each in ids)

    async def warm(self) -> None:
        """See ChatProvider.warm."""
        with as_provider_errors(self._endpoint.api_key):
            await self._transport.warm(CONNECT_TIMEOUT_S)

    async def aclose(self) -> None:
        await self._client.close()

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
        await _drain(portions)

    def _deltas(self, chunk: WireChunk, end: StreamEnd) -> list[Chunk]:
        found: list[Chunk] = []
        if (error := bytes(chunk.error)) not in (b"", b"null"):
            raise from_error_body(error, self._endpoint.api_key)
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
        chunks = self._deltas(decode_chunk(await _whole(portions, MAX_WHOLE_BYTES)), end)
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


def _to_param(turn: Turn) -> ChatCompletionMessageParam:
    match turn.role:
        case Role.SYSTEM:
            return {"role": "system", "content": turn.content}
        case Role.USER:
            return {"role": "user", "content": turn.content}
        case Role.ASSISTANT:
            return {"role": "assistant", "content": turn.content}


async def _whole(portions: AsyncIterator[bytes], most_bytes: int) -> bytes:
    body = bytearray()
    async for portion in portions:
        body += portion
        if len(body) > most_bytes:
            raise AnswerTooLarge(f"more than {most_bytes >> 20} MB in one piece")
    return bytes(body)


async def _drain(portions: AsyncIterator[bytes]) -> None:
    """Read the end of the body, so that the connection goes back to the pool; give up soon, and on any error."""
    try:
        async with asyncio.timeout(DRAIN_TIMEOUT_S):
            async for _ in portions:
                pass
    except (TimeoutError, httpx2.HTTPError, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        log.debug("end of the body not read error=%s", type(error).__name__)
