"""How full the model's context is and what the conversation has cost, in a ring and a few words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.context_use import ContextUse
from app.ui.amounts import counted, dollars, percent
from app.ui.measures import ROW_HEIGHT_PX
from app.ui.models.words import short_context
from app.ui.palette import SMALL_PX
from app.ui.theme import Theme, body_font

NEAR_SHARE = 0.8  # of the context: from here on in the warning's colour

_RING_PX = 14
_PEN_PX = 2.5
_GAP_PX = 7
_PADDING_PX = 8
_BETWEEN = " · "
_FULL_TURN = 360 * 16  # as QPainter counts


class ContextGauge(QWidget):
    """Nothing to press: all it knows is in its words, its tooltip, and for screen readers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._use: ContextUse | None = None
        self.text = ""
        self.setObjectName("contextGauge")
        self.setFont(body_font(SMALL_PX))
        self.setFixedHeight(ROW_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_use(None)

    def show_use(self, use: ContextUse | None) -> None:
        """None, or a conversation of which nothing is known yet: show nothing."""
        self._use = use
        self.text = _words(use) if use is not None else ""
        told = "\n".join(_sentences(use)) if use is not None and self.text else ""
        self.setToolTip(told)
        self.setAccessibleName(f"Context: {self.text}" if self.text else "Context")
        self.setAccessibleDescription(told)
        self.setVisible(bool(self.text))
        self.updateGeometry()
        self.update()

    @property
    def _share(self) -> float | None:
        return self._use.share if self._use is not None else None

    @property
    def is_near(self) -> bool:
        """Whether the context is nearly full, or something does not fit any more."""
        return self._use is not None and (bool(self._use.left_out) or (self._share or 0.0) >= NEAR_SHARE)

    def _fitting(self, room: float) -> str:
        """As many of the parts as have room, the first ones; none is cut."""
        parts = self.text.split(_BETWEEN)
        shown = (_BETWEEN.join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((each for each in shown if self.fontMetrics().horizontalAdvance(each) <= room), "")

    def _paint_ring(self, painter: QPainter, ring: QRectF) -> None:
        palette = self._theme.palette
        painter.setPen(QPen(QColor(palette.border), _PEN_PX))
        painter.drawEllipse(ring)
        color = palette.warning if self.is_near else palette.muted
        pen = QPen(QColor(color), _PEN_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        turn = min(1.0, self._share or 0.0)
        painter.drawArc(ring, _FULL_TURN // 4, -max(1, round(turn * _FULL_TURN)))

    # Qt overrides

    def sizeHint(self) -> QSize:
        ring = _RING_PX + _GAP_PX if self._share is not None else 0
        width = 2 * _PADDING_PX + ring + self.fontMetrics().horizontalAdvance(self.text) + 1
        return QSize(width, ROW_HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, ROW_HEIGHT_PX)  # in the narrowest of windows the model's name has all the room

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = float(_PADDING_PX)
        if self.width() < 2 * _PADDING_PX + _RING_PX:
            return
        if self._share is not None:
            inset = _PEN_PX / 2
            top = (self.height() - _RING_PX) / 2
            self._paint_ring(painter, QRectF(left + inset, top + inset, _RING_PX - _PEN_PX, _RING_PX - _PEN_PX))
            left += _RING_PX + _GAP_PX
        painter.setPen(QColor(palette.text if self.is_near else palette.muted))
        room = self.width() - left - _PADDING_PX
        shown = self._fitting(room + 1)
        painter.drawText(QRectF(left, 0, room + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)


def _words(use: ContextUse) -> str:
    parts: list[str] = []
    about = "" if use.count.is_exact else "≈ "
    if use.count.tokens:
        if use.share is not None:
            parts.append(f"{about}{percent(use.share)} of {short_context(use.context_tokens)}")
        else:
            parts.append(f"{about}{counted(use.count.tokens, 'token')}")
    if use.left_out:
        parts.append(f"{counted(use.left_out, 'message')} not sent")
    if use.cost:
        parts.append(dollars(use.cost))
    elif parts and use.is_free:
        parts.append("free")
    return _BETWEEN.join(parts)


def _sentences(use: ContextUse) -> list[str]:
    """A fact a line."""
    about = "" if use.count.is_exact else "≈ "
    tokens = f"{about}{counted(use.count.tokens, 'token')}"
    lines = [f"The next message sends {tokens}"]
    if use.share is not None:
        lines = [f"The next message sends {tokens}: {percent(use.share)} of the {use.context_tokens:,} the model reads"]
    if use.left_out == 1:
        lines.append("The oldest message is not sent: it does not fit the model's context")
    elif use.left_out:
        lines.append(f"The {use.left_out:,} oldest messages are not sent: they do not fit the model's context")
    if not use.count.is_exact:
        lines.append("Estimated: this model's own way of counting is not known exactly")
    if use.cost:
        lines.append(f"This conversation has cost {dollars(use.cost)} so far")
    if use.cost and use.unpriced:
        lines.append(f"Not in it: {counted(use.unpriced, 'answer')} whose price is not known")
    if use.is_free:
        lines.append("This model costs nothing")
    return lines
