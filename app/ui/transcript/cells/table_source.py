"""The rows of a table as what they show, read when somebody looks at them."""

import re
from collections.abc import Iterator, Sequence

from app.markdown.blocks import Table
from app.markdown.inline import runs_of
from app.markdown.references import References
from app.markdown.runs import Run, RunKind
from app.ui.transcript.cells.shown import shown_text
from app.ui.transcript.cells.typeset import Part

LONGEST_CELL = 3_000  # characters that are shown of one: a longer one would hold up the window
_PLAIN = re.compile(r"[^\\`*_~\[\]<>$&!:@\n]*")
_CODE_OR_BREAK = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|<br\s*/?>", re.IGNORECASE)


def is_plain(source: str) -> bool:
    """It is shown as it was written: no need to read it as Markdown, which takes a hundred times as long."""
    return _PLAIN.fullmatch(source) is not None and "www." not in source


class TableSource:
    """Row 0 is the header; the one after the complete rows is the one being written, if there is one."""

    def __init__(self, block: Table, references: References) -> None:
        self.block = block
        self.references = references
        self.open_row: tuple[str, ...] = ()  # as it was last read
        self.count = 0  # of rows, as they were last read
        self.has_labels = False  # in brackets, that lead nowhere: that may be told later
        self._shown: dict[int, str] = {}

    @property
    def complete(self) -> int:
        """Rows that are complete, with the header."""
        return self.count - bool(self.open_row)

    @property
    def is_read(self) -> bool:
        return self.open_row == self.block.open_row and self.complete == 1 + len(self.block.rows)

    def read(self) -> int:
        """Take note of what was written. Returns the first row that is new or another now."""
        before = self.complete
        if self.is_read:
            return self.count
        self._shown.pop(before, None)
        self.open_row = self.block.open_row
        self.count = 1 + len(self.block.rows) + bool(self.open_row)
        return before

    def forget(self) -> None:
        """A label that was looked up in vain is known now."""
        self._shown.clear()

    def cells(self, row: int) -> Sequence[str]:
        """The sources of a row: as many as there are columns, fewer in the one being written."""
        if row == 0:
            return self.block.header
        return self.block.rows[row - 1] if row <= len(self.block.rows) else self.open_row

    def runs(self, source: str) -> list[Run]:
        if is_plain(source):
            return [Run(source)] if source else []
        pieces = [runs_of(piece, self.references) for piece in _lines(source)]
        runs = [run for number, piece in enumerate(pieces) for run in ([Run("\n")] if number else []) + piece]
        self.has_labels = self.has_labels or any(run.kind is RunKind.TEXT and "[" in run.text for run in runs)
        return runs

    def parts(self, source: str) -> list[Part]:
        """What is shown of a cell."""
        shown = [(run, shown_text(run, self.references)) for run in self.runs(source[:LONGEST_CELL])]
        return [Part(number, run, text, 0, len(text)) for number, (run, text) in enumerate(shown)]

    def shown_cells(self, row: int) -> list[str]:
        """What the cells of a row show."""
        return ["".join(shown_text(run, self.references) for run in self.runs(source)) for source in self.cells(row)]

    def shown(self, row: int) -> str:
        """A row as marks count it: its cells parted by tabs."""
        if (known := self._shown.get(row)) is None:
            known = self._shown[row] = "\t".join(self.shown_cells(row))
        return known


def _lines(source: str) -> Iterator[str]:
    """Markdown has no other way to end a line in a cell than this tag of HTML."""
    begin = 0
    for found in _CODE_OR_BREAK.finditer(source):
        if not found[1]:
            yield source[begin : found.start()]
            begin = found.end()
    yield source[begin:]
