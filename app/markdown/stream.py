"""
Blocks out of text that arrives in chunks.

A stack of open containers and one open leaf are fed one line at a time, as the CommonMark reference does it. A line is
held back only while it could still turn out to be something else; what is known to be text goes into its block at
once. No step looks at what came before the current line, so a chunk costs the same after ten characters and after ten
million.
"""

import re

from app.markdown.block_builder import BlockBuilder
from app.markdown.blocks import Block
from app.markdown.references import References
from app.markdown.undecided import Verdict, has_only_marks

SHOWN_PIECES = 500  # of a line that is read as a whole: joining them must not grow with it
_LINE_END = re.compile(r"\r\n?|\n")


class BlockStream:
    """
    Feed it text; read `blocks`. Every block but the last is finished and never touched again.

    However the text is cut into chunks, the blocks are the same after `finish`.
    """

    def __init__(self) -> None:
        self._builder = BlockBuilder()
        self.blocks: list[Block] = self._builder.blocks
        self._held: list[str] = []  # the line so far, while it is not known what it is
        self._rest: list[str] | None = None  # once it is: where the rest of the line goes
        self._waits_for_end = False
        self._fed = 0
        self._return_is_held = False  # a chunk ended in \r: an \n may follow and belongs to it
        self._touched = 0

    @property
    def references(self) -> References:
        return self._builder.references

    def take_touched(self) -> int:
        """The first block that is new, has grown, was revised or removed since this was last asked."""
        first, self._touched = self._touched, len(self.blocks)
        return first

    def feed(self, chunk: str) -> None:
        self._touch()
        if self._return_is_held:
            chunk = "\r" + chunk
        self._return_is_held = chunk.endswith("\r")
        if self._return_is_held:
            chunk = chunk[:-1]
        if "\0" in chunk:
            chunk = chunk.replace("\0", "\ufffd")
        position = 0
        for end in _LINE_END.finditer(chunk):
            if end.start() > position:
                self._take(chunk[position : end.start()])
            self._fed += end.end() - position
            self._end_line()
            position = end.end()
        if position < len(chunk):
            self._take(chunk[position:])
            self._fed += len(chunk) - position
        self._touch()

    def finish(self) -> None:
        """No more comes: what was held back is decided as if the line ended."""
        self._touch()
        if self._return_is_held:
            self._return_is_held = False
            self._fed += 1
            self._end_line()
        elif self._held:
            self._builder.read_last("".join(self._held))
        elif self._rest is not None and not self._builder.is_in_code:
            self._builder.end_begun()
        self._builder.close()
        self._touch()

    def _touch(self) -> None:
        """Only the last block changes."""
        self._touched = min(self._touched, max(0, len(self.blocks) - 1))

    def _take(self, piece: str) -> None:
        """Part of a line, without its end."""
        if self._rest is not None:
            self._rest.append(piece)
            return
        self._held.append(piece)
        if self._waits_for_end:
            if len(self._held) <= SHOWN_PIECES:
                self._builder.show("".join(self._held))
            return
        if len(self._held) > 1 and has_only_marks(piece):
            return
        text = "".join(self._held)
        match self._builder.begin(text):
            case Verdict.AT_ITS_END:
                self._waits_for_end = True
                self._builder.show(text)
            case Verdict():
                pass
            case rest:
                self._rest = rest
                self._held.clear()

    def _end_line(self) -> None:
        if self._rest is None:
            text = "".join(self._held)
            self._held.clear()
            self._builder.read(text)
        else:
            self._builder.end_begun()
        self._rest = None
        self._waits_for_end = False
        self._builder.line_start = self._fed
