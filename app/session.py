"""The program as a process: one per data folder, with its log, its loop and its window, until that is closed."""

import asyncio
import gc
import importlib
import logging
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import main
from app.domain.errors import DatabaseUnusable, Fault
from app.domain.redaction import Redactor
from app.engine.threads import DaemonThreads
from app.main import App, CannotStart
from app.storage.crash_log import CrashLog
from app.storage.log_file import keep_log
from app.storage.paths import DataFolder, resources
from app.ui.cannot_start import CannotStartDialog
from app.ui.event_loop import new_event_loop
from app.ui.quit_signals import QuitSignals
from app.version import VERSION

if TYPE_CHECKING:
    from app.ui.one_window import OneWindow

log = logging.getLogger(__name__)

APPLICATION_ID = "io.github.belay_chat.Belay"
EXIT_CANNOT_START = 3
# Imports and parsing in threads let the UI thread in every half millisecond: p99 lateness 2.6 ms.
SWITCH_INTERVAL_S = 0.0005
GC_THRESHOLD = (50_000, 20, 1000)  # a full collection takes 57-177 ms of the UI thread


def run(folder: DataFolder) -> int:
    """Run the program with a window. Returns the exit code."""
    qt = new_application()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        folder.prepare()
        redactor = Redactor()
        keep_log(folder.log, redactor)
        lock = QLockFile(str(folder.lock))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            return raise_other(qt, folder)
        crash_log = CrashLog(folder.crash_log, redactor, VERSION)
        app = main.build_for(os.environ, qt, folder, redactor)
    except (CannotStart, DatabaseUnusable) as error:
        tell_why_not(qt, error.fault)
        return EXIT_CANNOT_START
    if crash_log.report:
        app.window.show_crash(crash_log.report)
    quit_signals = QuitSignals(qt)
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)
    gc.set_threshold(*GC_THRESHOLD)
    gc.freeze()
    log.info("started version=%s", VERSION)
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
    """Show the window, and come back when it has been closed and everything is on disk."""
    over = asyncio.Event()
    app.window.closed.connect(over.set)
    quit_signals.quit_requested.connect(app.window.close)
    app.window.first_painted.connect(lambda: main.begin(app))
    app.window.first_painted.connect(lambda: hear_later_starts(app))
    app.window.show()
    try:
        await over.wait()
    finally:
        await main.close(app)


def raise_other(qt: QApplication, folder: DataFolder) -> int:
    """
    Have the Belay that has this folder open come to the front. Returns the exit code.

    Raises:
        CannotStart: it does not answer.
    """
    request = importlib.import_module("app.ui.one_window").RaiseRequest(folder.root)
    request.finished.connect(lambda is_raised: qt.exit(0 if is_raised else EXIT_CANNOT_START))
    request.start()
    if qt.exec() != 0:
        advice = "It has this data folder open, and does not answer. End it, or wait for it."
        raise CannotStart(Fault("Belay is running already", advice, str(folder.root)))
    return 0


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


def new_application() -> QApplication:
    """Make the one QApplication, with the names that desktops show."""
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("belay-chat")
    qt.setApplicationDisplayName("Belay")
    qt.setApplicationVersion(VERSION)
    qt.setDesktopFileName(APPLICATION_ID)
    qt.setQuitOnLastWindowClosed(False)  # the loop ends when everything is on disk
    qt.setWindowIcon(QIcon(str(resources() / "icons" / "belay.svg")))
    return qt
