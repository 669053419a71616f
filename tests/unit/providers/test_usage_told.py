"""Whatever way a provider tells what an answer took, it is read; told wrongly, it spoils no answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.domain.abort import AbortSignal
from app.domain.completion import Chunk, CompletionRequest, Delta, Finish, FinishReason, Turn
from app.domain.conversation import Role
from app.domain.provider import Endpoint, Secret
from app.providers.openai_compatible import OpenAICompatibleProvider

Answer = Callable[..., Awaitable[list[Chunk]]]
WORD = {"choices": [{"delta": {"content": "Hi"}, "finish_reason": None}]}
STOP = {"choices": [{"delta": {}, "finish_reason": "stop"}]}


def with_usage(chunk: dict[str, Any], **usage: Any) -> dict[str, Any]:
    return {**chunk, "usage": usage}


@pytest.fixture
async def answer() -> AsyncIterator[Answer]:
    """Ask a server that sends these chunks, as they are."""
    servers: list[asyncio.Server] = []
    served: list[asyncio.StreamWriter] = []
    providers: list[OpenAICompatibleProvider] = []

    async def ask(*chunks: dict[str, Any]) -> list[Chunk]:
        events = [*(json.dumps(chunk) for chunk in chunks), "[DONE]"]
        body = "".join(f"data: {event}\n\n" for event in events).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(body)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(head + body)
                await writer.drain()
                await reader.read()
            finally:
                writer.transport.abort()
                served.append(writer)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        servers.append(server)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        provider = OpenAICompatibleProvider(Endpoint(name="told", base_url=address, api_key=Secret("k")))
        providers.append(provider)
        request = CompletionRequest(model="m", turns=(Turn(Role.USER, "hi"),))
        async with asyncio.timeout(20):
            return [chunk async for chunk in provider.stream(request, AbortSignal())]

    yield ask
    for provider in providers:
        await provider.aclose()
    for server in servers:
        server.close()
    async with asyncio.timeout(5):  # each answers once; a socket left to the collector fails another test
        while len(served) < len(servers):
            await asyncio.sleep(0.002)
    await asyncio.sleep(0)


OPENAI = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 64, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 12},
}


async def test_usage_comes_after_the_finish_reason_in_a_chunk_without_choices(answer: Answer) -> None:
    chunks = await answer(WORD, STOP, with_usage({"choices": []}, **OPENAI))
    assert chunks[-1] == Finish(FinishReason.STOP, 100, 20, 64, 12)


async def test_the_last_of_many_sums_counts(answer: Answer) -> None:
    """xAI sends with each chunk what it is so far."""
    sums = [with_usage(WORD, prompt_tokens=9, completion_tokens=number) for number in (1, 2, 3)]
    chunks = await answer(*sums, with_usage(STOP, prompt_tokens=9, completion_tokens=4))
    assert chunks[-1] == Finish(FinishReason.STOP, 9, 4)


async def test_thinking_that_the_sum_leaves_out_is_added(answer: Answer) -> None:
    """xAI counts the thinking beside completion_tokens: only its total tells."""
    details = {"reasoning_tokens": 50}
    told = with_usage(STOP, prompt_tokens=10, completion_tokens=7, total_tokens=67, completion_tokens_details=details)
    assert (await answer(WORD, told))[-1] == Finish(FinishReason.STOP, 10, 57, None, 50)


async def test_deepseek_tells_its_cache_in_a_field_of_its_own(answer: Answer) -> None:
    told = with_usage(STOP, prompt_tokens=30, completion_tokens=2, prompt_cache_hit_tokens=24)
    assert (await answer(WORD, told))[-1] == Finish(FinishReason.STOP, 30, 2, 24)


async def test_a_later_null_takes_nothing_back(answer: Answer) -> None:
    """OpenAI sends usage null with every chunk but the last; others also after it."""
    told = with_usage(STOP, prompt_tokens=5, completion_tokens=2)
    assert (await answer(WORD, told, {"choices": [], "usage": None}))[-1] == Finish(FinishReason.STOP, 5, 2)
    assert (await answer(WORD, told, {"choices": [], "usage": {}}))[-1] == Finish(FinishReason.STOP, 5, 2)


@pytest.mark.parametrize("usage", ["many", [1], {"prompt_tokens": "12"}, {"completion_tokens": {}}, 5])
async def test_usage_that_makes_no_sense_is_no_error(answer: Answer, usage: object) -> None:
    chunks = await answer(WORD, {**STOP, "usage": usage})
    assert [chunk for chunk in chunks if isinstance(chunk, Delta)] == [Delta("Hi")]
    assert chunks[-1] == Finish(FinishReason.STOP)
