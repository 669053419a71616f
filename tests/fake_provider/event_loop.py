"""An event loop whose timers are exact to some 0.1 ms; on Linux only, elsewhere they keep asyncio's millisecond."""

import asyncio
import select
import selectors
import sys

if sys.platform == "linux":

    class _PreciseSelector(selectors.EpollSelector):
        """`epoll_wait` rounds a timeout up to whole milliseconds: so wait in `select`, which counts microseconds."""

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout is None or timeout > 0:
                select.select([self.fileno()], [], [], timeout)
            return super().select(0)

    def new_event_loop() -> asyncio.AbstractEventLoop:
        return asyncio.SelectorEventLoop(_PreciseSelector())

else:

    def new_event_loop() -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()
