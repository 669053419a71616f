"""
After the computer slept, connections are often dead and nobody says so.

While something is being generated a timer looks at the clocks each second. One that comes seconds late,
or a clock that counts sleep and ran ahead, means that the process was suspended. Then each remote answer has
GRACE_S to show a sign of life; one that does not is stopped, as by the network.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from app.domain.abort import AbortReason
from app.domain.conversation import MessageId
from app.domain.model import BUILT_IN
from app.engine.abort import ActiveGenerations
from app.engine.events import DeltaReceived, Event, GenerationEnded, MessageAdded, ReasoningReceived, RetryScheduled
from app.engine.store import ChatStore

log = logging.getLogger(__name__)

TICK_S = 1.0
LATE_S = 4.0
GRACE_S = 3.0  # with TICK_S, a dead connection is noticed within 5 s of waking


def seconds_with_sleep() -> float:
    """A clock that runs on while the computer sleeps: the wall clock only where there is no better one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time()


class SleepWatch:
    """Runs only while something is being generated: an idle window wakes nobody."""

    def __init__(
        self,
        store: ChatStore,
        active: ActiveGenerations,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        with_sleep_s: Callable[[], float] = seconds_with_sleep,
    ) -> None:
        self._store = store
        self._active = active
        self._monotonic_s = monotonic_s
        self._with_sleep_s = with_sleep_s
        self._seen_s = (0.0, 0.0)
        self._silent: set[MessageId] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._unsubscribe = store.subscribe(self._on_event)

    def close(self) -> None:
        """Look no more."""
        self._unsubscribe()
        for timer in (self._timer, self._grace):
            if timer is not None:
                timer.cancel()
        self._timer = self._grace = None

    def _on_event(self, event: Event) -> None:
        match event:
            case (
                DeltaReceived(message_id=message_id)
                | ReasoningReceived(message_id=message_id)
                | RetryScheduled(message_id=message_id)  # the server said so
            ):
                if self._silent:
                    self._silent.discard(message_id)
            case MessageAdded() | GenerationEnded():
                if self._timer is None and self._store.generating():
                    self._look_later()

    def _look_later(self) -> None:
        self._seen_s = (self._monotonic_s(), self._with_sleep_s())
        self._timer = asyncio.get_running_loop().call_later(TICK_S, self._on_tick)

    def _on_tick(self) -> None:
        self._timer = None
        generating = self._store.generating()
        if not generating:
            return
        awake_s = self._monotonic_s() - self._seen_s[0]
        with_sleep_s = self._with_sleep_s() - self._seen_s[1]
        passed_s = max(awake_s, with_sleep_s)
        if passed_s > TICK_S + LATE_S:
            log.info("woke after about %.0f s", passed_s)
            self._give_grace(generating)
        self._look_later()

    def _give_grace(self, generating: tuple[MessageId, ...]) -> None:
        for message_id in generating:
            message = self._store.message(message_id)
            if message_id in self._store.retries:  # it has no connection: it waits to be asked for again
                continue
            if message is not None and message.provider != BUILT_IN:  # what runs here slept too, and is not dead
                self._silent.add(message_id)
        if self._silent and self._grace is None:
            self._grace = asyncio.get_running_loop().call_later(GRACE_S, self._on_grace_over)

    def _on_grace_over(self) -> None:
        self._grace = None
        silent, self._silent = self._silent, set()
        for message_id in silent:
            self._active.stop(message_id, AbortReason.NETWORK)
