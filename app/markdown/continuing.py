"""Whether a line belongs to the leaf that is open. Each answer may have to wait for more of the line."""

import re

from app.markdown.fence import closes_fence
from app.markdown.line import Line, Undecided
from app.markdown.open_blocks import OpenFence, OpenFormula, OpenIndented, OpenTable
from app.markdown.open_end import BLANKS_OF_ALL_KINDS, CODE_COLUMNS, OpenEnd
from app.markdown.open_text import OpenText
from app.markdown.starts import Answer, FootnoteStart, ItemStart, Start, start_at
from app.markdown.table_lines import DELIMITERS, alignments_of

_UNDERLINE = re.compile(r"(?:-+|=+)[ \t]*")
_UNDERLINE_MORE = re.compile(r"[= \t]+")


def continue_leaf(end: OpenEnd, line: Line, *, is_whole: bool) -> Undecided | bool:
    """Give the open leaf a line that stands in all its containers. False if it is not for it."""
    leaf = end.leaf
    match leaf:
        case OpenText():
            return _continue_text(end, leaf, line, is_whole)
        case OpenFence():
            return _continue_fence(end, leaf, line, is_whole)
        case OpenTable():
            return _continue_table(end, leaf, line, is_whole)
        case OpenFormula():
            end.write_with(leaf.write, line.rest)
            return True
        case OpenIndented() if end.is_indented(line):
            leaf.take_blank_lines()
            end.write_with(leaf.code.open_pieces.append, end.without_code_indent(line))
            return True
    return False


def start_instead_of_lazy_line(end: OpenEnd, line: Line, *, is_whole: bool) -> Answer:
    """What the line begins, though it does not stand in all containers of the text. None: it goes on with the text."""
    lazy = end.containers.lazy_line()
    if line.indent - lazy.column >= CODE_COLUMNS and lazy.quotes < 2:
        return None
    start = start_at(line.text, line.position, is_whole=is_whole)
    if isinstance(start, FootnoteStart) and lazy.quotes:
        return None
    is_too_deep = lazy.list_column >= 0 and line.indent - lazy.list_column >= CODE_COLUMNS
    if isinstance(start, ItemStart) and is_too_deep and line.indent < lazy.column:
        return None
    return start


def _continue_text(end: OpenEnd, leaf: OpenText, line: Line, is_whole: bool) -> Undecided | bool:
    start: Start | None = None
    is_indented = end.is_indented(line)
    if not is_indented:
        answer = _turn_text(end, leaf, line.rest, is_whole) or end.start_at(line, is_whole=is_whole)
        if isinstance(answer, Undecided):
            return answer
        if answer is True:
            return True
        start = answer
        if start is not None and not _is_kept_from_interrupting(start):
            return False
    end.write = leaf.begin_line(line, line.rest, may_be_header=start is None and not is_indented)
    return True


def _turn_text(end: OpenEnd, leaf: OpenText, rest: str, is_whole: bool) -> Undecided | bool:
    """Lines that make something else of the text before them: a table, or a heading."""
    if rest[0] in "|-:" and DELIMITERS.fullmatch(rest):
        if not is_whole:
            return Undecided(DELIMITERS)
        alignments = alignments_of(rest)
        if alignments and (header := leaf.header_for(alignments)):
            end.begin_table(leaf, header, alignments)
            return True
    if rest[0] in "-=" and _UNDERLINE.fullmatch(rest):
        if not is_whole:
            return Undecided(_UNDERLINE_MORE)
        leaf.underline(1 if rest[0] == "=" else 2)
        end.close_leaf()
        return True
    return False


def _is_kept_from_interrupting(start: Start) -> bool:
    """In the middle of a paragraph, only an item that begins a list with text, and at 1, is one."""
    return isinstance(start, ItemStart) and (start.is_empty or (start.marker in ".)" and start.number != 1))


def _continue_fence(end: OpenEnd, leaf: OpenFence, line: Line, is_whole: bool) -> Undecided | bool:
    if not end.is_indented(line):
        closes = closes_fence(leaf.start, line.text, line.position, is_whole=is_whole)
        if isinstance(closes, Undecided):
            return closes
        if closes:
            end.close_leaf()
            return True
    end.write_with(leaf.code.open_pieces.append, line.without_indent(leaf.column))
    return True


def _continue_table(end: OpenEnd, leaf: OpenTable, line: Line, is_whole: bool) -> Undecided | bool:
    if end.is_indented(line):
        return False
    start = end.start_at(line, is_whole=is_whole)
    if isinstance(start, Undecided):
        return start
    if start is not None and not isinstance(start, FootnoteStart):
        return False
    if BLANKS_OF_ALL_KINDS.fullmatch(line.rest):
        return False if is_whole else Undecided(BLANKS_OF_ALL_KINDS)
    end.write_with(leaf.write, line.rest)
    return True
