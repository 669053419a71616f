"""Cells one below the other, at one width, with what stands beside them."""

from collections.abc import Callable, Iterator

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QPainter

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import Cell, Mark, Marked
from app.ui.transcript.cells.choice import first_baseline, gap_between
from app.ui.transcript.cells.frames import UNFRAMED, Framing
from app.ui.transcript.cells.markers import Side, paint_bars, paint_marker
from app.ui.transcript.cells.table import TableCell
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.heights import Heights
from app.ui.transcript.materials import Materials

_NARROWEST_PX = 160  # however deep something stands


class Slot(Struct):
    """One cell's place. `gap` is above it; `refreshes` is how many of the column's it has heard of."""

    cell: Cell
    framing: Framing
    gap: int
    refreshes: int

    @property
    def is_right_to_left(self) -> bool:
        return isinstance(self.cell, TextCell) and self.cell.is_right_to_left


class Column:
    """Heights of cells that nobody asked for yet are estimates. All coordinates are those of its own corner."""

    def __init__(self, materials: Materials, width: int) -> None:
        self._style = materials.style
        self._width = width
        self._slots: list[Slot] = []
        self.cells: list[Cell] = []
        self._heights = Heights()
        self._dirty_y: int | None = 0
        self._refreshes = 0
        self._settled_count = 0  # cells from the top that are known to be

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def height(self) -> int:
        return self._heights.total

    @property
    def width(self) -> int:
        return self._width

    @property
    def is_settled(self) -> bool:
        """No height is an estimate. Looks at no cell twice while nothing changes."""
        while self._settled_count < len(self._slots) and self._is_settled(self._settled_count):
            self._settled_count += 1
        return self._settled_count == len(self._slots)

    def append(self, cell: Cell, framing: Framing = UNFRAMED) -> None:
        above = self._slots[-1] if self._slots else None
        gap = gap_between(above.cell, above.framing, cell, framing, self._style) if above is not None else 0
        slot = Slot(cell, framing, gap, self._refreshes)
        if cell.width != self._cell_width(slot):
            cell.resize(self._cell_width(slot))
        cell.count()
        self._slots.append(slot)
        self.cells.append(cell)
        self._heights.append(gap + cell.height)

    def drop_last(self) -> tuple[Cell, Framing]:
        self._heights.drop_last()
        self.cells.pop()
        self._settled_count = min(self._settled_count, len(self.cells))
        dropped = self._slots.pop()
        self._note_dirty(self.height)
        return dropped.cell, dropped.framing

    def resize(self, width: int) -> None:
        """Costs nothing: each cell is laid out anew when it is looked at, and has its old height until then."""
        if width != self._width:
            self._width = width
            self._settled_count = 0
            self._dirty_y = 0

    def refresh(self) -> None:
        """A formula or the colours of code came ready: each cell hears of it when it is looked at."""
        self._refreshes += 1
        self._settled_count = 0

    def measure(self, index: int) -> None:
        """The cell has grown."""
        cell = self._slots[index].cell
        self._settled_count = min(self._settled_count, index)
        self._note_dirty(self.top(index) + cell.growth_y)
        cell.count()
        self._take_height(index)

    def take_dirty_y(self) -> int | None:
        """From where on it looks different since this was last asked; None if nowhere."""
        result, self._dirty_y = self._dirty_y, None
        return result

    def note_all_dirty(self) -> None:
        self._dirty_y = 0

    def framing(self, index: int) -> Framing:
        return self._slots[index].framing

    def _note_dirty(self, y: int) -> None:
        self._dirty_y = y if self._dirty_y is None else min(y, self._dirty_y)

    def _take_height(self, index: int) -> None:
        slot = self._slots[index]
        self._heights.set(index, slot.gap + slot.cell.height)

    def _indent(self, slot: Slot) -> int:
        frame = slot.framing.frame
        return self._within(frame.indent) if frame is not None else 0

    def _within(self, x: int) -> int:
        """A narrow column keeps room for its text."""
        return min(x, max(0, self._width - self._style.px(_NARROWEST_PX)))

    def _cell_width(self, slot: Slot) -> int:
        return max(1, self._width - self._indent(slot))

    def top(self, index: int) -> int:
        return self._heights.before(index) + self._slots[index].gap

    def left(self, index: int) -> int:
        slot = self._slots[index]
        return 0 if slot.is_right_to_left else self._indent(slot)

    def _is_settled(self, index: int) -> bool:
        slot = self._slots[index]
        is_fresh = slot.refreshes == self._refreshes
        return is_fresh and slot.cell.is_settled and slot.cell.width == self._cell_width(slot)

    def _settle(self, index: int, seen: tuple[int, int], budget: Budget) -> bool:
        """`seen` is what is about to be, from where to where."""
        slot = self._slots[index]
        cell = slot.cell
        if isinstance(cell, TableCell):
            top = self.top(index)
            cell.look_at(seen[0] - top, seen[1] - top)
        if slot.refreshes != self._refreshes:
            slot.refreshes = self._refreshes
            if cell.refresh():
                self._note_dirty(self.top(index))
                self._take_height(index)
        if self._is_settled(index):
            return True
        if budget.is_spent:
            return False
        if cell.width != self._cell_width(slot):
            cell.resize(self._cell_width(slot))
        self._note_dirty(self.top(index) + cell.growth_y)
        cell.lay_out(budget)
        self._take_height(index)
        return cell.is_settled

    def settle_down(self, top: int, need: int, budget: Budget) -> bool:
        """Lay out what stands in `need` pixels below `top`. False if the time was spent before."""
        if not self._slots:
            return True
        index, inside = self._heights.find(max(0, top))
        covered = -inside
        while index < len(self._slots) and covered < need:
            if not self._settle(index, (top, top + need), budget):
                return False
            covered += self._heights[index]
            index += 1
        return True

    def settle_up(self, bottom: int, need: int, budget: Budget) -> bool:
        """Lay out what stands in `need` pixels above `bottom`. False if the time was spent before."""
        if not self._slots or bottom <= 0:
            return True
        index, inside = self._heights.find(min(bottom, self.height) - 1)
        covered = -max(0, self._heights[index] - inside - 1)
        while index >= 0 and covered < need:
            if not self._settle(index, (bottom - need, bottom), budget):
                return False
            covered += self._heights[index]
            index -= 1
        return True

    def find(self, y: int) -> tuple[int, int]:
        """The cell at `y`, or the nearest, and how far below its top. There must be one."""
        index, inside = self._heights.find(y)
        return index, inside - self._slots[index].gap

    def mark_at(self, x: int, y: int) -> tuple[int, Mark]:
        """The nearest cell, and the nearest place in it. There must be one."""
        index, inside = self.find(y)
        return index, self._slots[index].cell.mark_at(x - self.left(index), inside)

    def link_at(self, x: int, y: int) -> str:
        if not self._slots or not 0 <= y < self.height:
            return ""
        index, inside = self.find(y)
        cell = self._slots[index].cell
        return cell.link_at(x - self.left(index), inside) if 0 <= inside < cell.height else ""

    def tops_between(self, top: int, bottom: int) -> Iterator[tuple[int, int, Cell]]:
        """Index, top and cell of all that stand there."""
        if not self._slots:
            return
        index, inside = self._heights.find(max(0, top))
        y = max(0, top) - inside
        while index < len(self._slots) and y < bottom:
            slot = self._slots[index]
            yield index, y + slot.gap, slot.cell
            y += self._heights[index]
            index += 1

    def dot_center(self) -> QPointF | None:
        if not self._slots:
            return None
        last = len(self._slots) - 1
        point = self._slots[last].cell.dot_center()
        return point + QPointF(self.left(last), self.top(last)) if point is not None else None

    def paint(self, painter: QPainter, clip: QRect, marked: Callable[[int], Marked]) -> None:
        for index, top, cell in self.tops_between(clip.top(), clip.bottom() + 1):
            slot = self._slots[index]
            if slot.framing.frame is not None:
                self._paint_frame(painter, slot, top)
            corner = QPoint(self.left(index), top)
            painter.translate(corner)
            cell.paint(painter, clip.translated(-corner), marked(index))
            painter.translate(-corner)

    def _paint_frame(self, painter: QPainter, slot: Slot, top: int) -> None:
        side = Side(self._style, self._width, is_right_to_left=slot.is_right_to_left)
        paint_bars(painter, slot.framing, side, top, top + slot.cell.height, slot.gap)
        for frame in slot.framing.markers:
            paint_marker(painter, frame, side, self._within(frame.indent), top + first_baseline(slot.cell, self._style))
