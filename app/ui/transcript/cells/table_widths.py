"""How wide each cell of a table is when it is not wrapped: measured once, and no more closely than is needed."""

import re
from array import array
from typing import NamedTuple

from PySide6.QtGui import QFontMetricsF

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.table_columns import Columns
from app.ui.transcript.cells.table_rows import TableRows
from app.ui.transcript.cells.table_source import LONGEST_CELL, TableSource, is_plain

_CLOSELY = 60  # rows whose cells are laid out to measure them, whatever is in them
_MARKUP = re.compile(r"\]\([^()\s]*\)|[*`~\[\]\\]")
_KIND = re.compile(r"[\\`*_~\[<$&!:@]")
_TALL = re.compile(r"[$\\<]")  # formulas and line breaks


class _Measured(NamedTuple):
    """The widest cell of its kind so far: as plain text, and as it is."""

    plain: float
    real: float


class TableWidths:
    """
    Measures rows in order. Tells the columns what it finds.

    Plain text is measured as such. What is written in Markdown is laid out for that while there are few rows; then
    only what would be the widest of its kind in its column: most tables have many cells of a few kinds.
    """

    def __init__(self, source: TableSource, rows: TableRows, columns: Columns) -> None:
        self._source = source
        self._rows = rows
        self._columns = columns
        self._body = QFontMetricsF(rows.body.font)
        self._header = QFontMetricsF(rows.header.font)
        self.forget()

    def forget(self) -> None:
        self.measured = 0  # complete rows
        self._widths = array("f")  # of all cells of these, row after row
        self._is_low = bytearray()  # by row: a line of it is as high as any
        self._unfinished: set[int] = set()  # rows with formulas that are yet to be set in type
        self._widest: dict[tuple[int, str], _Measured] = {}  # by column and kind

    @property
    def is_complete(self) -> bool:
        return self.measured == self._source.complete

    def measure(self, budget: Budget) -> None:
        """Go on until all complete rows are measured or the time is spent; the one being written every time."""
        source = self._source
        while not self.is_complete and not budget.is_spent:
            self._measure(self.measured)
        if self.is_complete and source.open_row:
            self._measure_open()

    def _measure(self, number: int) -> None:
        cells = self._source.cells(number)
        for column, cell in enumerate(cells):
            width = self._width(number, column, cell)
            self._widths.append(width)
            self._columns.note(column, width)
        self._is_low.append(not any(map(_TALL.search, cells)))
        self.measured = number + 1

    def _measure_open(self) -> None:
        """The cell being written counts if it can only grow: Markdown would hide what it has not closed yet."""
        number = self._source.complete
        last = len(self._source.open_row) - 1
        for column, cell in enumerate(self._source.open_row):
            if column < last or is_plain(cell):
                self._columns.note(column, self._width(number, column, cell))

    def _width(self, number: int, column: int, cell: str) -> float:
        metrics = self._header if number == 0 else self._body
        if is_plain(cell):
            return metrics.horizontalAdvance(cell[:LONGEST_CELL]) + 1
        plain = metrics.horizontalAdvance(_MARKUP.sub("", cell[:LONGEST_CELL]))
        found = _KIND.search(cell)
        key = column, found[0] if found is not None else ""
        widest = self._widest.get(key)
        if number > _CLOSELY and widest is not None and plain <= widest.plain:
            return plain / max(1.0, widest.plain) * widest.real
        text = self._rows.cell(number, column)
        if text.is_unfinished:
            self._unfinished.add(number)
            return 0.0
        real = text.natural_width + 1
        if widest is None or plain > widest.plain:
            self._widest[key] = _Measured(plain, real)
        return real

    def take_finished(self) -> list[int]:
        """Rows whose formulas are all set now, or turned out to be none. They are measured anew."""
        finished = [number for number in self._unfinished if not self._rows.is_unfinished(number)]
        count = len(self._source.block.header)
        for number in finished:
            self._unfinished.discard(number)
            self._rows.forget(number)
            for column, cell in enumerate(self._source.cells(number)):
                width = self._width(number, column, cell)
                self._columns.note(column, width)
                if number < self.measured:
                    self._widths[number * count + column] = width
        return finished

    def lines(self, number: int, widths: list[int]) -> int:
        """How many lines the row will take in columns of these widths, about."""
        start = number * len(widths)
        most = 1
        for column, width in enumerate(widths):
            own = self._widths[start + column]
            if own > width:
                most = max(most, 1 + int(own * 1.05 / width))
        return most

    def is_low(self, number: int) -> bool:
        return bool(self._is_low[number])
