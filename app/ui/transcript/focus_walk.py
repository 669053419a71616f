"""Where the keyboard stands in a conversation: on a message, on a link, on a button."""

from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.ui.transcript.accessible import read_out
from app.ui.transcript.cells.cell import Link
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.marks import Marks
from app.ui.transcript.message_body import Place
from app.ui.transcript.row import Row
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroller import Scroller


class Stop(NamedTuple):
    """What Tab goes to: a button or a field, or a link. Coordinates are the viewport's."""

    y: int
    x: int
    row: int
    widget: QWidget | None
    link: tuple[int, int, Link] | None


class FocusWalk(QObject):
    """Tab goes through what is in sight, from top to bottom; the focused message is framed by its row."""

    link_requested = Signal(str, str)  # where it leads, and the text that stands for it

    def __init__(
        self,
        area: QAbstractScrollArea,
        conversation: ConversationLayout,
        rows: RowPool,
        scroller: Scroller,
        marks: Marks,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._conversation = conversation
        self._rows = rows
        self._scroller = scroller
        self._marks = marks
        self.message_id = ""
        scroller.placed.connect(self._frame)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    @property
    def row(self) -> int | None:
        """Of the focused message."""
        return self._conversation.row_of(self.message_id) if self.message_id else None

    def clear(self) -> None:
        self._marks.focused = None
        self.message_id = ""
        self._frame()
        self._rows.repaint_all()

    def forget_link(self) -> None:
        """Links stand elsewhere now. A focused message stays."""
        self._marks.focused = None

    def step(self, by: int) -> bool:
        """To the next stop, or the one before. False if there is none: the focus leaves the conversation."""
        stops = self._stops()
        index = self._index_in(stops, by)
        if not 0 <= index < len(stops):
            self._marks.focused = None
            self._rows.repaint_all()
            return False
        self._go_to(stops[index])
        return True

    def tab(self, *, forward: bool) -> bool:
        """Tab was pressed in the area. False if Qt has to decide where it leads."""
        focused = QApplication.focusWidget()
        if focused is None or not self._has(focused):
            return False
        return self.step(+1 if forward else -1) or self._leave(self._area, forward=forward)

    def pass_by(self, *, forward: bool) -> None:
        """
        Tab was pressed elsewhere in the window. What is in the rows is reached through the area only.

        It was made later than all else, so Qt comes to it after the last widget and before the first.
        """
        focused = QApplication.focusWidget()
        if focused is not None and focused is not self._area and self._has(focused):
            self._leave(focused, forward=forward)

    def _leave(self, start: QWidget, *, forward: bool) -> bool:
        widget: QWidget | None = start
        while widget is not None and (self._has(widget) or not _takes_tab(widget)):
            widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            if widget is start:
                return False
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return widget is not None

    @property
    def is_somewhere(self) -> bool:
        return bool(self.message_id) or self._marks.focused is not None

    @property
    def link(self) -> tuple[str, str] | None:
        """Where the focused link leads, and the text that stands for it; None if there is none."""
        if self._marks.focused is None:
            return None
        row, cell, link = self._marks.focused
        return link.href, self._conversation.layout(row).body.cells[cell].text_between(link.span)

    def activate(self) -> bool:
        """Follow the focused link; False if there is none."""
        link = self.link
        if link is not None:
            self.link_requested.emit(*link)
        return link is not None

    def to_message(self, by: int) -> None:
        """To the next message or the one before; the first time, to the last or the first in sight."""
        seen = sorted(self._rows.seen)
        if not seen:
            return
        row = self.row
        if row is None:
            wanted = seen[-1] if by < 0 else seen[0]
        else:
            wanted = min(max(0, row + by), len(self._conversation) - 1)
        self._marks.focused = None
        self.message_id = self._conversation.shown(wanted).message.id
        self._area.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroller.reveal_row(wanted)
        self._rows.repaint_all()
        if (seen_row := self._rows.seen.get(wanted)) is not None:
            read_out(seen_row)

    def _go_to(self, stop: Stop) -> None:
        self._marks.focused = stop.link
        if stop.row != self.row:
            self.message_id = ""
            self._frame()
        if stop.widget is not None:
            stop.widget.setFocus(Qt.FocusReason.TabFocusReason)
        elif stop.link is not None:
            self._area.setFocus(Qt.FocusReason.TabFocusReason)
            text = self.link[1] if self.link is not None else ""
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._area, f"Link: {text}"))
        self._rows.repaint_all()

    def _index_in(self, stops: list[Stop], by: int) -> int:
        """Where the step leads from where the focus is."""
        focused = QApplication.focusWidget()
        for index, stop in enumerate(stops):
            is_here = stop.widget is focused if stop.widget is not None else stop.link == self._marks.focused
            if is_here:
                return index + by
        row = self.row
        if focused is not None and focused is not self._area:
            y = focused.mapTo(self._area.viewport(), QPoint(0, 0)).y()
            before = sum(stop.y < y for stop in stops)
        elif row is not None:
            before = sum(stop.row < row for stop in stops)
        else:
            before = 0 if by > 0 else len(stops)
        return before if by > 0 else before - 1

    def _stops(self) -> list[Stop]:
        stops: list[Stop] = []
        for number, row in self._rows.seen.items():
            stops += self._widgets_of(number, row)
            stops += self._links_of(number, row)
        for other in self._over_the_rows():
            nearest = self._rows.nearest(other.geometry().center())
            stops += self._widgets_of(nearest[0] if nearest is not None else 0, other)
        return sorted(stops, key=lambda stop: stop[:3])

    def _over_the_rows(self) -> list[QWidget]:
        """The editor, where there is one."""
        children = self._area.viewport().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [child for child in children if not isinstance(child, Row) and child.isVisible()]

    def _widgets_of(self, number: int, place: QWidget) -> list[Stop]:
        viewport = self._area.viewport()
        found = []
        for widget in place.findChildren(QWidget):
            if _takes_tab(widget):
                middle = widget.mapTo(viewport, widget.rect().center())
                if 0 <= middle.y() < viewport.height():
                    found.append(Stop(middle.y() - widget.height() // 2, middle.x(), number, widget, None))
        return found

    def _links_of(self, number: int, row: Row) -> list[Stop]:
        layout = self._conversation.layout(number)
        top, height = row.y() + layout.body_top, self._area.viewport().height()
        found = []
        for index, _, cell in layout.body.tops_between(-top, height - top):
            for order, link in enumerate(cell.links()):
                y = top + layout.body.y_of(Place(index, link.span[0], 0))
                if 0 <= y < height:
                    found.append(Stop(y, order, number, None, (number, index, link)))
        return found

    def _frame(self) -> None:
        for row in self._rows.seen.values():
            row.set_focused(bool(self.message_id) and row.message_id == self.message_id)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or new.window() is not self._area.window():
            return
        if not self._has(new):
            if self.message_id or self._marks.focused:
                self.clear()
        elif new is not self._area:
            self._marks.focused = None
            self._rows.repaint_all()

    def _has(self, widget: QWidget) -> bool:
        return widget is self._area or self._area.viewport().isAncestorOf(widget)


def _takes_tab(widget: QWidget) -> bool:
    takes_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(takes_tab) and widget.isEnabled() and widget.isVisible()
