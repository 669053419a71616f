"""
The Markdown of one paragraph, read while it grows.

What is known to be final is settled and never read again; only the rest, the tail, is. A place to settle
at is looked for in a tail of 256 characters; if none is safe there, in one of 512, and so on. So a
character is read a few times at most, however long the paragraph is and however it arrives.
"""

import re
from collections.abc import Sequence

from markdown_it.common.utils import MD_TRIM_CHARS

from app.markdown.bare_addresses import with_mail_links
from app.markdown.closing import closed, held_back
from app.markdown.inline_syntax import read
from app.markdown.reading import Reading
from app.markdown.references import References
from app.markdown.runs import Run
from app.markdown.tokens import runs_from

_STEP = 256
# No tail grows longer: a construct that is still open after half of it becomes text, and so does an opening that
# is never closed. People do not emphasise or link that much at once, and reading this much of the densest markup
# takes 10 ms, of prose half a millisecond: it happens again for every frame while such a text streams in.
LIMIT = 2048
# Where a text can be cut without changing what markup means next to the cut: before a blank (delimiters look
# at their neighbours, and a text's end counts as a blank), and between a Chinese full stop and a letter.
_PLACE = re.compile(r"(?<=[^\s\\])(?=[ \n])|(?<=[、。，！？；：])(?=[^\W_])")
_INSIDE_WORD = re.compile(r"(?<=[^\W_])(?=[^\W_])")


def runs_of(source: str, references: References) -> list[Run]:
    source = source.strip(MD_TRIM_CHARS)
    return _runs_from(read(source, references)) if source else []


class InlineText:
    """
    Feed it a paragraph's Markdown; read `settled` and then `open_runs`.

    However the text is cut into chunks, the runs are the same after `finish`: if the paragraph is shorter than
    LIMIT characters, those of `runs_of`, but that a run may go on in the next one.
    """

    def __init__(self, references: References) -> None:
        self.settled: list[Run] = []  # appended to, never changed
        self._references = references
        self._has_begun = False
        self._tail: list[str] = []
        self._length = 0
        self._next_try = _STEP  # at this length of the tail
        self._missed_links: set[str] = set()
        self._missed_footnotes: set[str] = set()
        self._known_version = references.version
        self._is_stale = False
        self._open_runs: list[Run] | None = None
        self._open_version = references.version

    @property
    def is_stale(self) -> bool:
        """A label that was looked up in vain has been defined since: all of it must be read anew."""
        if not self._is_stale and self._known_version != self._references.version:
            self._known_version = self._references.version
            self._is_stale = not (
                self._missed_links.isdisjoint(self._references.links)
                and self._missed_footnotes.isdisjoint(self._references.footnotes)
            )
        return self._is_stale

    def feed(self, source: str) -> None:
        if not self._has_begun:
            source = source.lstrip(MD_TRIM_CHARS)
        if not source:
            return
        self._has_begun = True
        self._tail.append(source)
        self._length += len(source)
        self._open_runs = None
        if self._length >= self._next_try:
            self._settle()

    def finish(self) -> None:
        """No more comes: what is not closed is text, as CommonMark says."""
        self._take(read(self._rest().rstrip(MD_TRIM_CHARS), self._references))
        self._tail.clear()
        self._length = 0
        self._open_runs = None

    def open_runs(self) -> list[Run]:
        """What follows `settled`, as if all that is open were closed. Not longer than LIMIT."""
        if self._open_runs is None or self._open_version != self._references.version:
            self._open_version = self._references.version
            self._open_runs = self._read_open()
        return self._open_runs

    def _read_open(self) -> list[Run]:
        source = self._rest()
        source = held_back(source, ends_in_formula=self._ends_in_formula(source))
        reading = read(source, self._references, is_open=True)
        shown = closed(source, reading.openings)
        if shown != source and not reading.is_dense:
            reading = read(shown, self._references, is_open=True)
        return _runs_from(reading)

    def _ends_in_formula(self, source: str) -> bool:
        """The dollar at the end closes a formula."""
        if not source.endswith("$"):
            return False
        tokens = read(source, self._references).tokens
        return bool(tokens) and tokens[-1].type == "math"

    def _rest(self) -> str:
        if len(self._tail) > 1:
            self._tail = ["".join(self._tail)]
        return self._tail[0] if self._tail else ""

    def _settle(self) -> None:
        tail = self._rest()
        start = 0
        while len(tail) - start >= self._next_try:
            # What has arrived beyond is not looked at: the cuts must not depend on the chunks.
            end = self._settle_in(tail[start : start + self._next_try])
            start += end
            # What is open now has been read this far; it takes more to close it.
            seen = self._next_try - end
            self._next_try = _STEP
            while self._next_try <= seen:
                self._next_try *= 2
        self._tail = [tail[start:]]
        self._length = len(tail) - start

    def _settle_in(self, tail: str) -> int:
        """Settle what is final of it. Returns up to where; 0 for nothing."""
        places = [place.start() for place in _PLACE.finditer(tail)]
        if not places:
            return self._give_up(tail, places) if len(tail) >= LIMIT else 0
        reading = read(tail[: places[-1]], self._references)
        barrier = reading.openings[0].position if reading.openings else places[-1]
        end = reading.cut(places, barrier)
        if end == places[-1]:
            self._take(reading)
        elif end:
            self._take(read(tail[:end], self._references))
        elif len(tail) >= LIMIT:
            return self._give_up(tail, places, reading)
        return end

    def _give_up(self, tail: str, places: Sequence[int], reading: Reading | None = None) -> int:
        """What is open in the first half is text after all: settle as far on as nothing else is open."""
        end = 0
        if reading:
            barriers = (opening.position for opening in reading.openings if opening.position > LIMIT // 2)
            end = reading.cut(places, next(barriers, places[-1]))
        if end < LIMIT // 4:
            before = [place for place in places if place <= LIMIT // 2] or [
                place.start() for place in _INSIDE_WORD.finditer(tail, LIMIT // 4, LIMIT // 2)
            ]
            end = before[-1] if before and before[-1] >= LIMIT // 4 else LIMIT // 2
        self._take(read(tail[:end], self._references))
        return end

    def _take(self, reading: Reading) -> None:
        self._missed_links |= reading.missed_links
        self._missed_footnotes |= reading.missed_footnotes
        self.settled += _runs_from(reading)


def _runs_from(reading: Reading) -> list[Run]:
    return with_mail_links(runs_from(reading.tokens), is_open=reading.is_open)
