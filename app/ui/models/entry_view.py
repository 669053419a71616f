"""The list of models on screen: one row is current, moved by mouse and by keys."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip

from app.ui.icons import Icons
from app.ui.measures import ROW_HEIGHT_PX
from app.ui.models.entries import OWN_PRICE, Entry, EntryKind
from app.ui.models.entry_delegate import EntryDelegate
from app.ui.models.entry_list import EntryList
from app.ui.models.words import facts
from app.ui.text import plain_tooltip
from app.ui.theme import Theme

NAVIGATION = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)

_ABOVE_PX, _BELOW_PX = 2, 4  # the rows


class EntryView(QListView):
    """Says what the user wants of which row. The keys come from the field that is searched with, by `navigate`."""

    chosen = Signal(object)  # an Entry
    star_requested = Signal(object)  # an Entry
    refresh_requested = Signal(str)  # a provider's id
    menu_requested = Signal(object, object)  # an Entry, and where on the screen its menu is to open
    current_changed = Signal(object)  # an Entry, None if no row can be chosen

    def __init__(self, theme: Theme, icons: Icons, rows: EntryList) -> None:
        super().__init__()
        self._rows = rows
        self._delegate = EntryDelegate(theme, icons, rows, self)
        self._mouse_at = QPoint(-1, -1)
        self.setObjectName("modelList")
        self.setAccessibleName("Models")
        self.setModel(rows)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT_PX)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setUniformItemSizes(True)
        self.setViewportMargins(0, _ABOVE_PX, 0, _BELOW_PX)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.viewport().update)

    def current_entry(self) -> Entry | None:
        number = self.currentIndex().row()
        return self._rows.entries[number] if number >= 0 else None

    def place_of_current(self) -> QPoint:
        """Where on the screen the menu of the current row opens, if it is asked for by a key."""
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())

    def make_current(self, number: int, *, center: bool = False) -> None:
        """Put the mark on a row, or on the next below it that can be chosen; -1 is the first of all."""
        found = self._next(max(number, 0) - 1, 1)
        if found < 0:
            self.setCurrentIndex(QModelIndex())
            self.current_changed.emit(None)
            return
        hint = QAbstractItemView.ScrollHint.PositionAtCenter if center else QAbstractItemView.ScrollHint.EnsureVisible
        self._mark(found)
        self.scrollTo(self._rows.index(found), hint)

    def navigate(self, key: int) -> None:
        """Move the mark as a key says. At the ends it stays, and what stands before the first row comes into sight."""
        at, last = self.currentIndex().row(), self._rows.rowCount() - 1
        page = max(1, self.viewport().height() // ROW_HEIGHT_PX - 1)
        match key:
            case Qt.Key.Key_Up:
                found = self._next(at, -1)
            case Qt.Key.Key_Down:
                found = self._next(at, 1)
            case Qt.Key.Key_PageUp:
                found = self._nearest(max(0, at - page), -1)
            case Qt.Key.Key_PageDown:
                found = self._nearest(min(last, at + page), 1)
            case Qt.Key.Key_Home:
                found = self._next(-1, 1)
            case _:
                found = self._next(last + 1, -1)
        if found < 0:
            found = at
        if found >= 0:
            self._mark(found)
            self.scrollTo(self._rows.index(found))
            if self._next(found, -1) < 0:
                self.scrollToTop()
            elif self._next(found, 1) < 0:
                self.scrollToBottom()

    def _mark(self, number: int) -> None:
        self.setCurrentIndex(self._rows.index(number))
        self.current_changed.emit(self._rows.entries[number])

    def _next(self, number: int, step: int) -> int:
        """The next row from here that can be chosen, -1 if there is none."""
        entries = self._rows.entries
        number += step
        while 0 <= number < len(entries):
            if entries[number].can_be_chosen:
                return number
            number += step
        return -1

    def _nearest(self, number: int, step: int) -> int:
        """This row, or the next in the direction that can be chosen, or else the one before it."""
        found = self._next(number - step, step)
        return found if found >= 0 else self._next(number, -step)

    def _entry_at(self, position: QPoint) -> tuple[Entry | None, QModelIndex]:
        index = self.indexAt(position)
        return (self._rows.entries[index.row()] if index.isValid() else None), index

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as all its rows."""
        return QSize(super().sizeHint().width(), self._rows.rowCount() * ROW_HEIGHT_PX + _ABOVE_PX + _BELOW_PX)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The mark follows the mouse that moves, not the one that rests while the list is scrolled by keys."""
        position = event.position().toPoint()
        if position == self._mouse_at:
            return
        self._mouse_at = position
        entry, index = self._entry_at(position)
        if entry is not None and entry.can_be_chosen and index != self.currentIndex():
            self._mark(index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        entry, index = self._entry_at(event.pos())
        if entry is not None and entry.kind is EntryKind.MODEL:
            self._mark(index.row())
            self.menu_requested.emit(entry, event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing yet: a row is chosen as the button comes up."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        entry, index = self._entry_at(position)
        if entry is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        is_at_end = self._delegate.star_rect(self.visualRect(index)).contains(position)
        if entry.kind is EntryKind.MODEL and is_at_end:
            self.star_requested.emit(entry)
        elif entry.can_be_chosen:
            self.chosen.emit(entry)
        elif entry.kind is EntryKind.HEADING and entry.provider is not None and is_at_end:
            self.refresh_requested.emit(entry.provider.id)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            entry, index = self._entry_at(event.pos())
            if entry is not None:
                rect = self.visualRect(index)
                tip = self._delegate.tip_at(entry, rect, event.pos().x())
                if not tip and entry.info is not None:
                    own = (OWN_PRICE,) if entry.has_own_price else ()
                    tip = "\n".join((entry.text, *facts(entry.info), *own))
                QToolTip.showText(event.globalPos(), plain_tooltip(tip), self, rect)
                return True
        return super().viewportEvent(event)
