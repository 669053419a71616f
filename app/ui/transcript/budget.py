"""Time that may be spent on the UI thread before the next frame."""

import time


class Budget:
    """Ask `is_spent` between two small steps."""

    __slots__ = ("_end",)

    def __init__(self, budget_s: float) -> None:
        self._end = time.perf_counter() + budget_s

    @property
    def is_spent(self) -> bool:
        return time.perf_counter() >= self._end
