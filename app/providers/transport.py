"""The HTTP stack under all requests: httpcore2's pool, on our connections."""

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Iterable

import anyio._backends._asyncio  # noqa: F401 - httpcore2 2.16 loads it with its first request: 25-60 ms
import httpcore2

from app.domain.errors import AnswerTooLarge, NotAnOpenAIServer
from app.domain.network import Origin, ProxyAddress
from app.providers.connection import Connection
from app.providers.exchange import current_exchange
from app.providers.network_backend import NetworkBackend
from app.providers.socks import SocksBackend
from app.providers.sse import MAX_ANSWER_BYTES

CONNECT_TIMEOUT_S = 10.0
MAX_CONNECTIONS = 50
KEEP_ALIVE_S = 60.0
MAX_ERROR_BYTES = 64 * 1024  # of the body of a refusal; what comes after it is not read
RESEND_WITHIN_S = 2.0  # a connection that the server closed while it was idle shows it in one round trip

log = logging.getLogger(__name__)


class Transport:
    """
    Carries the requests of one origin, straight or through a proxy: the client's, and the one for the list of models.

    Errors are httpcore2's own, and a few of ours that only this place can know; `error_map` translates the former.
    """

    def __init__(self, origin: Origin, ssl_context: ssl.SSLContext, proxy: ProxyAddress | None) -> None:
        is_socks = proxy is not None and proxy.scheme == "socks5"
        self._backend = SocksBackend(proxy) if proxy is not None and is_socks else NetworkBackend(proxy)
        is_http_proxy = proxy is not None and not is_socks
        ahead = proxy if proxy is not None and is_http_proxy else origin
        self._ahead = (ahead.host, ahead.port, ssl_context if ahead.scheme == "https" else None)
        self._is_warming = False
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context,
            proxy=_for_httpcore2(proxy, ssl_context) if proxy is not None and is_http_proxy else None,
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEP_ALIVE_S,
            network_backend=self._backend,
        )

    async def send(self, request: httpcore2.Request) -> httpcore2.Response:
        """
        Send a request. One that met a connection which the server had closed while it was idle is sent once more.

        Raises:
            NotAnOpenAIServer: the answer is compressed, though we asked for none that is.
        """
        exchange, began_s = current_exchange.get(), asyncio.get_running_loop().time()
        try:
            return await self._send(request)
        except (httpcore2.RemoteProtocolError, httpcore2.ReadError, httpcore2.WriteError):
            took_s = asyncio.get_running_loop().time() - began_s
            if exchange is None or not exchange.met_a_dead_connection or took_s > RESEND_WITHIN_S:
                raise
        log.info("sent again: the server had closed the idle connection")
        return await self._send(request)

    async def warm(self) -> None:
        """
        Have a connection ready for the next request. Nothing if there is one, or one is on its way.

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.ProxyError
        """
        if self._is_warming or any(each.is_idle() and not each.has_expired() for each in self._pool.connections):
            return
        self._is_warming = True
        try:
            await self._backend.warm(*self._ahead, CONNECT_TIMEOUT_S)
        finally:
            self._is_warming = False

    async def aclose(self) -> None:
        self._backend.close()
        await self._pool.aclose()

    async def _send(self, request: httpcore2.Request) -> httpcore2.Response:
        response = await self._pool.handle_async_request(request)
        assert isinstance(response.stream, AsyncIterable)
        headers = dict(_lower(response.headers))
        body = _Body(response.stream, is_error=response.status >= 400)
        if headers.get(b"content-encoding", b"identity") not in (b"identity", b""):
            # A gzip bomb of 300 KB took 1.2 GB. Ours asked for identity, so this server is broken or hostile.
            await body.aclose()
            raise NotAnOpenAIServer(
                f"HTTP {response.status}: the answer is compressed, though Belay asked for a plain one"
            )
        connection = response.extensions.get("network_stream")
        if isinstance(connection, Connection) and headers.get(b"transfer-encoding") == b"chunked":
            connection.join_chunks()
        return httpcore2.Response(
            response.status, headers=response.headers, content=body, extensions=response.extensions
        )


class _Body:
    """At most MAX_ANSWER_BYTES; of a refusal the first MAX_ERROR_BYTES, as if there were no more."""

    def __init__(self, stream: AsyncIterable[bytes], *, is_error: bool) -> None:
        self._stream = stream
        self._is_error = is_error

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        read_bytes = 0
        async for part in self._stream:
            read_bytes += len(part)
            if read_bytes > MAX_ANSWER_BYTES:
                raise AnswerTooLarge(f"more than {MAX_ANSWER_BYTES >> 20} MB")
            yield part
            if self._is_error and read_bytes > MAX_ERROR_BYTES:
                return

    async def aclose(self) -> None:
        if hasattr(self._stream, "aclose"):
            await self._stream.aclose()


def _for_httpcore2(proxy: ProxyAddress, ssl_context: ssl.SSLContext) -> httpcore2.Proxy:
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    return httpcore2.Proxy(
        f"{proxy.scheme}://{host}:{proxy.port}/",
        auth=(proxy.user.encode(), proxy.password.encode()) if proxy.user else None,
        ssl_context=ssl_context if proxy.scheme == "https" else None,
    )


def _lower(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.lower(), value.strip().lower()) for name, value in headers)
