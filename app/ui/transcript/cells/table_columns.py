"""
How wide the columns of a table are.

The widths follow from the widest cell of each column alone, so they are the same however the text came, and as
columns are widened in steps, few of its rows move what is on screen.
"""

from collections.abc import Sequence

from app.ui.transcript.style import Style

_STEP_PX = 16
_NARROWEST_PX = 32
_WRAPPED_PX = 190  # a column whose cells are wrapped is at least so wide; then the table is scrolled sideways
_GAP_PX = 24


class Columns:
    def __init__(self, count: int, style: Style) -> None:
        self._step = style.px(_STEP_PX)
        self._wrapped = style.px(_WRAPPED_PX)
        self.gap = style.px(_GAP_PX)
        self._widest = [style.px(_NARROWEST_PX)] * count

    def note(self, column: int, width: float) -> bool:
        """A cell is so wide if it is not wrapped. True if the column became wider by it."""
        stepped = -int(-width // self._step) * self._step
        if stepped <= self._widest[column]:
            return False
        self._widest[column] = stepped
        return True

    def widest(self, column: int) -> int:
        """What the cells of a column took so far without being wrapped."""
        return self._widest[column]

    def widths(self, available: int) -> list[int]:
        """
        For a table in a space of so many pixels.

        What is left over is shared out in proportion. What is lacking is taken from the widest columns first.
        """
        room = max(1, available - self.gap * (len(self._widest) - 1))
        total = sum(self._widest)
        if total > room:
            limit = max(self._wrapped, self._limit(room))
            return [min(width, limit) for width in self._widest]
        return _shared(self._widest, room)

    def _limit(self, room: int) -> int:
        """No column wider than this, all of them fit."""
        left = room
        waiting = sorted(self._widest)
        for number, width in enumerate(waiting):
            share = left // (len(waiting) - number)
            if width > share:
                return share
            left -= width
        return room


def _shared(widths: Sequence[int], room: int) -> list[int]:
    """In whole pixels that add up to the room."""
    total = sum(widths)
    result: list[int] = []
    before = 0
    for width in widths:
        end = (before + width) * room // total
        result.append(end - before * room // total)
        before += width
    return result
