"""The HTTP stack under the openai client: its pool, on our connections."""

import ssl
import urllib.request
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable

import httpcore2
import httpx2

from app.domain.network import is_loopback
from app.providers.network_backend import Connection, NetworkBackend

MAX_CONNECTIONS = 50
KEEP_ALIVE_S = 60.0

FindProxy = Callable[[str, str], str | None]  # scheme and host to the proxy's address


class Transport(httpx2.AsyncBaseTransport):
    """
    Carries the requests of one endpoint, through the proxy that `find_proxy` names for it, if any.

    Errors are httpcore2's own; `error_map` translates them.
    """

    def __init__(self, base_url: str, ssl_context: ssl.SSLContext, find_proxy: FindProxy) -> None:
        url = httpx2.URL(base_url)
        proxy = find_proxy(url.scheme, url.host)
        limits = {
            "ssl_context": ssl_context,
            "max_connections": MAX_CONNECTIONS,
            "keepalive_expiry": KEEP_ALIVE_S,
            "network_backend": NetworkBackend(),
        }
        self._pool: httpcore2.AsyncConnectionPool = (
            httpcore2.AsyncHTTPProxy(proxy, **limits)  # type: ignore[arg-type]  # a table of keywords
            if proxy
            else httpcore2.AsyncConnectionPool(**limits)  # type: ignore[arg-type]  # a table of keywords
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, AsyncIterable)
        response = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(response.stream, AsyncIterable)
        connection = response.extensions.get("network_stream")
        if isinstance(connection, Connection) and (b"transfer-encoding", b"chunked") in _lower(response.headers):
            connection.join_chunks()
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response.stream),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        if hasattr(self._stream, "aclose"):
            await self._stream.aclose()


def _lower(headers: Iterable[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    return {(name.lower(), value.strip().lower()) for name, value in headers}


def system_proxy(scheme: str, host: str) -> str | None:
    """Return the address of the proxy the system names for this host, None for loopback and exceptions."""
    if is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address:
        return None
    return address if "://" in address else f"http://{address}"
