"""Finds a text in what a conversation shows, on screen and off it, a few milliseconds at a time."""

import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal

from app.markdown.blocks import Paragraph
from app.ui.transcript.cells.cell import START, Cell, Span
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.folding import folded, may_show, occurrences
from app.ui.transcript.hits import Hit, Hits
from app.ui.transcript.selection import Position
from app.ui.transcript.slices import Slices, Step, Steps

GROWN_AFTER_MS = 150  # what streams in is looked through this often
LINES_IN_A_STEP = 200
TELL_AFTER_S = 0.05  # while it counts


class Finder(QObject):
    """
    Looks from a place on to the end and then from the top, so that the first hit comes first.

    `counted`: the count or the current hit is another one. `marked`: what is marked in this row is.
    `reached`: show this Hit.
    """

    counted = Signal()
    marked = Signal(int)
    reached = Signal(object)

    def __init__(self, parent: QObject, conversation: ConversationLayout) -> None:
        super().__init__(parent)
        self._conversation = conversation
        self._slices = Slices(self)
        self._grown = QTimer(self)
        self._grown.setSingleShot(True)
        self._grown.setInterval(GROWN_AFTER_MS)
        self._grown.timeout.connect(self._resume)
        self._reset("", Position(0, 0, START))

    def _reset(self, needle: str, begin: Position) -> None:
        self._needle = needle
        self._begin = begin
        self._current: Hit | None = None
        self._wanted: tuple[int, int] | None = None  # the hit to go to: its row, and which of the row's it is
        self._hits = Hits(len(self._conversation))
        self._unread: Iterator[int] = iter(())
        self._again: deque[int] = deque()
        self._growing: set[int] = set()
        self._is_seeking = bool(needle)  # for the first hit, which is gone to by itself
        self.is_searching = bool(needle)
        self._told_at = 0.0

    @property
    def count(self) -> int:
        return len(self._hits)

    @property
    def current(self) -> Hit | None:
        return self._current

    @property
    def number(self) -> int:
        """Of the current hit, counted from 1; 0 if there is none."""
        number = self._hits.number_of(self._current) if self._current is not None else None
        return number + 1 if number is not None else 0

    def is_looking_for(self, text: str) -> bool:
        return bool(text) and folded(text) == self._needle

    def search(self, text: str, begin: Position) -> None:
        """Look for `text` from there on. What is found before its end is shown at once."""
        self._grown.stop()
        rows_before = self._hits.kept_rows
        self._reset(folded(text), begin)
        for row in rows_before:
            self.marked.emit(row)
        if not self._needle:
            self._slices.cancel()
        else:
            rows = len(self._conversation)
            self._unread = iter(chain(range(begin.row, rows), range(min(begin.row, rows))))
            self._slices.start(self._steps())
        self.counted.emit()

    def stop(self) -> None:
        """Forget everything."""
        self.search("", Position(0, 0, START))

    def step(self, by: int) -> None:
        """To the next hit, or one before; from the last to the first."""
        if not self.count:
            return
        number = (self.number - 1 + by) % self.count if self.number else 0
        self._wanted = self._hits.find(number)
        if self._hits.of(self._wanted[0]) is not None:
            self._go_to_wanted()
        else:
            self._look_again(self._wanted[0])

    def marked_in(self, row: int, cell: int) -> tuple[Sequence[Span], Span | None]:
        """What is found in a cell, and which of it is the current one."""
        if not self._needle or not self._hits.count_in(row):
            return (), None
        hits = self._hits.of(row)
        if hits is None:
            self._look_again(row)
            return (), None
        spans = [hit.span for hit in hits if hit.cell == cell]
        current = self._current
        return spans, current.span if current is not None and current[:2] == (row, cell) else None

    def note_appended(self) -> None:
        """There is one more row, at the end."""
        if self._needle:
            self._hits.add_row()
            self.note_grown(self._hits.rows - 1)

    def note_grown(self, row: int) -> None:
        """Cheap: a growing text is looked through now and then."""
        if self._needle:
            self._growing.add(row)
            if not self._grown.isActive():
                self._grown.start()

    def note_renumbered(self) -> None:
        """Rows have other numbers now: all is looked through anew, and nothing is gone to."""
        if self._needle:
            self.search(self._needle, Position(0, 0, START))
            self._is_seeking = False

    def _resume(self) -> None:
        while self._growing:
            self._look_again(self._growing.pop())

    def _look_again(self, row: int) -> None:
        if row not in self._again:
            self._again.append(row)
        if not self._slices.is_busy:
            self.is_searching = True
            self._slices.start(self._steps())

    def _steps(self) -> Steps[None]:
        while True:
            is_asked_for = bool(self._again)
            row = self._again.popleft() if is_asked_for else next(self._unread, None)
            if row is None:
                break
            hits = yield from self._look_through(row)
            self._take_in(row, hits, is_kept=is_asked_for or self._hits.has_room)
            yield Step.DONE
        if self._is_seeking and self.count:
            self.step(+1)
        self._is_seeking = self.is_searching = False
        self.counted.emit()

    def _look_through(self, row: int) -> Steps[list[Hit]]:
        shown = yield from self._conversation.bringing(row)
        source = "".join(chain(shown.reasoning if shown.shows_reasoning else (), shown.text))
        hits: list[Hit] = []
        if not may_show(self._needle, source):
            return hits
        body = yield from self._conversation.reading(row)
        for number, cell in enumerate(body.cells):
            if not self._may_be_in(cell):
                continue
            for line_number, line in enumerate(cell.lines()):
                for start, end in occurrences(self._needle, line):
                    hits.append(Hit(row, number, ((line_number, start), (line_number, end))))
                if line_number % LINES_IN_A_STEP == 0:
                    yield Step.DONE
        return hits

    def _may_be_in(self, cell: Cell) -> bool:
        """Reading the Markdown of a paragraph costs much more than a look at it."""
        block = getattr(cell, "block", None)
        return not isinstance(block, Paragraph) or may_show(self._needle, block.text)

    def _take_in(self, row: int, hits: list[Hit], *, is_kept: bool) -> None:
        had_some = self._hits.count_in(row) > 0
        is_first = self._is_seeking and bool(hits)
        spared = self._current.row if self._current is not None else None
        self._hits.take(row, hits, is_kept=is_kept or is_first, spared=spared)
        if had_some or hits:
            self.marked.emit(row)
        if self._current is not None and self._current.row == row:
            self._current = hits[min(bisect_left(hits, self._current), len(hits) - 1)] if hits else None
        if self._wanted is not None and self._wanted[0] == row:
            self._go_to_wanted()
        elif is_first:
            self._seek_in(row, hits)
        if had_some or hits:
            self._tell_soon()

    def _seek_in(self, row: int, hits: list[Hit]) -> None:
        """The first hit from where the search began is gone to by itself."""
        first = bisect_left(hits, self._begin, key=lambda hit: hit.position) if row == self._begin.row else 0
        if first < len(hits):
            self._wanted = row, first
            self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        assert self._wanted is not None
        (row, index), self._wanted = self._wanted, None
        hits = self._hits.of(row)
        if hits:
            self._is_seeking = False
            before, self._current = self._current, hits[min(index, len(hits) - 1)]
            if before is not None:
                self.marked.emit(before.row)
            self.marked.emit(row)
            self.reached.emit(self._current)
        self.counted.emit()

    def _tell_soon(self) -> None:
        now = time.monotonic()
        if now - self._told_at > TELL_AFTER_S:
            self._told_at = now
            self.counted.emit()
