"""Connections through a SOCKS5 proxy, which looks the server's name up itself (RFC 1928, 1929)."""

import asyncio

import httpcore2
import socksio
from socksio.socks5 import (
    SOCKS5AuthMethod,
    SOCKS5AuthMethodsRequest,
    SOCKS5AuthReply,
    SOCKS5Command,
    SOCKS5CommandRequest,
    SOCKS5Connection,
    SOCKS5Reply,
    SOCKS5ReplyCode,
    SOCKS5UsernamePasswordReply,
    SOCKS5UsernamePasswordRequest,
)

from app.domain.network import ProxyAddress
from app.providers.connection import Connection
from app.providers.network_backend import NetworkBackend

_NAME, _IPV6 = 3, 4  # kinds of address
_ADDRESS_BYTES = {1: 4, _IPV6: 16}
_REFUSALS = {
    SOCKS5ReplyCode.CONNECTION_NOT_ALLOWED_BY_RULESET: "its rules do not allow this server",
    SOCKS5ReplyCode.NETWORK_UNREACHABLE: "it can't reach the server's network",
    SOCKS5ReplyCode.HOST_UNREACHABLE: "it can't reach the server, or does not find its name",
    SOCKS5ReplyCode.CONNECTION_REFUSED: "nothing answers at the server's address and port",
    SOCKS5ReplyCode.TTL_EXPIRED: "it can't reach the server in time",
}


class SocksBackend(NetworkBackend):
    """
    Ours, and not httpcore2's, for three reasons (2.16).

    That one leaks the socket if it is cancelled in the handshake, takes a reply that comes in two reads for a bug, and
    can't connect ahead.
    """

    def __init__(self, proxy: ProxyAddress) -> None:
        super().__init__(proxy)
        self._socks = proxy

    async def _open(self, host: str, port: int, timeout_s: float | None) -> Connection:
        connection = await super()._open(self._socks.host, self._socks.port, timeout_s)
        connection.claim()
        try:
            async with asyncio.timeout(timeout_s):
                await self._introduce(connection)
                await _ask_for(connection, host, port)
        except TimeoutError:
            connection.abort()
            raise httpcore2.ProxyError(f"{self._socks} does not answer") from None
        except (socksio.ProtocolError, httpcore2.NetworkError) as error:
            connection.abort()
            raise httpcore2.ProxyError(f"{self._socks} does not answer like a SOCKS5 proxy") from error
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _introduce(self, connection: Connection) -> None:
        wants_name = bool(self._socks.user)
        method = SOCKS5AuthMethod.USERNAME_PASSWORD if wants_name else SOCKS5AuthMethod.NO_AUTH_REQUIRED
        socks = SOCKS5Connection()
        socks.send(SOCKS5AuthMethodsRequest([method]))
        await connection.write(socks.data_to_send())
        reply = socks.receive_data(await _exactly(connection, 2))
        if not isinstance(reply, SOCKS5AuthReply) or reply.method != method:
            raise httpcore2.ProxyError(
                "it does not take a name and a password" if wants_name else "it asks for a name and a password"
            )
        if wants_name:
            name, password = self._socks.user.encode(), self._socks.password.encode()
            socks.send(SOCKS5UsernamePasswordRequest(name, password))
            await connection.write(socks.data_to_send())
            accepted = socks.receive_data(await _exactly(connection, 2))
            if not isinstance(accepted, SOCKS5UsernamePasswordReply) or not accepted.success:
                raise httpcore2.ProxyError("it rejected the name and the password")


async def _ask_for(connection: Connection, host: str, port: int) -> None:
    await connection.write(SOCKS5CommandRequest.from_address(SOCKS5Command.CONNECT, (host, port)).dumps())
    head = await _exactly(connection, 4)
    length = _ADDRESS_BYTES.get(head[3])
    if length is None:
        if head[3] != _NAME:
            raise socksio.ProtocolError("unknown kind of address")
        head += await _exactly(connection, 1)
        length = head[4]
    reply = SOCKS5Reply.loads(head + await _exactly(connection, length + 2))
    if reply.reply_code != SOCKS5ReplyCode.SUCCEEDED:
        raise httpcore2.ProxyError(_REFUSALS.get(reply.reply_code, "it could not connect to the server"))


async def _exactly(connection: Connection, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = await connection.read(size - len(data))
        if not part:
            raise socksio.ProtocolError("the proxy closed the connection")
        data += part
    return data
