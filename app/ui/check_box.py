"""A box to tick that is seen on every ground."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox

from app.ui.icons import paint_focus_ring

BOX_PX = 18
GAP_PX = 10
RING_PX = 3  # around the box
RADIUS_PX = 5


class CheckBox(QCheckBox):
    """Takes its colours from the palette in force. Its label is plain text."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    # Qt overrides

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().size(Qt.TextFlag.TextSingleLine.value, self.text())
        return QSize(
            2 * RING_PX + BOX_PX + GAP_PX + words.width(), max(BOX_PX + 2 * RING_PX, words.height()) + 2 * RING_PX
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, _pos: object) -> bool:  # noqa: N802 - Qt's name
        """The words too."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        accent = colors.color(QPalette.ColorRole.Accent)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(RING_PX + 0.5, (self.height() - BOX_PX) / 2 + 0.5, BOX_PX - 1, BOX_PX - 1)
        edge = colors.color(QPalette.ColorRole.Text if self.underMouse() else QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(accent if self.isChecked() else edge, 1.4))
        painter.setBrush(accent if self.isChecked() else QColor(Qt.GlobalColor.transparent))
        painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        if self.isChecked():
            pen = QPen(colors.color(QPalette.ColorRole.Base), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            corner = box.topLeft()
            painter.drawPolyline([corner + QPointF(x, y) for x, y in ((4.5, 9), (7.5, 12), (12.5, 5.5))])
        painter.setPen(colors.color(QPalette.ColorRole.WindowText))
        words = self.rect().adjusted(2 * RING_PX + BOX_PX + GAP_PX - RING_PX, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text())
        if self.hasFocus():
            ring = box.adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX)
            paint_focus_ring(painter, ring, RADIUS_PX + RING_PX, accent.name())
