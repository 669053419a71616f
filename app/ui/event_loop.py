"""
asyncio on Qt's event loop: qasync's loop, with its hot paths replaced where the platform allows.

What qasync 0.28 costs: a Qt timer per call_soon (9.3 µs; asyncio 2.2), cancelled timers that stay
armed until they fire, a new socket notifier per add_reader, and no hooks for async generators.
`QuickEventLoop` keeps one zero timer, one deadline timer over a heap, and a notifier per socket.
It stands on the selector loop, so Windows, whose loop is a proactor, runs the stock one.
"""

import asyncio
import heapq
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qasync
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:

    class _StockLoop(asyncio.SelectorEventLoop):
        """What mypy sees of qasync, which has no types."""

        def __init__(self, app: QApplication | None = None) -> None: ...
else:
    _StockLoop = qasync.QEventLoop

_LONGEST_TIMER_MS = 2_000_000_000
_SWEEP_AT_CANCELLED = 100


class _Waker(QObject):
    """Brings a callback from another thread to this one."""

    woken = Signal()


class _Watch:
    """A socket's notifier, kept and re-used as long as the descriptor is."""

    def __init__(self, notifier: QSocketNotifier, handle: asyncio.Handle | None) -> None:
        self.notifier = notifier
        self.handle = handle


class QuickEventLoop(_StockLoop):
    """A qasync loop whose timers and callbacks cost about what asyncio's own do. POSIX only."""

    def __init__(self, app: QApplication) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._timers: list[asyncio.TimerHandle] = []
        self._cancelled_timers = 0
        self._in_callbacks = False
        self._thread_id_of_loop = threading.get_ident()
        self._zero = QTimer()
        self._zero.setSingleShot(True)
        self._zero.setInterval(0)
        self._zero.timeout.connect(self._run_soon)
        self._deadline = QTimer()
        self._deadline.setSingleShot(True)
        self._deadline.setTimerType(Qt.TimerType.PreciseTimer)
        self._deadline.timeout.connect(self._on_deadline)
        self._deadline_at_s: float | None = None
        self._readers: dict[int, _Watch] = {}
        self._writers: dict[int, _Watch] = {}
        self._waker = _Waker()
        self._waker.woken.connect(self._run_soon, Qt.ConnectionType.QueuedConnection)
        super().__init__(app)

    # Callbacks

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]  # typeshed's is generic over the arguments
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        if not self._in_callbacks and not self._zero.isActive():
            self._zero.start()
        return handle

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]  # as above
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)  # atomic
        self._waker.woken.emit()
        return handle

    def _run_soon(self) -> None:
        if self._in_callbacks:  # a nested Qt loop (QTest, a native dialog): the outer run goes on later
            if not self._zero.isActive():
                self._zero.start()
            return
        self._in_callbacks = True
        try:
            for _ in range(len(self._soon)):  # what is added meanwhile waits: window events get their turn
                handle = self._soon.popleft()
                if not handle.cancelled():
                    handle._run()
        finally:
            self._in_callbacks = False
            if self._soon and not self._zero.isActive():
                self._zero.start()

    # Timers

    def call_later(  # type: ignore[override]  # as above
        self, delay: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + max(0.0, delay), callback, *args, context=context)

    def call_at(  # type: ignore[override]  # as above
        self, when: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]  # what makes cancel() tell us
        heapq.heappush(self._timers, handle)
        if self._deadline_at_s is None or when < self._deadline_at_s:
            self._arm(when)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Called by TimerHandle.cancel. Cancelled timers are swept out once they are most of the heap."""
        self._cancelled_timers += 1
        if self._cancelled_timers > _SWEEP_AT_CANCELLED and self._cancelled_timers * 2 > len(self._timers):
            self._timers = [kept for kept in self._timers if not kept.cancelled()]
            heapq.heapify(self._timers)
            self._cancelled_timers = 0

    def _arm(self, when_s: float) -> None:
        self._deadline_at_s = when_s
        wait_ms = (when_s - self.time()) * 1000
        whole_ms = int(wait_ms) + (wait_ms > int(wait_ms))  # rounded up: a timer that fires early spins
        self._deadline.start(min(_LONGEST_TIMER_MS, max(0, whole_ms)))

    def _on_deadline(self) -> None:
        self._deadline_at_s = None
        now_s = self.time()
        while self._timers and (self._timers[0].cancelled() or self._timers[0].when() <= now_s):
            handle = heapq.heappop(self._timers)
            handle._scheduled = False  # type: ignore[attr-defined]  # its cancel() is no longer our business
            if handle.cancelled():
                self._cancelled_timers = max(0, self._cancelled_timers - 1)
            else:
                self._soon.append(handle)
        if self._timers:
            self._arm(self._timers[0].when())
        self._run_soon()

    # Sockets

    def _add_reader(self, fd: Any, callback: Callable[..., object], *args: Any) -> asyncio.Handle:
        return self._watch(self._readers, QSocketNotifier.Type.Read, fd, callback, args)

    def _remove_reader(self, fd: Any) -> bool:
        return self._unwatch(self._readers, fd)

    def _add_writer(self, fd: Any, callback: Callable[..., object], *args: Any) -> asyncio.Handle:
        return self._watch(self._writers, QSocketNotifier.Type.Write, fd, callback, args)

    def _remove_writer(self, fd: Any) -> bool:
        return self._unwatch(self._writers, fd)

    def _watch(
        self,
        watches: dict[int, _Watch],
        kind: QSocketNotifier.Type,
        fd: Any,
        callback: Callable[..., object],
        args: tuple[Any, ...],
    ) -> asyncio.Handle:
        number = fd if isinstance(fd, int) else fd.fileno()
        handle = asyncio.Handle(callback, args, self)
        watch = watches.get(number)
        if watch is None:
            notifier = QSocketNotifier(number, kind)
            watch = watches[number] = _Watch(notifier, handle)
            kept = watch
            notifier.activated.connect(lambda *_: self._on_activated(kept))
        else:
            watch.handle = handle
            watch.notifier.setEnabled(True)
        return handle

    def _on_activated(self, watch: _Watch) -> None:
        if watch.handle is None or watch.handle.cancelled():
            watch.notifier.setEnabled(False)
            return
        watch.handle._run()
        if self._soon:
            self._run_soon()

    def _unwatch(self, watches: dict[int, _Watch], fd: Any) -> bool:
        if self.is_closed():
            return False
        try:
            number = fd if isinstance(fd, int) else fd.fileno()
        except ValueError:
            return False
        watch = watches.get(number)
        if watch is None or watch.handle is None:
            return False
        watch.handle.cancel()
        watch.handle = None
        watch.notifier.setEnabled(False)
        return True

    # Life

    def run_forever(self) -> None:
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)  # type: ignore[attr-defined]  # of asyncio's base loop
        try:
            super().run_forever()
        finally:
            sys.set_asyncgen_hooks(*hooks)

    def close(self) -> None:
        if self.is_closed():
            return
        for watches in (self._readers, self._writers):
            for watch in watches.values():
                watch.notifier.setEnabled(False)
        self._zero.stop()
        self._deadline.stop()
        self._soon.clear()
        self._timers.clear()
        super().close()
        self._readers.clear()
        self._writers.clear()


def new_event_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """Return the fastest loop that this platform can run."""
    if os.name == "posix":
        return QuickEventLoop(app)
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
    return loop
