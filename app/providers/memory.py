"""How much memory is free, and how much of it a process has. Asks the system where it answers without a library."""

import contextlib
import os
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_LIMIT, _USED = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")


def free_memory_bytes() -> int | None:
    """Return what programs can still have without others being pushed out, None where the system does not say."""
    available: int | None = None
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
        available = next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("MemAvailable:"))
    with contextlib.suppress(OSError, ValueError):  # a container's own limit; "max" is none
        left = int(_LIMIT.read_text(encoding="ascii")) - int(_USED.read_text(encoding="ascii"))
        available = max(0, left) if available is None else min(available, max(0, left))
    return available


def resident_bytes(pid: int) -> int | None:
    """Return how much of a process is in memory, None where the system does not say or the process is gone."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None
