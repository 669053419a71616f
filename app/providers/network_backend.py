"""
Connections that an abort closes inside the click.

httpcore2 asks a backend for its sockets. This one stands on plain asyncio transports: no timer
and no pause/resume per read, and each connection knows the exchange that is using it, so that
the exchange's abort can shut the socket down without waiting for the event loop.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from app.providers.chunk_joiner import ChunkJoiner
from app.providers.connecting import connect_socket
from app.providers.exchange import current_exchange
from app.providers.socket_protocol import SocketProtocol

SLICE_BYTES = 16 * 1024  # one uninterrupted piece of work on the UI thread: about 80 chunks, 5 ms
HEAD_END = b"\r\n\r\n"
LONGEST_HEAD_BYTES = 64 * 1024

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Connection(httpcore2.AsyncNetworkStream):
    """One TCP or TLS connection."""

    def __init__(self, protocol: SocketProtocol, transport: asyncio.Transport) -> None:
        self._protocol = protocol
        self._transport = transport
        self._closed = False
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
        self._claim()
        protocol = self._protocol
        if not protocol.buffer:
            if not protocol.eof:
                await protocol.wait_readable(timeout)
            if not protocol.buffer:
                if self._closed or protocol.error is not None:
                    raise httpcore2.ReadError(str(protocol.error or "connection closed"))
                return b""
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

    def _claim(self) -> None:
        if (exchange := current_exchange.get()) is not None:
            exchange.claim(self.abort)


class NetworkBackend(httpcore2.AsyncNetworkBackend):
    """Makes connections. `on_connect` is told of each, for the log and for tests."""

    def __init__(self, on_connect: Callable[[str, int], None] | None = None) -> None:
        self._on_connect = on_connect

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> Connection:
        """
        Connect. A cancel ends the attempt; nothing has been sent then.

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout
        """
        exchange = current_exchange.get()
        if exchange is not None and exchange.signal.aborted:
            raise asyncio.CancelledError
        sock: socket.socket | None = None
        try:
            async with asyncio.timeout(timeout):
                sock = await connect_socket(host, port, local_address)
                transport, protocol = await asyncio.get_running_loop().create_connection(SocketProtocol, sock=sock)
        except TimeoutError:
            _close(sock)
            raise httpcore2.ConnectTimeout(f"{host}:{port}") from None
        except OSError as error:
            _close(sock)
            raise httpcore2.ConnectError(str(error)) from error
        except BaseException:
            _close(sock)
            raise
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for option in socket_options or ():
            sock.setsockopt(*option)
        if self._on_connect is not None:
            self._on_connect(host, port)
        connection = Connection(protocol, transport)
        if exchange is not None:
            exchange.claim(connection.abort)
        return connection

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        socket_options: Iterable[SocketOption] | None = None,
    ) -> Connection:
        raise httpcore2.ConnectError("no endpoint of ours is a Unix socket")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _close(sock: socket.socket | None) -> None:
    if sock is not None:
        sock.close()
