"""One accepted connection: bytes in, bytes out, and the moment the peer closes it."""

import asyncio
import select
import socket
import ssl
import struct
import time
from collections.abc import Callable, Coroutine

from tests.fake_provider.http import Request, take_request
from tests.fake_provider.report import say
from tests.fake_provider.tls_layer import TlsLayer


class Connection(asyncio.Protocol):
    """
    Always reading, so that a close is seen at once whatever is being sent.

    `serve` runs as a task and is cancelled when the peer closes, unless `closed_by_peer`
    (called with the moment in monotonic ns, and how) answers that it wants to go on.
    """

    def __init__(
        self,
        number: int,
        *,
        serve: Callable[[], Coroutine[None, None, None]],
        closed_by_peer: Callable[[int, str], bool],
        tls: TlsLayer | None,
        stall_tls: bool,
        tarpit: bool,
    ) -> None:
        self.number = number
        self.ended = False  # by the peer, or by a reset
        self.bytes_written = 0
        self._serve = serve
        self._closed_by_peer = closed_by_peer
        self._tls = tls
        self._stall_tls = stall_tls
        self._tarpit = tarpit
        self._inbox = bytearray()
        self._arrived: asyncio.Future[None] | None = None
        self._hang_ups: select.epoll | None = None
        self._unsent = 0

    @property
    def phase(self) -> str:
        if self._stall_tls or (self._tls is not None and not self._tls.established):
            return "tls"
        return "request" if self._inbox else "idle"

    @property
    def bytes_sent(self) -> int:
        """What the kernel has taken; at most one write behind after a reset."""
        if not self._transport.is_closing():
            self._unsent = self._transport.get_write_buffer_size()
        return max(0, self.bytes_written - self._unsent)

    async def read_request(self) -> Request:
        """
        Raises:
            ValueError: what came is not HTTP.
        """
        while (request := take_request(self._inbox)) is None:
            self._arrived = asyncio.get_running_loop().create_future()
            await self._arrived
        return request

    def write(self, data: bytes) -> None:
        if self._transport.is_closing() or not data:
            return
        self.bytes_written += len(data)
        self._transport.write(self._tls.send(data) if self._tls else data)
        self._unsent = self._transport.get_write_buffer_size()

    async def drain(self) -> None:
        """Until the kernel has taken everything."""
        while self._transport.get_write_buffer_size() and not self._transport.is_closing():
            await asyncio.sleep(0.001)

    def finish(self, *, politely: bool = True) -> None:
        """FIN behind all that was written, and go on reading, to see the peer's close. `politely`: TLS says so too."""
        if self._transport.is_closing():
            return
        if self._tls and politely:
            self._transport.write(self._tls.close_notify())
        self._transport.write_eof()
        say("closed", connection=self.number, how="fin")

    def reset(self) -> None:
        """RST, now."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.ended = True
        self._transport.abort()
        say("closed", connection=self.number, how="reset")

    def abort(self) -> None:
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._socket: socket.socket = transport.get_extra_info("socket")
        say("accepted", connection=self.number)
        if self._tarpit:
            transport.pause_reading()
            self._watch_hang_up()
            return
        self._task = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data: bytes) -> None:
        if self._stall_tls:
            return
        self._inbox += data if self._tls is None else self._decrypt(self._tls, data)
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)

    def eof_received(self) -> bool:
        return self._on_peer_close("eof")

    def connection_lost(self, exc: Exception | None) -> None:
        self._on_peer_close("reset" if exc else "lost")
        if self._hang_ups is not None:
            asyncio.get_running_loop().remove_reader(self._hang_ups.fileno())
            self._hang_ups.close()

    def _decrypt(self, tls: TlsLayer, data: bytes) -> bytes:
        was_established = tls.established
        try:
            plain = tls.receive(data)
        except ssl.SSLError as error:
            say("tls_failed", connection=self.number, reason=error.reason or str(error))
            self._transport.write(tls.take_outgoing())
            return b""
        self._transport.write(tls.take_outgoing())
        if tls.established and not was_established:
            say("tls_done", connection=self.number, version=tls.version, resumed=tls.resumed)
        if tls.peer_closed:
            self._on_peer_close("close_notify")
        return plain

    def _on_peer_close(self, how: str) -> bool:
        """Returns whether the connection stays half open."""
        if self.ended:
            return False
        t_ns = time.monotonic_ns()
        self.ended = True
        if self._closed_by_peer(t_ns, how):
            return True
        if not self._tarpit:
            self._task.cancel()
        self._transport.abort()
        return False

    def _watch_hang_up(self) -> None:
        # A socket that nobody reads shows its end only as EPOLLRDHUP, which asyncio does not ask for.
        self._hang_ups = select.epoll()
        self._hang_ups.register(self._socket.fileno(), select.EPOLLRDHUP)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._hang_ups.fileno(), lambda: self._on_peer_close("eof"))
