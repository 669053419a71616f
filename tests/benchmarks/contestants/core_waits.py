"""Whether the machine gave the client and the server a core when they wanted one."""

import os
import time
from collections import deque

SAMPLE_EVERY_NS = 500_000
_KEPT = 2000


class CoreWaits:
    """
    Sums how long this thread and the server were ready to run while no core was free for them.

    Counted by the kernel (the second number of schedstat), so it includes waiting behind threads of our own.
    `sample` is called for every chunk that arrives, and so there is always a sample shortly before a click.
    """

    def __init__(self, server_pid: int) -> None:
        self._own = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._server = os.open(f"/proc/{server_pid}/schedstat", os.O_RDONLY)
        self._samples: deque[tuple[int, int, int]] = deque(maxlen=_KEPT)
        self._next_ns = 0

    def sample(self) -> None:
        """1.6 µs a file, at most every 0.5 ms."""
        now_ns = time.monotonic_ns()
        if now_ns >= self._next_ns:
            self._next_ns = now_ns + SAMPLE_EVERY_NS
            self._samples.append((now_ns, self.own_ns(), _waited_ns(self._server)))

    def own_ns(self) -> int:
        return _waited_ns(self._own)

    def since(self, click_ns: int, own_ns_at_end: int) -> tuple[int, int]:
        """
        Return what this thread waited from the click to the end of its handler, and the server until now, in ns.

        Raises:
            LookupError: nothing was sampled before the click.
        """
        before = next((sample for sample in reversed(self._samples) if sample[0] <= click_ns), None)
        if before is None:
            raise LookupError("no sample before the click")
        return own_ns_at_end - before[1], _waited_ns(self._server) - before[2]


def _waited_ns(descriptor: int) -> int:
    return int(os.pread(descriptor, 80, 0).split()[1])
