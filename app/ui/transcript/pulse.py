"""The quiet sign that something is coming."""

import math
import time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStyle

INTERVAL_MS = 50
PERIOD_S = 1.4
DIMMEST = 0.25


class Pulse(QObject):
    """Runs only while it is wanted, and never where animations are switched off."""

    changed = Signal(float)  # opacity

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_allowed = True
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def set_allowed(self, is_allowed: bool) -> None:
        """Whether the user wants things to move by themselves."""
        self._is_allowed = is_allowed
        if not is_allowed:
            self.set_running(False)

    def set_running(self, is_running: bool) -> None:
        if is_running and self._is_allowed and not self._timer.isActive() and _system_shows_motion():
            self._timer.start()
        elif not is_running and self._timer.isActive():
            self._timer.stop()
            self.changed.emit(1.0)

    def _on_timeout(self) -> None:
        phase = time.monotonic() % PERIOD_S / PERIOD_S
        self.changed.emit(DIMMEST + (1 - DIMMEST) * (0.5 + 0.5 * math.cos(phase * math.tau)))


def _system_shows_motion() -> bool:
    """Qt 6.11 has no hint for it but this one, which follows the desktop's animations where it knows of them."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
