"""The program as a process, once its window is there: its log, its loop and all it shows, until that is closed."""

import asyncio
import gc
import importlib
import logging
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import main
from app.domain.errors import Fault
from app.domain.redaction import Redactor
from app.engine.threads import DaemonThreads
from app.main import App, CannotStart
from app.storage.crash_log import CrashLog
from app.storage.log_file import keep_log
from app.storage.paths import DataFolder, resources
from app.ui.cannot_start import CannotStartDialog
from app.ui.event_loop import new_event_loop
from app.ui.late_imports import import_late_parts
from app.ui.main_window import LONGEST_WAIT_MS, MainWindow
from app.ui.platform_check import EXIT_CANNOT_START
from app.ui.quit_signals import QuitSignals
from app.version import VERSION

if TYPE_CHECKING:
    from app.ui.one_window import OneWindow

log = logging.getLogger(__name__)

LATE_MS = 1000  # what is connected and read at the start comes first


def run(qt: QApplication, folder: DataFolder, window: MainWindow, lock: QLockFile, *, first_paint_s: float) -> int:
    """Run the program in a window that is shown. `lock` is held until all is on disk. Returns the exit code."""
    redactor = Redactor()
    keep_log(folder.log, redactor)
    crash_log = CrashLog(folder.crash_log, redactor, VERSION)
    try:
        app = main.build_for(os.environ, qt, folder, redactor, window)
    except CannotStart as error:
        window.hide()
        tell_why_not(qt, error.fault)
        return EXIT_CANNOT_START
    if crash_log.report:
        app.workspace.show_crash(crash_log.report)
    quit_signals = QuitSignals(qt)
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)
    gc.freeze()
    log.info("started version=%s first_paint_s=%.4f", VERSION, first_paint_s)
    try:
        loop.run_until_complete(serve(app, quit_signals))
    finally:
        quit_signals.close()
        loop.close()
        app.database.close()
        crash_log.close()
        lock.unlock()
        log.info("ended")
    return 0


async def serve(app: App, quit_signals: QuitSignals) -> None:
    """Begin once all is painted, and come back when the window has been closed and everything is on disk."""
    over, begun = asyncio.Event(), asyncio.Event()

    def begin() -> None:
        if not begun.is_set() and not over.is_set():
            begun.set()
            log.info("ready at_s=%.4f", time.monotonic())
            QApplication.setWindowIcon(QIcon(str(resources() / "icons" / "belay.svg")))
            main.begin(app)
            hear_later_starts(app)
            QTimer.singleShot(LATE_MS, load_late_parts)

    app.window.closed.connect(over.set)
    quit_signals.quit_requested.connect(app.window.close)
    app.workspace.first_painted.connect(begin)
    QTimer.singleShot(LONGEST_WAIT_MS, begin)
    try:
        await over.wait()
    finally:
        await main.close(app)


def load_late_parts() -> None:
    """Load in a thread what the first click on the settings or the list of models would wait for."""
    threading.Thread(target=import_late_parts, name="late-parts", daemon=True).start()


def hear_later_starts(app: App) -> "OneWindow":
    """Let a second start raise this window. Qt's network library is loaded here, after the first paint."""
    module = importlib.import_module("app.ui.one_window")
    one_window: OneWindow = module.OneWindow(app.folder.root, app.window)
    one_window.raise_requested.connect(app.presence.come_to_front)
    one_window.raise_requested.connect(lambda: log.info("raised by a later start"))
    return one_window


def tell_why_not(qt: QApplication, fault: Fault) -> None:
    """Say it on stderr, and in a dialog for those who have no terminal; back when it is closed."""
    sys.stderr.write(f"Belay can't start. {fault.title}. {fault.advice} {fault.detail}\n")
    if qt.platformName() == "offscreen":
        return
    dialog = CannotStartDialog(fault)
    dialog.finished.connect(qt.quit)
    dialog.open()
    qt.exec()
