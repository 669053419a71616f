"""The mouse on the text: press, drag, double and triple click, and scrolling while it drags out of view."""

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.transcript.cell import END, START
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.selection import Position, Selection

SCROLL_INTERVAL_MS = 16
SCROLL_DIVISOR = 6  # pixels a step for a pixel out of view


class TextPointer(QObject):
    """Extends the selection by what the press began with: characters, words or paragraphs."""

    selection_changed = Signal()
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
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(SCROLL_INTERVAL_MS)
        self._scrolling.timeout.connect(self._on_scroll_due)

    def press(self, point: QPoint, *, extends: bool) -> None:
        self._clicks = self._clicks % 3 + 1 if self._is_same_click(point) else 1
        self._click_point = point
        self._since_click.start()
        unit = self._unit_at(point)
        if unit is None:
            return
        if extends and not self._selection.is_empty:
            self._selection.extend(*unit)
        else:
            self._selection.begin(*unit)
        self.selection_changed.emit()

    def drag(self, point: QPoint) -> None:
        self._point = point
        self._extend()
        is_outside = not 0 <= point.y() < self._viewport.height()
        if is_outside != self._scrolling.isActive():
            (self._scrolling.start if is_outside else self._scrolling.stop)()

    def release(self) -> None:
        self._scrolling.stop()

    def _is_same_click(self, point: QPoint) -> bool:
        is_soon = self._since_click.isValid() and self._since_click.elapsed() < QApplication.doubleClickInterval()
        return is_soon and (point - self._click_point).manhattanLength() < QApplication.startDragDistance()

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
