"""What a turn of the wheel or a stroke on a touchpad means, in pixels and in steps."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

NOTCH = 120  # Qt's word for a click of the wheel
LINE_PX = 28


def _moved(event: QWheelEvent) -> QPoint:
    if not event.pixelDelta().isNull():
        return event.pixelDelta()
    notch_px = QApplication.wheelScrollLines() * LINE_PX
    angle = event.angleDelta()
    return QPoint(round(angle.x() * notch_px / NOTCH), round(angle.y() * notch_px / NOTCH))


def sideways_px(event: QWheelEvent) -> int:
    """To the right, if the stroke is meant sideways or Shift is held; else 0."""
    moved = _moved(event)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return -(moved.y() or moved.x())
    return -moved.x() if abs(moved.x()) > abs(moved.y()) else 0


def down_px(event: QWheelEvent) -> int:
    return -_moved(event).y()


class ZoomWheel:
    """Counts the turns of a wheel in whole steps; what is left over is kept for the next."""

    def __init__(self) -> None:
        self._turned = 0

    def steps(self, event: QWheelEvent) -> int:
        self._turned += event.angleDelta().y()
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        return steps
