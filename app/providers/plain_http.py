"""
The smallest HTTP client: one question to this computer, bounded in every direction.

Looking for servers must neither wait for the openai package to load nor go through a proxy, follow a redirect or send
a key: this one can do none of that. HTTP/1.0, so that servers answer whole and close.
"""

import asyncio
from collections.abc import Mapping

from msgspec import Struct

MAX_ANSWER_BYTES = 256 * 1024
_PORTION_BYTES = 64 * 1024
_HEAD_END = b"\r\n\r\n"


class PlainAnswer(Struct, frozen=True):
    """`headers` have names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(host: str, port: int, path: str, document: bytes = b"") -> PlainAnswer:
    """
    Ask `host`, which is this computer, for `path`: with POST if there is a JSON document to send, else with GET.

    A cancel closes the connection at once.

    Raises:
        OSError: nobody answers, or the connection broke.
        ValueError: the answer is no HTTP, or longer than MAX_ANSWER_BYTES.
    """
    reader, writer = await asyncio.open_connection(host, port)
    try:
        name = f"[{host}]" if ":" in host else host
        lines = [f"{'POST' if document else 'GET'} {path} HTTP/1.0", f"Host: {name}:{port}", "Accept: application/json"]
        if document:
            lines += ["Content-Type: application/json", f"Content-Length: {len(document)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode("ascii") + document)
        return _parsed(await _read(reader))
    finally:
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> bytes:
    data = bytearray()
    while portion := await reader.read(_PORTION_BYTES):
        data += portion
        if len(data) > MAX_ANSWER_BYTES:
            raise ValueError("the answer is too long")
        if _is_whole(data):  # many servers keep the connection open all the same
            break
    return bytes(data)


def _is_whole(data: bytearray) -> bool:
    end = data.find(_HEAD_END)
    if end < 0:
        return False
    head = bytes(data[:end]).lower()
    body_bytes = len(data) - end - len(_HEAD_END)
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return value.strip().isdigit() and body_bytes >= int(value)
        if name == b"transfer-encoding" and b"chunked" in value:
            return data.endswith(b"0\r\n\r\n")
    return False


def _parsed(data: bytes) -> PlainAnswer:
    head, end, body = data.partition(_HEAD_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    status = rest[:3]
    if not end or not version.startswith("HTTP/1.") or not (status.isascii() and status.isdigit() and len(status) == 3):
        raise ValueError("the answer is no HTTP")
    parts = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in parts}
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    return PlainAnswer(int(status), headers, body)


def _joined(body: bytes) -> bytes:
    """Join the chunks of a server that sends them to HTTP/1.0 all the same. Raises ValueError where they are none."""
    whole = bytearray()
    while True:
        size_line, end, body = body.partition(b"\r\n")
        size = int(size_line.split(b";")[0], 16)
        if not end or size < 0 or len(body) < size:
            raise ValueError("the chunks are broken")
        if size == 0:
            return bytes(whole)
        whole += body[:size]
        body = body[size + 2 :]
