"""The bodies of answers: read to their end, within bounds."""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator

import httpcore2

from app.domain.errors import AnswerTooLarge

log = logging.getLogger(__name__)

DRAIN_TIMEOUT_S = 0.5  # after the last event, for the end of the body: then the connection can be used again


async def whole(portions: AsyncIterable[bytes], most_bytes: int) -> bytes:
    body = bytearray()
    async for portion in portions:
        body += portion
        if len(body) > most_bytes:
            raise AnswerTooLarge(f"more than {most_bytes >> 20} MB in one piece")
    return bytes(body)


async def drain(portions: AsyncIterator[bytes]) -> None:
    """Read the end of the body, so that the connection goes back to the pool; give up soon, and on any error."""
    try:
        async with asyncio.timeout(DRAIN_TIMEOUT_S):
            async for _ in portions:
                pass
    except (TimeoutError, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        log.debug("end of the body not read error=%s", type(error).__name__)
