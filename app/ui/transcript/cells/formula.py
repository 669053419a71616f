"""A formula that stands on its own, in the middle of the width."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.markdown.blocks import Formula
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import START, Link, Mark, Marked, Span
from app.ui.transcript.cells.formula_source import FormulaSource
from app.ui.transcript.cells.sideways import Sideways
from app.ui.transcript.formulas import FormulaPicture
from app.ui.transcript.materials import Materials

_GAP_PX = 12
_PADDING_PX = 4
_SOURCE_PADDING_PX = 12
_RADIUS_PX = 12
_THUMB_PX = 4


class FormulaCell:
    """Its text is the TeX between the delimiters; set in type it is selected as a whole."""

    def __init__(self, block: Formula, materials: Materials) -> None:
        self.gap_px = materials.style.px(_GAP_PX)
        self.block = block
        self._materials = materials
        self._style = materials.style
        self._source = FormulaSource(block, materials)
        self._picture: FormulaPicture | None = None
        self._was_asked_for = False
        self._sideways = Sideways()
        self.width = 1

    @property
    def height(self) -> int:
        picture = self._picture
        if picture is None:
            return self._source.cell.height + 2 * self._inset
        thumb = 2 * self._style.px(_THUMB_PX) if self._sideways.overflow else 0
        return self._baseline(picture) + int(picture.descent + 1) + self._inset + thumb

    @property
    def _inset(self) -> int:
        return self._style.px(_SOURCE_PADDING_PX if self._picture is None else _PADDING_PX)

    def _baseline(self, picture: FormulaPicture) -> int:
        return self._inset + int(picture.ascent + 1)

    @property
    def is_settled(self) -> bool:
        if self._picture is not None:
            return True
        return self._source.is_settled and (self._was_asked_for or not self.block.is_closed)

    @property
    def growth_y(self) -> int:
        return self._inset + self._source.cell.growth_y if self._picture is None else 0

    def resize(self, width: int) -> None:
        self.width = max(1, width)
        self._source.cell.resize(self.width - 2 * self._style.px(_SOURCE_PADDING_PX))
        self._fit_picture()

    def _fit_picture(self) -> None:
        if self._picture is not None:
            self._sideways.resize(int(self._picture.width + 1), self.width)

    def count(self) -> None:
        self._source.read()

    def lay_out(self, budget: Budget) -> None:
        self._source.read()
        if self.block.is_closed and not self._was_asked_for:
            self._was_asked_for = True
            self.refresh()
        if self._picture is None:
            self._source.cell.lay_out(budget)

    def refresh(self) -> bool:
        if self._picture is not None or not self._was_asked_for:
            return False
        formulas, px = self._materials.formulas, self._style.body.px
        self._picture = formulas.picture(self.block.tex, px, is_display=True)
        self._fit_picture()
        return self._picture is not None

    def scroll_by(self, dx: int) -> bool:
        return self._sideways.scroll_by(dx)

    def y_of(self, mark: Mark) -> int:
        return self._inset + self._source.cell.y_of(mark) if self._picture is None and mark > START else 0

    def mark_at(self, x: int, y: int) -> Mark:
        if self._picture is None:
            return self._source.cell.mark_at(x - self._inset, y - self._inset)
        return START if x < self.width // 2 else (0, len(self._text))

    def link_at(self, x: int, y: int) -> str:
        return ""

    def links(self) -> Sequence[Link]:
        return ()

    @property
    def _text(self) -> str:
        block = self.block
        return "\n".join([*block.lines, block.open_line] if block.open_line else block.lines)

    def lines(self) -> Sequence[str]:
        return (self._text,)

    def text_between(self, span: Span) -> str:
        """With its delimiters if it is all of it."""
        (_, start), (line_after, end) = span
        text = self._text
        if start <= 0 and (line_after or end >= len(text)):
            return f"$$\n{self.block.tex}\n$$"
        return text[start : None if line_after else end]

    def markdown_between(self, span: Span) -> str:
        return self.text_between(span)

    def html_between(self, span: Span) -> str:
        return f"<p>{escape(self.text_between(span))}</p>"

    def word_at(self, mark: Mark) -> Span:
        if self._picture is None:
            return self._source.cell.word_at(mark)
        return START, (0, len(self._text))

    def dot_center(self) -> QPointF | None:
        if self.block.is_closed:
            return None
        center = self._source.cell.dot_center()
        return center + QPointF(self._inset, self._inset) if center is not None else None

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        if self._picture is None:
            self._paint_source(painter, clip, marked)
            return
        painter.save()
        painter.setClipRect(QRect(0, 0, self.width, self.height), Qt.ClipOperation.IntersectClip)
        self._paint_picture(painter, self._picture, marked)
        painter.restore()
        self._sideways.paint_thumb(painter, self.height, self._style.px(_THUMB_PX), self._style.scrollbar)

    def _paint_source(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        radius = self._style.px(_RADIUS_PX)
        painter.setPen(self._style.border)
        painter.setBrush(self._style.code_ground)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width - 1, self.height - 1), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        corner = QPoint(self._inset, self._inset)
        painter.translate(corner)
        self._source.cell.paint(painter, clip.translated(-corner), marked)
        painter.translate(-corner)

    def _paint_picture(self, painter: QPainter, picture: FormulaPicture, marked: Marked) -> None:
        x = max(0.0, (self.width - picture.width) / 2) - self._sideways.offset
        ground = self._ground(marked)
        if ground is not None:
            baseline = self._baseline(picture)
            painter.fillRect(QRectF(x, 0, picture.width, baseline + picture.descent + self._inset), ground)
        picture.paint(painter, QPointF(x, self._baseline(picture)), self._style.body.color)

    def _ground(self, marked: Marked) -> QColor | None:
        style = self._style.body
        if marked.selected is not None and marked.selected[0] < min(marked.selected[1], (0, len(self._text))):
            return style.selection
        if marked.current is not None:
            return style.found_current
        return style.found if marked.found else None
