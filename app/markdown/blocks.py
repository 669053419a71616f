"""The blocks a text is made of. They grow at their end while the text streams, and in no other place."""

from collections.abc import Sequence
from itertools import pairwise


class Paragraph:
    """
    Lines of running text. `pieces` are appended to and never changed.

    `start` is where its source begins in the text, in characters.
    """

    __slots__ = ("pieces", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The whole text so far, its lines parted by newlines. Joins: not for every chunk."""
        return "".join(self.pieces)


class Code:
    """
    A fenced block. `lines` are complete; `open_pieces` are the line being written, empty if none is.

    `info` is the info string of the opening fence, `start` as in Paragraph.
    """

    __slots__ = ("info", "is_closed", "lines", "open_pieces", "start")

    def __init__(self, start: int, info: str) -> None:
        self.start = start
        self.info = info
        self.lines: list[str] = []
        self.open_pieces: list[str] = []
        self.is_closed = False

    @property
    def language(self) -> str:
        return self.info.split()[0] if self.info else ""

    @property
    def text(self) -> str:
        """Every line ended by a newline, the open one as it is. Joins: not for every chunk."""
        return "".join(f"{line}\n" for line in self.lines) + "".join(self.open_pieces)


Block = Paragraph | Code


def sources(text: str, blocks: Sequence[Block]) -> list[str]:
    """
    Cut the text into the sources of its blocks, with the blank lines that follow each (and precede the first).

    Joined, they are the text. A text without a block is one source.
    """
    cuts = [0, *(block.start for block in blocks[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]
