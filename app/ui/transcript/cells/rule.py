"""A line across."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from app.markdown.blocks import Rule
from app.ui.transcript.cells.cell import Marked, Span
from app.ui.transcript.cells.wordless import WordlessCell
from app.ui.transcript.materials import Materials

_GAP_PX = 20


class RuleCell(WordlessCell):
    """As high as its line is thick; what follows keeps its distance by `below_px`."""

    def __init__(self, block: Rule, materials: Materials) -> None:
        style = materials.style
        super().__init__(gap_px=style.px(_GAP_PX), height=style.px(1))
        self.block = block
        self.below_px = self.gap_px
        self._style = style

    def markdown_between(self, span: Span) -> str:
        return "---"

    def html_between(self, span: Span) -> str:
        return "<hr>"

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        color = self._style.border if marked.selected is None else self._style.body.selection
        painter.fillRect(QRect(0, 0, self.width, self.height), color)
