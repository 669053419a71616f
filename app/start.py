"""
The first moments: the application, its lock, and a window that is painted. All else is loaded after that.

Loading what the window shows takes several times as long as opening a window. It is done in a thread, beside a
window that can be moved, closed and typed into already.
"""

import gc
import importlib
import math
import sys
import threading
import time
from types import ModuleType

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from app.domain.errors import DatabaseUnusable, Fault
from app.storage.first_look import first_look
from app.storage.paths import DataFolder
from app.ui.application import new_application
from app.ui.main_window import LONGEST_WAIT_MS, MainWindow
from app.ui.palette import DARK, LIGHT
from app.ui.platform_check import EXIT_CANNOT_START

# Imports and parsing in threads let the UI thread in every half millisecond: p99 lateness 2.6 ms.
SWITCH_INTERVAL_S = 0.0005
GC_THRESHOLD = (50_000, 20, 1000)  # a full collection takes 57-177 ms of the UI thread
LOADED_LATER = "app.session"
_DARK_BELOW = 128  # lightness of a window's ground


def run(folder: DataFolder) -> int:
    """Run the program with a window. Returns the exit code."""
    gc.set_threshold(*GC_THRESHOLD)
    gc.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    qt = new_application()
    try:
        folder.prepare()
        lock = QLockFile(str(folder.lock))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            return raise_other(qt, folder)
    except DatabaseUnusable as error:
        return tell_why_not(qt, error.fault)
    window = new_window(qt, folder)
    loading = Loading(LOADED_LATER, painted=window.first_painted)
    window.show()
    session = loading.wait(qt)
    if window.isHidden():
        return 0  # closed before there was anything in it
    return int(session.run(qt, folder, window, lock, first_paint_s=loading.painted_s))


def new_window(qt: QApplication, folder: DataFolder) -> MainWindow:
    """Make it in its place and colours, with nothing in it."""
    look = first_look(folder.settings)
    ground = qt.palette().color(QPalette.ColorRole.Window)
    is_dark = look.color_scheme == "dark" or (look.color_scheme != "light" and ground.lightness() < _DARK_BELOW)
    return MainWindow(
        DARK if is_dark else LIGHT,
        width=look.window_width,
        height=look.window_height,
        geometry=look.window_geometry,
        shows_sidebar=look.sidebar_visible,
    )


class Loading(QObject):
    """Imports a module in a thread, from the first paint on, or soon if nothing is painted."""

    ended = Signal()

    def __init__(self, module: str, *, painted: SignalInstance) -> None:
        super().__init__()
        self.painted_s = math.nan  # of the monotonic clock; nan until it is
        self._module = module
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)
        painted.connect(self._on_painted)
        QTimer.singleShot(LONGEST_WAIT_MS, self._begin)

    def wait(self, qt: QApplication) -> ModuleType:
        """
        Let the window live until the module is there. Returns it.

        Raises:
            Exception: what its import raised.
        """
        self.ended.connect(self._on_ended)
        qt.exec()
        if self._error is not None:
            raise self._error
        return sys.modules[self._module]

    def _on_ended(self) -> None:
        QApplication.exit(0)  # quit would close the window

    def _on_painted(self) -> None:
        self.painted_s = time.monotonic()
        self._begin()

    def _begin(self) -> None:
        if self._thread.ident is None:
            self._thread.start()

    def _load(self) -> None:
        try:
            importlib.import_module(self._module)
        except BaseException as error:  # noqa: BLE001 - raised where the module is waited for
            self._error = error
        self.ended.emit()


def raise_other(qt: QApplication, folder: DataFolder) -> int:
    """Have the Belay that has this folder open come to the front. Returns the exit code."""
    request = importlib.import_module("app.ui.one_window").RaiseRequest(folder.root)
    request.finished.connect(lambda is_raised: qt.exit(0 if is_raised else EXIT_CANNOT_START))
    request.start()
    if qt.exec() == 0:
        return 0
    advice = "It has this data folder open, and does not answer. End it, or wait for it."
    return tell_why_not(qt, Fault("Belay is running already", advice, str(folder.root)))


def tell_why_not(qt: QApplication, fault: Fault) -> int:
    """Say it, and return the exit code."""
    importlib.import_module(LOADED_LATER).tell_why_not(qt, fault)
    return EXIT_CANNOT_START
