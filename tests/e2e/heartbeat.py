"""How long the window did not answer: the gaps between the beats of a timer of its thread."""

import os
import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 2
_NS_PER_MS = 1_000_000


class Heartbeat(QObject):
    """
    As a context manager, while something is done to the window.

    What this thread waited for a core is taken off (the kernel counts it, second number of schedstat): other
    processes of a busy machine are not the window's fault. Threads of our own that hold the interpreter are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)

    def __enter__(self) -> Self:
        self._schedstat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._last = self._now()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._on_beat()
        self._timer.stop()
        os.close(self._schedstat)

    def _now(self) -> int:
        return time.monotonic_ns() - int(os.pread(self._schedstat, 80, 0).split()[1])

    def _on_beat(self) -> None:
        last, self._last = self._last, self._now()
        self.longest_ms = max(self.longest_ms, (self._last - last) / _NS_PER_MS)
