"""What a row is painted from, one below the other."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from app.markdown.blocks import Block
from app.ui.transcript.budget import Budget

# A place in a cell's text: a line or table row (0 in running text), and a character in it. Characters are
# counted in what is shown, not in the Markdown. Survives every new layout.
Mark = tuple[int, int]
Span = tuple[Mark, Mark]

DOT_GAP_PX = 9  # from the last character to the middle of the dot
START: Mark = (0, 0)
END: Mark = (1 << 60, 0)


class Marked(NamedTuple):
    """The parts of a cell that are painted on a ground of their own."""

    selected: Span | None = None
    found: Sequence[Span] = ()
    current: Span | None = None  # of what was found, the one that next and previous stand on
    focused: Span | None = None  # a link that the keyboard stands on: framed


UNMARKED = Marked()


class Link(NamedTuple):
    span: Span
    href: str


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

    def refresh(self) -> bool:
        """A formula or the colours of code came ready somewhere: False if this looks as before."""
        ...

    def scroll_by(self, dx: int) -> bool:
        """Move what is wider than the cell. False if there is nothing further that way."""
        ...

    def y_of(self, mark: Mark) -> int:
        """The top of the line that `mark` is in."""
        ...

    def mark_at(self, x: int, y: int) -> Mark:
        """The nearest place."""
        ...

    def link_at(self, x: int, y: int) -> str:
        """Where the link at this point leads, "" if there is none."""
        ...

    def links(self) -> Sequence[Link]:
        """All of its links as far as it is laid out, in the order of the text."""
        ...

    def lines(self) -> Sequence[str]:
        """
        All of its text as marks count it: a mark (line, character) stands before `lines()[line][character]`.

        Running text is one line, whatever line breaks are in it. Joins: for finding, and for keys.
        """
        ...

    def text_between(self, span: Span) -> str: ...

    def markdown_between(self, span: Span) -> str: ...

    def html_between(self, span: Span) -> str: ...

    def word_at(self, mark: Mark) -> Span: ...

    def dot_center(self) -> QPointF | None:
        """Where the dot belongs that says that more is coming: after the last character. None if not in sight."""
        ...

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None: ...


class BlockCell(Cell, Protocol):
    """One that shows a block of the text."""

    @property
    def block(self) -> Block: ...
