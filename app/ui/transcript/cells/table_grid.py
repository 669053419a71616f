"""
Where the rows and columns of a table stand.

Every row has a height from the beginning: guessed from its length, then from how wide its cells are, and exact once it
was looked at. So a table of ten thousand rows opens at once and scrolls like a short one.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.table_columns import Columns
from app.ui.transcript.cells.table_row import TableRow
from app.ui.transcript.cells.table_rows import TableRows
from app.ui.transcript.cells.table_source import TableSource
from app.ui.transcript.cells.table_widths import TableWidths
from app.ui.transcript.heights import Heights
from app.ui.transcript.materials import Materials

_PADDING_PX = 9  # above and below the text of a row
_GUESSED_AT_ONCE = 100  # rows between two looks at the clock
_MANY = 500  # rows that are not taken note of one by one


class TableGrid:
    def __init__(self, source: TableSource, materials: Materials) -> None:
        self._source = source
        self._rows = TableRows(source, materials)
        self._columns = Columns(len(source.block.header), materials.style)
        self._measured = TableWidths(source, self._rows, self._columns)
        self._heights = Heights()
        self._is_exact = bytearray()  # by row
        self._guessed = 0  # rows whose heights are about right for these columns
        self._width = 1
        self._band: tuple[int, int] | None = None
        self._known_labels = source.references.version
        self.padding = materials.style.px(_PADDING_PX)
        self.line = materials.style.px(1)
        self._is_painted = False
        self.has_new_columns = False  # everything moves the next time it is laid out
        self.widths: list[int] = []
        self.lefts: Sequence[int] = ()
        self.resize(1)

    @property
    def height(self) -> int:
        return self._heights.total

    @property
    def content_width(self) -> int:
        return self.lefts[-1] + self.widths[-1] if self.widths else 0

    @property
    def is_settled(self) -> bool:
        if self._is_stale or self.has_new_columns or not self._source.is_read or not self._measured.is_complete:
            return False
        if self._guessed < self._measured.measured:
            return False
        return self._first_inexact() is None

    @property
    def _is_stale(self) -> bool:
        """A label that was looked up in vain may be known now."""
        return self._source.has_labels and self._known_labels != self._source.references.version

    def look_at(self, top: int, bottom: int) -> None:
        """What stands between is about to be seen: exact heights are wanted for that. Until then for all of it."""
        self._band = top, bottom

    def read(self) -> None:
        """Take note of what was written since. Costs next to nothing: rows that are new get guessed heights."""
        for row in range(self._source.read(), len(self._heights)):
            self._rows.forget(row)
            self._is_exact[row] = 0
        while len(self._heights) > self._source.count:
            self._heights.drop_last()
            self._is_exact.pop()
        new = range(len(self._heights), self._source.count)
        self._is_exact.extend(bytes(len(new)))
        if len(new) > _MANY:
            known = [self._heights[row] for row in range(len(self._heights))]
            self._heights = Heights([*known, *map(self._guessed_height, new)])
            return
        for row in new:
            self._heights.append(self._guessed_height(row))

    def _guessed_height(self, row: int) -> int:
        longest = max(map(len, self._source.cells(row)), default=0)
        return self._height_of(1 + int(longest * self._rows.body.average_px / self._widest))

    def _height_of(self, lines: int) -> int:
        return lines * self._rows.body.line_px + 2 * self.padding + self.line

    def resize(self, width: int) -> None:
        self._width = max(1, width)
        self._set_columns()

    def _set_columns(self) -> None:
        self.has_new_columns = False
        self.widths = self._columns.widths(self._width)
        self._widest = max(1, *self.widths)
        self.lefts = [0, *accumulate(width + self._columns.gap for width in self.widths[:-1])]
        self._rows.set_columns(self.lefts, self.widths)
        self._is_exact = bytearray(len(self._heights))
        self._guessed = 0

    def lay_out(self, budget: Budget) -> None:
        """Go on until it is settled or the time is spent. Other columns are put off to the next time: see there."""
        if self._is_stale:
            self._read_anew()
        self.read()
        if self.has_new_columns:
            self._set_columns()
        self._measured.measure(budget)
        if self._columns.widths(self._width) != self.widths:
            self.has_new_columns = True
            if self._is_painted:
                return
            self._set_columns()
        self._guess(budget)
        while not budget.is_spent and (row := self._first_inexact()) is not None:
            self._heights.set(row, self.row(row).height + 2 * self.padding + self.line)
            self._is_exact[row] = 1

    def _read_anew(self) -> None:
        self._known_labels = self._source.references.version
        self._source.forget()
        self._rows.forget_all()
        self._measured.forget()
        self._set_columns()

    def _guess(self, budget: Budget) -> None:
        measured = self._measured
        is_any_wrapped = any(self._columns.widest(number) > width for number, width in enumerate(self.widths))
        while self._guessed < measured.measured and not budget.is_spent:
            end = min(self._guessed + _GUESSED_AT_ONCE, measured.measured)
            for row in range(self._guessed, end):
                if not self._is_exact[row]:
                    lines = measured.lines(row, self.widths) if is_any_wrapped else 1
                    self._heights.set(row, self._height_of(lines))
                    self._is_exact[row] = lines == 1 and measured.is_low(row)
            self._guessed = end

    def _first_inexact(self) -> int | None:
        if self._band is None:
            row = self._is_exact.find(0)
            return row if row >= 0 else None
        top, bottom = self._band
        for row in self.rows_between(top, bottom):
            if not self._is_exact[row]:
                return row
        return None

    def take_formulas(self) -> bool:
        """Formulas came ready somewhere: False if none of them is in sight."""
        ready = {*self._rows.with_new_formulas(), *self._measured.take_finished()}
        for row in ready:
            self._rows.forget(row)
            self._is_exact[row] = 0
        return bool(ready)

    def row(self, number: int) -> TableRow:
        """Laid out as the columns are now."""
        self._is_painted = True
        return self._rows.fitted(number)

    def known_rows(self) -> list[int]:
        return self._rows.known()

    def top(self, row: int) -> int:
        return self._heights.before(row)

    def find(self, y: int) -> tuple[int, int]:
        """The row at `y`, or the nearest, and how far below its top."""
        return self._heights.find(y)

    def rows_between(self, top: int, bottom: int) -> Iterator[int]:
        """Those that stand there, as high as each is when it is reached."""
        if not len(self._heights):
            return
        row, inside = self._heights.find(max(0, top))
        y = max(0, top) - inside
        while row < len(self._heights) and y < bottom:
            yield row
            y += self._heights[row]
            row += 1
