"""What was found: how much in which row, and of some rows where."""

from bisect import bisect_left
from collections import OrderedDict
from typing import NamedTuple

from app.ui.transcript.cells.cell import Span
from app.ui.transcript.heights import Heights
from app.ui.transcript.selection import Position

KEPT_ROWS = 400  # whose hits are remembered; of all others only how many they are


class Hit(NamedTuple):
    row: int
    cell: int
    span: Span

    @property
    def position(self) -> Position:
        return Position(self.row, self.cell, self.span[0])


class Hits:
    """Numbers count all hits from the top, from 0."""

    def __init__(self, rows: int) -> None:
        self._counts = Heights([0] * rows)
        self._kept: OrderedDict[int, list[Hit]] = OrderedDict()

    def __len__(self) -> int:
        return self._counts.total

    @property
    def rows(self) -> int:
        return len(self._counts)

    @property
    def has_room(self) -> bool:
        return len(self._kept) < KEPT_ROWS

    @property
    def kept_rows(self) -> tuple[int, ...]:
        return tuple(self._kept)

    def add_row(self) -> None:
        self._counts.append(0)

    def count_in(self, row: int) -> int:
        return self._counts[row] if row < len(self._counts) else 0

    def of(self, row: int) -> list[Hit] | None:
        """None if they were forgotten, or were never looked for."""
        hits = self._kept.get(row)
        if hits is not None:
            self._kept.move_to_end(row)
        return hits

    def take(self, row: int, hits: list[Hit], *, is_kept: bool, spared: int | None) -> None:
        """The row's hits. If they are kept, those of another row may be forgotten: never those of `spared`."""
        self._counts.set(row, len(hits))
        self._kept.pop(row, None)
        if hits and is_kept:
            self._kept[row] = hits
        if len(self._kept) > KEPT_ROWS:
            oldest = next(kept for kept in self._kept if kept != spared)
            del self._kept[oldest]

    def number_of(self, hit: Hit) -> int | None:
        hits = self._kept.get(hit.row)
        return self._counts.before(hit.row) + bisect_left(hits, hit) if hits is not None else None

    def find(self, number: int) -> tuple[int, int]:
        """Its row, and which of the row's it is."""
        return self._counts.find(number)
