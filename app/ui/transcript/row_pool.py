"""The row widgets: as many as are seen at once, used again and again."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.conversation import Role
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.cells.cell import Marked
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.placeholders import Blank, Placeholders
from app.ui.transcript.row import Row
from app.ui.transcript.shift import shift
from app.ui.transcript.style import Style

MarkedIn = Callable[[int, int], Marked]


class RowPool(QObject):
    chosen = Signal(str, str)  # a MessageAction, a message's id
    menu_requested = Signal(str, QPoint, bool)  # a message's id, where on the screen, whether by keyboard
    reasoning_toggled = Signal(str)
    copied = Signal(str)
    reflowed = Signal()  # a row has another height

    def __init__(self, viewport: QWidget, theme: Theme, icons: Icons) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._theme = theme
        self._icons = icons
        self._rows: dict[int, Row] = {}
        self._spare: list[Row] = []
        self._placeholders = Placeholders(viewport)

    @property
    def seen(self) -> dict[int, Row]:
        return self._rows

    @property
    def waits_for_text(self) -> bool:
        """There are rows in sight whose text has not come yet."""
        return self._placeholders.is_needed

    def renumber(self, by: int) -> None:
        """The same rows have numbers that are so much higher. They are bound anew as they are: the focus stays."""
        self._rows = {number + by: row for number, row in self._rows.items()}
        for row in self._rows.values():
            row.unbind()

    def release(self) -> None:
        """Every row is bound anew the next time."""
        for number in list(self._rows):
            self._release(number)

    def show(
        self,
        placed: list[tuple[int, int]],
        column_x: int,
        conversation: ConversationLayout,
        style: Style,
        marked: MarkedIn,
    ) -> None:
        """Rows with their tops, as they stand in the viewport now. Those without text have no widget."""
        self._move_along(placed)
        blanks = [
            Blank(y, conversation.height(number), conversation.message(number).role is Role.USER)
            for number, y in placed
            if not conversation.is_read(number)
        ]
        self._placeholders.stand_in(blanks, range(column_x, self._viewport.width() - column_x), style)
        placed = [(number, y) for number, y in placed if conversation.is_read(number)]
        numbers = {number for number, _ in placed}
        for number in [number for number in self._rows if number not in numbers]:
            self._release(number)
        for number, y in placed:
            layout = conversation.layout(number)
            row = self._rows.get(number)
            if row is None:
                row = self._rows[number] = self._spare.pop() if self._spare else self._new_row()
            if not row.is_bound_to(layout):
                row.bind(layout, style, partial(marked, number))
            row.place(y, self._viewport.width(), column_x, self._viewport.height())
            if row.isHidden():
                row.show()

    def _move_along(self, placed: list[tuple[int, int]]) -> None:
        """What is painted already, if all rows that stay move by the same."""
        moved = {y - self._rows[number].y() for number, y in placed if number in self._rows}
        if len(moved) == 1 and (dy := moved.pop()):
            shift(self._viewport, dy)

    def repaint_all(self) -> None:
        for row in self._rows.values():
            row.update()

    def nearest(self, point: QPoint) -> tuple[int, Row] | None:
        """The row at this height of the viewport, or the nearest."""
        return min(self._rows.items(), key=lambda item: _distance(item[1], point.y()), default=None)

    def _release(self, number: int) -> None:
        row = self._rows.pop(number)
        focused = QApplication.focusWidget()
        area = self._viewport.parentWidget()
        if focused is not None and row.isAncestorOf(focused) and area is not None:
            area.setFocus()  # else Qt would give it to the next button
        row.hide()
        row.unbind()
        self._spare.append(row)

    def _new_row(self) -> Row:
        row = Row(self._theme, self._icons, self._viewport)
        row.chosen.connect(self.chosen)
        row.menu_requested.connect(self.menu_requested)
        row.reasoning_toggled.connect(self.reasoning_toggled)
        row.copied.connect(self.copied)
        row.reflowed.connect(self.reflowed)
        return row


def _distance(row: Row, y: int) -> int:
    return max(row.y() - y, y - (row.y() + row.height() - 1), 0)
