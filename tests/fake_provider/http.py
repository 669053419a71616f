"""HTTP/1.1 as bytes: a request out of a buffer, a reply into one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str  # as sent: a path, a full address (to a proxy) or host:port (CONNECT)
    headers: tuple[tuple[str, str], ...]  # names in lower case
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def wants_close(self) -> bool:
        return self.header("connection").lower() == "close"

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def json(self) -> dict[str, Any]:
        """Empty where the body is no JSON object."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def take_request(buffer: bytearray) -> Request | None:
    """
    Take one whole request off the front of `buffer`; None while it is not all there.

    Raises:
        ValueError: these bytes are not HTTP, or the body has no length.
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.lower(), value.strip()) for name, _, value in pairs)
    if any(name == "transfer-encoding" for name, _ in headers):
        raise ValueError("a request body without Content-Length is not supported")
    length = next((int(value) for name, value in headers if name == "content-length"), 0)
    total = end + 4 + length
    if len(buffer) < total:
        return None
    body = bytes(buffer[end + 4 : total])
    del buffer[:total]
    return Request(method, target, headers, body)


def reply(
    status: int, body: bytes, content_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> bytes:
    """A whole reply with its length, which leaves the connection open."""
    fields = {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}
    return _head(status, fields) + body


def json_reply(status: int, value: object, headers: Mapping[str, str] | None = None) -> bytes:
    return reply(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers)


def stream_head() -> bytes:
    fields = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
        "transfer-encoding": "chunked",
    }
    return _head(200, fields)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def _head(status: int, fields: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}\r\n".encode("latin-1")
