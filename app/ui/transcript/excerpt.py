"""What is copied of a message: the texts of its cells, with the markers of the lists and quotes they stand in."""

from collections.abc import Callable
from typing import NamedTuple

from app.markdown.blocks import Container, Footnote, Item, Leaf, Quote
from app.ui.transcript.cells.cell import END, START, Cell, Mark, Span
from app.ui.transcript.cells.choice import are_tight, follows_blank
from app.ui.transcript.cells.column import Column
from app.ui.transcript.cells.frames import Framing
from app.ui.transcript.cells.reasoning import ReasoningHead
from app.ui.transcript.cells.rule import RuleCell

InCells = tuple[int, Mark]  # a cell's number, and a place in it


class Piece(NamedTuple):
    """`is_begun`: from its first character on, so that the markers before it are meant too."""

    cell: Cell
    framing: Framing
    span: Span
    is_begun: bool

    @property
    def container(self) -> Container | None:
        block = getattr(self.cell, "block", None)
        return block.container if isinstance(block, Leaf) else None

    @property
    def outer(self) -> Container | None:
        """What has begun before it."""
        return self.framing.begun[-1].parent if self.framing.begun else self.container

    @property
    def is_whole(self) -> bool:
        lines = self.cell.lines()
        return self.is_begun and self.span[1] >= ((len(lines) - 1, len(lines[-1])) if lines else START)


def pieces_between(column: Column, first: InCells, last: InCells) -> list[Piece]:
    """The cells between two places, the first and the last with what is selected of them."""
    result = []
    for number in range(first[0], min(last[0] + 1, len(column))):
        start = first[1] if number == first[0] else START
        end = last[1] if number == last[0] else END
        cell = column.cells[number]
        if (start < end or number != last[0]) and not isinstance(cell, ReasoningHead):
            result.append(Piece(cell, column.framing(number), (start, end), start == START))
    return result


def text_of(pieces: list[Piece]) -> str:
    """As it reads, with the markers of lists and quotes if it is more than one cell."""
    if len(pieces) == 1:
        return pieces[0].cell.text_between(pieces[0].span)
    return _joined(pieces, lambda piece: piece.cell.text_between(piece.span), is_apart=_is_apart)


def markdown_of(pieces: list[Piece]) -> str:
    """As it could have been written. A part of one cell stands for itself."""
    if len(pieces) == 1 and not pieces[0].is_whole:
        return pieces[0].cell.markdown_between(pieces[0].span)
    return _joined(pieces, lambda piece: piece.cell.markdown_between(piece.span), is_apart=_is_apart_in_markdown)


def _joined(pieces: list[Piece], write: Callable[[Piece], str], *, is_apart: Callable[[Piece, Piece], bool]) -> str:
    prefixes = _Prefixes()
    lines: list[tuple[str, str]] = []  # a prefix, and what stands after it
    above: Piece | None = None
    for piece in pieces:
        if above is not None and is_apart(above, piece):
            lines.append((prefixes.inside(piece.outer), ""))
        first, others = prefixes.of(piece)
        if above is None and not piece.is_begun:
            first = ""
        for line in write(piece).strip("\n").split("\n"):
            lines.append((first, line))
            first = others
        above = piece
    # An excerpt from deep in a list begins at the margin.
    blank = " " * (len(lines[0][0]) - len(lines[0][0].lstrip(" "))) if lines else ""
    moved = ((prefix.removeprefix(blank), line) for prefix, line in lines)
    return "\n".join(prefix + line if line else prefix.rstrip() for prefix, line in moved)


def _is_apart(above: Piece, piece: Piece) -> bool:
    """There is a blank line between them."""
    return follows_blank(piece.cell) or not are_tight(above.framing, piece.framing)


def _is_apart_in_markdown(above: Piece, piece: Piece) -> bool:
    # What follows a line of text at once and looks like a rule would make a heading of it.
    return follows_blank(piece.cell) or isinstance(piece.cell, RuleCell)


class _Prefixes:
    """What stands before the lines of a cell for the containers it is in."""

    def __init__(self) -> None:
        self._known: dict[Container, str] = {}

    def of(self, piece: Piece) -> tuple[str, str]:
        """Before its first line, and before the others."""
        others = self.inside(piece.container)
        if not piece.is_begun or not piece.framing.begun:
            return others, others
        return self.inside(piece.outer) + "".join(map(_marker, reversed(piece.framing.begun))), others

    def inside(self, container: Container | None) -> str:
        """Before any line but the first."""
        new: list[Container] = []
        while container is not None and container not in self._known:
            new.append(container)
            container = container.parent
        prefix = self._known[container] if container is not None else ""
        for inner in reversed(new):
            prefix += "> " if isinstance(inner, Quote) else " " * len(_marker(inner, is_blank=True))
            self._known[inner] = prefix
        return prefix


def _marker(container: Container, *, is_blank: bool = False) -> str:
    """`is_blank`: that of which the width counts; a box to tick is text to Markdown."""
    match container:
        case Quote():
            return "> "
        case Footnote():
            return "    " if is_blank else f"[^{container.label}]: "
        case Item():
            items = container.list
            marker = f"{container.number}{items.marker} " if items.is_ordered else f"{items.marker} "
            if container.is_done is None or is_blank:
                return marker
            return f"{marker}[{'x' if container.is_done else ' '}] "
