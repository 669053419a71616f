"""Whether the beginning of a line tells what the line is, whatever follows."""

import re
from enum import Enum, auto

from app.markdown.line import Line
from app.markdown.starts import FOOTNOTE, TASK_BEGIN, item_start

HELD_LABEL_CHARACTERS = 300  # a bracket that is open for longer is text
_MARKS = re.compile(r"[ \t>*+\-_=#`~|:$\\0-9.)]*\Z")
_WHOLE_LINES = ("```", "~~~", "$$", "\\[", "|")  # what they mean is told by their end


class Verdict(Enum):
    DECIDED = auto()
    UNDECIDED = auto()  # ask again when there is more
    AT_ITS_END = auto()  # do not ask before


def has_only_marks(piece: str) -> bool:
    """As long as a line is made of such pieces it can still turn out to be anything."""
    return _MARKS.match(piece[-1:]) is not None and _MARKS.match(piece) is not None


def verdict_on(line: Line) -> Verdict:
    """Of the beginning of a line, behind the marks of the containers it is in. Uses the line up."""
    while True:
        content = line.content
        if has_only_marks(content):
            return Verdict.UNDECIDED
        if line.indent >= 4:
            return Verdict.DECIDED
        if content[0] == ">":
            line.take_mark(1)
        elif (item := item_start(content)) is not None and not item.is_empty:
            line.take_mark(item.length, blanks=line.blanks_behind(item.length))
        elif (footnote := FOOTNOTE.match(content)) is not None and footnote.end() < len(content):
            line.take_mark(footnote.end(), blanks=4 if line.blanks_behind(footnote.end()) >= 4 else 0)
        elif content.startswith("["):
            return _verdict_on_bracket(content)
        else:
            return Verdict.AT_ITS_END if content.startswith(_WHOLE_LINES) else Verdict.DECIDED


def _verdict_on_bracket(content: str) -> Verdict:
    """A box to tick, a footnote, a definition, or text."""
    if TASK_BEGIN.match(content):
        return Verdict.UNDECIDED
    end = content.find("]")
    if end < 0 or end == len(content) - 1:
        return Verdict.UNDECIDED if len(content) <= HELD_LABEL_CHARACTERS else Verdict.DECIDED
    if content[end + 1] != ":":
        return Verdict.DECIDED
    return Verdict.UNDECIDED if FOOTNOTE.match(content) else Verdict.AT_ITS_END
