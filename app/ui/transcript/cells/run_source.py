"""The runs of one paragraph, read slice by slice as its text grows."""

from collections.abc import Callable, Iterator

from app.markdown.blocks import Paragraph
from app.markdown.references import References
from app.markdown.runs import Run, RunKind
from app.ui.transcript.cells.cell import Span
from app.ui.transcript.cells.reading import Reading
from app.ui.transcript.cells.shown import shown_text
from app.ui.transcript.cells.typeset import Part

_RUN_CHARACTERS = 12  # of plain text take as long to lay out as one run of another look
_CUT_ANYWHERE = (RunKind.TEXT, RunKind.CODE)


class RunSource:
    """Hands out what is settled once and in order, and what is open again and again."""

    def __init__(self, block: Paragraph, new_reading: Callable[[], Reading], references: References) -> None:
        self.block = block
        self.length = 0  # characters of the Markdown that were counted
        self.newlines = 0
        self._new_reading = new_reading
        self._references = references
        self._counted_pieces = 0
        self.restart()

    def restart(self) -> None:
        """Forget what was read."""
        self._reading: Reading | None = None
        self._fed_pieces = 0
        self._unfed = ""  # the rest of a piece that was too long for one slice
        self._unfed_from = 0
        self._is_finished = False
        self.rewind(0, 0)

    def rewind(self, number: int, offset: int) -> None:
        """Hand out again what is settled, from a character of what the run `number` shows."""
        self._number = number
        self._offset = offset

    @property
    def is_stale(self) -> bool:
        return self._reading is not None and self._reading.is_stale

    @property
    def is_read(self) -> bool:
        """All of the source, as far as it is there."""
        if self._unfed or self._fed_pieces < len(self.block.pieces):
            return False
        return self._is_finished or not self.block.is_closed

    @property
    def is_handed_out(self) -> bool:
        """All that is settled."""
        return self._reading is None or self._number == len(self._reading.settled)

    def count(self) -> None:
        """Take note of new text."""
        for piece in self.block.pieces[self._counted_pieces :]:
            self.length += len(piece)
            self.newlines += piece.count("\n")
        self._counted_pieces = len(self.block.pieces)

    def read(self, limit: int) -> None:
        """At most so many characters of the source, and its end if it is near."""
        if self._reading is None:
            self._reading = self._new_reading()
        if not self._unfed:
            self._unfed = "".join(self.block.pieces[self._fed_pieces :])
            self._fed_pieces = len(self.block.pieces)
        if self._unfed:
            end = self._unfed_from + limit
            self._reading.feed(self._unfed[self._unfed_from : end])
            self._unfed_from = end
            if end >= len(self._unfed):
                self._unfed, self._unfed_from = "", 0
        if self.block.is_closed and not self._unfed:
            self._is_finished = True
            self._reading.finish()

    def take(self, limit: int) -> list[Part]:
        """What is settled and was not handed out: about as much as takes the time of `limit` plain characters."""
        parts: list[Part] = []
        settled = self._reading.settled if self._reading is not None else []
        while limit > 0 and self._number < len(settled):
            run = settled[self._number]
            shown = shown_text(run, self._references)
            end = len(shown)
            if run.kind in _CUT_ANYWHERE:
                end = min(end, self._offset + limit)
            parts.append(Part(self._number, run, shown, self._offset, end))
            limit -= max(_RUN_CHARACTERS, end - self._offset)
            self._offset = end
            if end == len(shown):
                self._number, self._offset = self._number + 1, 0
        return parts

    def open_parts(self) -> list[Part]:
        """What follows the settled runs for now."""
        if self._reading is None:
            return []
        shown = ((run, shown_text(run, self._references)) for run in self._reading.open_runs())
        return [Part(-1, run, text, 0, len(text)) for run, text in shown]

    def all_shown(self) -> Iterator[tuple[Run, str]]:
        """Every run and what it shows. Reads what was not read yet: for copying."""
        reading = self._reading
        if reading is None or not self.is_read or reading.is_stale:
            reading = self._new_reading()
            reading.feed("".join(self.block.pieces))
            reading.finish()
        for run in (*reading.settled, *reading.open_runs()):
            yield run, shown_text(run, self._references)

    def known_shown(self) -> Iterator[tuple[Run, str]]:
        """As far as it was read."""
        if self._reading is not None:
            for run in (*self._reading.settled, *self._reading.open_runs()):
                yield run, shown_text(run, self._references)

    def runs_between(self, span: Span) -> list[Run]:
        """For copying."""
        return [part.as_run for part in _parts_between(self.all_shown(), span)]

    def is_whole(self, span: Span) -> bool:
        """It is all of what is shown."""
        (_, first), (line_after, last) = span
        return first == 0 and (line_after > 0 or last >= sum(len(shown) for _, shown in self.all_shown()))


def _parts_between(shown: Iterator[tuple[Run, str]], span: Span) -> Iterator[Part]:
    """The runs in a span; of the first and the last what is in it."""
    (_, first), (line_after, last) = span
    start = 0
    for number, (run, text) in enumerate(shown):
        end = start + len(text)
        if start >= last and not line_after:
            return
        if end > first:
            yield Part(
                number, run, text, max(0, first - start), len(text) if line_after else min(len(text), last - start)
            )
        start = end
