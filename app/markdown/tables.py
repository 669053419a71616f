"""The lines of tables: the one below the header, and how a row falls into its cells."""

import re

from app.markdown.blocks import Alignment

_LINE = re.compile(r"[-:|][-:| \t]*\Z")
_MARK = re.compile(r":?-+:?\Z")
_ALIGNMENTS: dict[tuple[bool, bool], Alignment] = {
    (False, False): "",
    (True, False): "left",
    (True, True): "center",
    (False, True): "right",
}
_BORDER = re.compile(r"(?<!\\)\|")


def alignments_of(line: str) -> tuple[Alignment, ...]:
    """Of the line below a header; none if it is not one."""
    line = line.strip()
    if len(line) < 2 or not _LINE.match(line) or (line[0] == "-" and line[1] in " \t"):
        return ()  # a dash and a blank begin an item
    marks = [mark.strip() for mark in line.split("|")]
    if not marks[0]:
        marks.pop(0)
    if marks and not marks[-1]:
        marks.pop()
    if not all(_MARK.match(mark) for mark in marks):
        return ()
    return tuple(_ALIGNMENTS[mark[0] == ":", mark[-1] == ":"] for mark in marks)


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a row. A bar behind a backslash is no border, and the backslash is not seen."""
    cells = _BORDER.split(line.strip())
    if not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return tuple(cell.replace("\\|", "|").strip() for cell in cells)
