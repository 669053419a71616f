"""Steps through the text of a conversation, from one place in it to another: by character, word, line and page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTextBoundaryFinder

from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import START, Mark
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.message_body import MessageBody, Place
from app.ui.transcript.qt_text import direction_of, from_qt, to_qt, word_in
from app.ui.transcript.selection import LAST_CELL, Position

STEP_BUDGET_S = 0.025  # for reading and laying out what is stepped into
NEAR_CHARACTERS = 256  # that the end of a word is looked for in
FEEL_PX = 4  # less than any line is high
FAR_PX = 1 << 20
NEAR_PX = 100


class TextWalk:
    """No step leaves the conversation: at its ends one stays where one is."""

    def __init__(self, conversation: ConversationLayout) -> None:
        self._conversation = conversation

    @property
    def start(self) -> Position:
        return Position(0, 0, START)

    @property
    def end(self) -> Position:
        return self.settled(Position(len(self._conversation) - 1, LAST_CELL, START))

    def settled(self, position: Position) -> Position:
        """The same place, told by a cell and a mark that are there: a selection may end beyond all text."""
        row = min(position.row, len(self._conversation) - 1)
        count = len(self._body(row).cells)
        if not count:
            return Position(row, 0, START)
        cell = min(position.cell, count - 1)
        end = self._end_of(row, cell)
        return Position(row, cell, min(position.mark, end) if cell == position.cell else end)

    def is_right_to_left(self, position: Position) -> bool:
        return direction_of(self._line_at(position)[0]) is Qt.LayoutDirection.RightToLeft

    def character_after(self, position: Position) -> Position:
        line, index = self._line_at(position)
        if index >= len(line):
            return self._next_line(position)
        near = line[index : index + NEAR_CHARACTERS]
        end = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, near).toNextBoundary()
        return _in_line(position, index + max(1, from_qt(near, end)))

    def character_before(self, position: Position) -> Position:
        line, index = self._line_at(position)
        if not index:
            return self._end_of_previous_line(position)
        offset = max(0, index - NEAR_CHARACTERS)
        near = line[offset:index]
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, near)
        finder.setPosition(to_qt(near, len(near)))
        return _in_line(position, offset + from_qt(near, max(0, finder.toPreviousBoundary())))

    def word_after(self, position: Position) -> Position:
        """Where the next word begins, or the line ends."""
        line, index = self._line_at(position)
        if index >= len(line):
            return self._next_line(position)
        near = line[index : index + NEAR_CHARACTERS]
        _, end = word_in(near, 0)
        if end < len(near) and near[end].isspace():
            _, end = word_in(near, end)
        return _in_line(position, index + end)

    def word_before(self, position: Position) -> Position:
        """Where this word begins, or the one before."""
        line, index = self._line_at(position)
        if not index:
            return self._end_of_previous_line(position)
        offset = max(0, index - NEAR_CHARACTERS)
        near = line[offset:index]
        start, _ = word_in(near, len(near) - 1)
        if start and near[start].isspace():
            start, _ = word_in(near, start - 1)
        return _in_line(position, offset + start)

    def line_start(self, position: Position) -> Position:
        """Of the line on screen."""
        return self._nearest(position.row, FAR_PX if self.is_right_to_left(position) else 0, self.y_of(position))

    def line_end(self, position: Position) -> Position:
        """Of the line on screen."""
        return self._nearest(position.row, 0 if self.is_right_to_left(position) else FAR_PX, self.y_of(position))

    def line_below(self, position: Position, x: int) -> Position:
        """What is nearest to the column's `x` in the next line on screen."""
        row, here = position.row, self.y_of(position)
        for y in range(here + FEEL_PX, self._conversation.height(row), FEEL_PX):
            found = self._nearest(row, x, y)
            if self.y_of(found) > here:
                return found
        return self._nearest(row + 1, x, 0) if row + 1 < len(self._conversation) else self.line_end(position)

    def line_above(self, position: Position, x: int) -> Position:
        row, here = position.row, self.y_of(position)
        for y in range(here - FEEL_PX, -FEEL_PX, -FEEL_PX):
            found = self._nearest(row, x, y)
            if self.y_of(found) < here:
                return found
        return self._nearest(row - 1, x, FAR_PX) if row else self.line_start(position)

    def down_by(self, position: Position, x: int, dy: int) -> Position:
        """What is nearest to the column's `x` so many pixels below, or above."""
        rows, budget = self._conversation, Budget(STEP_BUDGET_S)
        row, y = position.row, self.y_of(position) + dy
        while y < 0 and row:
            row -= 1
            rows.settle_up(row, None, -y, budget)
            y += rows.height(row)
        while y >= rows.height(row) and row + 1 < len(rows):
            y -= rows.height(row)
            row += 1
            rows.settle_down(row, 0, y, budget)
        return self._nearest(row, x, y)

    def x_of(self, position: Position) -> int:
        """Where in the column the place is: felt for, as a cell tells places by points only."""
        y = self.y_of(position)
        low, high = 0, self._conversation.layout(position.row).width
        falls = self._nearest(position.row, low, y) > self._nearest(position.row, high, y)
        while high - low > 1:
            middle = (low + high) // 2
            found = self._nearest(position.row, middle, y)
            if found == position:
                return middle
            low, high = (low, middle) if (found > position) != falls else (middle, high)
        return high

    def y_of(self, position: Position) -> int:
        """The top of its line in its row."""
        return self._conversation.y_of(position.row, Place(position.cell, position.mark, 0))

    def _nearest(self, row: int, x: int, y: int) -> Position:
        self._body(row)
        self._conversation.settle_down(row, y, NEAR_PX, Budget(STEP_BUDGET_S))
        layout = self._conversation.layout(row)
        cell, mark = layout.body.mark_at(x - layout.body_left, min(y - layout.body_top, layout.body.height - 1))
        return Position(row, cell, mark)

    def _body(self, row: int) -> MessageBody:
        self._conversation.read(row, Budget(STEP_BUDGET_S))
        return self._conversation.layout(row).body

    def _lines(self, row: int, cell: int) -> Sequence[str]:
        cells = self._body(row).cells
        return cells[cell].lines() if cell < len(cells) else ()

    def _line_at(self, position: Position) -> tuple[str, int]:
        lines = self._lines(position.row, position.cell)
        number, index = position.mark
        return (lines[number], min(index, len(lines[number]))) if number < len(lines) else ("", 0)

    def _end_of(self, row: int, cell: int) -> Mark:
        lines = self._lines(row, cell)
        return (len(lines) - 1, len(lines[-1])) if lines else START

    def _next_line(self, position: Position) -> Position:
        row, cell, (number, _) = position
        if number + 1 < len(self._lines(row, cell)):
            return Position(row, cell, (number + 1, 0))
        while row < len(self._conversation):
            for following in range(cell + 1, len(self._body(row).cells)):
                if self._lines(row, following):
                    return Position(row, following, START)
            row, cell = row + 1, -1
        return position

    def _end_of_previous_line(self, position: Position) -> Position:
        row, cell, (number, _) = position
        if number:
            return Position(row, cell, (number - 1, len(self._lines(row, cell)[number - 1])))
        while row >= 0:
            for preceding in reversed(range(cell)):
                if self._lines(row, preceding):
                    return Position(row, preceding, self._end_of(row, preceding))
            row -= 1
            cell = len(self._body(row).cells) if row >= 0 else 0
        return position


def _in_line(position: Position, index: int) -> Position:
    return position._replace(mark=(position.mark[0], index))
