"""The text of a block of code as it grows: lines, and pieces of the one being written."""

from collections.abc import Sequence

from app.markdown.blocks import Code
from app.ui.transcript.cells.cell import Span

_CHUNK_CHARACTERS = 1_000


class CodeText:
    """Sees of the block what it had at the last `read`. No line is read twice, and no open line is joined to be cut."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._open_taken = 0
        self._open: list[str] = [""]  # the line being written: full chunks, and the rest
        self.complete = 0  # lines
        self.longest = 0  # characters in the longest line

    @property
    def count(self) -> int:
        return self.complete + bool(self._open_taken)

    @property
    def is_read(self) -> bool:
        return self.complete == len(self._code.lines) and self._open_taken == len(self._code.open_pieces)

    def read(self) -> None:
        """Take note of what was written since."""
        if self.is_read:
            return
        if len(self._code.lines) != self.complete:
            self.longest = max(self.longest, *map(len, self._code.lines[self.complete :]))
            self.complete = len(self._code.lines)
            self._open, self._open_taken = [""], 0
        for piece in self._code.open_pieces[self._open_taken :]:
            self._grow(piece)
        self._open_taken = len(self._code.open_pieces)
        self.longest = max(self.longest, self._open_length)

    def _grow(self, piece: str) -> None:
        text = self._open.pop() + piece
        self._open += [text[at : at + _CHUNK_CHARACTERS] for at in range(0, max(1, len(text)), _CHUNK_CHARACTERS)]

    @property
    def _open_length(self) -> int:
        return (len(self._open) - 1) * _CHUNK_CHARACTERS + len(self._open[-1])

    def length(self, number: int) -> int:
        """Of a line, in characters."""
        return len(self._code.lines[number]) if number < self.complete else self._open_length

    def part(self, number: int, start: int, end: int) -> str:
        """Of a line. Costs what the part is long."""
        if number < self.complete:
            return self._code.lines[number][start:end]
        first, last = start // _CHUNK_CHARACTERS, end // _CHUNK_CHARACTERS
        offset = first * _CHUNK_CHARACTERS
        return "".join(self._open[first : last + 1])[start - offset : end - offset]

    def lines(self) -> Sequence[str]:
        """Joins the open one."""
        if not self._open_taken:
            return self._code.lines[: self.complete]
        return [*self._code.lines[: self.complete], "".join(self._open)]

    def between(self, span: Span) -> str:
        (first, start), (last, end) = span
        lines = [*self._code.lines[first : min(last + 1, self.complete)]]
        if self._open_taken and last >= self.complete >= first:
            lines.append("".join(self._open))
        if not lines:
            return ""
        if last < first + len(lines):
            lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return "\n".join(lines)
