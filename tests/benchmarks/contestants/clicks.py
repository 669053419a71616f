"""A click on a button, at a chosen moment, and what became of it."""

import asyncio
import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QSocketNotifier, Qt, SignalInstance
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton

from tests.benchmarks.contestants.alarm import Alarm
from tests.benchmarks.contestants.core_waits import CoreWaits
from tests.benchmarks.contestants.orders import SETTLE_S, Answer, stop_answer


class Clicks(QObject):
    """
    Clicks a button and times its handler: from `released` to behind the last slot of `clicked`. Of a client
    that acts as the mouse goes down, `asked` is the signal it does it by: then from the press to behind its last slot.

    The click waits in the kernel until the event loop turns to it, as one from the window system does, and is
    delivered in that turn; to post it once more would make it wait for two. Its time is the moment that was
    chosen, so all waiting counts, and so do Qt's two repaints of the window: one for the press and one for the
    release, before `released` is emitted. A person's finger would leave some 80 ms between them.
    Build it when the client has connected its own slots: slots run in the order of their connection.
    """

    def __init__(self, button: QAbstractButton, waits: CoreWaits, asked: SignalInstance | None = None) -> None:
        super().__init__()
        self._button = button
        self._waits = waits
        self._alarm = Alarm()
        self._at_ns = self._noticed_ns = self._started_ns = self._ended_ns = self._own_wait_ns = 0
        self._handled = asyncio.Event()
        self._notifier = QSocketNotifier(self._alarm.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_alarm)
        if asked is None:
            button.released.connect(self._on_released)
            button.clicked.connect(self._on_clicked)
        else:
            asked.connect(self._on_clicked)

    def arm(self, after_s: float) -> None:
        self._handled.clear()
        self._at_ns = time.monotonic_ns() + int(after_s * 1e9)
        self._alarm.set(self._at_ns)

    async def handled(self) -> Answer:
        """Wait for the click that was armed, and for its handler."""
        await self._handled.wait()
        await asyncio.sleep(SETTLE_S)
        own_wait_ns, server_wait_ns = self._waits.since(self._at_ns, self._own_wait_ns)
        return stop_answer(
            click_ns=self._at_ns,
            noticed_ns=self._noticed_ns,
            started_ns=self._started_ns,
            ended_ns=self._ended_ns,
            own_wait_ns=own_wait_ns,
            server_wait_ns=server_wait_ns,
        )

    def _on_alarm(self) -> None:
        self._noticed_ns = time.monotonic_ns()
        self._alarm.take()
        place = QPointF(self._button.rect().center())
        everywhere = self._button.mapToGlobal(place)
        left, none, no_keys = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        self._started_ns = time.monotonic_ns()
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            QCoreApplication.sendEvent(self._button, QMouseEvent(kind, place, everywhere, left, held, no_keys))

    def _on_released(self) -> None:
        self._started_ns = time.monotonic_ns()

    def _on_clicked(self) -> None:
        self._ended_ns = time.monotonic_ns()
        self._own_wait_ns = self._waits.own_ns()
        self._handled.set()
