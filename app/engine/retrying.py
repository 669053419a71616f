"""Whether a request that was refused is made again by itself, and when."""

import asyncio
import logging
import random
import time

from app.domain.conversation import MessageId
from app.domain.errors import LONGEST_WAIT_S, ProviderError, Unavailable
from app.engine.events import RetryBegun, RetryScheduled
from app.engine.store import ChatStore

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 4
WAITS_S = (1.0, 2.0, 4.0, 8.0)
JITTER = 0.25  # of a wait, at most: clients that were refused together do not come back together
ASKED_JITTER_S = 0.5  # beyond what the provider asked for: never before


def wait_before(error: ProviderError, attempt: int, chance: float) -> float | None:
    """
    Return the seconds to wait before another attempt, None if there is none.

    `attempt` counts those there were, from 1; `chance` is random, from 0 to 1. Only what says "not now" is tried
    again: a bad key, an empty account or a wrong request would be refused again.
    """
    if not isinstance(error, Unavailable) or attempt >= MOST_ATTEMPTS:
        return None
    if error.retry_after_s is None:
        return WAITS_S[attempt - 1] * (1 - JITTER / 2 + JITTER * chance)
    if error.retry_after_s > LONGEST_WAIT_S:
        return None
    return error.retry_after_s + ASKED_JITTER_S * chance


class Retries:
    """The attempts to obtain one answer. Used by one task: a cancel of it ends the wait, and nothing more is sent."""

    def __init__(self, message_id: MessageId, store: ChatStore) -> None:
        self._message_id = message_id
        self._store = store
        self._attempt = 1

    async def wait(self, error: ProviderError) -> None:
        """
        Wait until it is time for another attempt; the window shows the countdown.

        Raises:
            ProviderError: `error`, for which there is none.
        """
        wait_s = wait_before(error, self._attempt, random.random())
        if wait_s is None:
            raise error
        self._attempt += 1
        log.info(
            "asking again message=%s attempt=%d wait_s=%.1f error=%s",
            self._message_id[-6:], self._attempt, wait_s, type(error).__name__,
        )  # fmt: skip
        at_ns = time.monotonic_ns() + int(wait_s * 1e9)
        self._store.apply(
            RetryScheduled(message_id=self._message_id, fault=error.fault, attempt=self._attempt, at_ns=at_ns)
        )
        await asyncio.sleep(wait_s)
        self._store.apply(RetryBegun(self._message_id))
