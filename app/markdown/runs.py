"""What a line of text is made of once its Markdown is read: runs of characters that look alike."""

from collections.abc import Iterable
from enum import Enum, Flag, auto
from typing import NamedTuple

# The address of a link whose own is still arriving. It leads nowhere, and no link can be opened with it.
UNKNOWN_TARGET = "#"


class Look(Flag):
    PLAIN = 0
    STRONG = auto()
    EMPHASIS = auto()
    STRUCK = auto()


class RunKind(Enum):
    TEXT = auto()
    CODE = auto()
    MATH = auto()  # `text` is the TeX between the delimiters
    IMAGE = auto()  # `text` is its description, `href` its address: it is never fetched
    FOOTNOTE = auto()  # `text` is the label it refers to


class Run(NamedTuple):
    """A newline in a TEXT run ends a line. `href` is where a link leads, "" for none."""

    text: str
    kind: RunKind = RunKind.TEXT
    look: Look = Look.PLAIN
    href: str = ""
    is_display: bool = False  # MATH that stood between $$ or \[ in the middle of a text


_JOINED = (RunKind.TEXT, RunKind.CODE)


def joined(runs: Iterable[Run]) -> list[Run]:
    """The runs, with neighbours that look alike and lead to the same place made one. Formulas and images stay apart."""
    result: list[Run] = []
    pieces: list[str] = []
    for run in runs:
        if result and run.kind in _JOINED and run[1:] == result[-1][1:]:
            pieces.append(run.text)
            continue
        if len(pieces) > 1:
            result[-1] = result[-1]._replace(text="".join(pieces))
        result.append(run)
        pieces = [run.text]
    if len(pieces) > 1:
        result[-1] = result[-1]._replace(text="".join(pieces))
    return result
