"""Lays out what is near the viewport while little else happens, so that scrolling meets nothing that is not."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.ui.transcript.budget import Budget
from app.ui.transcript.slices import SLICE_S, Slices, Step, Steps

AFTER_MS = 30


class Prefetch(QObject):
    """`lay_out` goes on within a budget and says whether all is done. No timer runs once it is."""

    def __init__(self, parent: QObject, lay_out: Callable[[Budget], bool]) -> None:
        super().__init__(parent)
        self._lay_out = lay_out
        self._slices = Slices(self)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(AFTER_MS)
        self._wait.timeout.connect(self._on_waited)

    @property
    def is_busy(self) -> bool:
        return self._wait.isActive() or self._slices.is_busy

    def note_placed(self) -> None:
        """Other rows may be near now."""
        if not self.is_busy:
            self._wait.start()

    def _on_waited(self) -> None:
        self._slices.start(self._steps())

    def _steps(self) -> Steps[None]:
        while not self._lay_out(Budget(SLICE_S / 2)):
            yield Step.DONE
