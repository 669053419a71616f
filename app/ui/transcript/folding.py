"""Texts as they are compared when one is looked for in another: without case, all white space alike."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

_ALIKE = {ord(space): " " for space in "\t\n\v\f\r\x85\xa0\u2007\u2028\u2029\u202f\u3000"}
# What Markdown takes away inside a line of text, and white space.
_MARKUP = dict.fromkeys(map(ord, " *_~`\\[]()!<>$|^#"))
_HIDES_WORDS = re.compile(r"\]\(|\]\[|\[\^|&(?:#|[a-z0-9]+;)")  # addresses and labels of links, entities


def folded(text: str) -> str:
    return text.casefold().translate(_ALIKE)


def occurrences(needle: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the folded `needle` stands in `text`, from which character to which. They do not overlap."""
    haystack = folded(text)
    at = haystack.find(needle)
    if at < 0:
        return
    # Some characters fold to two: ß to ss. None folds to less than one.
    is_even = len(haystack) == len(text)
    starts = [] if is_even else list(accumulate((len(character.casefold()) for character in text), initial=0))
    last_end = 0
    while at >= 0:
        end = at + len(needle)
        start, stop = (at, end) if is_even else (bisect_right(starts, at) - 1, bisect_right(starts, end - 1))
        if start >= last_end:  # half a folded character is found in it twice
            yield start, stop
            last_end = stop
        at = haystack.find(needle, end)


def may_show(needle: str, source: str) -> bool:
    """
    Whether the folded `needle` may stand in what the Markdown `source` shows.

    Never wrong when it says no, so that most of what is looked through need not be read.
    """
    haystack = folded(source)
    if needle in haystack or _HIDES_WORDS.search(haystack):
        return True
    return needle.translate(_MARKUP) in haystack.translate(_MARKUP)
