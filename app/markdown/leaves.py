"""
The block that is open at the end of the text, while it is: each kind knows which lines go on with it.

Paragraphs, which can become something else, are in open_paragraph.
"""

import re
from typing import Protocol

from app.markdown.blocks import Block, Code, Formula, Paragraph, Table
from app.markdown.line import BLANK, Line
from app.markdown.starts import FormulaStart, ends_table
from app.markdown.tables import cells_of

SHOWN_ROW_CHARACTERS = 2_000  # of a row that is being written
_HEADING_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_CODE_INDENT = 4


class OpenLeaf(Protocol):
    """`needs_whole_lines`: the beginning of a line does not tell whether it belongs here."""

    needs_whole_lines: bool
    is_over: bool

    @property
    def block(self) -> Block: ...

    def take(self, line: Line) -> bool:
        """Take a whole line, if it goes on with the block."""
        ...

    def begin(self, line: Line) -> list[str] | None:
        """Take the beginning of a line. Returns the pieces that the rest belongs to; None if it is not for this."""
        ...

    def end_line(self) -> None:
        """The line that was begun is over."""
        ...

    def show(self, line: Line) -> None:
        """Show of a line as much as is there; it will be taken as a whole."""
        ...

    def close(self) -> None: ...


class OpenCode:
    """A fenced block if there is a fence, else an indented one."""

    needs_whole_lines = False

    def __init__(self, code: Code, fence: str = "", indent: int = _CODE_INDENT) -> None:
        self.block = code
        self.is_over = False
        self._fence = fence
        self._indent = indent
        self.is_fenced = bool(fence)
        self._blank_lines: list[str] = []  # of an indented block: its own if more follows

    def take(self, line: Line) -> bool:
        if self._fence and self._is_end(line):
            self.is_over = True
        elif self._fence or line.indent >= _CODE_INDENT or line.is_blank:
            is_blank = not self._fence and line.is_blank
            line.take_columns(self._indent)
            if is_blank:
                self._blank_lines.append(line.text)
            else:
                self._add_blank_lines()
                self.block.lines.append(line.text)
        else:
            return False
        return True

    def begin(self, line: Line) -> list[str] | None:
        content = line.content
        if self._fence:
            if not content.strip(BLANK + self._fence[0]):
                return None  # it may be the closing fence
        elif not content or line.indent < _CODE_INDENT:
            return None
        self._add_blank_lines()
        line.take_columns(self._indent)
        self.block.open_pieces.append(line.text)
        return self.block.open_pieces

    def end_line(self) -> None:
        self.block.lines.append("".join(self.block.open_pieces))
        self.block.open_pieces.clear()

    def reopen_line(self) -> None:
        """The last line has no end."""
        if self.block.lines:
            self.block.open_pieces.append(self.block.lines.pop())

    def show(self, line: Line) -> None:
        """Nothing: it may be the closing fence."""

    def close(self) -> None:
        self.block.is_closed = True

    def _is_end(self, line: Line) -> bool:
        content = line.content
        is_fence = content.startswith(self._fence) and not content.strip(BLANK).strip(self._fence[0])
        return is_fence and line.indent < _CODE_INDENT

    def _add_blank_lines(self) -> None:
        self.block.lines += self._blank_lines
        self._blank_lines.clear()


class OpenFormula:
    needs_whole_lines = True

    def __init__(self, formula: Formula, start: FormulaStart) -> None:
        self.block = formula
        self.is_over = start.is_over
        self._end = start.end
        if start.body:
            formula.lines.append(start.body)

    def take(self, line: Line) -> bool:
        content = line.content.rstrip(BLANK)
        self.block.open_line = ""
        self.is_over = content.endswith(self._end)
        if self.is_over:
            content = content[: -len(self._end)]
        if content or not self.is_over:
            self.block.lines.append(content)
        return True

    def begin(self, line: Line) -> list[str] | None:
        return None

    def end_line(self) -> None:
        """Never begun."""

    def show(self, line: Line) -> None:
        self.block.open_line = line.content.rstrip(self._end + BLANK)

    def close(self) -> None:
        self.block.open_line = ""
        self.block.is_closed = True


class OpenTable:
    needs_whole_lines = True

    def __init__(self, table: Table) -> None:
        self.block = table
        self.is_over = False

    def take(self, line: Line) -> bool:
        self.block.open_row = ()
        if line.is_blank or line.indent >= _CODE_INDENT or ends_table(line.content):
            return False
        width = len(self.block.header)
        cells = cells_of(line.text)[:width]
        self.block.rows.append(cells + ("",) * (width - len(cells)))
        return True

    def begin(self, line: Line) -> list[str] | None:
        return None

    def end_line(self) -> None:
        """Never begun."""

    def show(self, line: Line) -> None:
        content = line.content[:SHOWN_ROW_CHARACTERS]
        if content and not ends_table(content):
            self.block.open_row = cells_of(content)[: len(self.block.header)]

    def close(self) -> None:
        self.block.open_row = ()
        self.block.is_closed = True


class OpenHeading:
    """One line; what closes it is not known before the line ends."""

    needs_whole_lines = False

    def __init__(self, heading: Paragraph) -> None:
        self.block = heading
        self.is_over = False

    def take(self, line: Line) -> bool:
        return False

    def begin(self, line: Line) -> list[str] | None:
        return None

    def end_line(self) -> None:
        self.is_over = True

    def show(self, line: Line) -> None:
        """Nothing belongs to it."""

    def close(self) -> None:
        text = self.block.text
        shown = _HEADING_END.sub("", text.rstrip(BLANK)).strip(BLANK)
        if shown != text:
            self.block.pieces[:] = [shown] if shown else []
            self.block.revision += 1
        self.block.is_closed = True
