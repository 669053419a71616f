"""A cell that has no text."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import START, Link, Mark, Span


class WordlessCell:
    """There is nothing in it to lay out, to point at or to copy."""

    is_settled = True
    growth_y = 0

    def __init__(self, gap_px: int, height: int) -> None:
        self.gap_px = gap_px
        self.height = height
        self.width = 0

    def resize(self, width: int) -> None:
        self.width = width

    def count(self) -> None:
        """Nothing in it grows."""

    def lay_out(self, budget: Budget) -> None:
        """It is as it is."""

    def refresh(self) -> bool:
        return False

    def scroll_by(self, dx: int) -> bool:
        return False

    def y_of(self, mark: Mark) -> int:
        return 0

    def mark_at(self, x: int, y: int) -> Mark:
        return START

    def link_at(self, x: int, y: int) -> str:
        return ""

    def links(self) -> Sequence[Link]:
        return ()

    def lines(self) -> Sequence[str]:
        return ()

    def text_between(self, span: Span) -> str:
        return ""

    def markdown_between(self, span: Span) -> str:
        return ""

    def html_between(self, span: Span) -> str:
        return ""

    def word_at(self, mark: Mark) -> Span:
        return START, START

    def dot_center(self) -> QPointF | None:
        return None
