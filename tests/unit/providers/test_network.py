"""The way to a provider: certificates, proxies, what is sent along, and connections that are used again."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.abort import AbortReason, AbortSignal
from app.domain.completion import Chunk, CompletionRequest, Delta, Turn
from app.domain.conversation import Role
from app.domain.errors import (
    AnswerTooLarge,
    CaFileUnusable,
    CertificateRejected,
    KeyUnavailable,
    NotAnOpenAIServer,
    ProviderError,
    ProviderUnreachable,
    ProxyFailed,
    RateLimited,
    SetUpMistaken,
    StreamBroken,
)
from app.domain.network import Origin, ProxyMode, ProxySetting, origin_of, proxy_address
from app.domain.provider import AuthStyle, Endpoint, Secret
from app.providers import network_backend
from app.providers.openai_compatible import OpenAICompatibleProvider
from app.providers.proxies import described_way, proxy_for
from app.providers.tls import TlsContexts
from tests.fake_provider.process import ROOT, FakeProvider, FakeProxy
from tests.fake_provider.report import fingerprint
from tests.fake_provider.text import answer_text
from tests.fake_provider.tls_layer import CA_FILE

MODEL = "rate=5000&count=20"
FAR = origin_of("https://api.example/v1")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


def endpoint(base_url: str, **changes: object) -> Endpoint:
    return Endpoint(**({"name": "fake", "base_url": base_url, "api_key": Secret("sk-canary-0123456789")} | changes))  # type: ignore[arg-type]  # a table of keywords


async def ask(provider: OpenAICompatibleProvider, model: str = MODEL, signal: AbortSignal | None = None) -> str:
    """The text of the answer."""
    chunks: list[Chunk] = []
    request = CompletionRequest(model=model, turns=(Turn(Role.USER, "hi"),))
    async with asyncio.timeout(20):
        async for chunk in provider.stream(request, signal or AbortSignal()):
            chunks.append(chunk)  # noqa: PERF401 - what came before an error counts
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, Delta))


async def failure(provider: OpenAICompatibleProvider, model: str = MODEL) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        await ask(provider, model)
    await provider.aclose()
    return raised.value


# Certificates


@pytest.mark.parametrize(
    ("certificate", "is_known", "sentence"),
    [
        ("localhost", False, "Its issuer is not known to this system."),
        ("self-signed", False, "It is self-signed: nobody vouches for it."),
        ("expired", True, "It has expired."),
        ("wrong-host", True, "It is for another address."),
    ],
)
async def test_the_certificates_problem_is_named(certificate: str, is_known: bool, sentence: str) -> None:
    """R-20."""
    with FakeProvider(flags=f"--certificate {certificate}") as server:
        ca_file = str(CA_FILE) if is_known else ""
        error = await failure(OpenAICompatibleProvider(endpoint(server.base_url, ca_file=ca_file)))
        assert isinstance(error, CertificateRejected)
        assert sentence in error.detail
        assert server.events("request") == []


async def test_another_host_name_is_named_too() -> None:
    with FakeProvider(flags="--certificate wrong-host") as server:
        made = OpenAICompatibleProvider(endpoint(server.base_url_at("localhost"), ca_file=str(CA_FILE)))
        assert "It is for another host name." in (await failure(made)).detail


async def test_a_ca_file_is_trusted_beside_the_systems_store(server: FakeProvider) -> None:
    """S14: the way to trust a server of one's own; there is no other."""
    with FakeProvider(tls=True) as secure:
        provider = OpenAICompatibleProvider(endpoint(secure.base_url, ca_file=str(CA_FILE)))
        assert await ask(provider) == answer_text(20)
        await provider.aclose()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "is not there"), (b"", "holds no certificate"), (b"not a certificate", "holds no certificate")],
)
def test_a_ca_file_that_is_none_is_told(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    file = tmp_path / "company.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CaFileUnusable, match=sentence) as raised:
        OpenAICompatibleProvider(endpoint("https://api.example/v1", ca_file=str(file)))
    assert raised.value.fault.title == "The CA file can't be used"


def test_a_folder_is_no_ca_file(tmp_path: Path) -> None:
    with pytest.raises(CaFileUnusable):
        TlsContexts().trusting(str(tmp_path))


def test_the_trust_store_is_read_once_for_each_ca_file() -> None:
    contexts = TlsContexts()
    assert contexts.trusting() is contexts.trusting()
    assert contexts.trusting(str(CA_FILE)) is contexts.trusting(str(CA_FILE))
    assert contexts.trusting(str(CA_FILE)) is not contexts.trusting()


async def test_a_server_without_tls_is_not_a_certificates_fault() -> None:
    server = Flood(400, "text/plain", b"?", 1)
    error = await failure(OpenAICompatibleProvider(endpoint(server.base_url.replace("http:", "https:"))))
    server.close()
    assert isinstance(error, ProviderUnreachable)
    assert "does not speak TLS" in error.detail


# Proxies


@pytest.mark.parametrize(
    ("setting", "base_url", "way"),
    [
        (ProxySetting(ProxyMode.MANUAL, "socks5://p:1081"), "https://api.example/v1", "socks5://p:1081 (manual)"),
        (ProxySetting(ProxyMode.MANUAL, "p"), "https://api.example/v1", "http://p:8080 (manual)"),
        (ProxySetting(ProxyMode.MANUAL, "http://me:secret@p:1/"), "https://api.example/v1", "http://p:1 (manual)"),
        (ProxySetting(ProxyMode.MANUAL, "p:1"), "http://localhost:1234/v1", "no proxy"),
        (ProxySetting(ProxyMode.MANUAL, "p:1"), "http://127.0.0.1:1234/v1", "no proxy"),
        (ProxySetting(ProxyMode.MANUAL, "p:1"), "http://[::1]:1234/v1", "no proxy"),
        (ProxySetting(ProxyMode.NONE, "p:1"), "https://api.example/v1", "no proxy"),
        (ProxySetting(), "https://api.example/v1", "http://system:3128 (system)"),
        (ProxySetting(), "http://api.example/v1", "socks5://all:9 (system)"),
        (ProxySetting(), "https://inside.example/v1", "no proxy"),
        (ProxySetting(), "http://localhost:1/v1", "no proxy"),
    ],
)
def test_the_way_is_chosen_by_the_setting(
    setting: ProxySetting, base_url: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: an explicit setting, and loopback is never proxied."""
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://user:secret@system:3128")
    monkeypatch.setenv("all_proxy", "socks5h://all:9")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert described_way(setting, base_url) == way


@pytest.mark.parametrize("address", ["ftp://p:1", "http://", "http://p:port", "http://p:99999"])
def test_a_proxy_that_is_none_is_told(address: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        proxy_address(address)
    setting = ProxySetting(ProxyMode.MANUAL, address)
    with pytest.raises(ProxyFailed) as raised:
        OpenAICompatibleProvider(endpoint("https://api.example/v1", proxy=setting))
    assert raised.value.fault.title == "The way through the proxy failed"


def test_a_password_is_in_no_text() -> None:
    proxy = proxy_for(ProxySetting(ProxyMode.MANUAL, "socks5://me:se%40cret@p"), FAR)
    assert proxy is not None
    assert (proxy.user, proxy.password, proxy.port) == ("me", "se@cret", 1080)
    assert "se@cret" not in f"{proxy} {proxy!r}"


def through(proxy: FakeProxy, credentials: str = "") -> Callable[[Origin], object]:
    address = proxy.url.replace("://", f"://{credentials}@" if credentials else "://")
    return lambda _origin: proxy_address(address)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize(
    ("flags", "credentials"),
    [("", ""), ("--socks", ""), ("--socks --split", ""), ("--socks --user me:secret", "me:secret")],
)
async def test_an_answer_comes_through_a_proxy(flags: str, credentials: str, tls: bool) -> None:
    with FakeProvider(tls=tls) as server, FakeProxy(flags=flags) as proxy:
        provider = OpenAICompatibleProvider(
            endpoint(server.base_url_at("localhost"), ca_file=str(CA_FILE)),
            find_proxy=through(proxy, credentials),  # type: ignore[arg-type]  # it is one
        )
        for _ in range(2):
            assert await ask(provider) == answer_text(20)
        connect = proxy.wait_for("connect")
        assert (connect["host"], connect["port"]) == ("localhost", server.port)
        assert len(server.events("accepted")) == 1, "the second request uses the first one's connection"
        if "--socks" in flags:
            assert connect["kind"] == "name", "the proxy looks the name up"
        await provider.aclose()


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ("--status 407", "asks for a name and a password"),
        ("--status 503", "it answered 503"),
        ("--socks --user me:secret", "it asks for a name and a password"),
        ("--socks --refuse 2", "its rules do not allow this server"),
        ("--socks --refuse 4", "it can't reach the server"),
        ("--socks --refuse 5", "nothing answers at the server's address and port"),
        ("--socks --refuse 77", "does not answer like a SOCKS5 proxy"),
    ],
)
async def test_a_proxy_that_refuses_is_told_apart_from_the_server(flags: str, sentence: str) -> None:
    with FakeProxy(flags=flags) as proxy:
        made = OpenAICompatibleProvider(
            endpoint("https://api.example/v1"),
            find_proxy=through(proxy),  # type: ignore[arg-type]  # it is one
        )
        error = await failure(made)
        assert type(error) is ProxyFailed
        assert sentence in error.detail
        assert error.fault.title == "The way through the proxy failed"


async def test_a_wrong_password_is_told() -> None:
    with FakeProxy(flags="--socks --user me:secret") as proxy:
        find = through(proxy, "me:wrong")
        error = await failure(OpenAICompatibleProvider(endpoint("https://api.example/v1"), find_proxy=find))  # type: ignore[arg-type]  # it is one
        assert "rejected the name and the password" in error.detail
        assert "wrong" not in error.detail


async def test_a_plain_request_that_the_proxy_refuses_is_the_proxys_fault(server: FakeProvider) -> None:
    with FakeProxy(flags="--status 407") as proxy:
        made = OpenAICompatibleProvider(endpoint(server.base_url), find_proxy=through(proxy))  # type: ignore[arg-type]  # it is one
        assert type(await failure(made)) is ProxyFailed


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_not_there_is_told(scheme: str, unused_tcp_port: int) -> None:
    proxy = proxy_address(f"{scheme}://127.0.0.1:{unused_tcp_port}")
    error = await failure(OpenAICompatibleProvider(endpoint("https://api.example/v1"), find_proxy=lambda _: proxy))
    assert type(error) is ProxyFailed
    assert "nothing answers at the proxy" in error.detail


async def test_what_is_no_socks_proxy_is_told(server: FakeProvider) -> None:
    proxy = proxy_address(f"socks5://127.0.0.1:{server.port}")
    error = await failure(OpenAICompatibleProvider(endpoint("https://api.example/v1"), find_proxy=lambda _: proxy))
    assert type(error) is ProxyFailed


# What is sent along


@pytest.mark.parametrize(
    ("auth", "name", "value"),
    [
        (AuthStyle.BEARER, "authorization", "Bearer sk-canary-0123456789"),
        (AuthStyle.API_KEY, "api-key", "sk-canary-0123456789"),
        (AuthStyle.X_API_KEY, "x-api-key", "sk-canary-0123456789"),
    ],
)
async def test_the_key_travels_in_the_header_of_its_style(
    server: FakeProvider, auth: AuthStyle, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-somebody")
    headers = (("x-title", "Belay"), ("anthropic-version", "2023-06-01"))
    body = '{"temperature": 0.5, "provider": {"order": ["x"]}}'
    provider = OpenAICompatibleProvider(endpoint(server.base_url, auth=auth, headers=headers, body=body))
    model = f"{MODEL}&key={auth.value}"
    await ask(provider, model)
    seen = server.wait_for("request", model=model)
    sent = {key.lower(): each for key, each in seen["headers"].items()}
    assert sent[name] in (value, fingerprint(value))
    assert [each for each in ("authorization", "api-key", "x-api-key") if each in sent] == [name]
    assert (sent["x-title"], sent["anthropic-version"]) == ("Belay", "2023-06-01")
    assert not {"openai-organization", "openai-project"} & sent.keys()
    assert seen["body_bytes"] > len(body)
    await provider.aclose()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"headers": (("X-Evil", "a\r\nHost: b"),)}, "holds a line break"),
        ({"headers": (("X Evil", "a"),)}, "can't be the name of a header"),
        ({"headers": (("", "a"),)}, "can't be the name of a header"),
        ({"headers": (("Authorization", "a"),)}, "is Belay's own"),
        ({"headers": (("host", "a"),)}, "is Belay's own"),
        ({"headers": (("X-Api-Key", "a"),)}, "enter the key in its own field"),
        ({"headers": (("Content-Length", "7"),)}, "is Belay's own"),
        ({"headers": (("X-Snowman", "☃"),)}, "can't be sent"),
        ({"body": "{"}, "are not JSON"),
        ({"body": "[1]"}, "must be a JSON object"),
        ({"body": '{"messages": []}'}, "messages is Belay's own"),
        ({"body": '{"stream": false}'}, "stream is Belay's own"),
    ],
)
def test_what_cannot_be_sent_is_told_before_anything_is(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(SetUpMistaken, match=sentence):
        OpenAICompatibleProvider(endpoint("https://api.example/v1", **changes))


@pytest.mark.parametrize("key", ["sk-with\nline", "sk with space", "ключ"])
def test_a_key_that_cannot_be_sent_is_told_without_it(key: str) -> None:
    with pytest.raises(KeyUnavailable) as raised:
        OpenAICompatibleProvider(endpoint("https://api.example/v1", api_key=Secret(key)))
    assert key not in str(raised.value.fault)


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(NotAnOpenAIServer):
        OpenAICompatibleProvider(endpoint("ftp://api.example"))


# Connections that are used again


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
async def test_a_request_that_meets_a_closed_connection_is_sent_again(tls: bool) -> None:
    """Without a turn of the loop between them the pool does not know yet that the server has hung up."""
    with FakeProvider(tls=tls, flags="--hang-up") as server:
        provider = OpenAICompatibleProvider(endpoint(server.base_url, ca_file=str(CA_FILE)))
        for _ in range(5):
            assert await ask(provider) == answer_text(20)
        assert len(server.events("request")) == 5, "no request was answered twice"
        await provider.aclose()


class Hanger:
    """A server of two acts: it answers the first request of its first connection, and hangs up at the second."""

    def __init__(self, answer: bytes) -> None:
        self.requests = 0
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with self._listener.accept()[0] as client:
            for answer in (self._answer, b"") if self._answer else (b"",):
                data = b""
                while b"\r\n\r\n" not in data or not data.endswith(b"}"):
                    data += client.recv(65536)
                self.requests += 1
                client.sendall(answer)
        while True:
            try:
                other = self._listener.accept()[0]
            except OSError:
                return
            with other:
                other.recv(65536)
                self.requests += 1
                other.sendall(self._answer)


def whole_answer(text: str) -> bytes:
    body = b'{"choices": [{"message": {"content": "%b"}, "finish_reason": "stop"}]}' % text.encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


async def test_it_is_sent_again_on_a_new_connection_only_once() -> None:
    server = Hanger(whole_answer("yes"))
    provider = OpenAICompatibleProvider(endpoint(server.base_url))
    assert [await ask(provider), await ask(provider)] == ["yes", "yes"]
    assert server.requests == 3
    await provider.aclose()
    server.close()


async def test_a_request_on_a_new_connection_is_never_sent_twice() -> None:
    """It was read, and the server hung up without a word: nobody knows whether it was answered, and paid for."""
    server = Hanger(b"")
    provider = OpenAICompatibleProvider(endpoint(server.base_url))
    with pytest.raises(StreamBroken):
        await ask(provider)
    await asyncio.sleep(0.1)
    assert server.requests == 1
    await provider.aclose()
    server.close()


async def test_a_new_connection_that_breaks_is_not_tried_again() -> None:
    with FakeProvider() as server:
        provider = OpenAICompatibleProvider(endpoint(server.base_url))
        with pytest.raises(StreamBroken):
            await ask(provider, "fault=reset_after:0")
        assert len(server.events("request")) == 1
        await ask(provider)
        with pytest.raises(StreamBroken):
            await ask(provider, "rate=5000&fault=reset_after:0")
        assert len(server.events("request")) == 3, "a byte of the response had come"
        await provider.aclose()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
async def test_a_connection_made_ahead_saves_the_handshake(tls: bool) -> None:
    with FakeProvider(tls=tls) as server:
        provider = OpenAICompatibleProvider(endpoint(server.base_url, ca_file=str(CA_FILE)))
        await provider.warm()
        await provider.warm()
        server.wait_for("tls_done" if tls else "accepted")
        assert len(server.events("accepted")) == 1
        assert server.events("request") == []
        assert await ask(provider) == answer_text(20)
        assert await ask(provider) == answer_text(20)
        await provider.warm()
        assert len(server.events("accepted")) == 1
        await provider.aclose()


async def test_a_connection_made_ahead_through_socks_is_used() -> None:
    with FakeProvider(tls=True) as server, FakeProxy(flags="--socks") as proxy:
        provider = OpenAICompatibleProvider(endpoint(server.base_url, ca_file=str(CA_FILE)), find_proxy=through(proxy))  # type: ignore[arg-type]  # it is one
        await provider.warm()
        assert await ask(provider) == answer_text(20)
        assert len(proxy.events("accepted")) == 1
        await provider.aclose()


async def test_a_connection_made_ahead_is_dropped_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_backend, "WARM_S", 0.05)
    with FakeProvider() as server:
        provider = OpenAICompatibleProvider(endpoint(server.base_url))
        await provider.warm()
        await asyncio.to_thread(server.wait_for, "close_seen")
        assert await ask(provider) == answer_text(20)
        assert len(server.events("accepted")) == 2
        await provider.aclose()


async def test_a_connection_made_ahead_is_closed_with_the_provider() -> None:
    with FakeProvider() as server:
        provider = OpenAICompatibleProvider(endpoint(server.base_url))
        await provider.warm()
        await provider.aclose()
        await asyncio.to_thread(server.wait_for, "close_seen")


async def test_one_that_the_server_closed_meanwhile_is_replaced() -> None:
    with FakeProvider() as server:
        provider = OpenAICompatibleProvider(endpoint(server.base_url))
        await provider.warm()
    with FakeProvider(flags=f"--port {server.port}") as again:
        assert await ask(provider) == answer_text(20)
        assert len(again.events("request")) == 1
        await provider.aclose()


async def test_stop_closes_the_connection_that_was_made_ahead() -> None:
    with FakeProvider() as server:
        provider, signal = OpenAICompatibleProvider(endpoint(server.base_url)), AbortSignal()
        await provider.warm()
        answer = asyncio.create_task(ask(provider, "fault=no_headers", signal))
        await asyncio.to_thread(server.wait_for, "request")
        signal.abort(AbortReason.USER)
        assert signal.closed_ns is not None
        close = await asyncio.to_thread(server.wait_for, "close_seen")
        assert close["connection"] == 1
        answer.cancel()
        await asyncio.gather(answer, return_exceptions=True)
        await provider.aclose()


async def test_nothing_to_be_had_ahead_is_an_error_of_ours(unused_tcp_port: int) -> None:
    provider = OpenAICompatibleProvider(endpoint(f"http://127.0.0.1:{unused_tcp_port}/v1"))
    with pytest.raises(ProviderUnreachable):
        await provider.warm()
    await provider.aclose()


# What is loaded when


def test_the_first_message_loads_no_module(server: FakeProvider) -> None:
    """openai imports most of itself at the first use of each resource: that is done where the client is loaded."""
    script = f"""
import asyncio, sys
from app.domain.abort import AbortSignal
from app.domain.completion import CompletionRequest, Turn
from app.domain.conversation import Role
from app.domain.provider import Endpoint, Secret
from app.providers.client_loading import load_client
from app.providers.openai_compatible import OpenAICompatibleProvider

async def main():
    load_client()
    provider = OpenAICompatibleProvider(Endpoint(name="x", base_url={server.base_url!r}, api_key=Secret("k")))
    before = set(sys.modules)
    await provider.list_models()
    request = CompletionRequest(model={MODEL!r}, turns=(Turn(Role.USER, "hi"),))
    async for _ in provider.stream(request, AbortSignal()):
        pass
    heavy = ("openai", "pydantic", "httpx2", "httpcore2", "anyio")
    print(*(name for name in set(sys.modules) - before if name.split(".")[0] in heavy))
    await provider.aclose()

asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# Caps


class Flood:
    """Answers the first request with a head, and then with as much as is taken."""

    def __init__(self, status: int, kind: str, piece: bytes, length: int) -> None:
        self.sent_bytes = 0
        self._head = (
            f"HTTP/1.1 {status} Whatever\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nretry-after: 3\r\n\r\n"
        ).encode()
        self._piece, self._length = piece, length
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        with self._listener.accept()[0] as client:
            client.recv(65536)
            try:
                client.sendall(self._head)
                while self.sent_bytes < self._length:
                    client.sendall(self._piece)
                    self.sent_bytes += len(self._piece)
            except OSError:
                return


GIGABYTE = 1 << 30


async def test_of_an_endless_refusal_only_the_beginning_is_read() -> None:
    flood = Flood(429, "application/json", b"x" * 65536, GIGABYTE)
    error = await failure(OpenAICompatibleProvider(endpoint(flood.base_url)))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 3.0
    assert len(error.detail) <= 500
    flood.close()
    assert flood.sent_bytes < 16 << 20, "what the kernel buffers, and no more"


@pytest.mark.parametrize(
    ("kind", "piece", "most_bytes"),
    [
        ("application/json", b" " * 65536, 24 << 20),
        ("text/event-stream", b"x" * 65536, 24 << 20),
        ("text/event-stream", b": nothing\n" * 6554, 100 << 20),
    ],
    ids=["whole", "line", "comments"],
)
async def test_an_endless_answer_is_refused(kind: str, piece: bytes, most_bytes: int) -> None:
    flood = Flood(200, kind, piece, GIGABYTE)
    assert isinstance(await failure(OpenAICompatibleProvider(endpoint(flood.base_url))), AnswerTooLarge)
    flood.close()
    assert flood.sent_bytes < most_bytes


async def test_an_endless_list_of_models_is_refused() -> None:
    flood = Flood(200, "application/json", b" " * 65536, GIGABYTE)
    provider = OpenAICompatibleProvider(endpoint(flood.base_url))
    with pytest.raises(AnswerTooLarge):
        await provider.list_models()
    await provider.aclose()
    flood.close()
    assert flood.sent_bytes < 32 << 20
