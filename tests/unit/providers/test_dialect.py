"""A server that refuses a word of the question is asked again in other words, before anything of an answer came."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.abort import AbortSignal
from app.domain.completion import Chunk, CompletionRequest, Delta, Finish, FinishReason, ResponseStarted, Turn
from app.domain.conversation import Role
from app.domain.errors import ProviderError, RequestRejected
from app.domain.provider import Endpoint, Secret
from app.providers.dialect import Dialect
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.unit.providers.small_servers import Listen

Question = dict[str, Any]

EVENTS = (
    b'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n'
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
WHOLE = b'{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}'


class Server:
    """Answers 400 or 422 with `refuse`'s words while there are any; notes the questions."""

    def __init__(self, refuse: Callable[[Question], str], status: int = 400) -> None:
        self.questions: list[Question] = []
        self._refuse = refuse
        self._status = status

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        question = json.loads(await reader.readexactly(length))
        self.questions.append(question)
        if words := self._refuse(question):
            self._reply(writer, self._status, "application/json", json.dumps({"error": {"message": words}}).encode())
        elif question.get("stream"):
            self._reply(writer, 200, "text/event-stream", EVENTS)
        else:
            self._reply(writer, 200, "application/json", WHOLE)
        await writer.drain()

    @staticmethod
    def _reply(writer: asyncio.StreamWriter, status: int, kind: str, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)


async def ask(provider: OpenAICompatibleProvider, max_tokens: int | None = None) -> list[Chunk]:
    request = CompletionRequest(model="m", turns=(Turn(Role.USER, "Hi"),), max_tokens=max_tokens)
    async with asyncio.timeout(10):
        return [chunk async for chunk in provider.stream(request, AbortSignal())]


async def provider_of(listen: Listen, server: Server) -> OpenAICompatibleProvider:
    base_url = f"http://127.0.0.1:{await listen(server.serve)}/v1"
    return OpenAICompatibleProvider(Endpoint(name="small", base_url=base_url, api_key=Secret("")))


def no_stream_options(question: Question) -> str:
    return "property 'stream_options' is unsupported, did you mean 'stream'?" if "stream_options" in question else ""


@pytest.mark.parametrize("status", [400, 422])
async def test_a_server_that_refuses_to_count_is_not_asked_again_to(listen: Listen, status: int) -> None:
    server = Server(no_stream_options, status)
    provider = await provider_of(listen, server)
    for _ in range(2):
        assert Delta("Hello") in await ask(provider)
    assert ["stream_options" in question for question in server.questions] == [True, False, False]
    await provider.aclose()


async def test_an_answer_begins_once_however_often_it_was_asked_for(listen: Listen) -> None:
    provider = await provider_of(listen, Server(no_stream_options))
    assert await ask(provider) == [ResponseStarted(), Delta("Hello"), Finish(FinishReason.STOP)]
    await provider.aclose()


async def test_a_server_that_does_not_stream_answers_whole(listen: Listen) -> None:
    """GPT4All: it refuses both, and answers no more than 16 tokens unless it is told to."""

    def like_gpt4all(question: Question) -> str:
        if question.get("stream"):
            return "'stream' is not supported"
        return "'stream_options' is not supported" if "stream_options" in question else ""

    server = Server(like_gpt4all)
    provider = await provider_of(listen, server)
    assert Delta("Hello") in await ask(provider)
    assert server.questions[-1]["max_tokens"] > 1000
    await provider.aclose()


async def test_a_model_that_wants_the_other_limit_gets_it(listen: Listen) -> None:
    def like_openai(question: Question) -> str:
        told = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        return told if "max_tokens" in question else ""

    server = Server(like_openai)
    provider = await provider_of(listen, server)
    assert Delta("Hello") in await ask(provider, max_tokens=5)
    assert server.questions[-1]["max_completion_tokens"] == 5
    await provider.aclose()


async def test_a_model_that_thinks_past_the_limit_has_answered(listen: Listen) -> None:
    words = "Could not finish the message because max_tokens or model output limit was reached."
    provider = await provider_of(listen, Server(lambda _question: words))
    assert await ask(provider, max_tokens=1) == [ResponseStarted(), Finish(FinishReason.LENGTH)]
    with pytest.raises(ProviderError):
        await ask(provider)
    await provider.aclose()


async def test_a_server_that_refuses_everything_is_not_asked_for_ever(listen: Listen) -> None:
    words = "stream_options and 'stream' is not supported, nor max_tokens, nor max_completion_tokens"
    server = Server(lambda _question: words)
    provider = await provider_of(listen, server)
    with pytest.raises(RequestRejected):
        await ask(provider, max_tokens=5)
    assert len(server.questions) <= 4
    await provider.aclose()


async def test_another_refusal_is_told_at_once(listen: Listen) -> None:
    server = Server(lambda _question: "temperature is out of range")
    provider = await provider_of(listen, server)
    with pytest.raises(RequestRejected):
        await ask(provider, max_tokens=5)
    assert len(server.questions) == 1
    await provider.aclose()


@pytest.mark.parametrize(
    ("base_url", "limit"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://acme.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("https://api.openai.com.example.org/v1", "max_tokens"),
        ("http://localhost:11434/v1", "max_tokens"),
    ],
)
def test_openai_and_azure_are_asked_in_their_new_words(base_url: str, limit: str) -> None:
    request = CompletionRequest(model="m", turns=(), max_tokens=7)
    assert Dialect(base_url).limits(request) == {limit: 7}
    assert Dialect(base_url).limits(CompletionRequest(model="m", turns=())) == {}
