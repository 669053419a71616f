"""A block of code: a box with a header, no wrapping, scrolled sideways by itself."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.markdown.blocks import Code
from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import DOT_GAP_PX, Mark, Span
from app.ui.transcript.code_lines import CodeLines
from app.ui.transcript.style import Style

HEADER_PX = 38
PADDING_PX = 14
BELOW_HEADER_PX = 4
BELOW_CODE_PX = 18
RADIUS_PX = 12
THUMB_PX = 4
COPY_BUTTON_PX = 180  # left free of the language for the button


class CodeCell:
    """Reads the growing lines of its block by itself."""

    gap_px = 12

    def __init__(self, code: Code, style: Style) -> None:
        self._code = code
        self._style = style
        self._lines = CodeLines(code, style.code)
        self._scroll_px = 0
        self._width = 0

    @property
    def language(self) -> str:
        return self._code.language

    @property
    def text(self) -> str:
        return self._code.text

    @property
    def width(self) -> int:
        return self._width

    @property
    def height(self) -> int:
        return self._line_top(max(1, self._lines.count)) + BELOW_CODE_PX

    @property
    def is_settled(self) -> bool:
        return self._lines.is_read

    @property
    def growth_y(self) -> int:
        return self._line_top(max(0, self._lines.count - 1))

    def resize(self, width: int) -> None:
        self._width = width
        self.scroll_by(0)

    def count(self) -> None:
        """Counting is all there is to do: lines are laid out when they are painted."""
        self._lines.read()

    def lay_out(self, budget: Budget) -> None:
        self._lines.read()

    def scroll_by(self, dx: int) -> bool:
        """False if there is nothing further that way."""
        before = self._scroll_px
        self._scroll_px = max(0, min(self._scroll_px + dx, self.overflow_px))
        return self._scroll_px != before

    @property
    def overflow_px(self) -> int:
        return max(0, round(self._lines.width_px) + 2 * PADDING_PX - self._width)

    def _line_top(self, number: int) -> int:
        return HEADER_PX + BELOW_HEADER_PX + number * self._style.code.line_px

    def _line_at(self, y: int) -> int:
        number = (y - HEADER_PX - BELOW_HEADER_PX) // self._style.code.line_px
        return max(0, min(number, self._lines.count - 1))

    def y_of(self, mark: Mark) -> int:
        return self._line_top(mark[0]) if mark > (0, 0) else 0

    def mark_at(self, x: int, y: int) -> Mark:
        if y < HEADER_PX + BELOW_HEADER_PX or not self._lines.count:
            return 0, 0
        return self._lines.mark_at(x - PADDING_PX + self._scroll_px, self._line_at(y))

    def text_between(self, span: Span) -> str:
        return self._lines.text_between(span)

    def word_at(self, mark: Mark) -> Span:
        return self._lines.word_at(mark) if self._lines.count else (mark, mark)

    def dot_center(self) -> QPointF | None:
        if self._code.is_closed or not self._lines.count:
            return None
        x = self._lines.end_x() + DOT_GAP_PX + PADDING_PX - self._scroll_px
        if not PADDING_PX <= x < self._width - PADDING_PX:
            return None
        return QPointF(x, self._line_top(self._lines.count) - self._style.code.line_px / 2)

    def paint(self, painter: QPainter, clip: QRect, selected: Span | None) -> None:
        self._paint_box(painter, clip)
        if not self._lines.count:
            return
        painter.save()
        painter.setClipRect(QRect(1, 0, self._width - 2, self.height), Qt.ClipOperation.IntersectClip)
        painter.translate(PADDING_PX - self._scroll_px, 0)
        painter.setPen(self._style.code.color)
        seen_left = float(self._scroll_px - PADDING_PX)
        for number in range(self._line_at(clip.top()), self._line_at(clip.bottom()) + 1):
            seen = QRectF(seen_left, self._line_top(number), self._width, self._style.code.line_px)
            self._lines.paint(painter, number, seen, selected)
        painter.restore()

    def _paint_box(self, painter: QPainter, clip: QRect) -> None:
        painter.setPen(self._style.border)
        painter.setBrush(self._style.code_ground)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self._width - 1, self.height - 1), RADIUS_PX, RADIUS_PX)
        if clip.top() > HEADER_PX and clip.bottom() < self.height - BELOW_CODE_PX:
            return
        label = self._style.label
        painter.setFont(label.font)
        painter.setPen(label.color)
        space = QRect(PADDING_PX, 0, max(0, self._width - COPY_BUTTON_PX), HEADER_PX)
        text = painter.fontMetrics().elidedText(self.language or "text", Qt.TextElideMode.ElideRight, space.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(space, int(flags), text)
        if self.overflow_px:
            self._paint_thumb(painter)

    def _paint_thumb(self, painter: QPainter) -> None:
        """Where one is, sideways."""
        track = self._width - 2 * PADDING_PX
        length = max(32.0, track * self._width / (self._width + self.overflow_px))
        left = PADDING_PX + (track - length) * self._scroll_px / self.overflow_px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.scrollbar)
        painter.drawRoundedRect(QRectF(left, self.height - 2 * THUMB_PX, length, THUMB_PX), 2, 2)
