"""What the model thought before it answered: folded to a line, or small and muted."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter

from app.markdown.blocks import Paragraph
from app.ui.transcript.budget import Budget
from app.ui.transcript.cell import Mark, Span
from app.ui.transcript.paragraph_cell import ParagraphCell
from app.ui.transcript.style import Style

HEADER_PX = 28  # the button that folds and unfolds stands here
INDENT_PX = 14
BAR_PX = 2


class ReasoningCell:
    gap_px = 0

    def __init__(self, pieces: list[str], style: Style, *, is_unfolded: bool) -> None:
        paragraph = Paragraph(0)
        paragraph.pieces = pieces
        self._text = ParagraphCell(paragraph, style.small)
        self._style = style
        self.is_unfolded = is_unfolded

    @property
    def width(self) -> int:
        return self._text.width + INDENT_PX

    @property
    def height(self) -> int:
        return HEADER_PX + (4 + self._text.height if self.is_unfolded else 0)

    @property
    def is_settled(self) -> bool:
        return not self.is_unfolded or self._text.is_settled

    @property
    def growth_y(self) -> int:
        return HEADER_PX + self._text.growth_y

    def resize(self, width: int) -> None:
        self._text.resize(width - INDENT_PX)

    def count(self) -> None:
        self._text.count()

    def lay_out(self, budget: Budget) -> None:
        if self.is_unfolded:
            self._text.lay_out(budget)

    def y_of(self, mark: Mark) -> int:
        return HEADER_PX + 4 + self._text.y_of(mark) if self.is_unfolded and mark > (0, 0) else 0

    def mark_at(self, x: int, y: int) -> Mark:
        below = y - HEADER_PX - 4
        return self._text.mark_at(x - INDENT_PX, below) if self.is_unfolded and below >= 0 else (0, 0)

    def text_between(self, span: Span) -> str:
        return self._text.text_between(span) if self.is_unfolded else ""

    def word_at(self, mark: Mark) -> Span:
        return self._text.word_at(mark) if self.is_unfolded else (mark, mark)

    def dot_center(self) -> QPointF | None:
        return None

    def paint(self, painter: QPainter, clip: QRect, selected: Span | None) -> None:
        if not self.is_unfolded:
            return
        painter.fillRect(QRect(0, HEADER_PX + 4, BAR_PX, self._text.height), self._style.border)
        painter.save()
        painter.translate(INDENT_PX, HEADER_PX + 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._text.paint(painter, clip.translated(-INDENT_PX, -HEADER_PX - 4), selected)
        painter.restore()
