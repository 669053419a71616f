"""Whether work grows with what was there before, told on a machine whose speed changes from second to second."""

import time
from collections.abc import Callable

ROUNDS = 60


def cost_ratio(late: Callable[[], object], early: Callable[[], object]) -> float:
    """How much more processor time `late` takes. The two take turns, and the quicker half of each counts."""
    late_s, early_s = [], []
    for _ in range(ROUNDS):
        late_s.append(_seconds(late))
        early_s.append(_seconds(early))
    return sum(sorted(late_s)[: ROUNDS // 2]) / sum(sorted(early_s)[: ROUNDS // 2])


def _seconds(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
