"""The proxy passes everything on, a close above all."""

import socket
import ssl
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.fake_provider.process import FakeProvider, FakeProxy
from tests.fake_provider.report import fingerprint
from tests.unit.fake_provider.client import AT_ONCE_NS, request_body


@pytest.fixture(scope="module")
def proxy() -> Iterator[FakeProxy]:
    with FakeProxy() as running:
        yield running


@pytest.fixture(scope="module")
def secure() -> Iterator[FakeProvider]:
    with FakeProvider(tls=True) as running:
        yield running


def _post(client: httpx2.Client, provider: FakeProvider, model: str) -> httpx2.Response:
    return client.post(f"{provider.base_url}/chat/completions", content=request_body(model))


def test_absolute_addresses(proxy: FakeProxy, provider: FakeProvider) -> None:
    last = proxy.events()[-1]
    with httpx2.Client(proxy=proxy.url.replace("//", "//user:secret@")) as client:
        for _ in range(2):
            assert _post(client, provider, "fake-short").text.endswith("data: [DONE]\n\n")
    connect = proxy.wait_for("connect", after=last)
    assert (connect["method"], connect["host"], connect["port"]) == ("POST", "127.0.0.1", provider.port)
    assert connect["headers"]["proxy-authorization"] == fingerprint("Basic dXNlcjpzZWNyZXQ=")


def test_tunnels(proxy: FakeProxy, secure: FakeProvider) -> None:
    last = proxy.events()[-1]
    trust = ssl.create_default_context(cafile=secure.ca_file)
    with httpx2.Client(proxy=proxy.url, verify=trust) as client:
        for _ in range(2):
            assert _post(client, secure, "fake-short").text.endswith("data: [DONE]\n\n")
    connect = proxy.wait_for("connect", after=last)
    assert (connect["method"], connect["port"]) == ("CONNECT", secure.port)
    assert proxy.wait_for("close_seen", connection=connect["connection"])["side"] == "client"


def _tunnel(proxy: FakeProxy, provider: FakeProvider, model: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    client.sendall(f"CONNECT 127.0.0.1:{provider.port} HTTP/1.1\r\n\r\n".encode())
    assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    body = request_body(model)
    client.sendall(f"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    return client


def test_a_close_reaches_the_provider_at_once(proxy: FakeProxy, provider: FakeProvider) -> None:
    model = "rate=3000&count=100000&key=through the proxy"
    with _tunnel(proxy, provider, model) as client:
        request = provider.wait_for("request", model=model)
        provider.wait_for("first_byte", request=request["request"])
        clicked_ns = time.monotonic_ns()
        client.shutdown(socket.SHUT_RDWR)
        seen = provider.wait_for("close_seen", request=request["request"])
    assert 0 <= seen.t_ns - clicked_ns < AT_ONCE_NS


def test_the_origins_close_reaches_the_client(proxy: FakeProxy, provider: FakeProvider) -> None:
    last = proxy.events()[-1]
    with _tunnel(proxy, provider, "rate=3000&fault=cut_after:5") as client:
        while client.recv(65536):
            pass
    assert proxy.wait_for("close_seen", after=last)["side"] == "upstream"


def test_an_origin_that_refuses_is_502(proxy: FakeProxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with httpx2.Client(proxy=proxy.url) as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 502


def test_it_can_say_no_or_nothing() -> None:
    with FakeProxy(flags="--status 407") as proxy, httpx2.Client(proxy=proxy.url) as client:
        assert client.get("http://127.0.0.1:9/").status_code == 407
    with FakeProxy(flags="--stall") as proxy, httpx2.Client(proxy=proxy.url, timeout=0.2) as client:
        with pytest.raises(httpx2.ReadTimeout):
            client.get("http://127.0.0.1:9/")
        assert proxy.wait_for("close_seen")["side"] == "client"
