"""What of the text is painted on a ground of its own: selected, found, focused."""

from app.ui.transcript.cells.cell import UNMARKED, Link, Marked
from app.ui.transcript.finder import Finder
from app.ui.transcript.selection import Selection


class Marks:
    """`focused` is the link that the keyboard stands on: its row, its cell and itself."""

    def __init__(self, selection: Selection, finder: Finder) -> None:
        self._selection = selection
        self._finder = finder
        self.focused: tuple[int, int, Link] | None = None

    def marked_in(self, row: int, cell: int) -> Marked:
        selected = self._selection.span_in(row, cell)
        found, current = self._finder.marked_in(row, cell)
        is_focused = self.focused is not None and self.focused[:2] == (row, cell)
        if selected is None and not found and not is_focused:
            return UNMARKED
        return Marked(selected, found, current, self.focused[2].span if is_focused and self.focused else None)
