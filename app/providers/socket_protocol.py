"""The asyncio end of a connection: what arrived and was not read yet, and who waits for it."""

import asyncio

import httpcore2

PAUSE_READING_AT_BYTES = 256 * 1024


class SocketProtocol(asyncio.Protocol):
    """Collects what arrives. One reader waits at a time, as in HTTP/1.1."""

    def __init__(self, *, is_tls: bool = False) -> None:
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.eof = False
        self.error: Exception | None = None
        self.lost = False
        self._is_tls = is_tls
        self._paused = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    async def wait_readable(self, timeout_s: float | None) -> None:
        reader = self._reader = asyncio.get_running_loop().create_future()
        if timeout_s is None:
            await reader
            return
        try:
            async with asyncio.timeout(timeout_s):  # never wait_for: on 3.11 it can swallow a cancel
                await reader
        except TimeoutError:
            raise httpcore2.ReadTimeout from None

    async def wait_writable(self, timeout_s: float | None) -> None:
        if self._writer is None:
            return
        try:
            async with asyncio.timeout(timeout_s):
                await self._writer
        except TimeoutError:
            raise httpcore2.WriteTimeout from None

    def resume(self) -> None:
        if self._paused and self.transport is not None:
            self._paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if not self._is_tls:  # with a limit of 0 asyncio's TLS (3.11) pauses after a write and never resumes
            transport.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if len(self.buffer) > PAUSE_READING_AT_BYTES and not self._paused and self.transport is not None:
            self._paused = True
            self.transport.pause_reading()
        self._wake_reader()

    def eof_received(self) -> bool:
        self.eof = True
        self._wake_reader()
        return not self._is_tls  # TLS can't be half-closed

    def connection_lost(self, exc: Exception | None) -> None:
        self.eof = self.lost = True
        self.error = exc
        self._wake_reader()
        self.resume_writing()

    def pause_writing(self) -> None:
        self._writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None and not writer.done():
            writer.set_result(None)

    def _wake_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and not reader.done():
            reader.set_result(None)
