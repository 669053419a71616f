"""
A connection that an abort closes inside the click.

It stands on a plain asyncio transport: no timer and no pause/resume per read, and it knows the exchange that is
using it, so that the exchange's abort can shut the socket down without waiting for the event loop.
"""

import asyncio
import socket
import ssl
from typing import Any

import httpcore2

from app.providers.chunk_joiner import ChunkJoiner
from app.providers.exchange import Exchange, current_exchange
from app.providers.socket_protocol import SocketProtocol

SLICE_BYTES = 16 * 1024  # one uninterrupted piece of work on the UI thread: about 80 chunks, 5 ms
HEAD_END = b"\r\n\r\n"
LONGEST_HEAD_BYTES = 64 * 1024


class Connection(httpcore2.AsyncNetworkStream):
    """One TCP or TLS connection."""

    def __init__(self, protocol: SocketProtocol, transport: asyncio.Transport) -> None:
        self._protocol = protocol
        self._transport = transport
        self._closed = False
        self._is_warmed = False
        self._joiner: ChunkJoiner | None = None
        self._response: bytearray | None = None  # what was read of it while it is not known if it is chunked

    def join_chunks(self) -> None:
        """The response that is being read is chunked: hand its chunks on in fewer and larger ones."""
        response, self._response = self._response, None
        if response is None:
            return
        end = response.rfind(HEAD_END)  # the last head: those before it are informational (1xx)
        if end >= 0 and response.count(HEAD_END) == 1:
            self._joiner = ChunkJoiner()
            self._joiner.skip(bytes(response[end + len(HEAD_END) :]))

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore2's signature
        """
        Return what has arrived, at most SLICE_BYTES of it; b"" at the end.

        Raises:
            httpcore2.ReadError, httpcore2.ReadTimeout
        """
        exchange = self._claim()
        protocol = self._protocol
        if not protocol.buffer:
            if not protocol.eof:
                await protocol.wait_readable(timeout)
            if not protocol.buffer:
                if self._closed or protocol.error is not None:
                    raise httpcore2.ReadError(str(protocol.error or "connection closed"))
                return b""
        if exchange is not None:
            exchange.has_received = True
        size = min(SLICE_BYTES, max_bytes)
        data = bytes(protocol.buffer[:size])
        del protocol.buffer[:size]
        if protocol.buffer:
            await asyncio.sleep(0)  # a click on Stop may be waiting
        else:
            protocol.resume()
        if self._joiner is not None:
            return self._joiner.join(data)
        if self._response is not None:
            self._response += data
            if len(self._response) > LONGEST_HEAD_BYTES:
                self._response = None
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore2's signature
        """
        Write it all.

        Raises:
            httpcore2.WriteError, httpcore2.WriteTimeout
        """
        if not buffer:
            return
        self._claim()
        if self._closed or self._protocol.lost:
            raise httpcore2.WriteError("connection closed")
        self._joiner, self._response = None, bytearray()
        self._transport.write(buffer)
        await self._protocol.wait_writable(timeout)

    def abort(self) -> None:
        """
        Close now. The FIN has left when this returns (shutdown: 3.9 µs).

        The descriptor follows at the loop's next step.
        """
        if self._closed:
            return
        self._closed = True
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # the peer was faster
                self._protocol.eof = True
        self._transport.abort()

    async def aclose(self) -> None:
        self._closed = True
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
    ) -> "Connection":
        """
        Return this connection with TLS on it. A cancel closes it (stock httpcore2 leaks the socket).

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout
        """
        self._claim()
        if self._is_warmed:  # that was done while the user typed
            self._is_warmed = False
            return self
        protocol = SocketProtocol(is_tls=True)
        try:
            async with asyncio.timeout(timeout):
                transport = await asyncio.get_running_loop().start_tls(
                    self._transport, protocol, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError:
            self.abort()
            raise httpcore2.ConnectTimeout("TLS handshake") from None
        except (OSError, ssl.SSLError) as error:
            self.abort()
            raise httpcore2.ConnectError(str(error)) from error
        except BaseException:
            self.abort()
            raise
        if transport is None:
            raise httpcore2.ConnectError("closed during the TLS handshake")
        protocol.connection_made(transport)
        secured = Connection(protocol, transport)
        secured._claim()
        return secured

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object" | "socket":
                return self._transport.get_extra_info(info)
            case "client_addr":
                return self._transport.get_extra_info("sockname")
            case "server_addr":
                return self._transport.get_extra_info("peername")
            case "is_readable":  # the pool asks this of an idle connection: anything to read means it is dead
                return self._protocol.eof or self._protocol.lost or bool(self._protocol.buffer)
        return None

    @property
    def is_usable(self) -> bool:
        return not (self._closed or self._protocol.eof or self._protocol.lost or self._protocol.buffer)

    def note_warmed(self) -> None:
        """TLS is on it already; who takes it over need not know."""
        self._is_warmed = True

    def claim(self) -> None:
        """Let the exchange that is under way here close it."""
        self._claim()

    def _claim(self) -> Exchange | None:
        if (exchange := current_exchange.get()) is not None:
            exchange.claim(self.abort)
        return exchange
