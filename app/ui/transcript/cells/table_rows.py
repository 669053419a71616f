"""The rows of a table that are laid out: those that were looked at last."""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtGui import QFont

from app.ui.theme import body_font
from app.ui.transcript.cells.table_row import CellText, TableRow, is_unfinished
from app.ui.transcript.cells.table_source import TableSource
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style, TextStyle

KEPT_ROWS = 150
_TEXT_PX = 14
_LINE_PX = 22


def text_style(style: Style, weight: QFont.Weight) -> TextStyle:
    """Somewhat smaller than running text, as tables are in print."""
    return TextStyle(body_font(style.px(_TEXT_PX), weight), style.palette.text, style.px(_LINE_PX), style.palette)


class TableRows:
    def __init__(self, source: TableSource, materials: Materials) -> None:
        self.body = text_style(materials.style, QFont.Weight.Normal)
        self.header = text_style(materials.style, QFont.Weight.DemiBold)
        self._source = source
        self._materials = materials
        self._rows: OrderedDict[int, TableRow] = OrderedDict()
        self._fitted: dict[int, int] = {}  # for which columns each was last fitted
        self._lefts: Sequence[int] = ()
        self._widths: Sequence[int] = ()
        self._columns_version = 0

    def set_columns(self, lefts: Sequence[int], widths: Sequence[int]) -> None:
        """Rows are fitted in when they are looked at."""
        self._lefts, self._widths = lefts, widths
        self._columns_version += 1

    def measured(self, number: int) -> TableRow:
        """The row, laid out for columns as wide as it wants."""
        row = self._rows.get(number)
        if row is not None:
            self._rows.move_to_end(number)
            return row
        source = self._source
        parts = [source.parts(cell) for cell in source.cells(number)]
        row = self._rows[number] = TableRow(parts, self._style(number), self._materials, source.block.alignments)
        if len(self._rows) > KEPT_ROWS:
            self._fitted.pop(self._rows.popitem(last=False)[0], None)
        return row

    def cell(self, number: int, column: int) -> CellText:
        """One of a row that nobody else wants to see now."""
        row = self._rows.get(number)
        if row is not None:
            return row.cells[column]
        source = self._source
        parts = source.parts(source.cells(number)[column])
        return CellText(parts, self._style(number), self._materials, source.block.alignments[column])

    def _style(self, number: int) -> TextStyle:
        return self.header if number == 0 else self.body

    def fitted(self, number: int) -> TableRow:
        """The row, laid out for the columns as they are."""
        row = self.measured(number)
        if self._fitted.get(number) != self._columns_version:
            row.fit(self._lefts, self._widths)
            self._fitted[number] = self._columns_version
        return row

    def forget(self, number: int) -> None:
        self._rows.pop(number, None)
        self._fitted.pop(number, None)

    def forget_all(self) -> None:
        self._rows.clear()
        self._fitted.clear()

    def known(self) -> list[int]:
        return sorted(self._rows)

    def is_unfinished(self, number: int) -> bool:
        """A formula in the row is yet to be set in type."""
        px = self._style(number).px
        source = self._source
        return any(is_unfinished(source.parts(cell), self._materials, px) for cell in source.cells(number))

    def with_new_formulas(self) -> list[int]:
        return [number for number, row in self._rows.items() if row.has_new_formula]
