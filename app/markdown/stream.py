"""
Blocks out of text that arrives in chunks.

A line is held back only while it could still turn out to be a fence or blank; what is
known to be text goes into its block at once. No step looks at what came before the
current line, so a chunk costs the same after ten characters and after ten million.
"""

import re

from app.markdown.blocks import Block, Code, Paragraph
from app.markdown.fence import FenceProbe, without_indent

_LINE_END = re.compile(r"\r\n?|\n")


class BlockStream:
    """
    Feed it text; read `blocks`. Every block but the last is finished and never touched again.

    However the text is cut into chunks, the blocks are the same after `finish`.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open: Block | None = None
        self._fence_indent = 0
        self._probe = FenceProbe()
        self._held: list[str] = []  # the line so far, while it can be a fence or blank
        self._line_start = 0
        self._fed = 0
        self._return_is_held = False  # a chunk ended in \r: an \n may follow and belongs to it

    def feed(self, chunk: str) -> None:
        if self._return_is_held:
            chunk = "\r" + chunk
        self._return_is_held = chunk.endswith("\r")
        if self._return_is_held:
            chunk = chunk[:-1]
        position = 0
        for end in _LINE_END.finditer(chunk):
            self._take(chunk[position : end.start()])
            self._fed += end.end() - position
            self._end_line()
            position = end.end()
        if position < len(chunk):
            self._take(chunk[position:])
            self._fed += len(chunk) - position

    def finish(self) -> None:
        """No more comes: what was held back is text after all, or a fence without a line end."""
        if self._return_is_held:
            self._return_is_held = False
            self._fed += 1
            self._end_line()
        elif self._held:
            self._end_line()

    def _take(self, piece: str) -> None:
        """Part of a line, without its end."""
        if self._probe.is_text:
            self._append(piece)
        elif piece:
            self._held.append(piece)
            if self._probe.read(piece):
                self._release()

    def _release(self) -> None:
        """The line is text: hand out what was held of it."""
        line = "".join(self._held)
        self._held.clear()
        if isinstance(self._open, Code):
            line = without_indent(line, self._fence_indent)
        elif self._open is None:
            self._start(Paragraph(self._line_start))
        else:
            self._append("\n")
        self._append(line)

    def _append(self, piece: str) -> None:
        if not piece:
            return
        match self._open:
            case Paragraph():
                self._open.pieces.append(piece)
            case Code():
                self._open.open_pieces.append(piece)

    def _end_line(self) -> None:
        probe = self._probe
        if isinstance(self._open, Code):
            self._end_code_line(self._open)
        elif probe.is_fence:
            info = "".join(self._held)[probe.indent + probe.run :].strip()
            self._start(Code(self._line_start, info))
            self._fence_indent = probe.indent
            self._probe = FenceProbe(probe.mark, probe.run)
        elif probe.mark and not probe.is_text:
            self._release()  # a run too short for a fence
        elif not probe.is_text:
            self._open = None  # a blank line
        self._held.clear()
        self._probe.reset()
        self._line_start = self._fed

    def _end_code_line(self, code: Code) -> None:
        if self._probe.is_fence:
            code.is_closed = True
            self._open = None
            self._probe = FenceProbe()
            return
        if not self._probe.is_text:
            self._release()
        code.lines.append("".join(code.open_pieces))
        code.open_pieces.clear()

    def _start(self, block: Block) -> None:
        if not self.blocks:
            block.start = 0  # blank lines before the first block are its own
        self.blocks.append(block)
        self._open = block
