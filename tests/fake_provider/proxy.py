"""
`python -m tests.fake_provider.proxy`: an HTTP or SOCKS5 proxy, until its stdin ends.

CONNECT and absolute addresses; a connection serves one origin. Whatever closes on one
side is closed on the other at once. Says `ready accepted connect close_seen error`.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from tests.fake_provider import socks
from tests.fake_provider.http import Request, reply, take_request
from tests.fake_provider.lifeline import exit_with_stdin
from tests.fake_provider.report import say, without_secrets
from tests.fake_provider.socks import SocksGreeting


@dataclass(frozen=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 0
    stall: bool = False
    status: int = 0
    socks: bool = False
    user: str = ""
    refuse: int = 0
    split: bool = False


class Tunnel:
    """A client, its origin, and the bytes between them. Buffers without limit."""

    def __init__(self, number: int, options: Options) -> None:
        self.number = number
        self.client = _Side(self, "client")
        self._options = options
        self._upstream: _Side | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._inbox = bytearray()
        self._closed = False
        self._greeting = SocksGreeting(options.user) if options.socks else None

    def opened(self, side: "_Side") -> None:
        if side is self.client:
            say("accepted", connection=self.number)

    def received(self, side: "_Side", data: bytes) -> None:
        if self._upstream is not None:
            (self._upstream if side is self.client else self.client).transport.write(data)
            return
        self._inbox += data
        if self._greeting is not None:
            self._greet(self._greeting)
        elif self._connecting is None and (request := take_request(self._inbox)) is not None:
            self._open(request)

    def closed(self, side: "_Side", how: str) -> None:
        """The origin's last bytes still reach the client; the client's are dropped, as it wants no answer."""
        t_ns = time.monotonic_ns()
        if self._closed:
            return
        self._closed = True
        say("close_seen", t_ns=t_ns, connection=self.number, side=side.name, how=how)
        if side is self.client:
            if self._connecting is not None:
                self._connecting.cancel()
            if self._upstream is not None:
                self._upstream.transport.abort()
        elif how == "eof":
            self.client.transport.close()
        else:
            self.client.transport.abort()

    def _greet(self, greeting: SocksGreeting) -> None:
        if self._options.stall or self._connecting is not None:
            return
        greeting.feed(self._inbox)
        outgoing, greeting.outgoing = greeting.outgoing, b""
        self.client.transport.write(outgoing)
        if greeting.is_refused:
            self.client.transport.close()
        elif (target := greeting.target) is not None:
            say(
                "connect", connection=self.number, method="SOCKS5", host=target.host, port=target.port, kind=target.kind
            )
            if self._options.refuse:
                self.client.transport.write(socks.reply(self._options.refuse))
                return
            connecting = self._connect_socks(target)
            self._connecting = asyncio.get_running_loop().create_task(connecting)

    async def _connect_socks(self, target: socks.Target) -> None:
        upstream = _Side(self, "upstream")
        try:
            await asyncio.get_running_loop().create_connection(lambda: upstream, target.host, target.port)
        except OSError as error:
            say("error", connection=self.number, message=str(error))
            refused = socks.REFUSED if isinstance(error, ConnectionRefusedError) else socks.HOST_UNREACHABLE
            self.client.transport.write(socks.reply(refused))
            self.client.transport.close()
            return
        granted = socks.reply(socks.SUCCEEDED)
        if self._options.split:  # a client must put up with a reply in two parts
            self.client.transport.write(granted[:3])
            await asyncio.sleep(0.01)
            granted = granted[3:]
        self.client.transport.write(granted)
        self._upstream = upstream
        upstream.transport.write(bytes(self._inbox))

    def _open(self, request: Request) -> None:
        is_connect = request.method == "CONNECT"
        address = urlsplit(f"//{request.target}" if is_connect else request.target)
        port = address.port or (443 if is_connect else 80)
        headers = without_secrets(request.headers)
        say("connect", connection=self.number, method=request.method, host=address.hostname, port=port, headers=headers)
        if self._options.stall:
            return
        if self._options.status:
            self.client.transport.write(reply(self._options.status, b"The proxy says no.", "text/plain"))
            return
        self._connecting = asyncio.get_running_loop().create_task(self._connect(request, address.hostname or "", port))

    async def _connect(self, request: Request, host: str, port: int) -> None:
        upstream = _Side(self, "upstream")
        try:
            await asyncio.get_running_loop().create_connection(lambda: upstream, host, port)
        except OSError as error:
            say("error", connection=self.number, message=str(error))
            self.client.transport.write(reply(502, b"The proxy cannot reach that host.", "text/plain"))
            self.client.transport.close()
            return
        self._upstream = upstream
        if request.method == "CONNECT":
            self.client.transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            upstream.transport.write(_to_origin(request))
        upstream.transport.write(bytes(self._inbox))


class _Side(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, tunnel: Tunnel, name: Literal["client", "upstream"]) -> None:
        self.name = name
        self._tunnel = tunnel

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._tunnel.opened(self)

    def data_received(self, data: bytes) -> None:
        self._tunnel.received(self, data)

    def eof_received(self) -> None:
        self._tunnel.closed(self, "eof")

    def connection_lost(self, exc: Exception | None) -> None:
        self._tunnel.closed(self, "reset" if exc else "lost")


def _to_origin(request: Request) -> bytes:
    """The request as an origin wants it. Those behind it on the connection pass as they are: an origin may get both."""
    target = request.target.removeprefix("http://")
    target = target[target.find("/") :] if "/" in target else "/"
    headers = (f"{name}: {value}\r\n" for name, value in request.headers if not name.startswith("proxy-"))
    return f"{request.method} {target} HTTP/1.1\r\n{''.join(headers)}\r\n".encode("latin-1") + request.body


async def _serve(options: Options) -> None:
    numbers = iter(range(1, 1_000_000))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Tunnel(next(numbers), options).client, options.host, options.port)
    say("ready", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_provider.proxy", description="A small proxy.")
    parser.add_argument("--host", default=Options.host)
    parser.add_argument("--port", type=int, default=Options.port)
    parser.add_argument("--stall", action="store_true", help="never answer")
    parser.add_argument("--socks", action="store_true", help="speak SOCKS5, not HTTP")
    parser.add_argument("--user", default="", metavar="NAME:PASSWORD", help="what SOCKS5 clients must say")
    parser.add_argument("--refuse", type=int, default=0, help="answer each SOCKS5 request with this code")
    parser.add_argument("--split", action="store_true", help="send SOCKS5's last reply in two parts")
    parser.add_argument("--status", type=int, default=Options.status, help="answer everything with this, such as 407")
    options = Options(**vars(parser.parse_args()))
    exit_with_stdin()
    asyncio.run(_serve(options))


if __name__ == "__main__":
    main()
