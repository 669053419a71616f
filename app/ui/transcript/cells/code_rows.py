"""Where the lines of code are cut: into pieces side by side, or into rows one below the other."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol
from unicodedata import combining

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.code_advances import Advances
from app.ui.transcript.cells.code_text import CodeText
from app.ui.transcript.heights import Heights

PIECE_CHARACTERS = 128  # few more than are seen at once
_LINES_A_LOOK = 50  # at the clock
_COLUMNS = 10_000  # more than any screen has
_SHORTEST_SHARE = 3  # of the width that a row broken between words fills: a third

_JOINER = "\u200d"
_JOINING = f"{_JOINER}\u200c\ufe0e\ufe0f"


class Rows(Protocol):
    """Rows are lines on screen. A line of code has one or several pieces; a piece is laid out as a whole."""

    @property
    def count(self) -> int: ...

    @property
    def is_counted(self) -> bool: ...

    def read(self, budget: Budget) -> None:
        """Take note of what was written since, as far as there is time."""
        ...

    def starts(self, number: int) -> Sequence[int]:
        """The first character of each piece of a line."""
        ...

    def row_of(self, number: int, piece: int) -> int: ...

    def left_of(self, number: int, piece: int) -> float:
        """Where the first of the pieces in a row begins."""
        ...

    def pieces_in(self, row: int) -> tuple[int, range]:
        """The line that is seen in a row, and which of its pieces."""
        ...


class LongRows:
    """A line is a row, however long it is. Its pieces stand side by side."""

    is_counted = True

    def __init__(self, text: CodeText) -> None:
        self._text = text

    @property
    def count(self) -> int:
        return self._text.count

    def read(self, budget: Budget) -> None:
        """Nothing depends on what stands in a line."""

    def starts(self, number: int) -> Sequence[int]:
        return range(0, max(1, self._text.length(number)), PIECE_CHARACTERS)

    def row_of(self, number: int, piece: int) -> int:
        return number

    def left_of(self, number: int, piece: int) -> float:
        return 0.0

    def pieces_in(self, row: int) -> tuple[int, range]:
        return row, range(len(self.starts(row)))


class WrappedRows:
    """
    Lines are broken where the width ends, after a blank if there is one not too far before, and go on as far
    in as they began.

    Where a row ends does not depend on what follows it: of a growing line only the last row is looked at again.
    Lines that were not read yet are taken to be a row each.
    """

    def __init__(self, text: CodeText, advances: Advances, room_px: float) -> None:
        self._text = text
        self._advances = advances
        self._room_px = room_px
        self._most_in_a_row = 2 * advances.fitting(" " * _COLUMNS, room_px)  # marks may stand above letters
        self._heights = Heights()  # rows of each line that was read
        self._starts: dict[int, list[int]] = {}  # of lines of more than one row, and
        self._lefts: dict[int, float] = {}  # where their other rows begin
        self._read_to = (0, 0)  # line, and how long it was

    @property
    def count(self) -> int:
        return self._heights.total + max(0, self._text.count - len(self._heights))

    @property
    def is_counted(self) -> bool:
        last = self._text.count - 1
        return last < 0 or self._read_to == (last, self._text.length(last))

    def read(self, budget: Budget) -> None:
        number = self._read_to[0]
        while number < self._text.count:
            if number % _LINES_A_LOOK == 0 and budget.is_spent:
                return
            if not self._break(number, budget):
                return
            self._read_to = number, self._text.length(number)
            number += 1

    def _break(self, number: int, budget: Budget) -> bool:
        """False if the time was spent before its end."""
        starts = self._starts.get(number, [0])
        length = self._text.length(number)
        is_whole = True
        while is_whole and starts[-1] < length:
            # A slice, so that no row costs what its line is long.
            rest = self._text.part(number, starts[-1], min(length, starts[-1] + self._most_in_a_row))
            cut = self._row_end(rest, self.left_of(number, len(starts) - 1))
            if starts[-1] + cut >= length:
                break
            if len(starts) == 1:
                self._lefts[number] = self._indent(rest)
            starts.append(starts[-1] + cut)
            is_whole = len(starts) % _LINES_A_LOOK != 0 or not budget.is_spent
        if len(starts) > 1:
            self._starts[number] = starts
        if number == len(self._heights):
            self._heights.append(len(starts))
        else:
            self._heights.set(number, len(starts))
        return is_whole

    def _indent(self, line: str) -> float:
        blanks = len(line) - len(line.lstrip(" \t"))
        return min(self._advances.width(line[:blanks]), self._room_px / 2)

    def _row_end(self, text: str, left: float) -> int:
        """How many characters of the text stand in a row that begins there."""
        fitting = self._advances.fitting(text, self._room_px - left)
        if fitting >= len(text):
            return len(text)
        if text[fitting] in " \t":
            return fitting + 1  # hangs over unseen
        blank = max(text.rfind(" ", 0, fitting), text.rfind("\t", 0, fitting))
        if blank >= fitting // _SHORTEST_SHARE:
            return blank + 1
        while fitting > 1 and _are_one(text[fitting - 1], text[fitting]):
            fitting -= 1
        return fitting

    def starts(self, number: int) -> Sequence[int]:
        return self._starts.get(number, (0,))

    def row_of(self, number: int, piece: int) -> int:
        known = len(self._heights)
        return self._heights.before(min(number, known)) + max(0, number - known) + piece

    def left_of(self, number: int, piece: int) -> float:
        return self._lefts.get(number, 0.0) if piece else 0.0

    def pieces_in(self, row: int) -> tuple[int, range]:
        if row >= self._heights.total:
            return len(self._heights) + row - self._heights.total, range(1)
        number, piece = self._heights.find(row)
        return number, range(piece, piece + 1)


def _are_one(character: str, next_one: str) -> bool:
    """They make one sign together."""
    return _JOINER in (character, next_one) or next_one in _JOINING or combining(next_one) != 0


def piece_of(starts: Sequence[int], index: int) -> int:
    """The piece that a character is in."""
    return max(0, bisect_right(starts, index) - 1)
