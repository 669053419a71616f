"""Work that is cut into small steps, done between events."""

import time
from collections.abc import Generator
from enum import Enum, auto
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

SLICE_S = 0.004  # in one turn of the event loop
WAIT_MS = 5

Result = TypeVar("Result")


class Step(Enum):
    """What a piece of work says after each step."""

    DONE = auto()  # go on as soon as there is time
    WAITS = auto()  # for something that comes by an event


Steps = Generator[Step, None, Result]


class Slices(QObject):
    """Goes through steps, SLICE_S in one turn of the event loop. Costs nothing when there are none."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Steps[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_busy(self) -> bool:
        return self._steps is not None

    def start(self, steps: Steps[None], *, at_once_s: float = 0.0) -> None:
        """Instead of what was under way. For `at_once_s` it is worked on before this returns."""
        self._steps = steps
        self._go_on(at_once_s)

    def cancel(self) -> None:
        self._steps = None
        self._timer.stop()

    def _on_timeout(self) -> None:
        self._go_on(SLICE_S)

    def _go_on(self, budget_s: float) -> None:
        steps = self._steps
        end = time.perf_counter() + budget_s
        step: Step | None = Step.DONE
        while steps is not None and step is Step.DONE and time.perf_counter() < end:
            step = next(steps, None)
            if steps is not self._steps:
                return  # a step began something else, or called it off
        if step is None:
            self._steps = None
        elif steps is not None:
            self._timer.start(WAIT_MS if step is Step.WAITS else 0)
