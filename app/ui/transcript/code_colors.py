"""What is known of the colours of one block of code."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.markdown.blocks import Code
from app.markdown.syntax import NO_COLORS, Colors
from app.ui.transcript.budget import Budget

if TYPE_CHECKING:  # Pygments comes with these
    from app.markdown.highlight import Language
    from app.markdown.line_reading import LineState

CATCH_UP_LINES = 100  # that are read to know how the first one in sight begins; beyond that it is guessed
LONGEST_LINE = 1_000  # characters, and
LONGEST_OPEN_LINE = 400  # which is read in every frame: beyond that it keeps the colours it has


class CodeColors:
    """
    Colours of lines, as they are read one by one or come for the whole block.

    `version` is another one whenever something may look different.
    """

    def __init__(self, revision: int) -> None:
        self.revision = revision  # of the block
        self.version = 0
        self.was_asked_for = False  # all of the block's, and
        self.is_awaited = False  # they are on their way
        self.has_failed = False  # a line was beyond the lexer
        self._whole: Sequence[Colors] | None = None
        self._lines: dict[int, Colors] = {}
        self._states: dict[int, LineState] = {}  # at the beginning of a line
        self._open = -1, 0  # the line being written as it was read: its number, its length

    @property
    def is_whole(self) -> bool:
        return self._whole is not None

    def of(self, number: int) -> Colors:
        """Of a line; the same object as long as they are the same."""
        if self._whole is not None:
            return self._whole[number] if number < len(self._whole) else NO_COLORS
        return self._lines.get(number, NO_COLORS)

    def take_whole(self, whole: Sequence[Colors]) -> None:
        """Lines whose colours were right keep them as they are, so that they need not be laid out again."""
        known = self._lines
        self._whole = [known[number] if known.get(number) == colors else colors for number, colors in enumerate(whole)]
        self._lines = {}
        self._states.clear()
        self.version += 1

    def read(self, language: "Language", code: Code, seen: range, budget: Budget) -> bool:
        """
        Read the lines that are seen, one at least; False if the time was spent before the last.

        Raises:
            LexingFailed: one of them is beyond the lexer.
        """
        lines, has_read = code.lines, False
        for number in range(self._nearest_known(seen.start), min(seen.stop, len(lines))):
            if number + 1 in self._states:
                continue
            if has_read and budget.is_spent:
                return False
            line = lines[number]
            state = self._state(language, number, line)
            is_short = len(line) <= LONGEST_LINE
            self._lines[number], self._states[number + 1] = (
                language.read_line(line, state) if is_short else (NO_COLORS, state)
            )
            has_read = True
        if len(lines) in seen and code.open_pieces:
            self._read_open(language, len(lines), code.open_pieces)
        return True

    def _nearest_known(self, first: int) -> int:
        """The line to begin with: not the first one in sight if what comes before it is not too long."""
        for number in range(first, max(-1, first - CATCH_UP_LINES), -1):
            if number in self._states or number == 0:
                return number
        return first

    def _state(self, language: "Language", number: int, line: str) -> "LineState":
        state = self._states.get(number)
        if state is None:
            state = self._states[number] = language.first_state(line)
        return state

    def _read_open(self, language: "Language", number: int, pieces: Sequence[str]) -> None:
        length = sum(map(len, pieces[: LONGEST_OPEN_LINE + 1]))
        if length <= LONGEST_OPEN_LINE and (number, length) != self._open:
            self._open = number, length
            line = "".join(pieces)
            self._lines[number], _ = language.read_line(line, self._state(language, number, line))
