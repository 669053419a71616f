"""The transcript's scroll bar. Its place is always kept, so that text does not move when it is first needed."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollBar


class QuietScrollBar(QScrollBar):
    """Paints nothing while there is nothing to scroll."""

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)
