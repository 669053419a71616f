"""
Unfinished constructs, closed for display: what streams in looks as it will look.

Only the tail of a paragraph that is still being written passes here; nothing of it is kept.
"""

import re
from collections.abc import Sequence

from app.markdown.reading import Opening
from app.markdown.runs import UNKNOWN_TARGET

_HELD = "*_~`[!\\$ \t\n"
_PARTIAL_ENTITY = re.compile(r"&(?:#?[0-9A-Za-z]{0,31})\Z")
_LONGEST_ENTITY = 33
_OPEN_WEB_ADDRESS = re.compile(r"<(?:https?://|mailto:)")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_DELIMITERS = ("*", "_", "~~")
# A thousand asterisks that open are no markup, and are not to cost a thousand that close.
_MOST_OPENINGS = 40
# A single dollar this far back was a price after all.
_LONGEST_FORMULA_SHOWN = 120


def held_back(tail: str, *, ends_in_formula: bool) -> str:
    """The tail without what its end may turn into: part of a delimiter, an entity, an escape."""
    if ends_in_formula:
        return tail
    while True:
        shorter = tail.rstrip(_HELD)
        if entity := _PARTIAL_ENTITY.search(shorter, max(0, len(shorter) - _LONGEST_ENTITY)):
            shorter = shorter[: entity.start()]
        if shorter == tail:
            return tail
        tail = shorter


def closed(source: str, openings: Sequence[Opening]) -> str:
    """The source with what closes its openings (ascending): as Markdown, to be read again."""
    if len(openings) > _MOST_OPENINGS:
        return source
    pieces: list[str] = []
    closers: list[str] = []
    done = 0
    for opening in openings:
        position, marker = opening.position, opening.marker
        if position < done:
            continue
        if marker in _DELIMITERS:
            if _is_inside_word(source, position, len(marker)):
                pieces += source[done:position], escaped(marker)
                done = position + len(marker)
            else:
                closers.append(marker)
            continue
        rest = _rest_closed(source, opening)
        if rest:
            pieces += source[done:position], rest
            done = len(source)
            break
    return "".join([*pieces, source[done:], *reversed(closers)])


def escaped(text: str) -> str:
    """With a backslash before all punctuation."""
    return _PUNCTUATION.sub(r"\\\1", text)


def _is_inside_word(source: str, position: int, length: int) -> bool:
    """An asterisk as in 2*3 is more often a sign than markup."""
    return source[position - 1 : position].isalnum() and source[position + length : position + length + 1].isalnum()


def _rest_closed(source: str, opening: Opening) -> str:
    """All from the opening on, closed; "" if it is better shown as it is."""
    rest = source[opening.position :]
    match opening.marker[0]:
        case "`":
            is_code = "\n" not in rest and not rest[len(opening.marker) :].startswith(" ")
            return rest + opening.marker if is_code else ""
        case "[":
            is_link = opening.label_end >= 0
            return f"{rest[: opening.label_end - opening.position]}]({UNKNOWN_TARGET})" if is_link else ""
        case "<":
            is_link = bool(_OPEN_WEB_ADDRESS.match(rest))
            return f"[{escaped(rest[1:])}]({UNKNOWN_TARGET})" if is_link else ""
        case "$" if opening.marker == "$":
            is_price = rest[1:2].isdigit() or "\n" in rest or len(rest) > _LONGEST_FORMULA_SHOWN
            return "" if is_price else escaped(rest)
        case "$" | "\\":
            return escaped(rest)
        case _:
            return ""
