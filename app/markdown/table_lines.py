"""The lines that tables are made of, read as markdown-it reads them."""

import re

from markdown_it.common.utils import MD_TRIM_CHARS

from app.markdown.blocks import Alignment

DELIMITERS = re.compile(r"[-:| \t]+")  # all that stands in the line below the header
_DELIMITER_LINE = re.compile(r"(?:[|:][-:| \t]|-[-:|])[-:| \t]*")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_ALIGNMENTS: dict[tuple[bool, bool], Alignment] = {
    (False, False): "",
    (True, False): "left",
    (True, True): "center",
    (False, True): "right",
}


def cells_of(line: str, columns: int) -> list[str]:
    """The cells between the pipes, without the blanks around them, for so many columns at most."""
    trimmed = line.strip(MD_TRIM_CHARS)
    cells = _PIPE.split(trimmed.removeprefix("|"), columns)
    if len(cells) > columns or not cells[-1]:
        del cells[-1]
    return [cell.replace("\\|", "|").strip(MD_TRIM_CHARS) for cell in cells]


def number_of_cells(line: str) -> int:
    """How many cells stand in the line, without looking at them."""
    trimmed = line.strip(MD_TRIM_CHARS)
    if not trimmed:
        return 0
    pipes = trimmed.count("|") - trimmed.count("\\|")
    is_closed = trimmed.endswith("|") and not trimmed.endswith("\\|")
    return pipes + 1 - trimmed.startswith("|") - is_closed


def alignments_of(line: str) -> list[Alignment] | None:
    """What the line below a header says of the columns. None: it is no such line."""
    if not _DELIMITER_LINE.fullmatch(line):
        return None
    parts = [part.strip(" \t") for part in line.split("|")]
    if not parts[0]:
        del parts[0]
    if parts and not parts[-1]:
        del parts[-1]
    if not parts or not all(_DELIMITER.fullmatch(part) for part in parts):
        return None
    return [_ALIGNMENTS[part.startswith(":"), part.endswith(":")] for part in parts]


def header_of(line: str, alignments: list[Alignment]) -> list[str] | None:
    """The cells of the line above, if they are as many as the columns."""
    columns = len(alignments)
    return cells_of(line, columns) if "|" in line and number_of_cells(line) == columns else None
