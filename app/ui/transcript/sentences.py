"""Where sentences end, in the scripts and with the abbreviations that answers are written in."""

import re
from typing import NamedTuple

LONGEST_CHARACTERS = 500  # what goes on for longer without an end is cut at a word

_CLOSING = "\"'”’»)\\]}」』）】》〉"
# A line ends what is in it. Full-width marks need no space after them; the others do, or 3.5 were two sentences.
_END = re.compile(rf"(?P<line>\n)|[。！？｡]+[{_CLOSING}]*|(?P<mark>[.!?…]+)[{_CLOSING}*_]*(?=\s)|[؟۔।॥](?=\s)")
_BLANKS = re.compile(r"[^\S\n]*")
_LAST_WORD = re.compile(r"[^\s(\[“‘\"']+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # J., e.g., U.S.
_ABBREVIATIONS = frozenset({
    "approx", "bzw", "ca", "cf", "dr", "ebd", "ggf", "mme", "mr", "mrs", "ms", "prof", "resp", "sog", "sr", "st",
    "usf", "usw", "vgl", "viz", "vs",
})  # fmt: skip
_BEFORE_A_NUMBER = frozenset({
    "abb", "abs", "art", "ch", "chap", "eq", "fig", "figs", "kap", "no", "nos", "nr", "pp", "sec", "tab", "vol",
})  # fmt: skip


class Finished(NamedTuple):
    """Sentences, each on one line, and how much of the text they took."""

    sentences: list[str]
    length: int


def finished_sentences(text: str, *, is_whole: bool = False) -> Finished:
    """
    Return the sentences at the beginning of `text` that nothing that may follow can change.

    `is_whole`: nothing follows, so that all of it is finished.
    """
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if end.end() == len(text) and not end["line"] and not is_whole:
            break  # a closing quotation mark may follow
        if end["mark"] and not _ends_a_sentence(text, start, end):
            continue
        _add(found, text[start : end.end()])
        start = end.end()
    if is_whole:
        _add(found, text[start:])
        return Finished(found, len(text))
    while len(text) - start > LONGEST_CHARACTERS:
        cut = text.rfind(" ", start + 1, start + LONGEST_CHARACTERS)
        cut = cut if cut > 0 else start + LONGEST_CHARACTERS
        _add(found, text[start:cut])
        start = cut
    return Finished(found, start)


def _ends_a_sentence(text: str, start: int, end: re.Match[str]) -> bool:
    after = _BLANKS.match(text, end.end())
    following = text[after.end()] if after and after.end() < len(text) else ""
    if following == "\n":
        return True
    if not following or (following.islower() and end["mark"][-1] in ".…"):
        return False  # it may be an abbreviation, and what comes next will tell
    if end["mark"] != ".":
        return True
    word = _LAST_WORD.search(text, start, end.start())
    if word is None:
        return True
    before = word[0].lower()
    if before in _BEFORE_A_NUMBER:
        return not following.isdigit()
    return not (before in _ABBREVIATIONS or _INITIALS.fullmatch(before) or _is_number_of_item(text, start, word))


def _is_number_of_item(text: str, start: int, word: re.Match[str]) -> bool:
    return word[0].isdigit() and not text[start : word.start()].strip()


def _add(found: list[str], text: str) -> None:
    if sentence := " ".join(text.split()):
        found.append(sentence)
