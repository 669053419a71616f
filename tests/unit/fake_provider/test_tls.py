"""Over TLS the fake behaves as without, and can have every fault of a certificate."""

import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text
from tests.unit.fake_provider.client import AT_ONCE_NS, ask, connected, request_body


@pytest.fixture(scope="module")
def secure() -> Iterator[FakeProvider]:
    with FakeProvider(tls=True) as running:
        yield running


def _trusting(provider: FakeProvider) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=provider.ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_trusting_client_is_served(secure: FakeProvider, host: str) -> None:
    last = secure.events()[-1]
    with connected(secure, _trusting(secure), host) as connection:
        assert ask(connection, "rate=3000&count=300").text == answer_text(300)
        assert ask(connection, "fake-short&split=1").text == answer_text(12)
    done = secure.wait_for("tls_done", after=last)
    assert done["version"] == "TLSv1.3"
    assert secure.wait_for("close_seen", connection=done["connection"])["phase"] == "idle"


def test_a_close_without_goodbye_is_seen_at_once(secure: FakeProvider) -> None:
    """`shutdown` of the socket below TLS: what Stop does."""
    body = request_body("rate=3000&count=100000&key=goodbye")
    plain = socket.create_connection(("localhost", secure.port), timeout=10)
    with _trusting(secure).wrap_socket(plain, server_hostname="localhost") as client:
        client.sendall(f"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        request = secure.wait_for("request", model="rate=3000&count=100000&key=goodbye")
        secure.wait_for("first_byte", request=request["request"])
        client.recv(65536)
        clicked_ns = time.monotonic_ns()
        client.shutdown(socket.SHUT_RDWR)
        seen = secure.wait_for("close_seen", request=request["request"])
    assert 0 <= seen.t_ns - clicked_ns < AT_ONCE_NS


def test_a_reset_and_a_cut(secure: FakeProvider) -> None:
    for fault in ("reset_after:20", "cut_after:20"):
        with connected(secure, _trusting(secure), "localhost") as connection:
            answer = ask(connection, f"rate=3000&fault={fault}")
        assert answer.text == answer_text(20)
        assert answer.finish_reasons == []


def test_a_client_that_does_not_trust_is_told_of(secure: FakeProvider) -> None:
    last = secure.events()[-1]
    with pytest.raises(ssl.SSLCertVerificationError), connected(secure, ssl.create_default_context(), "localhost"):
        pass
    accepted = secure.wait_for("accepted", after=last)
    assert "UNKNOWN_CA" in secure.wait_for("tls_failed", connection=accepted["connection"])["reason"]


@pytest.mark.parametrize(("certificate", "reason"), [("wrong-host", "Hostname mismatch"), ("expired", "has expired")])
def test_bad_certificates(certificate: str, reason: str) -> None:
    with FakeProvider(flags=f"--certificate {certificate}") as provider:
        assert provider.base_url.startswith("https:")
        with (
            pytest.raises(ssl.SSLCertVerificationError, match=reason),
            connected(provider, _trusting(provider), "localhost"),
        ):
            pass


def test_a_handshake_can_stall() -> None:
    with FakeProvider(tls=True, flags="--tls-stall") as provider:
        plain = socket.create_connection(("127.0.0.1", provider.port), timeout=0.2)
        with pytest.raises(TimeoutError), plain:
            _trusting(provider).wrap_socket(plain, server_hostname="localhost")
        assert provider.wait_for("close_seen")["phase"] == "tls"
