"""Blocks out of text that arrives in chunks."""

import re

from app.markdown.block_list import BlockList
from app.markdown.block_reader import BlockReader
from app.markdown.blocks import Block
from app.markdown.line import Line, Undecided
from app.markdown.references import References

_LINE_END = re.compile(r"\r\n?|\n")
_NOTHING_KNOWN = Undecided()


class BlockStream:
    """
    Feed it text; read `blocks`. Only the last one grows, or turns out to be another kind of block.

    A line is held back only until it is decided what it is; then its pieces go into its block at once. No step looks
    at more than the line being written, so a chunk costs the same after ten characters and after ten million.
    However the text is cut into chunks, the blocks are the same after `finish`.
    """

    def __init__(self) -> None:
        self.references = References()
        self._listing = BlockList()
        self._reader = BlockReader(self._listing, self.references)
        self._line = Line("", 0)
        self._waiting: list[str] = []  # pieces of the line that do not decide what it is
        self._length = 0  # of the line, as long as that is undecided
        self._undecided = _NOTHING_KNOWN
        self._fed = 0
        self._follows_return = False  # a newline at the beginning of the next chunk belongs to the line above

    @property
    def blocks(self) -> list[Block]:
        return self._listing.blocks

    def take_touched(self) -> int:
        """
        The first block that is new, has grown, was revised or removed since this was last asked.

        The number of blocks if there is none.
        """
        return self._listing.take_touched()

    def feed(self, chunk: str) -> None:
        write = self._reader.write
        if write is not None and "\n" not in chunk and "\r" not in chunk and "\0" not in chunk:
            write(chunk)
            self._fed += len(chunk)
            self._listing.touch_last()
            return
        self._feed_lines(chunk)

    def finish(self) -> None:
        """No more comes: what is held back is decided."""
        if self._fed > self._line.start:
            self._end_line("", self._fed)
        self._reader.finish()

    def _feed_lines(self, chunk: str) -> None:
        if not chunk:
            return
        position = 0
        if self._follows_return and chunk[0] == "\n":
            position = 1
            self._line.start += 1
        self._follows_return = chunk[-1] == "\r"
        fed = self._fed
        self._fed += len(chunk)
        if "\0" in chunk:
            chunk = chunk.replace("\0", "\N{REPLACEMENT CHARACTER}")
        for end in _LINE_END.finditer(chunk, position):
            self._end_line(chunk[position : end.start()], fed + end.end())
            position = end.end()
        if position < len(chunk):
            self._grow_line(chunk[position:])

    def _grow_line(self, piece: str) -> None:
        if self._reader.write is not None:
            self._reader.write(piece)
            self._listing.touch_last()
            return
        self._waiting.append(piece)
        self._length += len(piece)
        more = self._undecided.more
        if more is None or self._length > self._undecided.longest or not more.fullmatch(piece):
            self._join_line()
            self._undecided = self._reader.read(self._line, is_whole=False) or _NOTHING_KNOWN

    def _end_line(self, piece: str, end: int) -> None:
        if self._reader.write is None:
            self._waiting.append(piece)
            self._join_line()
            self._reader.read(self._line, is_whole=True)
        elif piece:
            self._reader.write(piece)
            self._listing.touch_last()
        self._reader.end_line(self._line)
        self._line = Line("", end)
        self._length = 0
        self._undecided = _NOTHING_KNOWN

    def _join_line(self) -> None:
        self._line.text += "".join(self._waiting)
        self._waiting.clear()
