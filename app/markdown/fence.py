"""The lines that begin and end fenced code."""

import re

from markdown_it.common.utils import unescapeAll
from msgspec import Struct

from app.markdown.line import BLANKS, Undecided

_BACKTICKS, _TILDES = re.compile("`+"), re.compile("~+")
_RUNS = {"`": _BACKTICKS, "~": _TILDES}
_MIN_RUN = 3
_NO_BACKTICKS = re.compile("[^`]*")
_ANYTHING = re.compile(".*", re.DOTALL)


class FenceStart(Struct, frozen=True):
    mark: str
    run: int
    info: str


def fence_at(text: str, position: int, *, is_whole: bool) -> FenceStart | Undecided | None:
    """What begins with the ` or ~ at `position`."""
    mark = text[position]
    end = _end_of_run(text, position)
    run = end - position
    if not is_whole and end == len(text):
        return Undecided(_RUNS[mark])
    if run < _MIN_RUN or (mark == "`" and "`" in text[end:]):
        return None
    if not is_whole:
        return Undecided(_NO_BACKTICKS if mark == "`" else _ANYTHING)
    return FenceStart(mark, run, unescapeAll(text[end:].strip()).strip())


def closes_fence(start: FenceStart, text: str, position: int, *, is_whole: bool) -> bool | Undecided:
    """Whether the line ends the code that the fence began."""
    if text[position] != start.mark:
        return False
    end = _end_of_run(text, position)
    if end == len(text):
        return end - position >= start.run if is_whole else Undecided(_RUNS[start.mark])
    blanks = BLANKS.match(text, end)
    if end - position < start.run or not blanks or blanks.end() < len(text):
        return False
    return is_whole or Undecided(BLANKS)


def _end_of_run(text: str, position: int) -> int:
    run = _RUNS[text[position]].match(text, position)
    return run.end() if run else position
