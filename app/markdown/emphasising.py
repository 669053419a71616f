"""
Sources, each with its look, put together with the marks of emphasis.

Nested as people write it; or piece by piece, which nothing can read otherwise but which is no pleasure to read.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

from app.markdown.run_sources import with_first_as_entity, with_last_as_entity
from app.markdown.runs import Look
from app.markdown.tidying import neighbours

MARKS = {Look.STRUCK: "~~", Look.STRONG: "**", Look.EMPHASIS: "*"}
OTHER_MARKS = {Look.STRUCK: "~~", Look.STRONG: "**", Look.EMPHASIS: "_"}


class Atom(NamedTuple):
    """Source that looks one way. A blank one takes the look of what stands around it."""

    source: str
    look: Look
    is_blank: bool = False


def emphasised(atoms: Sequence[Atom]) -> str:
    source, is_certain = nested(atoms, MARKS)
    return source if is_certain else piecewise(atoms)


def nested(atoms: Sequence[Atom], marks: dict[Look, str]) -> tuple[str, bool]:
    """With marks that stay open as long as a look lasts; and whether it is certain to read as it is meant."""
    known = neighbours([None if atom.is_blank else atom.look for atom in atoms])
    looks = [before & after for before, after in known]
    pieces: list[str] = []
    open_looks: list[Look] = []
    is_certain = True
    for index, look in enumerate([*looks, Look.PLAIN]):
        before = atoms[index - 1].source[-1] if index else " "
        after = atoms[index].source[0] if index < len(atoms) else " "
        closers: list[str] = []
        while any(known not in look for known in open_looks):
            closers.append(marks[open_looks.pop()])
        missing = [mark for mark in MARKS if mark in look and mark not in open_looks]
        missing.sort(key=lambda mark: -_duration(looks, index, mark))
        open_looks += missing
        openers = [marks[mark] for mark in missing]
        if closers or openers:
            inner, outer = (after, before) if openers else (before, after)
            is_certain = is_certain and len(closers) + len(openers) == 1 and _flanks(inner, outer)
        pieces += [*closers, *openers, *(atom.source for atom in atoms[index : index + 1])]
    return "".join(pieces), is_certain


def piecewise(atoms: Sequence[Atom]) -> str:
    """
    With marks around each stretch of one look, of another sign than those before it.

    A letter next to a mark is written as an entity: so the mark stands between signs, where it can open and close.
    """
    known = neighbours([None if atom.is_blank else atom.look for atom in atoms])
    looks = [before if before == after else Look.PLAIN for before, after in known]
    stretches = [
        (look, "".join(atom.source for atom, _ in group))
        for look, group in groupby(zip(atoms, looks, strict=True), lambda pair: pair[1])
    ]
    pieces: list[str] = []
    sign = "*"
    for index, (look, source) in enumerate(stretches):
        if not look:
            pieces.append(_guarded(source, at_start=index > 0, at_end=index < len(stretches) - 1))
            continue
        mark = sign * (2 * (Look.STRONG in look) + (Look.EMPHASIS in look))
        struck = MARKS[Look.STRUCK] if Look.STRUCK in look else ""
        pieces += [mark, struck, source, struck, mark]
        sign = "_" if sign == "*" else "*"
    return "".join(pieces)


def _duration(looks: Sequence[Look], start: int, mark: Look) -> int:
    index = start
    while index < len(looks) and mark in looks[index]:
        index += 1
    return index - start


def _flanks(inner: str, outer: str) -> bool:
    """A mark between these two signs opens or closes, and does not do both."""
    if _is_blank_sign(inner):
        return False
    return _is_blank_sign(outer) or (_is_punctuation(outer) and not _is_punctuation(inner))


def _guarded(source: str, *, at_start: bool, at_end: bool) -> str:
    if at_end and not _is_blank_sign(source[-1]) and not _is_punctuation(source[-1]):
        source = with_last_as_entity(source)
    if at_start and not _is_blank_sign(source[0]) and not _is_punctuation(source[0]):
        source = with_first_as_entity(source)
    return source


def _is_blank_sign(sign: str) -> bool:
    return isWhiteSpace(ord(sign))


def _is_punctuation(sign: str) -> bool:
    return isMdAsciiPunct(ord(sign)) or isPunctChar(sign)
