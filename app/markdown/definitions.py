"""Lines that say where a link label leads: `[label]: address "title"`, over as many lines as it takes."""

import re
from typing import NamedTuple

from markdown_it.common.normalize_url import normalizeLink, validateLink
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle

from app.markdown.blocks import Container
from app.markdown.line import Line
from app.markdown.table_lines import alignments_of, header_of

LONGEST_DEFINITION = 4_000  # characters: so many at most are held back

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*+)\]:[ \t\n]*", re.DOTALL)
_BLANKS = re.compile(r"[ \t\n]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_SO_FAR = re.compile(
    r"""
    \[(?:[^\[\]\\]|\\.){0,999}+
    (?: \\?\Z
    |   \] (?: \Z
    |   : [ \t\n]*+ (?: \Z
    |   (?: <(?:[^<>\n\\]|\\[^\n])*+ (?:\\?\Z | >) | (?!<)(?:[^\x00-\x20\x7f\\]|\\[^ \n])*+ \\? )
        (?: \Z
    |   [ \t\n]++ (?: \Z
    |   " (?:[^"\\]|\\.)*+ (?:\\?\Z | "[ \t]*\Z)
    |   ' (?:[^'\\]|\\.)*+ (?:\\?\Z | '[ \t]*\Z)
    |   \( (?:[^()\\]|\\.)*+ (?:\\?\Z | \)[ \t]*\Z)
    |   (?:""|''|\(\)) [^\n]*\Z
    ))))) """,
    re.DOTALL | re.VERBOSE,
)


class Definition(NamedTuple):
    label: str
    address: str
    title: str
    lines: int  # that it takes up


def may_go_on(text: str) -> bool:
    """Whether more text can make a definition of it, or belong to it."""
    return len(text) <= LONGEST_DEFINITION and _SO_FAR.match(text) is not None


def definition_at(text: str) -> Definition | None:
    """The definition that the lines begin with. They have no blanks at their beginnings, and a newline each."""
    label = _LABEL.match(text)
    if not label or not (name := normalizeReference(label[1])):
        return None
    line_end = text.find("\n", label.end()) + 1 or len(text)
    destination = parseLinkDestination(text, label.end(), line_end)
    if not destination.ok:
        return None
    address = normalizeLink(destination.str)
    if not validateLink(address):
        return None
    title_at = _BLANKS.match(text, destination.pos)
    start = title_at.end() if title_at else destination.pos
    title = parseLinkTitle(text, start, len(text))
    end = None
    if title.ok and start > destination.pos:
        end = _end_of_line(text, title.pos)
        if end is None and not title.str:
            return None  # as in markdown-it: an empty title with something behind it spoils the definition
    if end is not None:
        return Definition(name, address, title.str, text.count("\n", 0, end))
    end = _end_of_line(text, destination.pos)
    return Definition(name, address, "", text.count("\n", 0, end)) if end is not None else None


def _end_of_line(text: str, position: int) -> int | None:
    """Where the next line begins, if nothing but blanks stands in the rest of this one."""
    rest = _REST_OF_LINE.match(text, position)
    return rest.end() if rest else None


class OpenDefinition:
    """Lines that may be the definition of a link: none of them is shown until that is known."""

    def __init__(self, container: Container | None, *, follows_blank: bool) -> None:
        self.lines: list[Line] = []
        self.container = container
        self.follows_blank = follows_blank
        self.text = ""
        self._may_be_header = False  # of a table: the last line

    def add(self, line: Line, *, may_be_header: bool) -> None:
        self.lines.append(line)
        self.text += f"{line.rest}\n"
        self._may_be_header = may_be_header

    def text_of(self, lines: int | None) -> str:
        """Of the first lines."""
        return "".join(f"{line.rest}\n" for line in self.lines[:lines])

    def has_header_above(self, line: Line) -> bool:
        """Whether the line makes the one above the header of a table."""
        alignments = alignments_of(line.rest) if self._may_be_header else None
        return alignments is not None and header_of(self.lines[-1].rest, alignments) is not None
