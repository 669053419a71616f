"""Runs of text as QTextLayout takes them: one text with formats, and room for what is painted into it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtGui import QTextCharFormat, QTextLayout

from app.markdown.hidden import hidden_in
from app.markdown.runs import Run, RunKind
from app.ui.transcript.cells.insets import FormulaInset, IconInset, Inset, NameInset
from app.ui.transcript.materials import Materials
from app.ui.transcript.qt_text import from_qt, to_qt, units_in
from app.ui.transcript.style import TextStyle

_LINE_SEPARATOR = "\u2028"  # QTextLayout's word for a line end inside a paragraph
_INSET = "\u2022"  # belongs to the word it stands in, as a letter does, and to no direction
_ROOM = "\u00a0"  # parted neither from what stands before it nor from what follows
_ROOM_PX = 2  # at both sides of code
_CHIP_ROOM_PX = 5


class Part(NamedTuple):
    """
    A stretch of a run, the paragraph's `number`th.

    `shown` is what all of the run shows, `start` and `end` are characters in it.
    """

    number: int
    run: Run
    shown: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.shown[self.start : self.end]

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def as_run(self) -> Run:
        """The run that shows no more than this. Only of text and code there are parts; all else is whole."""
        if self.length == len(self.shown) or self.run.kind not in (RunKind.TEXT, RunKind.CODE):
            return self.run
        return self.run._replace(text=self.text)


class Placed(NamedTuple):
    """Something painted, in the place of one unit of the text."""

    unit: int
    inset: Inset


class Typeset:
    """
    Places in what is shown are counted in characters, places in `text` in UTF-16 units.

    `grounds` are stretches of units that stand on a ground of their own; `waits_for` are the formulas whose
    sources are shown.
    """

    def __init__(self, style: TextStyle, materials: Materials, width: int) -> None:
        self._style = style
        self._materials = materials
        self._width = width
        self._texts: list[str] = []  # those of what is painted stand for `_shown_lengths` characters
        self._units: list[int] = []  # where each begins
        self._shown: list[int] = []
        self._is_inset: list[bool] = []
        self._last_format: QTextCharFormat | None = None
        self._names: dict[str, NameInset] = {}
        self._unit_count = 0
        self._shown_count = 0
        self._ranges: list[QTextLayout.FormatRange] = []
        self.grounds: list[tuple[int, int]] = []
        self.insets: list[Placed] = []
        self.waits_for: list[Run] = []
        self.settle()

    @property
    def text(self) -> str:
        return "".join(self._texts)

    @property
    def formats(self) -> list[QTextLayout.FormatRange]:
        return self._ranges

    def settle(self) -> None:
        """What was added up to now stays."""
        self._settled = (len(self._texts), len(self._ranges), len(self.grounds), len(self.insets), len(self.waits_for))
        self._settled_units, self._settled_shown = self._unit_count, self._shown_count
        self._last_format = None  # so that no range goes on over what is settled

    def forget_open(self) -> None:
        """What was added after that goes."""
        texts, ranges, grounds, insets, waits_for = self._settled
        for pieces in (self._texts, self._units, self._shown, self._is_inset):
            del pieces[texts:]
        del self._ranges[ranges:]
        del self.grounds[grounds:]
        del self.insets[insets:]
        del self.waits_for[waits_for:]
        self._unit_count, self._shown_count = self._settled_units, self._settled_shown
        self._last_format = None

    def add(self, part: Part) -> None:
        match part.run.kind:
            case RunKind.TEXT:
                self._add_text(part.text, self._style.format_of(part.run))
            case RunKind.CODE:
                self._add_code(part)
            case RunKind.MATH:
                self._add_formula(part)
            case RunKind.IMAGE:
                self._add_chip(part)
            case RunKind.FOOTNOTE:
                self._add_text(part.text, self._style.format_of(part.run))

    def _add_code(self, part: Part, *, is_source: bool = False) -> None:
        start = self._unit_count
        room = self._materials.style.px(_ROOM_PX)
        if part.start == 0:
            self._add_room(_INSET, room)
        self._add_text(part.text, self._style.format_of(part.run, is_source=is_source))
        if part.end == len(part.shown):
            self._add_room(_ROOM, room)
        self.grounds.append((start, self._unit_count))

    def _add_formula(self, part: Part) -> None:
        run = part.run
        picture = self._materials.formulas.picture(run.text, self._style.px, is_display=run.is_display)
        if picture is None or part.start:  # a source that two segments show stays one until both are laid out anew
            self.waits_for.append(run)
            self._add_code(part, is_source=True)
        else:
            self._add_inset(FormulaInset(picture, self._style.color, self._width), part.length)

    def _add_chip(self, part: Part) -> None:
        start = self._unit_count
        room = self._materials.style.px(_CHIP_ROOM_PX)
        if part.start == 0:
            icons, color = self._materials.icons, self._style.muted
            self._add_inset(IconInset(icons, "image", color, self._style.px, room), 0)
        self._add_text(part.text, self._style.format_of(part.run))
        if part.end == len(part.shown):
            self._add_room(_ROOM, room)
        self.grounds.append((start, self._unit_count))

    def _add_text(self, text: str, text_format: QTextCharFormat | None) -> None:
        """What cannot be seen in it is shown by its name."""
        start = 0
        for position, name in hidden_in(text):
            self._add_visible(text[start:position], text_format)
            if name not in self._names:
                self._names[name] = NameInset(name, self._style.name_font, self._style.warning)
            self._add_inset(self._names[name], 1)
            start = position + 1
        self._add_visible(text[start:] if start else text, text_format)

    def _add_visible(self, text: str, text_format: QTextCharFormat | None) -> None:
        if text:
            start = self._unit_count
            self._add(text.replace("\n", _LINE_SEPARATOR), units_in(text), len(text))
            self._add_range(start, text_format)

    def _add_inset(self, inset: Inset, shown_length: int) -> None:
        self.insets.append(Placed(self._unit_count, inset))
        self._add_room(_INSET, inset.width, shown_length)

    def _add_room(self, character: str, width: float, shown_length: int = 0) -> None:
        start = self._unit_count
        self._add(character, 1, shown_length, is_inset=True)
        self._add_range(start, self._style.space_format(character, width))

    def _add(self, text: str, units: int, shown_length: int, *, is_inset: bool = False) -> None:
        self._texts.append(text)
        self._units.append(self._unit_count)
        self._shown.append(self._shown_count)
        self._is_inset.append(is_inset)
        self._unit_count += units
        self._shown_count += shown_length

    def _add_range(self, start: int, text_format: QTextCharFormat | None) -> None:
        if text_format is not None and text_format is self._last_format:
            self._ranges[-1].length += self._unit_count - start
        elif text_format is not None:
            stretch = QTextLayout.FormatRange()
            stretch.start = start
            stretch.length = self._unit_count - start
            stretch.format = text_format
            self._ranges.append(stretch)
        self._last_format = text_format

    def unit_of(self, index: int) -> int:
        """Of a character shown. One inside of something painted stands before it."""
        if index >= self._shown_count:
            return self._unit_count
        number = bisect_right(self._shown, index) - 1
        offset = 0 if self._is_inset[number] else to_qt(self._texts[number], index - self._shown[number])
        return self._units[number] + offset

    def index_of(self, unit: int) -> int:
        """The character shown, of a unit."""
        if unit >= self._unit_count:
            return self._shown_count
        number = bisect_right(self._units, unit) - 1
        offset = 0 if self._is_inset[number] else from_qt(self._texts[number], unit - self._units[number])
        return self._shown[number] + offset

    def insets_between(self, start: int, end: int) -> Iterator[Placed]:
        """Of a line's units."""
        for number in range(bisect_left(self.insets, start, key=_unit), len(self.insets)):
            if self.insets[number].unit >= end:
                return
            yield self.insets[number]

    def overhang(self, start: int, end: int) -> tuple[int, int]:
        """How far what stands in a line reaches above and below the room that every line has, in whole pixels."""
        style = self._style
        above = below = 0
        for _, inset in self.insets_between(start, end):
            above = max(above, int(inset.ascent + 1) - style.baseline_px + 2)
            below = max(below, int(inset.descent + 1) - (style.line_px - style.baseline_px) + 2)
        return max(0, above), max(0, below)


def _unit(placed: Placed) -> int:
    return placed.unit
