"""
One window for each data folder: a second start raises the first one's and ends.

QLockFile decides who is the first. The first listens on a local socket that only its own user may open; all that can
be asked there is to come to the front.
"""

import ctypes
import hashlib
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

REQUEST_LIMIT_BYTES = 64 * 1024
REQUEST_LIMIT_MS = 2_000
ANSWER_LIMIT_MS = 10_000  # the first may be bringing its database up to date
RETRY_MS = 50
LONGEST_SOCKET_PATH = 100  # what a Unix socket's address has room for
_RAISE, _RAISED = b"raise", b"raised\n"
_TOKEN = "XDG_ACTIVATION_TOKEN"  # Wayland lets a window come to the front only with one


class OneWindow(QObject):
    """Hears from later starts. `raise_requested`: the window is to come to the front."""

    raise_requested = Signal()

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        """Only for whoever holds the lock: a socket that a crash left behind is taken over."""
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        name = socket_name(data_folder)
        QLocalServer.removeServer(name)
        self.is_listening = self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _on_new_connection(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            _Request(connection, self)


class _Request(QObject):
    """One connection: heard for a while, and no more of it than a request can be."""

    def __init__(self, connection: QLocalSocket, owner: OneWindow) -> None:
        super().__init__(owner)
        self._connection = connection
        self._owner = owner
        connection.setParent(self)
        connection.setReadBufferSize(REQUEST_LIMIT_BYTES)
        connection.readyRead.connect(self._on_ready)
        connection.disconnected.connect(self.deleteLater)
        QTimer.singleShot(REQUEST_LIMIT_MS, self, connection.abort)
        self._on_ready()

    def _on_ready(self) -> None:
        if not self._connection.canReadLine():
            if self._connection.bytesAvailable() >= REQUEST_LIMIT_BYTES:
                self._connection.abort()
            return
        word, _, token = bytes(self._connection.readLine().data()).strip().partition(b" ")
        if word != _RAISE:
            self._connection.abort()
            return
        if token.isascii() and token:
            os.environ[_TOKEN] = token.decode()
        self._owner.raise_requested.emit()
        self._connection.write(_RAISED)
        self._connection.disconnectFromServer()


class RaiseRequest(QObject):
    """
    A later start's: asks the Belay that has this folder open to come to the front.

    `finished` says whether it did. It is asked again for a while: it may have the lock, and not listen yet.
    """

    finished = Signal(bool)

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(data_folder)
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self._on_connected)
        self._socket.readyRead.connect(self._on_ready)
        self._socket.errorOccurred.connect(self._on_error)
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self.start)
        QTimer.singleShot(ANSWER_LIMIT_MS, self, lambda: self._finish(False))
        _let_others_take_the_front()

    def start(self) -> None:
        self._socket.connectToServer(self._name)

    def _on_connected(self) -> None:
        self._socket.write(b" ".join((_RAISE, os.environ.get(_TOKEN, "").encode())) + b"\n")

    def _on_ready(self) -> None:
        if self._socket.canReadLine():
            self._finish(bytes(self._socket.readLine().data()) == _RAISED)

    def _on_error(self) -> None:
        self._retry.start()

    def _finish(self, is_raised: bool) -> None:
        self._retry.stop()
        self._socket.errorOccurred.disconnect(self._on_error)
        self.finished.emit(is_raised)


def socket_name(data_folder: Path) -> str:
    """Return the name that belongs to a data folder: in the user's runtime folder where there is one."""
    mark = hashlib.sha256(str(data_folder.resolve()).encode()).hexdigest()[:16]
    if os.name != "posix":
        return f"belay-{mark}"
    places = (os.environ.get("XDG_RUNTIME_DIR", ""), str(data_folder))
    for place in places:
        path = f"{place}/belay-{mark}.sock"
        if place and os.access(place, os.W_OK) and len(path.encode()) <= LONGEST_SOCKET_PATH:
            return path
    return f"belay-{os.getuid()}-{mark}"  # Qt puts it into the folder of temporary files


def _let_others_take_the_front() -> None:
    if sys.platform == "win32":
        ctypes.windll.user32.AllowSetForegroundWindow(-1)
