"""Code, tables and formulas while they are being written."""

from app.markdown.blocks import Code, Formula, Table
from app.markdown.fence import FenceStart
from app.markdown.table_lines import cells_of, number_of_cells

_LONGEST_SHOWN = 1_000  # characters of a row or a line of TeX, as long as it is not whole
_MOST_FILLED_CELLS = 0x10000  # in one table, as in markdown-it


class OpenFence:
    """Fenced code: lines of it lose as many columns as the fence is indented."""

    def __init__(self, code: Code, start: FenceStart, column: int) -> None:
        self.code = code
        self.start = start
        self.column = column

    def add_blank_line(self, text: str) -> None:
        self.code.lines.append(text)

    def end_line(self) -> None:
        _end_code_line(self.code)


class OpenIndented:
    """Indented code. Blank lines belong to it when code follows them."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._blank_lines: list[str] = []

    def add_blank_line(self, text: str) -> None:
        self._blank_lines.append(text)

    def take_blank_lines(self) -> None:
        self.code.lines += self._blank_lines
        self._blank_lines.clear()

    def end_line(self) -> None:
        _end_code_line(self.code)


class OpenTable:
    """A table, row by row."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._pieces: list[str] = []
        self._length = 0
        self._filled_cells = 0

    def write(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length <= _LONGEST_SHOWN:
            self.table.open_row = tuple(cells_of("".join(self._pieces), len(self.table.header)))

    def end_line(self) -> str | None:
        """The row is whole. Returns it if too many cells were missing in this table: it is none of its rows."""
        line = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        self.table.open_row = ()
        columns = len(self.table.header)
        self._filled_cells += columns - number_of_cells(line)
        if self._filled_cells > _MOST_FILLED_CELLS:
            return line
        cells = cells_of(line, columns)
        self.table.rows.append((*cells, *[""] * (columns - len(cells))))
        return None


class OpenFormula:
    """TeX until a line that ends with what closes it. What may be that is not shown."""

    def __init__(self, formula: Formula, closer: str) -> None:
        self.formula = formula
        self._closer = closer
        self._pieces: list[str] = []
        self._length = 0
        self._held = ""  # the last of what would be shown: blanks and what may close the formula

    def write(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length <= _LONGEST_SHOWN:
            unseen = self._held + piece
            text = unseen.rstrip(" \t" + self._closer)
            self._held = unseen[len(text) :]
            self.formula.open_line += text

    def end_line(self) -> bool:
        """The line is whole. True if it closes the formula."""
        line = "".join(self._pieces).rstrip(" \t")
        self._pieces.clear()
        self._length = 0
        self._held = ""
        self.formula.open_line = ""
        is_last = line.endswith(self._closer)
        if is_last:
            line = line.removesuffix(self._closer).rstrip(" \t")
        if line or not is_last:
            self.formula.lines.append(line)
        return is_last


def _end_code_line(code: Code) -> None:
    code.lines.append("".join(code.open_pieces))
    code.open_pieces.clear()
