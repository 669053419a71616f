"""The one QApplication, with the names that desktops show."""

import sys

from PySide6.QtWidgets import QApplication

from app.version import VERSION

APP_NAME = "Belay"
APPLICATION_ID = "io.github.belay_chat.Belay"


def new_application() -> QApplication:
    """Make it. The window's icon comes later: drawing it takes longer than the first paint can wait."""
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("belay-chat")
    qt.setApplicationDisplayName(APP_NAME)
    qt.setApplicationVersion(VERSION)
    qt.setDesktopFileName(APPLICATION_ID)
    qt.setQuitOnLastWindowClosed(False)  # the loop ends when everything is on disk
    return qt
