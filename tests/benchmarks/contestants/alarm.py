"""
A moment chosen beforehand, as a file descriptor: the way a mouse reaches a program, through the kernel.

No thread or process of ours runs at that moment. What follows waits for nothing but the client's own
event loop, and for the machine to wake it.
"""

import ctypes
import os
import time

_ABSOLUTE = 1
_NS_PER_S = 1_000_000_000


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _TimeSpec), ("value", _TimeSpec))


class Alarm:
    """Linux's timerfd (os.timerfd_create comes with Python 3.13)."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor: int = self._libc.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        self._check(self._descriptor)

    def fileno(self) -> int:
        return self._descriptor

    def set(self, at_ns: int) -> None:
        """Be readable from `at_ns` on, as time.monotonic_ns() counts."""
        moment = _TimerSpec(_TimeSpec(0, 0), _TimeSpec(at_ns // _NS_PER_S, at_ns % _NS_PER_S))
        self._check(self._libc.timerfd_settime(self._descriptor, _ABSOLUTE, ctypes.byref(moment), None))

    def take(self) -> None:
        """Read it: silent until it is set again."""
        os.read(self._descriptor, 8)

    def _check(self, result: int) -> None:
        if result < 0:
            raise OSError(ctypes.get_errno(), "timerfd")
