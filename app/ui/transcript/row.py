"""One message on screen: a widget that is used again for another when it has scrolled away."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QEnterEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAccessibleWidget, QToolTip, QWidget

from app.ui.icons import Icons
from app.ui.text import plain_tooltip
from app.ui.theme import Theme
from app.ui.transcript.buttons import ACTION_PX
from app.ui.transcript.cell import Span
from app.ui.transcript.code_cell import CodeCell
from app.ui.transcript.message_layout import MessageLayout
from app.ui.transcript.row_buttons import RowButtons
from app.ui.transcript.style import Style
from app.ui.transcript.wheel import sideways_px

SPOKEN_CHARACTERS = 4_000
LABEL_GAP_PX = 8


class Row(QWidget):
    """Says what is asked of its message. Its height is the message's; its width the viewport's."""

    retry_requested = Signal(str)
    delete_requested = Signal(str)
    continue_requested = Signal(str)
    reasoning_toggled = Signal(str)
    copied = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, *, can_continue: bool, parent: QWidget) -> None:
        super().__init__(parent)
        name_rows_to_screen_readers()
        self._layout: MessageLayout | None = None
        self._style: Style | None = None
        self._selected: Callable[[int], Span | None] = _nothing_selected
        self._column_x = 0
        self._dot_opacity = 1.0
        self._buttons = RowButtons(self, theme, icons, can_continue=can_continue)
        self._buttons.retry_requested.connect(lambda: self.retry_requested.emit(self.message_id))
        self._buttons.delete_requested.connect(lambda: self.delete_requested.emit(self.message_id))
        self._buttons.continue_requested.connect(lambda: self.continue_requested.emit(self.message_id))
        self._buttons.reasoning_toggled.connect(lambda: self.reasoning_toggled.emit(self.message_id))
        self._buttons.copied.connect(self.copied)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setMouseTracking(True)

    @property
    def message_id(self) -> str:
        return self._layout.shown.message.id if self._layout is not None else ""

    @property
    def is_waiting(self) -> bool:
        return self._layout is not None and self._layout.is_waiting

    def bind(self, layout: MessageLayout, style: Style, selected: Callable[[int], Span | None]) -> None:
        """Show this message from now on."""
        self._layout = layout
        self._style = style
        self._selected = selected
        self._buttons.bind(layout)
        self._buttons.set_quiet(layout.shown.is_from_user and not self.underMouse())
        self.refresh()

    def refresh(self) -> None:
        """The message's status or receipt is another one now."""
        if self._layout is not None:
            self.setAccessibleName(_spoken(self._layout))
            self.update()

    def unbind(self) -> None:
        self._layout = None

    def is_bound_to(self, layout: MessageLayout) -> bool:
        return self._layout is layout

    def place(self, y: int, width: int, column_x: int, viewport_height: int) -> None:
        if self._layout is None:
            return
        height = self._layout.height
        if column_x != self._column_x:
            self._column_x = column_x
            self.update()
        if self.width() == width:
            self.move(0, y)  # on its own, what is painted already moves along
        self.setGeometry(0, y, width, height)
        self._buttons.arrange(column_x, -y, viewport_height - y)
        dirty_y = self._layout.take_dirty_y()
        if dirty_y is not None:
            self.update(0, dirty_y, width, height - dirty_y)

    def set_dot_opacity(self, opacity: float) -> None:
        self._dot_opacity = opacity
        center = self._layout.dot_center if self._layout is not None else None
        if center is not None:
            self.update(self._column_x + int(center.x()) - 8, int(center.y()) - 8, 16, 16)

    def mark_at(self, point: QPointF) -> tuple[int, tuple[int, int]]:
        """The cell and the place in it that are nearest."""
        assert self._layout is not None
        x = int(point.x()) - self._column_x - self._layout.body_left
        return self._layout.body.mark_at(x, int(point.y()) - self._layout.body_top)

    def tooltip_at(self, point: QPoint) -> str:
        """What is known of the answer beyond its receipt, below its text."""
        if self._layout is None or point.y() <= self._text_area().bottom():
            return ""
        return plain_tooltip(self._layout.shown.receipt_tooltip)

    def _text_area(self) -> QRect:
        assert self._layout is not None
        layout = self._layout
        return QRect(self._column_x + layout.body_left, layout.body_top, layout.width, layout.body.height)

    def _code_at(self, y: int) -> CodeCell | None:
        assert self._layout is not None
        inside = y - self._layout.body_top
        for _, top, cell in self._layout.body.tops_between(inside, inside + 1):
            if isinstance(cell, CodeCell) and top <= inside:
                return cell
        return None

    def _label_area(self) -> QRect:
        """Beside the buttons: who answered."""
        assert self._layout is not None
        left = self._buttons.actions_end + LABEL_GAP_PX
        return QRect(left, self._layout.buttons_top, self._column_x + self._layout.width - left, ACTION_PX)

    def _paint_label(self, painter: QPainter, style: Style, text: str) -> None:
        painter.setFont(style.small.font)
        painter.setPen(style.small.color)
        area = self._label_area()
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layout is None or self._style is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        clip = event.rect()
        painter.fillRect(clip, self._style.background)
        painter.translate(self._column_x, 0)
        self._layout.paint(painter, clip.translated(-self._column_x, 0), self._selected)
        self._layout.paint_dot(painter, self._dot_opacity)
        painter.translate(-self._column_x, 0)
        if label := self._layout.label:
            self._paint_label(painter, self._style, label)

    def wheelEvent(self, event: QWheelEvent) -> None:
        sideways = sideways_px(event)
        code = self._code_at(int(event.position().y())) if sideways and self._layout is not None else None
        if code is None or not code.overflow_px:
            event.ignore()
            return
        if code.scroll_by(sideways):
            self.update()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_text = self._layout is not None and self._text_area().contains(event.position().toPoint())
        self.setCursor(Qt.CursorShape.IBeamCursor if is_text else Qt.CursorShape.ArrowCursor)
        event.ignore()  # selecting is the transcript's

    def enterEvent(self, event: QEnterEvent) -> None:
        self._buttons.set_quiet(False)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._buttons.set_quiet(self._layout is not None and self._layout.shown.is_from_user)
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._layout is not None:
            QToolTip.showText(event.globalPos(), self.tooltip_at(event.pos()), self)
            return True
        return super().event(event)


def _spoken(layout: MessageLayout) -> str:
    shown = layout.shown
    who = "You said" if shown.is_from_user else "Assistant said"
    if shown.is_generating:
        return "Assistant is answering"
    parts = (shown.whole_text[:SPOKEN_CHARACTERS], layout.status_line)
    return f"{who}: " + ". ".join(part for part in parts if part)


def _nothing_selected(_cell: int) -> Span | None:
    return None


class _SpokenRow(QAccessibleWidget):
    def __init__(self, row: QWidget) -> None:
        super().__init__(row, QAccessible.Role.ListItem)


@cache
def name_rows_to_screen_readers() -> None:
    """Qt has no other way to give a widget a role of its own."""
    QAccessible.installFactory(_interface_for)


def _interface_for(class_name: str, widget: QObject) -> QAccessibleInterface | None:
    return _SpokenRow(widget) if class_name == Row.__name__ and isinstance(widget, Row) else None
