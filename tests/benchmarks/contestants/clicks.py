"""A click on a button, posted at a chosen moment, and what became of it."""

import asyncio
import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QSocketNotifier, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton

from tests.benchmarks.contestants.alarm import Alarm
from tests.benchmarks.contestants.core_waits import CoreWaits
from tests.benchmarks.contestants.orders import Answer


class Clicks(QObject):
    """
    Posts mouse events to a button and times its handler: from `released` to behind the last slot of `clicked`.

    Build it when the client has connected its own slots: slots run in the order of their connection.
    The time of the click is the moment that was chosen, so waiting for the event loop counts.
    """

    def __init__(self, button: QAbstractButton, waits: CoreWaits) -> None:
        super().__init__()
        self._button = button
        self._waits = waits
        self._alarm = Alarm()
        self._at_ns = self._started_ns = self._ended_ns = self._own_wait_ns = 0
        self._handled = asyncio.Event()
        self._notifier = QSocketNotifier(self._alarm.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_alarm)
        button.released.connect(self._on_released)
        button.clicked.connect(self._on_clicked)

    def arm(self, after_s: float) -> None:
        self._handled.clear()
        self._at_ns = time.monotonic_ns() + int(after_s * 1e9)
        self._alarm.set(self._at_ns)

    async def handled(self) -> None:
        """Wait for the click that was armed."""
        await self._handled.wait()

    def answer(self) -> Answer:
        """Ask when the server has seen the close: its own waiting is in it."""
        own_wait_ns, server_wait_ns = self._waits.since(self._at_ns, self._own_wait_ns)
        return {
            "click_ns": self._at_ns,
            "started_ns": self._started_ns,
            "ended_ns": self._ended_ns,
            "own_wait_ns": own_wait_ns,
            "server_wait_ns": server_wait_ns,
        }

    def _on_alarm(self) -> None:
        self._alarm.take()
        place = QPointF(self._button.rect().center())
        everywhere = self._button.mapToGlobal(place)
        left, none, no_keys = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            QCoreApplication.postEvent(self._button, QMouseEvent(kind, place, everywhere, left, held, no_keys))

    def _on_released(self) -> None:
        self._started_ns = time.monotonic_ns()

    def _on_clicked(self) -> None:
        self._ended_ns = time.monotonic_ns()
        self._own_wait_ns = self._waits.own_ns()
        self._handled.set()
