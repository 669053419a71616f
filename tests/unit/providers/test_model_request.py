"""The question for the list of models is asked without openai, as the client would ask it."""

import asyncio
from collections.abc import Mapping

import pytest

from app.domain.errors import AuthenticationFailed, NotAnOpenAIServer, RedirectRefused
from app.domain.network import Origin, ProxyAddress
from app.domain.provider import AuthStyle, Endpoint, Secret
from app.providers.openai_compatible import OpenAICompatibleProvider
from app.providers.proxies import FindProxy
from tests.unit.providers.small_servers import Listen

KEY = "sk-canary-0123456789"
LIST = b'{"data": [{"id": "m"}]}'


class Server:
    """Answers every request in the same way; notes the request line and the headers."""

    def __init__(self, status: int = 200, body: bytes = LIST, more: str = "") -> None:
        self.line = ""
        self.headers: Mapping[str, str] = {}
        self._answer = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        ).encode() + body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().strip()
        self.line, *lines = head.split("\r\n")
        pairs = [line.split(": ", 1) for line in lines]
        self.headers = {name.lower(): value for name, value in pairs}
        assert len(self.headers) == len(pairs), "a header comes twice"
        writer.write(self._answer)
        await writer.drain()


def endpoint(base_url: str, **changes: object) -> Endpoint:
    return Endpoint(**({"name": "small", "base_url": base_url, "api_key": Secret(KEY)} | changes))  # type: ignore[arg-type]  # a table of keywords


def to(port: int) -> FindProxy:
    """A way on which every name leads to this computer."""

    def find(origin: Origin) -> ProxyAddress:
        return ProxyAddress("http", "127.0.0.1", port)

    return find


@pytest.mark.parametrize(
    ("auth", "name", "value"),
    [
        (AuthStyle.BEARER, "authorization", f"Bearer {KEY}"),
        (AuthStyle.API_KEY, "api-key", KEY),
        (AuthStyle.X_API_KEY, "x-api-key", KEY),
    ],
)
async def test_the_key_travels_as_in_a_message(listen: Listen, auth: AuthStyle, name: str, value: str) -> None:
    server = Server()
    port = await listen(server.serve)
    headers = (("X-Title", "Mine"), ("User-Agent", "mine/1"))
    provider = OpenAICompatibleProvider(endpoint(f"http://127.0.0.1:{port}/v1/", auth=auth, headers=headers))
    assert [model.id for model in await provider.list_models()] == ["m"]
    await provider.aclose()
    assert server.line == "GET /v1/models HTTP/1.1"
    assert {
        "host": f"127.0.0.1:{port}",
        "accept-encoding": "identity",
        "x-title": "Mine",
        "user-agent": "mine/1",
        name: value,
    }.items() <= server.headers.items()
    assert len({"authorization", "api-key", "x-api-key"} & server.headers.keys()) == 1


async def test_without_a_key_none_is_sent(listen: Listen) -> None:
    server = Server()
    port = await listen(server.serve)
    provider = OpenAICompatibleProvider(endpoint(f"http://127.0.0.1:{port}", api_key=Secret("")))
    await provider.list_models()
    await provider.aclose()
    assert server.line == "GET /models HTTP/1.1"
    assert "authorization" not in server.headers
    assert server.headers["user-agent"].startswith("belay-chat/")


@pytest.mark.parametrize(
    ("base_url", "target", "host"),
    [
        ("http://models.example/v1", "http://models.example/v1/models", "models.example"),
        ("http://models.example:80/v1", "http://models.example/v1/models", "models.example"),
        ("http://Models.Example:8080/v1", "http://models.example:8080/v1/models", "models.example:8080"),
        ("http://bücher.example/v1", "http://xn--bcher-kva.example/v1/models", "xn--bcher-kva.example"),
        ("http://models.example/a b/é%20", "http://models.example/a%20b/%C3%A9%20/models", "models.example"),
    ],
)
async def test_the_address_is_written_as_it_has_to_be(listen: Listen, base_url: str, target: str, host: str) -> None:
    server = Server()
    find_proxy = to(await listen(server.serve))
    provider = OpenAICompatibleProvider(endpoint(base_url), find_proxy=find_proxy)
    await provider.list_models()
    await provider.aclose()
    assert server.line.split()[1] == target
    assert server.headers["host"] == host


async def test_anthropics_list_is_asked_for_in_its_own_words(listen: Listen) -> None:
    server = Server()
    find_proxy = to(await listen(server.serve))
    provider = OpenAICompatibleProvider(endpoint("http://api.anthropic.com/v1"), find_proxy=find_proxy)
    await provider.list_models()
    await provider.aclose()
    assert server.headers["x-api-key"] == KEY
    assert "authorization" not in server.headers


async def test_a_name_that_can_be_none_is_told() -> None:
    provider = OpenAICompatibleProvider(endpoint("http://\u2603\u0301..example/v1"))
    with pytest.raises(NotAnOpenAIServer):
        await provider.list_models()
    await provider.aclose()


@pytest.mark.parametrize(
    ("server", "error"),
    [
        (
            Server(401, b'{"error": {"message": "Incorrect API key provided: ' + KEY.encode() + b'"}}'),
            AuthenticationFailed,
        ),
        (Server(302, b"", "Location: http://elsewhere.example/\r\n"), RedirectRefused),
        (Server(200, b"<html>"), NotAnOpenAIServer),
    ],
    ids=["key", "redirect", "no list"],
)
async def test_what_is_no_list_is_told(listen: Listen, server: Server, error: type[Exception]) -> None:
    provider = OpenAICompatibleProvider(endpoint(f"http://127.0.0.1:{await listen(server.serve)}/v1"))
    with pytest.raises(error) as raised:
        await provider.list_models()
    assert KEY not in str(raised.value)
    await provider.aclose()
