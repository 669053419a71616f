"""The cells of one text, kept in step with its blocks as they come."""

from msgspec.structs import replace

from app.markdown.blocks import Block, Paragraph
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.block_reader import BlockReader
from app.ui.transcript.cells.cell import Cell
from app.ui.transcript.cells.choice import cell_for, verbatim_cell
from app.ui.transcript.cells.column import Column
from app.ui.transcript.cells.frames import Frame, Frames, Framing
from app.ui.transcript.materials import Materials

_CELLS_AT_ONCE = 50  # made between two looks at the clock: about 1 ms


class Passage:
    """Its cells are the last of the column whenever it reads."""

    def __init__(self, reader: BlockReader, column: Column, materials: Materials, root: Frame | None = None) -> None:
        self._reader = reader
        self._column = column
        self._materials = materials
        self._small_materials = materials
        self._frames = Frames(materials.style, reader.references, root)
        self._blocks: list[Block] = []  # those that have cells
        self._revisions: list[int] = []
        self._lifted: dict[Block, tuple[int, Cell]] = {}

    def has_news(self, *, is_whole: bool) -> bool:
        """`is_whole`: no more text will come."""
        reader = self._reader
        return reader.has_more or len(self._blocks) != len(reader.blocks) or (is_whole and not reader.is_finished)

    def read(self, budget: Budget, *, is_whole: bool) -> bool:
        """Read new text and make its cells. False if the time was spent before the end."""
        while self.has_news(is_whole=is_whole):
            if budget.is_spent:
                return False
            if self._reader.has_more:
                self._reader.read_slice()
                self._take_touched()
            elif is_whole and not self._reader.is_finished:
                self._reader.finish()
                self._take_touched()
            for block in self._reader.blocks[len(self._blocks) : len(self._blocks) + _CELLS_AT_ONCE]:
                self._append(block)
        self._lifted.clear()
        return True

    def lift(self) -> None:
        """Take all cells out of the column; the next `read` puts them back at its end."""
        self._drop_from(0)

    def _take_touched(self) -> None:
        blocks, first = self._reader.blocks, len(self._column) - len(self._blocks)
        for index in range(self._reader.take_touched(), len(self._blocks)):
            known = self._blocks[index]
            if index < len(blocks) and blocks[index] is known and known.revision == self._revisions[index]:
                self._column.measure(first + index)
            else:
                self._drop_from(index)
                return

    def _drop_from(self, index: int) -> None:
        while len(self._blocks) > index:
            cell, framing = self._column.drop_last()
            self._frames.forget(framing)
            self._lifted[self._blocks.pop()] = self._revisions.pop(), cell

    def _append(self, block: Block) -> None:
        framing = self._frames.enter(block.container)
        revision, cell = self._lifted.pop(block, (-1, None))
        if cell is None or revision != block.revision:
            cell = self._new_cell(block, framing)
        self._blocks.append(block)
        self._revisions.append(block.revision)
        self._column.append(cell, framing)

    def _new_cell(self, block: Block, framing: Framing) -> Cell:
        if self._reader.is_verbatim and isinstance(block, Paragraph):
            return verbatim_cell(block, self._materials, self._materials.style.bubble)
        is_small = framing.frame is not None and framing.frame.is_small
        return cell_for(block, self._small() if is_small else self._materials, self._reader.references)

    def _small(self) -> Materials:
        if self._small_materials is self._materials:
            self._small_materials = replace(self._materials, style=self._materials.style.smaller())
        return self._small_materials
