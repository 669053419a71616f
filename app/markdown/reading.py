"""
What one pass of markdown-it over a piece of a paragraph found out, besides its tokens.

Where constructs stand, and which of them later text could still complete: so it is known where the
piece can be cut without changing what either side means.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

# What follows a `]` that is, or may still become, the address and title of a link. Reaches the end of the text.
_ADDRESS_GOING_ON = re.compile(
    r"""\]\([ \t\n]*(?:
        <(?:[^<>\n\\]|\\.)*
        | (?:<(?:[^<>\n\\]|\\.)*>|[^\x00-\x20\x7f<][^\x00-\x20\x7f]*)?
          (?:[ \t\n]+(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\((?:[^()\\]|\\.)*\)?)?)?[ \t\n]*
    )\Z""",
    re.VERBOSE | re.DOTALL,
)


_MOST_DELIMITERS = 300


class Opening(NamedTuple):
    """
    A construct that is not closed yet.

    `marker` opens it: one of `* _ ~~ [ <`, a run of backticks, or what opens a formula. Of a link whose
    address is arriving, `label_end` is where the ] stands.
    """

    position: int
    marker: str
    label_end: int = -1


class Reading:
    def __init__(self, source: str, *, is_open: bool = False) -> None:
        self.source = source
        self.is_open = is_open  # more text may follow the last character
        self.tokens: list[Token] = []
        self.openings: list[Opening] = []
        self.endless_brackets: set[int] = set()  # positions of those that no ] belongs to
        self.endless_formulas: dict[str, int] = {}  # opener: from this position on, nothing closes it
        self.missed_links: set[str] = set()  # labels that nothing is known for
        self.missed_footnotes: set[str] = set()
        self._spans: list[tuple[int, int]] = []  # of finished constructs
        self._last_blank = max(source.rfind(" "), source.rfind("\n"))
        self._brackets: list[int] = []  # of those that are open
        self._delimiters: list[int] = []  # positions, as many as markdown-it lists at the top

    @property
    def is_dense(self) -> bool:
        """It has more delimiters than a text that anybody reads: not worth reading twice to show it."""
        return len(self._delimiters) > _MOST_DELIMITERS

    def note_span(self, start: int, end: int) -> None:
        self._spans.append((start, end))

    def note_opening(self, position: int, marker: str) -> None:
        self.openings.append(Opening(position, marker))

    def note_bracket(self, position: int) -> None:
        """A [ or ] that belongs to no link."""
        if self.source[position] == "[":
            self._brackets.append(position)
        elif self._brackets:
            start = self._brackets.pop()
            self.note_span(start, position + 1)
            self._note_address(start, position)

    def note_link(self, start: int, end: int) -> None:
        self.note_span(start, end)
        # A link by its label alone becomes one with an address if an address follows.
        self._note_address(start, end - 1)

    def _note_address(self, start: int, label_end: int) -> None:
        if not self.source.startswith("](", label_end):
            return
        # Looking through a long word again for every bracket in it would take too long.
        if label_end > self._last_blank or _ADDRESS_GOING_ON.match(self.source, label_end):
            self.openings.append(Opening(start, "[", label_end))

    def note_delimiters(self, positions: Sequence[int]) -> None:
        self._delimiters.extend(positions)

    def conclude(self, delimiters: Sequence[Delimiter]) -> None:
        """All is read. `delimiters` are those of the top, paired by markdown-it."""
        self.openings += [Opening(position, "[") for position in self._brackets]
        reach = -1
        for index, (delimiter, position) in enumerate(zip(delimiters, self._delimiters, strict=True)):
            marker = "~~" if chr(delimiter.marker) == "~" else chr(delimiter.marker)
            if delimiter.end >= 0:
                self._spans.append((position, self._delimiters[delimiter.end] + len(marker)))
                reach = max(reach, delimiter.end)
            elif delimiter.open and index > reach:  # one inside a pair has lost its chance
                self.openings.append(Opening(position, marker))
        self.openings.sort()

    def cut(self, places: Sequence[int], barrier: int) -> int:
        """The last of the `places` (ascending) up to `barrier` that is inside no construct; 0 if none is."""
        place = _last(places, barrier)
        for start, end in sorted(self._spans, reverse=True):
            if start < place < end:
                place = _last(places, start)
        return place


def _last(places: Sequence[int], barrier: int) -> int:
    index = bisect_right(places, barrier)
    return places[index - 1] if index else 0
