"""
The window itself: it is there, in its place and colours, before what it shows is loaded.

Imports nothing but Qt and constants, and names few of Qt's types: each costs the first paint up to a millisecond, and
the namespace `Qt` twenty.
"""

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from app.ui.application import APP_NAME
from app.ui.outline import paint_outline
from app.ui.palette import Palette

LEAST_PX = (480, 400)
# A window that a desktop keeps out of sight is not painted, and must get ready all the same.
LONGEST_WAIT_MS = 500

_BACKSPACE = "\b"


class MainWindow(QMainWindow):
    """
    Paints an outline of what is to come until `furnish` brings it. What is typed before that is not lost.

    `geometry` is Qt's own word for where the window stood, in Base64, or empty.
    """

    first_painted = Signal()
    closed = Signal()

    def __init__(
        self, palette: Palette, *, width: int, height: int, geometry: str = "", shows_sidebar: bool = True
    ) -> None:
        super().__init__()
        self._palette = palette
        self._shows_sidebar = shows_sidebar
        self._is_painted = False
        self._is_furnished = False
        self._typed = ""
        self.setObjectName("mainWindow")
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(*LEAST_PX)
        self.resize(width, height)
        if geometry:
            # Qt brings it onto a screen that is there, and keeps it maximized.
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def furnish(self, workspace: QWidget) -> str:
        """Show this from now on. Returns what was typed before."""
        self._is_furnished = True
        self.setCentralWidget(workspace)
        typed, self._typed = self._typed, ""
        return typed

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_furnished:
            paint_outline(self, self._palette, shows_sidebar=self._shows_sidebar)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_furnished:
            super().keyPressEvent(event)
            return
        text = event.text()
        if text == _BACKSPACE:
            self._typed = self._typed[:-1]
        elif text.isprintable():
            self._typed += text

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        event.accept()
