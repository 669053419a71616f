"""What a line can begin, told from its first characters; and whether they are enough to tell."""

import re
from collections.abc import Callable

from msgspec import Struct

from app.markdown.fence import FenceStart, fence_at
from app.markdown.line import BLANKS, Undecided

LONGEST_FORMULA_LINE = 4_000  # characters: such a line is held back until it ends
_LONGEST_LABEL = 1_000

_RULES = {mark: re.compile(rf"[{re.escape(mark)} \t]+") for mark in "-*_"}
_HEADING = re.compile(r"#{1,6}(?=[ \t]|\Z)")
_SHARPS = re.compile(r"#{1,6}\Z")
_NUMBER = re.compile(r"([0-9]{1,9})([.)])")
_NUMBER_SO_FAR = re.compile(r"[0-9]{1,9}[.)]?\Z")
_FOOTNOTE = re.compile(r"\[\^([^ \]]+)\]:")
_FOOTNOTE_SO_FAR = re.compile(r"\[(?:\^(?:[^ \]]+\]?)?)?\Z")
_FORMULA_CLOSERS = {"$$": "$$", "\\[": "\\]"}
_NO_CLOSERS = {"$$": re.compile(r"[^$]*"), "\\[": re.compile(r"[^\]]*")}


class QuoteStart:
    """A > that begins a quote."""


class ItemStart(Struct, frozen=True):
    marker: str
    number: int
    length: int  # of the marker
    is_empty: bool


class FootnoteStart(Struct, frozen=True):
    label: str
    length: int  # of all that stands before the text


class HeadingStart(Struct, frozen=True):
    level: int


class FormulaStart(Struct, frozen=True):
    """`tex` is the whole formula if it stands on one line, else None."""

    closer: str
    tex: str | None = None


class RuleStart:
    """A line across."""


Start = QuoteStart | ItemStart | FootnoteStart | HeadingStart | FenceStart | FormulaStart | RuleStart
Answer = Start | Undecided | None


def start_at(text: str, position: int, *, is_whole: bool) -> Answer:
    """What begins at `position`, where a character stands that is not blank. None: text."""
    look = _LOOKS.get(text[position])
    return look(text, position, is_whole) if look else None


def _quote(text: str, position: int, is_whole: bool) -> Answer:
    """Undecided until something stands in the quote: how far it is indented hangs on all blanks before it."""
    if not is_whole and _is_blank(text, position + 1):
        return Undecided(BLANKS)
    return QuoteStart()


def _rule_or_bullet(text: str, position: int, is_whole: bool) -> Answer:
    mark = text[position]
    run = _RULES[mark].match(text, position)
    if run and run.end() == len(text):
        if not is_whole:
            return Undecided(_RULES[mark])
        if text.count(mark, position) >= 3:
            return RuleStart()
    return None if mark == "_" else _bullet(text, position, is_whole)


def _bullet(text: str, position: int, is_whole: bool) -> Answer:
    return _item(text, position, is_whole, text[position], 1, 1)


def _number(text: str, position: int, is_whole: bool) -> Answer:
    if not is_whole and _NUMBER_SO_FAR.match(text, position):
        return Undecided()
    number = _NUMBER.match(text, position)
    if not number:
        return None
    return _item(text, position, is_whole, number[2], int(number[1]), number.end() - position)


def _item(text: str, position: int, is_whole: bool, marker: str, number: int, length: int) -> Answer:
    """Undecided until something stands in the item: what it holds hangs on all blanks before that."""
    end = position + length
    is_empty = _is_blank(text, end)
    if is_empty and not is_whole:
        return Undecided(BLANKS)
    if not is_empty and text[end] not in " \t":
        return None
    return ItemStart(marker, number, length, is_empty)


def _heading(text: str, position: int, is_whole: bool) -> Answer:
    if not is_whole and _SHARPS.match(text, position):
        return Undecided()
    heading = _HEADING.match(text, position)
    return HeadingStart(heading.end() - position) if heading else None


def _fence(text: str, position: int, is_whole: bool) -> Answer:
    return fence_at(text, position, is_whole=is_whole)


def _footnote(text: str, position: int, is_whole: bool) -> Answer:
    if footnote := _FOOTNOTE.match(text, position, position + _LONGEST_LABEL):
        if not is_whole and _is_blank(text, footnote.end()):
            return Undecided(BLANKS)
        return FootnoteStart(footnote[1], footnote.end() - position)
    if not is_whole and len(text) - position < _LONGEST_LABEL and _FOOTNOTE_SO_FAR.match(text, position):
        return Undecided()
    return None


def _formula(text: str, position: int, is_whole: bool) -> Answer:
    opener = text[position : position + 2]
    if len(opener) < 2 and not is_whole:
        return Undecided()
    closer = _FORMULA_CLOSERS.get(opener)
    if closer is None or len(text) - position > LONGEST_FORMULA_LINE:
        return None
    tex = text[position + 2 :].rstrip(" \t")
    if not tex:
        return FormulaStart(closer) if is_whole else Undecided(BLANKS)
    end = tex.find(closer)
    if end < 0:
        return None if is_whole else Undecided(_NO_CLOSERS[opener], position + LONGEST_FORMULA_LINE)
    if end + 2 < len(tex) or not tex[:end].strip():
        return None
    return FormulaStart(closer, tex[:end].strip()) if is_whole else Undecided(BLANKS)


def _is_blank(text: str, position: int) -> bool:
    blanks = BLANKS.match(text, position)
    return (blanks.end() if blanks else position) == len(text)


_LOOKS: dict[str, Callable[[str, int, bool], Answer]] = {
    ">": _quote,
    "-": _rule_or_bullet,
    "*": _rule_or_bullet,
    "_": _rule_or_bullet,
    "+": _bullet,
    **dict.fromkeys("0123456789", _number),
    "#": _heading,
    "`": _fence,
    "~": _fence,
    "[": _footnote,
    "$": _formula,
    "\\": _formula,
}
