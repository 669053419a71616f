"""SIGTERM, Ctrl+C and log-off, as a Qt signal on the UI thread."""

import os
import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication, QSessionManager

_SIGNALS = (signal.SIGTERM, signal.SIGINT, *((signal.SIGHUP,) if os.name == "posix" else ()))


class QuitSignals(QObject):
    """
    Emits `quit_requested` when the system wants the program to end.

    Python runs its signal handlers between two bytecodes, and Qt's loop executes none while it
    waits: a socket that the C handler writes to wakes it.
    """

    quit_requested = Signal()

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_woken)
        self._old_descriptor = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        app.commitDataRequest.connect(self._on_commit_data_requested)

    def close(self) -> None:
        """Put the handlers back that were there before."""
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_descriptor)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_woken(self) -> None:
        try:
            self._reader.recv(4096)
        except BlockingIOError:
            return

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.quit_requested.emit()

    def _on_commit_data_requested(self, manager: QSessionManager) -> None:
        self.quit_requested.emit()
