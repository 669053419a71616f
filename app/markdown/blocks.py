"""
The blocks a text is made of.

Only leaves are listed, in the order of the text; what they stand in (quotes, items, footnotes)
is told by a chain of containers that leaves share. So nothing has to be looked through when a
list of ten thousand items gets one more. Blocks grow at their end while the text streams.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

Alignment = Literal["", "left", "center", "right"]


class Quote(Struct, eq=False):
    parent: "Container | None"


class ItemList(Struct, eq=False):
    """`marker` is one of - + * for bullets, . ) after numbers. `is_tight` may turn False while the list grows."""

    marker: str
    first_number: int = 1
    is_tight: bool = True

    @property
    def is_ordered(self) -> bool:
        return self.marker in ".)"


class Item(Struct, eq=False):
    """
    `number` is the one that is shown: `first_number` of the list for its first item, then one more for each.

    `is_done`: None for an item without a box to tick. The box is none of its text.
    """

    parent: "Container | None"
    list: ItemList
    number: int
    is_done: bool | None = None


class Footnote(Struct, eq=False):
    parent: "Container | None"
    label: str


Container = Quote | Item | Footnote


class Leaf:
    """
    What all blocks have.

    `start` is where its source begins in the text, in characters. `follows_blank`: a blank line stands above
    it. `revision` counts how often something in it changed otherwise than by growing at its end.
    """

    __slots__ = ("container", "follows_blank", "is_closed", "revision", "start")

    def __init__(self, start: int, container: Container | None = None, *, follows_blank: bool = False) -> None:
        self.start = start
        self.container = container
        self.follows_blank = follows_blank
        self.is_closed = False
        self.revision = 0


class Paragraph(Leaf):
    """
    Lines of running text with their Markdown, or a heading (`level` 1 to 6; 0 for running text).

    `pieces` are appended to and never changed, but for a new `revision`. An item without text has one
    paragraph without pieces.
    """

    __slots__ = ("level", "pieces")

    def __init__(
        self, start: int, container: Container | None = None, *, level: int = 0, follows_blank: bool = False
    ) -> None:
        super().__init__(start, container, follows_blank=follows_blank)
        self.level = level
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The whole source so far, its lines parted by newlines. Joins: not for every chunk."""
        return "".join(self.pieces)


class Code(Leaf):
    """
    A fenced or indented block. `lines` are complete; `open_pieces` are the line being written, empty if none is.

    `info` is the info string of the opening fence.
    """

    __slots__ = ("__weakref__", "info", "is_fenced", "lines", "open_pieces")

    def __init__(
        self,
        start: int,
        info: str = "",
        container: Container | None = None,
        *,
        is_fenced: bool = True,
        follows_blank: bool = False,
    ) -> None:
        super().__init__(start, container, follows_blank=follows_blank)
        self.info = info
        self.is_fenced = is_fenced
        self.lines: list[str] = []
        self.open_pieces: list[str] = []

    @property
    def language(self) -> str:
        return self.info.split()[0] if self.info else ""

    @property
    def text(self) -> str:
        """Every line ended by a newline, the open one as it is. Joins: not for every chunk."""
        return "".join(f"{line}\n" for line in self.lines) + "".join(self.open_pieces)


class Table(Leaf):
    """
    Cells are Markdown source, one per column. `rows` are complete and only appended to.

    `open_row` is the row being written, as far as it goes: shorter than the others, replaced all the time.
    """

    __slots__ = ("alignments", "header", "open_row", "rows")

    def __init__(
        self,
        start: int,
        header: Sequence[str],
        alignments: Sequence[Alignment],
        container: Container | None = None,
        *,
        follows_blank: bool = False,
    ) -> None:
        super().__init__(start, container, follows_blank=follows_blank)
        self.header = tuple(header)
        self.alignments = tuple(alignments)
        self.rows: list[tuple[str, ...]] = []
        self.open_row: tuple[str, ...] = ()


class Formula(Leaf):
    """TeX that stands on its own, between $$ and $$ or \\[ and \\]. `lines` are complete, `open_line` is not."""

    __slots__ = ("lines", "open_line")

    def __init__(self, start: int, container: Container | None = None, *, follows_blank: bool = False) -> None:
        super().__init__(start, container, follows_blank=follows_blank)
        self.lines: list[str] = []
        self.open_line = ""

    @property
    def tex(self) -> str:
        return "\n".join([*self.lines, self.open_line] if self.open_line else self.lines).strip()


class Rule(Leaf):
    """A line across."""

    __slots__ = ()


Block = Paragraph | Code | Table | Formula | Rule


def sources(text: str, blocks: Sequence[Block]) -> list[str]:
    """
    Cut the text into the sources of its blocks, with the blank lines that follow each (and precede the first).

    Joined, they are the text. A text without a block is one source.
    """
    cuts = [0, *(block.start for block in blocks[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]
