"""The least that PySide6 can show: one empty window, which says on stderr when it was painted."""

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class EmptyWindow(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self._say)

    def _say(self) -> None:
        sys.stderr.write(f"first_paint_s={time.monotonic():.4f} ready at_s={time.monotonic():.4f}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    application = QApplication([])
    window = EmptyWindow()
    window.resize(1100, 760)
    window.show()
    sys.exit(application.exec())
