"""The TeX of a formula as text: seen until it is set in type, and for good if it cannot be."""

from app.markdown.blocks import Formula, Paragraph
from app.markdown.references import References
from app.ui.transcript.cells.reading import Verbatim
from app.ui.transcript.cells.run_source import RunSource
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials


class FormulaSource:
    """Reads the growing lines of the formula; `cell` shows them."""

    def __init__(self, block: Formula, materials: Materials) -> None:
        self._block = block
        self._text = Paragraph(0)
        self._lines = 0  # complete ones that were read
        self._open_length: int | None = None  # what was read of the line after them, None if it was not begun
        self.cell = TextCell(RunSource(self._text, Verbatim, References()), materials, materials.style.code)

    @property
    def is_settled(self) -> bool:
        """All that was written is laid out."""
        is_read = self._lines == len(self._block.lines) and (self._open_length or 0) == len(self._block.open_line)
        return is_read and self._text.is_closed == self._block.is_closed and self.cell.is_settled

    def read(self) -> None:
        """Take note of what was written since. No line is read twice."""
        for line in self._block.lines[self._lines :]:
            self._read_line(line)
            self._lines += 1
            self._open_length = None
        if self._block.open_line:
            self._read_line(self._block.open_line)
        self._text.is_closed = self._block.is_closed
        self.cell.count()

    def _read_line(self, line: str) -> None:
        newline = "\n" if self._lines and self._open_length is None else ""
        if piece := newline + line[self._open_length or 0 :]:
            self._text.pieces.append(piece)
        self._open_length = len(line)
