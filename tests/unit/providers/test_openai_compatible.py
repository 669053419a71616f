"""Whatever a server does, the stream yields its text and ends in a Finish or in one of our errors."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from app.domain.abort import AbortReason, AbortSignal
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
from app.domain.errors import (
    AccessDenied,
    AnswerEmpty,
    AnswerGarbled,
    AnswerTooLarge,
    AuthenticationFailed,
    ConnectionRefused,
    ContentFiltered,
    ContextTooLong,
    NameNotFound,
    NotAnOpenAIServer,
    ProviderError,
    ProviderOverloaded,
    QuotaExhausted,
    RateLimited,
    RedirectRefused,
    RequestRejected,
    StreamBroken,
    StreamStalled,
    UnknownModel,
    WebPageReceived,
)
from app.domain.provider import Endpoint, Secret
from app.providers import stall_timer
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text, reasoning_text

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture
async def provider(server: FakeProvider) -> AsyncIterator[OpenAICompatibleProvider]:
    made = OpenAICompatibleProvider(Endpoint(name="fake", base_url=server.base_url, api_key=Secret(KEY)))
    yield made
    await made.aclose()


def request(model: str) -> CompletionRequest:
    return CompletionRequest(model=model, turns=(Turn(Role.USER, "hi"),))


async def take(provider: OpenAICompatibleProvider, model: str) -> tuple[list[Chunk], ProviderError | None]:
    chunks: list[Chunk] = []
    try:
        async with asyncio.timeout(20):
            async for chunk in provider.stream(request(model), AbortSignal()):
                chunks.append(chunk)  # noqa: PERF401 - what came before an error counts
    except ProviderError as error:
        return chunks, error
    return chunks, None


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, Delta))


async def test_a_good_stream_yields_its_text_and_the_providers_count(provider: OpenAICompatibleProvider) -> None:
    chunks, error = await take(provider, "rate=5000&count=300")
    assert error is None
    assert chunks[0] == ResponseStarted()
    assert text_of(chunks) == answer_text(300)
    assert chunks[-1] == Finish(FinishReason.STOP, 1, 300, cached_tokens=0, reasoning_tokens=0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_the_text_is_the_same_however_the_bytes_are_cut(provider: OpenAICompatibleProvider, size: int) -> None:
    chunks, error = await take(provider, f"rate=5000&count=60&split={size}")
    assert error is None
    assert text_of(chunks) == answer_text(60)


async def test_reasoning_comes_as_its_own_kind(provider: OpenAICompatibleProvider) -> None:
    chunks, error = await take(provider, "rate=5000&count=50&reasoning=20")
    assert error is None
    thought = "".join(chunk.text for chunk in chunks if isinstance(chunk, ReasoningDelta))
    assert thought == "".join(reasoning_text(index) for index in range(20))


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
async def test_the_second_request_uses_the_first_ones_connection(tls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeProvider(tls=tls) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
        provider = OpenAICompatibleProvider(Endpoint(name="fake", base_url=server.base_url, api_key=Secret(KEY)))
        async with asyncio.timeout(20):
            await provider.list_models()
        for _ in range(3):
            chunks, error = await take(provider, "rate=5000&count=20")
            assert error is None
            assert text_of(chunks) == answer_text(20)
        assert len(server.events("accepted")) == 1
        await provider.aclose()


@pytest.mark.parametrize("fault", ["no_done", "no_finish", "crlf", "after_done", "empty_choices:3"])
async def test_what_servers_do_otherwise_is_understood(provider: OpenAICompatibleProvider, fault: str) -> None:
    chunks, error = await take(provider, f"rate=5000&count=20&fault={fault}")
    assert error is None
    assert text_of(chunks) == answer_text(20)
    assert isinstance(chunks[-1], Finish)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("reset_after:10", StreamBroken),
        ("cut_after:10", StreamBroken),
        ("fin_after:10", StreamBroken),
        ("bad_json:10", AnswerGarbled),
        ("bad_utf8:10", AnswerGarbled),
        ("long_line:10", AnswerTooLarge),
        ("error_after:10", ProviderOverloaded),
    ],
)
async def test_a_fault_midway_keeps_what_came_before(
    provider: OpenAICompatibleProvider, fault: str, kind: type[ProviderError]
) -> None:
    chunks, error = await take(provider, f"rate=5000&count=50&fault={fault}")
    assert isinstance(error, kind), error
    assert text_of(chunks) == answer_text(10)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("fault=echo_key", AuthenticationFailed),
        ("fault=status:401", AuthenticationFailed),
        ("fault=status:403", AccessDenied),
        ("fault=quota", QuotaExhausted),
        ("fault=status:429", RateLimited),
        ("fault=status:500", ProviderOverloaded),
        ("fault=status:503", ProviderOverloaded),
        ("fault=context_length", ContextTooLong),
        ("fault=status:400", RequestRejected),
        ("fault=html", WebPageReceived),
        ("fault=html:502", ProviderOverloaded),
        ("fault=html:403", WebPageReceived),
        ("fault=json", NotAnOpenAIServer),
        ("fault=redirect:http://127.0.0.1:9/v1/chat/completions", RedirectRefused),
        ("fault=gzip_bomb", NotAnOpenAIServer),
        ("no-such-model", UnknownModel),
    ],
)
async def test_a_refusal_is_told_in_our_words_without_the_key(
    provider: OpenAICompatibleProvider, model: str, kind: type[ProviderError]
) -> None:
    chunks, error = await take(provider, model)
    assert isinstance(error, kind), error
    assert text_of(chunks) == ""
    assert KEY not in f"{error} {error.fault}"


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("count=10&finish=content_filter", ContentFiltered),
        ("count=0&finish=content_filter", ContentFiltered),
        ("count=0&finish=stop", AnswerEmpty),
        ("count=10&finish=error", StreamBroken),
        ("count=10&finish=insufficient_system_resource", StreamBroken),
    ],
)
async def test_an_end_that_is_a_failure_is_no_good_end(
    provider: OpenAICompatibleProvider, ending: str, kind: type[ProviderError]
) -> None:
    """Nothing is silently empty, filtered or cut; the text so far is kept."""
    chunks, error = await take(provider, f"rate=5000&{ending}")
    assert type(error) is kind
    assert text_of(chunks) == answer_text(10 if "count=10" in ending else 0)


@pytest.mark.parametrize("finish", ["length", "tool_calls"])
async def test_an_empty_answer_with_a_reason_is_none_of_ours_to_judge(
    provider: OpenAICompatibleProvider, finish: str
) -> None:
    """All tokens may have gone into thoughts that are not told, or into a call of a tool."""
    _, error = await take(provider, f"rate=5000&count=0&finish={finish}")
    assert error is None


async def test_a_redirect_is_not_followed(provider: OpenAICompatibleProvider) -> None:
    """S9: the conversation goes to the address the user named and to no other."""
    with FakeProvider() as other:
        chunks, error = await take(provider, f"fault=redirect:{other.base_url}/chat/completions")
        assert isinstance(error, NotAnOpenAIServer)
        assert "redirects" in error.detail
        assert other.events("accepted") == []
        assert chunks == []


async def test_silence_is_told_as_a_stall(provider: OpenAICompatibleProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stall_timer.StallTimer.__init__, "__kwdefaults__", {"first_byte_s": 5.0, "between_s": 0.2})
    for fault in ("stall_after:5", "pings_after:5"):
        chunks, error = await take(provider, f"rate=5000&count=50&fault={fault}")
        assert isinstance(error, StreamStalled), fault
        assert text_of(chunks) == answer_text(5)


async def test_nobody_listens(unused_tcp_port: int) -> None:
    provider = OpenAICompatibleProvider(
        Endpoint(name="gone", base_url=f"http://127.0.0.1:{unused_tcp_port}/v1", api_key=Secret(""))
    )
    _, error = await take(provider, "m")
    assert isinstance(error, ConnectionRefused)
    with pytest.raises(ConnectionRefused):
        await provider.list_models()
    await provider.aclose()


async def test_a_name_that_does_not_exist() -> None:
    provider = OpenAICompatibleProvider(
        Endpoint(name="gone", base_url="http://no-such-host.invalid/v1", api_key=Secret(""))
    )
    _, error = await take(provider, "m")
    assert isinstance(error, NameNotFound)
    await provider.aclose()


async def test_without_a_key_no_authorization_is_sent(server: FakeProvider) -> None:
    provider = OpenAICompatibleProvider(Endpoint(name="fake", base_url=server.base_url, api_key=Secret("")))
    await take(provider, "rate=5000&count=2&key=without-a-key")
    seen = server.wait_for("request", model="rate=5000&count=2&key=without-a-key")
    assert "authorization" not in {name.lower() for name in seen["headers"]}
    assert {name.lower(): value for name, value in seen["headers"].items()}["accept-encoding"] == "identity"
    await provider.aclose()


async def test_an_abort_closes_the_connection_before_it_returns(
    server: FakeProvider, provider: OpenAICompatibleProvider
) -> None:
    signal = AbortSignal()
    model = "rate=300&count=5000&key=abort"
    stream = provider.stream(request(model), signal)
    async for chunk in stream:
        if isinstance(chunk, Delta):
            break
    assert signal.abort(AbortReason.USER)
    assert signal.closed_ns is not None
    close = server.wait_for("close_seen", phase="streaming", after=server.wait_for("request", model=model))
    assert close.t_ns - signal.closed_ns < 50_000_000
    with pytest.raises((ProviderError, asyncio.CancelledError)):
        await anext(stream)
    await stream.aclose()
    chunks, error = await take(provider, "rate=5000&count=20")
    assert error is None, "the next request works"
    assert text_of(chunks) == answer_text(20)
