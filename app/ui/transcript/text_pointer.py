"""The mouse on the text: press, drag, double and triple click, scrolling while it drags out of view, and links."""

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.transcript.cells.cell import END, START
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.selection import Position, Selection

SCROLL_INTERVAL_MS = 16
SCROLL_DIVISOR = 6  # pixels a step for a pixel out of view


class TextPointer(QObject):
    """
    Extends the selection by what the press began with: characters, words or paragraphs.

    A link is followed when it is released on where it was pressed, without a drag between.
    """

    selection_changed = Signal()
    link_requested = Signal(str, str)  # where it leads, and the text that stands for it
    scroll_wanted = Signal(int)  # pixels down

    def __init__(
        self, viewport: QWidget, rows: RowPool, selection: Selection, conversation: ConversationLayout
    ) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._rows = rows
        self._selection = selection
        self._conversation = conversation
        self._clicks = 0
        self._since_click = QElapsedTimer()
        self._click_point = QPoint()
        self._point = QPoint()
        self._pressed_link = ""
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(SCROLL_INTERVAL_MS)
        self._scrolling.timeout.connect(self._on_scroll_due)

    def press(self, point: QPoint, *, extends: bool) -> None:
        self._clicks = self._clicks % 3 + 1 if self._is_same_click(point) else 1
        self._click_point = point
        self._since_click.start()
        self.press_link(point)
        unit = self._unit_at(point)
        if unit is None:
            return
        if extends and self._selection.caret is not None:
            self._selection.extend(*unit)
        else:
            self._selection.begin(*unit)
        self.selection_changed.emit()

    def press_link(self, point: QPoint) -> None:
        """Only that: a middle click selects nothing."""
        self._click_point = point
        self._pressed_link = self.link_at(point)

    def link_at(self, point: QPoint) -> str:
        """Where the link at this point of the viewport leads, "" if there is none."""
        nearest = self._rows.nearest(point)
        return nearest[1].link_at(point.toPointF() - nearest[1].pos().toPointF()) if nearest is not None else ""

    def text_of_link_at(self, point: QPoint) -> str:
        nearest = self._rows.nearest(point)
        if nearest is None or not self.link_at(point):
            return ""
        number, row = nearest
        index, mark = row.mark_at(point.toPointF() - row.pos().toPointF())
        cell = self._conversation.layout(number).body.cells[index]
        spans = (link.span for link in cell.links() if link.span[0] <= mark <= link.span[1])
        return next(map(cell.text_between, spans), "")

    def drag(self, point: QPoint) -> None:
        if not self._is_at_click(point):
            self._pressed_link = ""
        self._point = point
        self._extend()
        is_outside = not 0 <= point.y() < self._viewport.height()
        if is_outside != self._scrolling.isActive():
            (self._scrolling.start if is_outside else self._scrolling.stop)()

    def release(self, point: QPoint) -> None:
        self._scrolling.stop()
        href, self._pressed_link = self._pressed_link, ""
        if href and self._is_at_click(point) and self.link_at(point) == href:
            self.link_requested.emit(href, self.text_of_link_at(point))

    def _is_same_click(self, point: QPoint) -> bool:
        is_soon = self._since_click.isValid() and self._since_click.elapsed() < QApplication.doubleClickInterval()
        return is_soon and self._is_at_click(point)

    def _is_at_click(self, point: QPoint) -> bool:
        return (point - self._click_point).manhattanLength() < QApplication.startDragDistance()

    def _extend(self) -> None:
        unit = self._unit_at(self._point)
        if unit is not None:
            self._selection.extend(*unit)
            self.selection_changed.emit()

    def _unit_at(self, point: QPoint) -> tuple[Position, Position] | None:
        nearest = self._rows.nearest(point)
        if nearest is None:
            return None
        number, row = nearest
        cell, mark = row.mark_at(point.toPointF() - row.pos().toPointF())
        cells = self._conversation.layout(number).body.cells
        if self._clicks == 2 and cells:
            start, end = cells[cell].word_at(mark)
        elif self._clicks == 3 and cells:
            start, end = START, END
        else:
            start = end = mark
        return Position(number, cell, start), Position(number, cell, end)

    def _on_scroll_due(self) -> None:
        y = self._point.y()
        outside = y if y < 0 else y - self._viewport.height()
        self.scroll_wanted.emit(outside // SCROLL_DIVISOR or (1 if outside > 0 else -1))
        self._extend()
