"""What a row is painted from, one below the other."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from app.ui.transcript.budget import Budget

# A place in a cell's text: a line of code (0 in running text), and a character in it. Survives every new layout.
Mark = tuple[int, int]
Span = tuple[Mark, Mark]

DOT_GAP_PX = 9  # from the last character to the middle of the dot
START: Mark = (0, 0)
END: Mark = (1 << 60, 0)


class Cell(Protocol):
    """
    A piece of a message. Coordinates are whole pixels from its own top left corner.

    Its height is an estimate until it `is_settled`.
    """

    gap_px: int  # above it, unless it is the first

    @property
    def width(self) -> int:
        """As it was last told."""
        ...

    @property
    def height(self) -> int: ...

    @property
    def is_settled(self) -> bool: ...

    @property
    def growth_y(self) -> int:
        """Nothing above this will look different when the text has grown."""
        ...

    def resize(self, width: int) -> None:
        """Costs next to nothing: what was laid out is forgotten."""
        ...

    def count(self) -> None:
        """Take note of new text, for the estimate."""
        ...

    def lay_out(self, budget: Budget) -> None:
        """Go on until it is settled or the time is spent."""
        ...

    def y_of(self, mark: Mark) -> int:
        """The top of the line that `mark` is in."""
        ...

    def mark_at(self, x: int, y: int) -> Mark:
        """The nearest place."""
        ...

    def text_between(self, span: Span) -> str: ...

    def word_at(self, mark: Mark) -> Span: ...

    def dot_center(self) -> QPointF | None:
        """Where the dot belongs that says that more is coming: after the last character. None if not in sight."""
        ...

    def paint(self, painter: QPainter, clip: QRect, selected: Span | None) -> None: ...
