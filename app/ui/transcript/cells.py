"""Which cell shows which block, and how far cells stand apart."""

from app.markdown.blocks import Block, Code, Paragraph
from app.ui.transcript.cell import Cell
from app.ui.transcript.code_cell import CodeCell
from app.ui.transcript.paragraph_cell import ParagraphCell
from app.ui.transcript.style import Style

PARAGRAPH_GAP_PX = 12
AFTER_CODE_PX = 18


def cell_for(block: Block, style: Style, *, is_from_user: bool) -> Cell:
    match block:
        case Code():
            return CodeCell(block, style)
        case Paragraph():
            return ParagraphCell(block, style.bubble if is_from_user else style.body, PARAGRAPH_GAP_PX)


def gap_between(above: Cell | None, cell: Cell) -> int:
    """In pixels; there is none above the first."""
    if above is None:
        return 0
    return AFTER_CODE_PX if isinstance(above, CodeCell) else cell.gap_px
