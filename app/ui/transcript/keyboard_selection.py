"""Shift and the arrow keys: extends the selection by characters, words, lines and pages."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.ui.transcript.selection import Position, Selection
from app.ui.transcript.text_walk import TextWalk

Step = Callable[[Position], Position]


class KeyboardSelection(QObject):
    """Goes on from the end that moved last; `moved` tells where that is now."""

    moved = Signal(object)  # a Position

    def __init__(self, parent: QObject, walk: TextWalk, selection: Selection, page_px: Callable[[], int]) -> None:
        super().__init__(parent)
        self._walk = walk
        self._selection = selection
        self._page_px = page_px
        self._x: int | None = None  # that lines are left for others at
        key = QKeySequence.StandardKey
        self._vertical: dict[QKeySequence.StandardKey, Step] = {
            key.SelectNextLine: lambda here: walk.line_below(here, self._column(here)),
            key.SelectPreviousLine: lambda here: walk.line_above(here, self._column(here)),
            key.SelectNextPage: lambda here: walk.down_by(here, self._column(here), self._page_px()),
            key.SelectPreviousPage: lambda here: walk.down_by(here, self._column(here), -self._page_px()),
        }
        self._sideways: dict[QKeySequence.StandardKey, Step] = {
            key.SelectNextChar: lambda here: self._turned(here, walk.character_after, walk.character_before),
            key.SelectPreviousChar: lambda here: self._turned(here, walk.character_before, walk.character_after),
            key.SelectNextWord: lambda here: self._turned(here, walk.word_after, walk.word_before),
            key.SelectPreviousWord: lambda here: self._turned(here, walk.word_before, walk.word_after),
            key.SelectStartOfLine: walk.line_start,
            key.SelectEndOfLine: walk.line_end,
            key.SelectStartOfDocument: lambda _here: walk.start,
            key.SelectEndOfDocument: lambda _here: walk.end,
        }

    def obey(self, event: QKeyEvent, begin_at: Callable[[], Position | None]) -> bool:
        """
        Do what the key means; False if it means nothing here.

        `begin_at`: where a selection begins if there was none and nothing was clicked on.
        """
        steps = self._vertical | self._sideways
        known = next((key for key in steps if event.matches(key)), None)
        if known is None:
            return False
        if self._selection.caret is None and (beginning := begin_at()) is not None:
            self._selection.begin(beginning, beginning)
        if (caret := self._selection.caret) is not None:
            reached = steps[known](self._walk.settled(caret))
            if known not in self._vertical:
                self._x = None
            self._selection.move_caret(reached)
            self.moved.emit(reached)
        return True

    def forget_column(self) -> None:
        """The mouse put the caret elsewhere."""
        self._x = None

    def _column(self, here: Position) -> int:
        if self._x is None:
            self._x = self._walk.x_of(here)
        return self._x

    def _turned(self, here: Position, step: Step, step_in_right_to_left: Step) -> Position:
        """The arrows mean left and right."""
        return (step_in_right_to_left if self._walk.is_right_to_left(here) else step)(here)
