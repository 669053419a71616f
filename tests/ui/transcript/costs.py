"""Whether work grows with what was there before: told by the calls it makes, which are the same on every machine."""

import sys
from collections.abc import Callable

from app.ui.transcript.budget import Budget


def cost_ratio(late: Callable[[], object], early: Callable[[], object]) -> float:
    """How many times as many functions `late` calls."""
    return calls(late) / calls(early)


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, Python's own and those in C."""
    count = 0

    def count_call(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


class Looks(Budget):
    """So many of them, however fast the machine is: what is done between two can be counted."""

    def __init__(self, count: int) -> None:
        self._left = count

    @property
    def is_spent(self) -> bool:
        self._left -= 1
        return self._left < 0
