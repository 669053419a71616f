"""Where httpcore2 gets its connections from: made here, when they are needed or ahead."""

import asyncio
import socket
import ssl
from collections.abc import Iterable

import httpcore2

from app.domain.network import ProxyAddress
from app.providers.connecting import connect_socket
from app.providers.connection import Connection
from app.providers.exchange import current_exchange
from app.providers.socket_protocol import SocketProtocol

WARM_S = 60.0  # what servers keep an idle connection for, or a little less

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class NetworkBackend(httpcore2.AsyncNetworkBackend):
    """Makes connections, and holds one that was made ahead until it is asked for, or WARM_S have passed."""

    def __init__(self, proxy: ProxyAddress | None = None) -> None:
        """`proxy`: what all connections lead to, so that a failure is its failure; None for the straight way."""
        self._proxy = proxy
        self._spare: tuple[tuple[str, int], Connection] | None = None
        self._drop_timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def warm(self, host: str, port: int, ssl_context: ssl.SSLContext | None, timeout_s: float) -> None:
        """
        Connect ahead, with TLS if there is a context. Nothing is sent on it but the handshake.

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.ProxyError
        """
        if self._spare is not None and self._spare[1].is_usable:
            return
        connection = await self._open(host, port, timeout_s)
        if ssl_context is not None:
            ssl_context.set_alpn_protocols(["http/1.1"])
            connection = await connection.start_tls(ssl_context, host, timeout_s)
            connection.note_warmed()
        self.drop_spare()
        if self._is_closed:
            connection.abort()
            return
        self._spare = ((host, port), connection)
        self._drop_timer = asyncio.get_running_loop().call_later(WARM_S, self.drop_spare)

    def close(self) -> None:
        """Make no more connections ahead."""
        self._is_closed = True
        self.drop_spare()

    def drop_spare(self) -> None:
        """Close the connection that was made ahead, if nobody took it."""
        if (spare := self._take_spare()) is not None:
            spare[1].abort()

    def _take_spare(self) -> tuple[tuple[str, int], Connection] | None:
        spare, self._spare = self._spare, None
        if self._drop_timer is not None:
            self._drop_timer.cancel()
            self._drop_timer = None
        return spare

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> Connection:
        """
        Connect, or hand over the connection that was made ahead. A cancel ends the attempt; nothing has been sent then.

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.ProxyError
        """
        exchange = current_exchange.get()
        if exchange is not None:
            if exchange.signal.aborted:
                raise asyncio.CancelledError
            exchange.has_connected = True
        if self._spare is not None and self._spare[0] == (host, port):
            spare = self._take_spare()
            if spare is not None and spare[1].is_usable:
                if exchange is not None:
                    exchange.has_connected = False  # the server may have closed it meanwhile
                spare[1].claim()
                return spare[1]
            if spare is not None:
                spare[1].abort()
        connection = await self._open(host, port, timeout)
        connection.claim()
        return connection

    async def _open(self, host: str, port: int, timeout_s: float | None) -> Connection:
        sock: socket.socket | None = None
        try:
            async with asyncio.timeout(timeout_s):
                sock = await connect_socket(host, port)
                transport, protocol = await asyncio.get_running_loop().create_connection(SocketProtocol, sock=sock)
        except TimeoutError:
            _close(sock)
            if self._proxy is not None:
                raise httpcore2.ProxyError(f"{self._proxy} does not answer") from None
            raise httpcore2.ConnectTimeout(f"{host}:{port}") from None
        except OSError as error:
            _close(sock)
            if self._proxy is not None:
                raise httpcore2.ProxyError(_why_no_proxy(self._proxy, error)) from error
            raise httpcore2.ConnectError(f"{host}:{port}") from error
        except BaseException:
            _close(sock)
            raise
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Connection(protocol, transport)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        socket_options: Iterable[SocketOption] | None = None,
    ) -> Connection:
        raise httpcore2.ConnectError("no endpoint of ours is a Unix socket")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _why_no_proxy(proxy: ProxyAddress, error: OSError) -> str:
    match error:
        case socket.gaierror():
            return f"the name of the proxy {proxy} was not found"
        case ConnectionRefusedError():
            return f"nothing answers at the proxy {proxy}"
    return f"the proxy {proxy} can't be reached: {error.strerror or error}"


def _close(sock: socket.socket | None) -> None:
    if sock is not None:
        sock.close()
