"""A block of code: a box with a header. Long lines are scrolled sideways, or wrapped if that is wanted."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.markdown.blocks import Code
from app.markdown.code_writing import code_html, fenced
from app.markdown.syntax import language_of, title_of
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import DOT_GAP_PX, START, Link, Mark, Marked, Span
from app.ui.transcript.cells.code_lines import CodeLines
from app.ui.transcript.cells.code_text import CodeText
from app.ui.transcript.cells.sideways import Sideways
from app.ui.transcript.materials import Materials

_GAP_PX = 12
_HEADER_PX = 38
_PADDING_PX = 14
_BELOW_HEADER_PX = 4
_BELOW_CODE_PX = 18
_RADIUS_PX = 12
_THUMB_PX = 4
_BUTTONS_PX = 200  # left free of the language
_COUNT_BUDGET_S = 0.0005


class CodeCell:
    """Reads the growing lines of its block by itself. Lays out what is painted, and no more."""

    def __init__(self, block: Code, materials: Materials) -> None:
        self.block = block
        self.width = 1
        self._materials = materials
        self.style = style = materials.style
        self.gap_px = style.px(_GAP_PX)
        self.header_px = style.px(_HEADER_PX)
        self._padding_px = style.px(_PADDING_PX)
        self._lines_top = self.header_px + style.px(_BELOW_HEADER_PX)
        self._text = CodeText(block)
        self._colors = materials.highlighting.colors(block)
        self._painted_version = 0
        self._lines = CodeLines(self._text, style, self._colors)
        self._sideways = Sideways()
        self._is_reflowed = False
        self._fit()

    @property
    def title(self) -> str:
        """What the language is called."""
        return title_of(self.block.info)

    @property
    def text(self) -> str:
        """All of it, for the clipboard."""
        return self.block.text

    @property
    def wraps(self) -> bool:
        return self.block in self._materials.wrapped

    @property
    def is_wide(self) -> bool:
        """There is something to wrap, or to unwrap."""
        return self.wraps or self.overflow_px > 0

    @property
    def overflow_px(self) -> int:
        """How far it can be moved sideways."""
        return self._sideways.overflow

    @property
    def thumb(self) -> tuple[float, float]:
        """Its left edge and its length, in its area. There must be an overflow."""
        return self._sideways.thumb

    @property
    def thumb_area(self) -> QRect:
        below = self.style.px(_BELOW_CODE_PX)
        return QRect(self._padding_px, self.height - below, max(0, self._room_px), below)

    def move_thumb(self, left: float) -> bool:
        """False if there is nothing further that way."""
        return self._sideways.move_thumb(left)

    def set_wraps(self, wraps: bool) -> None:
        """It has another height then, and is not settled before it is laid out."""
        (self._materials.wrapped.add if wraps else self._materials.wrapped.discard)(self.block)
        self._is_reflowed = True
        self._fit()

    @property
    def _room_px(self) -> int:
        """For a line."""
        return self.width - 2 * self._padding_px

    def _fit(self) -> None:
        """Into the width."""
        if self.wraps:
            self._lines.wrap(max(self.style.code.advance_px, self._room_px))
        else:
            self._lines.unwrap()
        self._note_width()

    def _note_width(self) -> None:
        self._sideways.resize(0 if self.wraps else round(self._lines.width_px), self._room_px)

    @property
    def height(self) -> int:
        return self._lines_top + self._lines.height + self.style.px(_BELOW_CODE_PX)

    @property
    def is_settled(self) -> bool:
        return self._text.is_read and self._lines.rows.is_counted and not self._is_reflowed

    @property
    def growth_y(self) -> int:
        if self._is_reflowed:
            return 0
        return self._lines_top + self._lines.height - self.style.code.line_px

    def resize(self, width: int) -> None:
        self.width = max(1, width)
        self._fit()

    def count(self) -> None:
        self._read(Budget(_COUNT_BUDGET_S))

    def lay_out(self, budget: Budget) -> None:
        """Counting is all there is to do: lines are laid out when they are painted."""
        self._read(budget)
        self._is_reflowed = False

    def _read(self, budget: Budget) -> None:
        self._text.read()
        self._lines.rows.read(budget)
        self._note_width()

    def refresh(self) -> bool:
        return self._colors.version != self._painted_version

    def scroll_by(self, dx: int) -> bool:
        return self._sideways.scroll_by(dx)

    @property
    def _left(self) -> int:
        """Where lines begin."""
        return self._padding_px - self._sideways.offset

    def y_of(self, mark: Mark) -> int:
        return self._lines_top + self._lines.top_of(mark) if mark > START else 0

    def mark_at(self, x: int, y: int) -> Mark:
        return self._lines.mark_at(x - self._left, y - self._lines_top)

    def link_at(self, x: int, y: int) -> str:
        return ""

    def links(self) -> Sequence[Link]:
        return ()

    def lines(self) -> Sequence[str]:
        return self._text.lines()

    def text_between(self, span: Span) -> str:
        return self._text.between(span)

    def markdown_between(self, span: Span) -> str:
        """What is within a line stands for itself, all else is fenced."""
        text = self.text_between(span)
        is_whole = span[0] <= START and span[1] >= self._end
        return fenced(text, self.block.info) if is_whole or "\n" in text else text

    def html_between(self, span: Span) -> str:
        return code_html(self.text_between(span), language_of(self.block.info))

    @property
    def _end(self) -> Mark:
        last = self._text.count - 1
        return (last, self._text.length(last)) if last >= 0 else START

    def word_at(self, mark: Mark) -> Span:
        return self._lines.word_at(mark) if self._text.count else (mark, mark)

    def dot_center(self) -> QPointF | None:
        if self.block.is_closed or not self._text.count:
            return None
        end = self._lines.end_of_text()
        x = end.x() + DOT_GAP_PX + self._left
        if not self._padding_px <= x < self.width - self._padding_px:
            return None
        return QPointF(x, self._lines_top + end.y())

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        self._paint_box(painter, clip)
        if not self._text.count:
            return
        top, bottom = clip.top() - self._lines_top, clip.bottom() - self._lines_top
        self._painted_version = self._colors.version  # what is told to come later is news
        self._materials.highlighting.prepare(self.block, self._lines.lines_between(top, bottom))
        painter.save()
        painter.setClipRect(QRect(1, 0, self.width - 2, self.height), Qt.ClipOperation.IntersectClip)
        painter.translate(self._left, self._lines_top)
        self._lines.paint(painter, QRectF(-self._left, top, self.width, bottom - top), marked)
        painter.restore()
        self._note_width()

    def _paint_box(self, painter: QPainter, clip: QRect) -> None:
        style = self.style
        painter.setPen(style.border)
        painter.setBrush(style.code_ground)
        radius = style.px(_RADIUS_PX)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width - 1, self.height - 1), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if clip.top() <= self.header_px:
            self._paint_title(painter)
        if clip.bottom() >= self.height - style.px(_BELOW_CODE_PX):
            thumb_px = style.px(_THUMB_PX)
            painter.translate(self._padding_px, 0)
            self._sideways.paint_thumb(painter, self.height - thumb_px, thumb_px, style.scrollbar)
            painter.translate(-self._padding_px, 0)

    def _paint_title(self, painter: QPainter) -> None:
        label = self.style.label
        painter.setFont(label.font)
        painter.setPen(label.color)
        space = QRect(self._padding_px, 0, max(0, self.width - self.style.px(_BUTTONS_PX)), self.header_px)
        text = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, space.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(space, int(flags), text)
