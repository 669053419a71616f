"""From a host name to a connected socket, of which a cancel at any moment leaves nothing behind."""

import asyncio
import socket
from collections.abc import Sequence

STAGGER_S = 0.25  # RFC 8305: an address that does not answer does not hold up the next

_Address = tuple[socket.AddressFamily, tuple[object, ...]]


async def connect_socket(host: str, port: int, local_address: str | None = None) -> socket.socket:
    """
    Return a socket connected to the first address of `host` that answers.

    asyncio's own happy eyeballs lose a socket that connects in the moment of the cancel
    (seen with Python 3.11.7); here whoever makes a socket closes it.

    Raises:
        OSError: no address answers; the error of the first.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses: list[_Address] = [(family, address) for family, _, _, _, address in found]
    if len(addresses) == 1:
        return await _connect(addresses[0], local_address)
    return await _race(_alternating(addresses), local_address)


async def _race(addresses: Sequence[_Address], local_address: str | None) -> socket.socket:
    attempts: list[asyncio.Task[socket.socket]] = []
    winner: asyncio.Task[socket.socket] | None = None
    errors: list[BaseException] = []
    try:
        for address in addresses:
            attempts.append(asyncio.create_task(_connect(address, local_address)))
            winner = await _first_connected(attempts, errors, STAGGER_S)
            if winner is not None:
                return winner.result()
        while any(not attempt.done() for attempt in attempts):
            winner = await _first_connected(attempts, errors, None)
            if winner is not None:
                return winner.result()
        raise errors[0] if errors else OSError("the host has no address")
    finally:
        for attempt in attempts:
            if attempt is not winner:
                attempt.cancel()
                attempt.add_done_callback(_close_late)


async def _first_connected(
    attempts: Sequence[asyncio.Task[socket.socket]], errors: list[BaseException], wait_s: float | None
) -> asyncio.Task[socket.socket] | None:
    """Wait for a change, at most `wait_s`. Returns an attempt that connected, if there is one."""
    pending = [attempt for attempt in attempts if not attempt.done()]
    if pending:
        await asyncio.wait(pending, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    for attempt in attempts:
        if attempt.done() and not attempt.cancelled():
            if (error := attempt.exception()) is None:
                return attempt
            if error not in errors:
                errors.append(error)
    return None


def _close_late(attempt: asyncio.Task[socket.socket]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()


async def _connect(address: _Address, local_address: str | None) -> socket.socket:
    family, where = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if local_address is not None:
            sock.bind((local_address, 0))
        await asyncio.get_running_loop().sock_connect(sock, where)
    except BaseException:
        sock.close()
        raise
    return sock


def _alternating(addresses: Sequence[_Address]) -> list[_Address]:
    """Families take turns, in the system's order of preference: one that is broken costs one wait."""
    first = [address for address in addresses if address[0] == addresses[0][0]]
    others = [address for address in addresses if address[0] != addresses[0][0]]
    mixed: list[_Address] = []
    for position in range(max(len(first), len(others))):
        mixed += first[position : position + 1] + others[position : position + 1]
    return mixed
