"""llmock, a server that nobody here wrote, as a peer: an answer, its refusals, its broken streams, and a Stop."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from app.domain.abort import AbortReason, AbortSignal
from app.domain.completion import Chunk, CompletionRequest, Delta, Finish, FinishReason, Turn
from app.domain.conversation import Role
from app.domain.errors import (
    AnswerGarbled,
    AuthenticationFailed,
    ProviderError,
    ProviderOverloaded,
    RateLimited,
    StreamBroken,
    Unavailable,
)
from app.domain.provider import Endpoint, Secret
from app.providers.openai_compatible import OpenAICompatibleProvider

START_LIMIT_S = 60.0


@pytest.fixture(scope="module")
def peer(unused_tcp_port_factory: Callable[[], int]) -> Iterator[str]:
    """In a process of its own, on loopback. Its address."""
    port = unused_tcp_port_factory()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "llmock.cli", "serve", "--port", str(port), "--log-level", "error"]
    environment = {**os.environ, "LLMOCK_STREAM_CHUNK_DELAY_MS": "5"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_up(address)
            yield address
        finally:
            process.terminate()


def _wait_until_up(address: str) -> None:
    deadline_s = time.monotonic() + START_LIMIT_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return
        except OSError:
            assert time.monotonic() < deadline_s, "llmock did not start"
            time.sleep(0.05)


@pytest.fixture
async def provider(peer: str) -> AsyncIterator[OpenAICompatibleProvider]:
    made = OpenAICompatibleProvider(Endpoint(name="llmock", base_url=f"{peer}/v1", api_key=Secret("sk-test")))
    tell(peer, "reset", {})
    yield made
    await made.aclose()


def tell(peer: str, what: str, body: object) -> None:
    request = urllib.request.Request(f"{peer}/_llmock/{what}", json.dumps(body).encode(), method="POST")
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=10):
        pass


def behave(peer: str, **behaviour: object) -> None:
    tell(peer, "scenario", {"behaviors": [behaviour]})


async def ask(
    provider: OpenAICompatibleProvider, text: str = "Tell me about ships", signal: AbortSignal | None = None
) -> tuple[list[Chunk], ProviderError | None]:
    chunks: list[Chunk] = []
    request = CompletionRequest(model="gpt-4o", turns=(Turn(Role.USER, text),))
    try:
        async with asyncio.timeout(20):
            async for chunk in provider.stream(request, signal or AbortSignal()):
                chunks.append(chunk)  # noqa: PERF401 - what came before an error counts
    except ProviderError as error:
        return chunks, error
    return chunks, None


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, Delta))


async def test_it_lists_models_and_answers(provider: OpenAICompatibleProvider) -> None:
    assert await provider.list_models()
    chunks, error = await ask(provider)
    assert error is None
    assert text_of(chunks)
    assert isinstance(chunks[-1], Finish)
    assert chunks[-1].reason is FinishReason.STOP


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        ({"type": "fail", "status": 401}, AuthenticationFailed),
        ({"type": "fail", "status": 429, "retry_after": 2}, RateLimited),
        ({"type": "fail", "status": 500}, ProviderOverloaded),
        ({"type": "fail", "status": 503}, ProviderOverloaded),
    ],
)
async def test_its_refusals_are_understood(
    peer: str, provider: OpenAICompatibleProvider, behaviour: dict[str, object], kind: type[ProviderError]
) -> None:
    behave(peer, **behaviour)
    chunks, error = await ask(provider)
    assert type(error) is kind
    assert text_of(chunks) == ""
    if "retry_after" in behaviour:
        assert isinstance(error, Unavailable)
        assert error.retry_after_s == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("fault", "kind"), [("disconnect", StreamBroken), ("truncate", StreamBroken), ("malformed", AnswerGarbled)]
)
async def test_its_broken_streams_are_never_taken_for_whole(
    peer: str, provider: OpenAICompatibleProvider, fault: str, kind: type[ProviderError]
) -> None:
    whole, _ = await ask(provider)
    behave(peer, type="stream_fault", kind=fault, after_chunks=3)
    chunks, error = await ask(provider)
    assert isinstance(error, kind)
    assert text_of(whole).startswith(text_of(chunks))
    again, error = await ask(provider)
    assert error is None
    assert text_of(again) == text_of(whole)


async def test_a_stop_ends_its_stream(peer: str, provider: OpenAICompatibleProvider) -> None:
    behave(peer, type="reply", text="word " * 2000)
    signal, texts = AbortSignal(), []
    request = CompletionRequest(model="gpt-4o", turns=(Turn(Role.USER, "long"),))
    stream = provider.stream(request, signal)
    async for chunk in stream:
        if isinstance(chunk, Delta):
            texts.append(chunk.text)
        if len(texts) == 3:
            break
    assert signal.abort(AbortReason.USER)
    assert signal.closed_ns is not None
    await stream.aclose()
    chunks, error = await ask(provider)
    assert error is None
    assert text_of(chunks)
