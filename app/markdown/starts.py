"""How blocks begin, told from a line whose indent is less than four."""

import re
from typing import NamedTuple

from app.markdown.line import BLANK

RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
SETEXT = re.compile(r"(=+|-+)[ \t]*$")
FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})(.*)$", re.DOTALL)
FOOTNOTE = re.compile(r"\[\^([^\] ]+)\]:")
TASK = re.compile(r"\[([ xX])\][ \t]+(?=[^ \t])")
TASK_BEGIN = re.compile(r"\[[ xX]\][ \t]*\Z")
FORMULA_ENDS = {"$$": "$$", "\\[": "\\]"}
_ITEM = re.compile(r"([-+*])(?=[ \t]|$)|(\d{1,9})([.)])(?=[ \t]|$)")


class ItemStart(NamedTuple):
    marker: str
    number: int
    length: int  # of the marker, in characters
    is_empty: bool  # nothing stands behind it


class FormulaStart(NamedTuple):
    end: str
    body: str  # all of it where it ends on the same line
    is_over: bool


def is_rule(content: str) -> bool:
    """Looks at the line's end first: one of two thousand nested items is not read through for each of them."""
    return content.rstrip(BLANK)[-1:] == content[:1] and RULE.match(content) is not None


def item_start(content: str) -> ItemStart | None:
    found = _ITEM.match(content)
    if found is None or is_rule(content):
        return None
    is_empty = not content[found.end() :].strip(BLANK)
    if found[1]:
        return ItemStart(found[1], 0, 1, is_empty)
    return ItemStart(found[3], int(found[2]), found.end(), is_empty)


def formula_start(content: str) -> FormulaStart | None:
    end = FORMULA_ENDS.get(content[:2])
    if end is None:
        return None
    body = content[2:].rstrip(BLANK)
    if not body.strip():
        return FormulaStart(end, "", is_over=False)
    if not body.endswith(end) or end in body[:-2]:
        return None
    return FormulaStart(end, body[:-2], is_over=True)


def ends_table(content: str) -> bool:
    """What begins here cannot be a row."""
    return bool(
        content[0] == ">"
        or FENCE.match(content)
        or RULE.match(content)
        or item_start(content)
        or HEADING.match(content)
        or formula_start(content)
    )
