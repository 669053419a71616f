"""What stands under an answer: how it ended, and what went wrong."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.domain.conversation import MessageStatus
from app.domain.errors import Remedy
from app.markdown.blocks import Paragraph
from app.ui.receipt import UNKNOWN_FAULT, status_line
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import UNMARKED
from app.ui.transcript.cells.choice import verbatim_cell
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.copying import cleaned_code
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_action import remedy_of
from app.ui.transcript.shown_message import ShownMessage
from app.ui.transcript.style import TextStyle

ABOVE_PX = 10
ICON_PX = 18
SMALL_ICON_PX = 15
ICON_TOP_PX = 3
ICON_GAP_PX = 8
PADDING_PX = 14
RADIUS_PX = 12
WAITING_LEFT_PX = 22  # beside the dot
RETRY_PX = 108  # kept free for the button
REMEDY_PX = 206  # and for the one above it that helps
NARROW_PX = 460  # in less the two stand below the text
BELOW_PX = 76
MAX_DETAIL_CHARACTERS = 600


class Footer:
    """Empty under a message that ended well or has not ended. The buttons below it are the row's."""

    def __init__(self, shown: ShownMessage, materials: Materials) -> None:
        self._materials = materials
        self._shown = shown
        self._style = style = materials.style
        self._icons = materials.icons
        self._lines: list[TextCell] = []
        self._has_box = False
        self._buttons_px = RETRY_PX if remedy_of(shown) is Remedy.NONE else REMEDY_PX
        message = shown.message
        if message.status is MessageStatus.FAILED:
            self._has_box = True
            fault = message.fault or UNKNOWN_FAULT
            self._add(fault.title, style.strong)
            self._add(fault.advice, style.advice)
            if fault.detail and fault.detail != fault.title:
                self._add(_shortened(fault.detail), style.small)
            if shown.receipt:
                self._add(shown.receipt, style.small)
        elif message.status is MessageStatus.STOPPED:
            self._add(shown.receipt or status_line(message), style.small)
        self._width = 0

    @property
    def height(self) -> int:
        text = self._text_height
        if not text:
            return 0
        below = BELOW_PX if self._is_narrow else 0
        return ABOVE_PX + text + below + (2 * self._px(PADDING_PX) if self._has_box else 0)

    @property
    def _is_narrow(self) -> bool:
        return self._buttons_px == REMEDY_PX and self._width < NARROW_PX

    def _px(self, logical: float) -> int:
        return self._style.px(logical)

    @property
    def _text_height(self) -> int:
        return sum(line.height for line in self._lines)

    @property
    def retry_area(self) -> QRect | None:
        """Where the button belongs that asks again; None if nothing failed."""
        if not self._has_box:
            return None
        left, top = self._width - self._buttons_px, ABOVE_PX
        if self._is_narrow:
            top = self.height - BELOW_PX - self._px(PADDING_PX) // 2
        return QRect(left, top, self._buttons_px - self._px(PADDING_PX), self.height - top)

    def resize(self, width: int) -> None:
        """Lays out: these are a few lines."""
        self._width = width
        room = width - self._px(ICON_PX) - self._px(ICON_GAP_PX)
        if self._has_box:
            room -= self._px(PADDING_PX) + (self._px(PADDING_PX) if self._is_narrow else self._buttons_px)
        for line in self._lines:
            line.resize(max(80, room))
            line.lay_out(Budget(1.0))

    def paint(self, painter: QPainter, clip: QRect) -> None:
        """The painter's origin is the footer's top left corner."""
        if self._shown.is_generating and self._shown.waiting_line and not self._shown.text:
            self._paint_waiting_line(painter)
        if not self._lines:
            return
        painter.save()
        painter.translate(0, ABOVE_PX)
        palette = self._style.palette
        name, color, size = "circle-stop", palette.muted, self._px(SMALL_ICON_PX)
        if self._has_box:
            name, color, size = "triangle-alert", palette.danger, self._px(ICON_PX)
            painter.setPen(self._style.border)
            painter.setBrush(self._style.code_ground)
            box = QRectF(0.5, 0.5, self._width - 1, self.height - ABOVE_PX - 1)
            painter.drawRoundedRect(box, self._px(RADIUS_PX), self._px(RADIUS_PX))
            painter.translate(self._px(PADDING_PX), self._px(PADDING_PX))
        icon = self._icons.pixmap(name, color, size, painter.device().devicePixelRatioF())
        painter.drawPixmap(QRectF(0, self._px(ICON_TOP_PX), size, size), icon, QRectF(icon.rect()))
        painter.translate(size + self._px(ICON_GAP_PX), 0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in self._lines:
            line.paint(painter, QRect(0, 0, self._width, line.height), UNMARKED)
            painter.translate(0, line.height)
        painter.restore()

    def _paint_waiting_line(self, painter: QPainter) -> None:
        """Above this footer, where the answer will be."""
        left, line_px = self._px(WAITING_LEFT_PX), self._style.body.line_px
        area = QRect(left, -line_px, self._width - left, line_px)
        painter.setFont(self._style.small.font)
        painter.setPen(self._style.small.color)
        text = painter.fontMetrics().elidedText(self._shown.waiting_line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)

    def _add(self, text: str, style: TextStyle) -> None:
        paragraph = Paragraph(0)
        paragraph.pieces.append(cleaned_code(text).text)
        self._lines.append(verbatim_cell(paragraph, self._materials, style))


def _shortened(detail: str) -> str:
    return detail if len(detail) <= MAX_DETAIL_CHARACTERS else detail[: MAX_DETAIL_CHARACTERS - 1] + "…"
