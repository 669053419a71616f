"""Which cell shows which block, and how far cells stand apart."""

from functools import partial

from app.markdown.blocks import Block, Code, Footnote, Formula, Leaf, Paragraph, Rule, Table
from app.markdown.inline import InlineText
from app.markdown.references import References
from app.ui.transcript.cells.cell import Cell
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.cells.formula import FormulaCell
from app.ui.transcript.cells.frames import Framing
from app.ui.transcript.cells.reading import Verbatim
from app.ui.transcript.cells.rule import RuleCell
from app.ui.transcript.cells.run_source import RunSource
from app.ui.transcript.cells.table import TableCell
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style, TextStyle

_PARAGRAPH_GAP_PX = 12
_SMALL_GAP_PX = 8
_HEADING_GAPS_PX = (28, 24, 20, 16, 14, 14)  # by level, from 1
_TIGHT_GAP_PX = 5  # between the items of a list without blank lines
_AFTER_CODE_PX = 18
_BOX_INSET_PX = 6  # from the top of a table or a box to its first line, about


def cell_for(block: Block, materials: Materials, references: References) -> Cell:
    match block:
        case Paragraph():
            style = materials.style
            text = style.headings[block.level - 1] if block.level else style.body
            source = RunSource(block, partial(InlineText, references), references)
            return TextCell(source, materials, text, _gap_above(block, style))
        case Code():
            return CodeCell(block, materials)
        case Table():
            return TableCell(block, materials, references)
        case Formula():
            return FormulaCell(block, materials)
        case Rule():
            return RuleCell(block, materials)


def verbatim_cell(block: Paragraph, materials: Materials, text: TextStyle) -> TextCell:
    """Shows every character as it stands there."""
    return TextCell(RunSource(block, Verbatim, References()), materials, text)


def _gap_above(block: Paragraph, style: Style) -> int:
    if style.is_small:
        return style.px(_SMALL_GAP_PX)
    return style.px(_HEADING_GAPS_PX[block.level - 1] if block.level else _PARAGRAPH_GAP_PX)


def gap_between(above: Cell, above_framing: Framing, cell: Cell, framing: Framing, style: Style) -> int:
    """In pixels."""
    is_text = isinstance(above, TextCell) and isinstance(cell, TextCell)
    if is_text and are_tight(above_framing, framing) and not follows_blank(cell):
        return style.px(_TIGHT_GAP_PX)
    if isinstance(above, CodeCell):
        return max(style.px(_AFTER_CODE_PX), cell.gap_px)
    if isinstance(above, RuleCell):
        return max(above.below_px, cell.gap_px)
    return cell.gap_px


def first_baseline(cell: Cell, style: Style) -> float:
    """How far below the top the line stands that a marker belongs to."""
    if isinstance(cell, TextCell):
        return cell.first_baseline
    return style.body.baseline_px + (0 if isinstance(cell, RuleCell) else style.px(_BOX_INSET_PX))


def follows_blank(cell: Cell) -> bool:
    """A blank line stands above it in the text."""
    block = getattr(cell, "block", None)
    return isinstance(block, Leaf) and block.follows_blank


def are_tight(above: Framing, framing: Framing) -> bool:
    """What stands in these frames is in one list, or in footnotes."""
    if above.frame is None or framing.frame is None:
        return False
    if isinstance(framing.frame.container, Footnote):
        return isinstance(above.frame.container, Footnote)
    return framing.frame.outer_list is not None and framing.frame.outer_list is above.frame.outer_list
