"""The fake sees a close at once, whatever it is doing. The limits are generous: this is no benchmark."""

import socket
import struct
import time

import pytest

from tests.fake_provider.behaviour import model_name
from tests.fake_provider.process import Event, FakeProvider
from tests.unit.fake_provider.client import AT_ONCE_NS, send_raw


def _seen_after(provider: FakeProvider, model: str, clicked_ns: int) -> Event:
    request = provider.wait_for("request", model=model)
    seen = provider.wait_for("close_seen", connection=request["connection"])
    assert 0 <= seen.t_ns - clicked_ns < AT_ONCE_NS
    return seen


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@pytest.mark.parametrize("rate", [50, 3000, 10_000])
def test_in_mid_stream(provider: FakeProvider, rate: int) -> None:
    model = model_name(rate=rate, count=100_000, key=f"mid-stream at {rate}")
    with send_raw(provider, model) as client:
        first = provider.wait_for("first_byte", request=provider.wait_for("request", model=model)["request"])
        while client.recv(65536) and time.monotonic_ns() < first.t_ns + 200_000_000:
            pass
        clicked_ns = time.monotonic_ns()
        client.shutdown(socket.SHUT_RDWR)
        seen = _seen_after(provider, model, clicked_ns)
    assert seen["phase"] == "streaming"
    assert seen["tokens_generated"] == seen.generated_before(seen.t_ns) > 0
    assert 0 <= seen["tokens_generated"] - seen["tokens_sent"] <= rate * 0.05 + 1
    assert 0 <= seen.generated_after(clicked_ns) <= rate * AT_ONCE_NS / 1e9 + 1
    assert provider.find("finished", request=seen["request"]) is None


def test_while_it_cannot_send(provider: FakeProvider) -> None:
    """Megabytes wait for a client that never reads."""
    model = model_name(rate=50_000, count=10_000_000, key="cannot send")
    with send_raw(provider, model) as client:
        provider.wait_for("first_byte", request=provider.wait_for("request", model=model)["request"])
        time.sleep(0.6)
        clicked_ns = time.monotonic_ns()
        client.shutdown(socket.SHUT_RDWR)
        seen = _seen_after(provider, model, clicked_ns)
    assert seen["bytes_sent"] < seen["tokens_sent"] * 150


@pytest.mark.parametrize(
    ("query", "phase"),
    [
        ("headers=9", "waiting"),
        ("fault=no_headers", "waiting"),
        ("delay=9", "headers"),
        ("fault=stall_after:0", "headers"),
    ],
)
def test_before_the_first_token(provider: FakeProvider, query: str, phase: str) -> None:
    model = f"{query}&key=before the first token"
    with send_raw(provider, model) as client:
        request = provider.wait_for("request", model=model)
        if phase == "headers":
            provider.wait_for("headers_sent", request=request["request"])
        clicked_ns = time.monotonic_ns()
        client.shutdown(socket.SHUT_RDWR)
        seen = _seen_after(provider, model, clicked_ns)
    assert (seen["phase"], seen["tokens_generated"], seen["tokens_sent"]) == (phase, 0, 0)


@pytest.mark.parametrize("fault", ["stall_after:5", "pings_after:5", "cut_after:5"])
def test_in_a_silent_stream(provider: FakeProvider, fault: str) -> None:
    model = f"rate=3000&fault={fault}&key=silent"
    with send_raw(provider, model) as client:
        provider.wait_for("first_byte", request=provider.wait_for("request", model=model)["request"])
        time.sleep(0.05)
        clicked_ns = time.monotonic_ns()
        client.shutdown(socket.SHUT_RDWR)
        seen = _seen_after(provider, model, clicked_ns)
    assert seen["tokens_sent"] == seen["tokens_generated"] == 5


def test_by_a_reset(provider: FakeProvider) -> None:
    model = "rate=100&key=reset by the client"
    client = send_raw(provider, model)
    provider.wait_for("request", model=model)
    clicked_ns = time.monotonic_ns()
    _reset(client)
    assert _seen_after(provider, model, clicked_ns)["how"] == "reset"


def test_before_any_request(provider: FakeProvider) -> None:
    last = provider.events()[-1]
    with socket.create_connection(("127.0.0.1", provider.port)):
        accepted = provider.wait_for("accepted", after=last)
    assert provider.wait_for("close_seen", connection=accepted["connection"])["phase"] == "idle"


def test_in_the_middle_of_a_request(provider: FakeProvider) -> None:
    last = provider.events()[-1]
    with socket.create_connection(("127.0.0.1", provider.port)) as client:
        accepted = provider.wait_for("accepted", after=last)
        client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 99\r\n\r\n{")
    assert provider.wait_for("close_seen", connection=accepted["connection"])["phase"] == "request"


def test_a_disconnect_can_be_ignored(provider: FakeProvider) -> None:
    """The close is still told, and the tokens go on being generated to the last."""
    model = "rate=500&count=150&fault=ignore_disconnect&key=ignored"
    with send_raw(provider, model):
        request = provider.wait_for("request", model=model)
        provider.wait_for("first_byte", request=request["request"])
    seen = provider.wait_for("close_seen", request=request["request"])
    finished = provider.wait_for("finished", request=request["request"], after=seen)
    assert seen["tokens_generated"] < finished["tokens_generated"] == 150


def test_in_a_tarpit() -> None:
    with FakeProvider(flags="--tarpit") as provider:
        with send_raw(provider, "fake-300") as client:
            provider.wait_for("accepted")
            clicked_ns = time.monotonic_ns()
            client.shutdown(socket.SHUT_RDWR)
            seen = provider.wait_for("close_seen")
        assert 0 <= seen.t_ns - clicked_ns < AT_ONCE_NS
        assert provider.find("request") is None


def test_a_full_backlog_keeps_clients_connecting() -> None:
    with FakeProvider(flags="--full-backlog") as provider, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", provider.port), timeout=0.2)
