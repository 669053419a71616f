"""Servers of a few lines that answer a path with given bytes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Listen = Callable[..., Awaitable[int]]


def answering(pages: Mapping[str, bytes], *, status: int = 200, others: int = 404) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = pages.get(head.split()[1].decode())
        code = others if body is None else status
        body = b"not found" if body is None else body
        writer.write(f"HTTP/1.1 {code} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    return serve
