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
    Finish,
    FinishReason,
    ReasoningDelta,
    ResponseStarted,
    Turn,
)
from app.domain.conversation import Role
from app.domain.errors import NotAnOpenAIServer, ProviderError, StreamBroken, StreamStalled
from app.domain.model import ModelInfo
from app.domain.provider import Endpoint
from app.providers.error_map import as_provider_errors, from_error_body
from app.providers.exchange import Exchange, current_exchange
from app.providers.sse import MAX_ANSWER_BYTES, EventLines
from app.providers.stall_timer import StallTimer
from app.providers.transport import FindProxy, Transport, system_proxy
from app.providers.wire import WireChunk, WireDelta, decode_chunk, decode_models

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 60.0
LIST_TIMEOUT_S = 15.0
DRAIN_TIMEOUT_S = 0.5  # after the last event, for the end of the body: then the connection can be used again


class OpenAICompatibleProvider:
    """
    Streams completions over the openai client's raw response.

    The SDK's typed stream costs 150-204 µs a chunk against 53-92 µs here; at 3,000 chunks/s that
    is the difference between a click that waits for 147 tokens and one that waits for none.
    """

    def __init__(self, endpoint: Endpoint, find_proxy: FindProxy = system_proxy) -> None:
        self._endpoint = endpoint
        context = httpcore2.default_ssl_context()
        key = endpoint.api_key.reveal()
        self._client = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=key or "none",
            max_retries=0,  # ours are visible
            timeout=openai.Timeout(None, connect=CONNECT_TIMEOUT_S, write=WRITE_TIMEOUT_S, pool=None),
            http_client=httpx2.AsyncClient(
                transport=Transport(endpoint.base_url, context, find_proxy), follow_redirects=False, trust_env=False
            ),
            default_headers={"Accept-Encoding": "identity"},  # a gzip bomb of 300 KB took 1.2 GB
        )
        # With its progress to tell, llama.cpp notices a closed connection after each batch of the
        # prompt, else once a second: busy after a Stop 0.19-0.49 s against 0.06-1.17 s.
        self._extra_body = {"return_progress": True} if endpoint.is_built_in else None
        self._headers: dict[str, str | openai.Omit] = {} if key else {"Authorization": openai.Omit()}

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
        with as_provider_errors(self._endpoint.api_key):
            response = await self._client.models.with_raw_response.list(
                timeout=LIST_TIMEOUT_S, extra_headers=self._headers
            )
            ids = dict.fromkeys(model.id for model in decode_models(response.content).data)
            return tuple(ModelInfo(id=each) for each in ids)

    async def aclose(self) -> None:
        await self._client.close()

    async def _from_events(self, portions: AsyncIterator[bytes], stall: StallTimer) -> AsyncGenerator[Chunk, None]:
        lines = EventLines()
        end = _End()
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
        yield Finish(end.reason or FinishReason.OTHER, end.prompt_tokens, end.completion_tokens)
        await _drain(portions)

    def _deltas(self, chunk: WireChunk, end: "_End") -> list[Chunk]:
        found: list[Chunk] = []
        if chunk.error is not None and bytes(chunk.error) != b"null":
            raise from_error_body(bytes(chunk.error), self._endpoint.api_key)
        if chunk.usage is not None:
            end.prompt_tokens = chunk.usage.prompt_tokens
            end.completion_tokens = chunk.usage.completion_tokens
        for choice in chunk.choices or ():
            part: WireDelta | None = choice.delta or choice.message
            if part is not None:
                if thought := part.reasoning_content or part.reasoning:
                    found.append(ReasoningDelta(thought))
                if part.content:
                    found.append(Delta(part.content))
            if choice.finish_reason:
                end.note_reason(choice.finish_reason)
        return found

    async def _from_whole_body(self, portions: AsyncIterator[bytes], kind: str) -> AsyncGenerator[Chunk, None]:
        """Read the answer of a server that does not stream; anything else is not our protocol."""
        if "json" not in kind:
            raise NotAnOpenAIServer(f"the answer is {kind.split(';')[0] or 'of no known kind'}, not an event stream")
        body = bytearray()
        async for portion in portions:
            body += portion
            if len(body) > MAX_ANSWER_BYTES:
                raise NotAnOpenAIServer("the answer is too large")
        end = _End()
        chunks = self._deltas(decode_chunk(bytes(body)), end)
        if not chunks and end.reason is None:
            raise NotAnOpenAIServer("the answer has no message in it")
        for chunk in chunks:
            yield chunk
        yield Finish(end.reason or FinishReason.OTHER, end.prompt_tokens, end.completion_tokens)


class _End:
    """What is known of the end of a stream so far."""

    def __init__(self) -> None:
        self.is_done = False
        self.reason: FinishReason | None = None
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None

    def note_reason(self, word: str) -> None:
        try:
            self.reason = FinishReason(word)
        except ValueError:
            self.reason = FinishReason.OTHER


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


async def _drain(portions: AsyncIterator[bytes]) -> None:
    """Read the end of the body, so that the connection goes back to the pool; give up soon, and on any error."""
    try:
        async with asyncio.timeout(DRAIN_TIMEOUT_S):
            async for _ in portions:
                pass
    except (TimeoutError, httpx2.HTTPError, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        log.debug("end of the body not read error=%s", type(error).__name__)
