"""A client on the standard library, which hides nothing of what the server did."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.fake_provider.process import FakeProvider

AT_ONCE_NS = 50_000_000  # generous: the median is well under 1 ms
HEADERS = {"content-type": "application/json", "authorization": "Bearer sk-test"}


@dataclass(frozen=True)
class Answer:
    """A whole reply; `cut` is how it broke off, if it did."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: Exception | None = None

    @property
    def data(self) -> list[str]:
        """The data of each SSE event, read as leniently as a client may."""
        lines = self.body.decode(errors="replace").splitlines()
        return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]

    @property
    def deltas(self) -> list[dict[str, Any]]:
        chunks = [json.loads(data) for data in self.data if data.startswith('{"id"')]
        return [choice["delta"] for chunk in chunks for choice in chunk["choices"]]

    @property
    def finish_reasons(self) -> list[str]:
        chunks = [json.loads(data) for data in self.data if data.startswith('{"id"')]
        reasons = [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"]]
        return [reason for reason in reasons if reason]

    @property
    def text(self) -> str:
        return "".join(delta.get("content", "") for delta in self.deltas)

    @property
    def reasoning(self) -> str:
        return "".join(delta.get("reasoning_content", "") for delta in self.deltas)

    @property
    def error(self) -> dict[str, Any]:
        error = json.loads(self.body)["error"]
        assert isinstance(error, dict)
        return error


@contextmanager
def connected(
    provider: FakeProvider, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[http.client.HTTPConnection]:
    connection = (
        http.client.HTTPConnection(host, provider.port, timeout=10)
        if tls is None
        else http.client.HTTPSConnection(host, provider.port, timeout=10, context=tls)
    )
    try:
        connection.connect()
        yield connection
    finally:
        connection.close()


def request_body(model: str, **parameters: Any) -> bytes:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Ahoy, sailor"}]
    return json.dumps({"model": model, "stream": True, "messages": messages, **parameters}).encode()


def ask(connection: http.client.HTTPConnection, model: str, **parameters: Any) -> Answer:
    """Reads the reply to its end, however that comes."""
    connection.request("POST", "/v1/chat/completions", request_body(model, **parameters), HEADERS)
    return read_answer(connection.getresponse())


def read_answer(response: http.client.HTTPResponse) -> Answer:
    cut: Exception | None = None
    body = bytearray()
    try:
        while piece := response.read1(65536):
            body += piece
    except (http.client.IncompleteRead, ConnectionError, TimeoutError, ssl.SSLError) as error:
        cut = error
        body += getattr(error, "partial", b"")
    response.close()  # read1 leaves that to us
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, bytes(body), cut)


def send_raw(provider: FakeProvider, model: str) -> socket.socket:
    """A plain socket on which a streamed completion has been asked for."""
    body = request_body(model)
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    client = socket.create_connection(("127.0.0.1", provider.port), timeout=10)
    client.sendall(head.encode() + body)
    return client
