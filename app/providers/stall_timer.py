"""A limit on silence: one timer for a whole stream, not one for each read."""

import asyncio
from collections.abc import Callable

FIRST_BYTE_S = 60.0  # a remote model that thinks before its first token
BETWEEN_BYTES_S = 30.0


class StallTimer:
    """
    Calls `on_stalled` when nothing counted as progress for too long. Comments and keep-alives do not count.

    Progress is one assignment; the timer looks at it only when it fires.
    """

    def __init__(
        self,
        on_stalled: Callable[[], None],
        *,
        waits_for_first_byte: bool,
        first_byte_s: float = FIRST_BYTE_S,
        between_s: float = BETWEEN_BYTES_S,
    ) -> None:
        self.stalled = False
        self._on_stalled = on_stalled
        self._between_s = between_s
        self._loop = asyncio.get_running_loop()
        self._since_s = self._loop.time()
        self._limit_s = first_byte_s if waits_for_first_byte else None
        self._timer: asyncio.TimerHandle | None = None
        if self._limit_s is not None:
            self._timer = self._loop.call_later(self._limit_s, self._look)

    @property
    def waited_s(self) -> float:
        return self._loop.time() - self._since_s

    def progress(self) -> None:
        """Something of the answer came."""
        self._since_s = self._loop.time()
        if self._limit_s != self._between_s:
            self._limit_s = self._between_s
            self.cancel()
            self._timer = self._loop.call_later(self._between_s, self._look)

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        assert self._limit_s is not None
        left_s = self._since_s + self._limit_s - self._loop.time()
        if left_s > 0:
            self._timer = self._loop.call_later(left_s, self._look)
            return
        self._timer = None
        self.stalled = True
        self._on_stalled()
