"""One message on screen: a widget that is used again for another when it has scrolled away."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.ui.icons import Icons, paint_focus_ring
from app.ui.text import plain_tooltip
from app.ui.theme import Theme
from app.ui.transcript.accessible import description_of, give_roles, name_of, tell_changed
from app.ui.transcript.buttons import ACTION_PX
from app.ui.transcript.cells.cell import UNMARKED, Cell, Marked
from app.ui.transcript.message_action import MessageAction
from app.ui.transcript.message_layout import MessageLayout
from app.ui.transcript.row_buttons import RowButtons
from app.ui.transcript.style import Style
from app.ui.transcript.wheel import sideways_px

LABEL_GAP_PX = 8
FOCUS_GAP_PX = 14
FOCUS_RADIUS_PX = 12


class Row(QWidget):
    """Says what is asked of its message. Its height is the message's; its width the viewport's."""

    chosen = Signal(str, str)  # a MessageAction, the message's id
    menu_requested = Signal(str, QPoint, bool)  # the message's id, where on the screen, whether by keyboard
    reasoning_toggled = Signal(str)
    copied = Signal(str)
    reflowed = Signal()  # a part of it has another height

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewport = parent
        self._theme = theme
        give_roles()
        self._layout: MessageLayout | None = None
        self._style: Style | None = None
        self._marked: Callable[[int], Marked] = _nothing_marked
        self.column_x = 0  # the left edge of the text's column
        self._dot_opacity = 1.0
        self._is_focused = False
        self._is_pointed_at = False
        self._is_quiet = True
        self._buttons = RowButtons(self, theme, icons)
        self._buttons.chosen.connect(self._on_chosen)
        self._buttons.reasoning_toggled.connect(lambda: self.reasoning_toggled.emit(self.message_id))
        self._buttons.copied.connect(self.copied)
        self._buttons.reflowed.connect(self.reflowed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setMouseTracking(True)

    @property
    def message_id(self) -> str:
        return self._layout.shown.message.id if self._layout is not None else ""

    @property
    def is_waiting(self) -> bool:
        return self._layout is not None and self._layout.is_waiting

    def bind(self, layout: MessageLayout, style: Style, marked: Callable[[int], Marked]) -> None:
        """Show this message from now on."""
        self._layout = layout
        self._style = style
        self._marked = marked
        self._buttons.bind(layout)
        self._show_quietness()
        self.refresh()

    def refresh(self) -> None:
        """The message's status or receipt is another one now."""
        if self._layout is not None:
            tell_changed(self)
            self.update()

    def spoken_name(self) -> str:
        return name_of(self._layout) if self._layout is not None else ""

    def spoken_description(self) -> str:
        return description_of(self._layout) if self._layout is not None else ""

    def unbind(self) -> None:
        self._layout = None
        self._is_pointed_at = False

    def is_bound_to(self, layout: MessageLayout) -> bool:
        return self._layout is layout

    def place(self, y: int, width: int, column_x: int, viewport_height: int) -> None:
        if self._layout is None:
            return
        height = self._layout.height
        if column_x != self.column_x:
            self.column_x = column_x
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
        area = self._layout.dot_area if self._layout is not None else None
        if area is not None:
            self.update(area.translated(self.column_x, 0).adjusted(-1, -1, 1, 1))

    def mark_at(self, point: QPointF) -> tuple[int, tuple[int, int]]:
        """The cell and the place in it that are nearest."""
        assert self._layout is not None
        x = int(point.x()) - self.column_x - self._layout.body_left
        return self._layout.body.mark_at(x, int(point.y()) - self._layout.body_top)

    def link_at(self, point: QPointF) -> str:
        """Where the link at this point leads, "" if there is none."""
        if self._layout is None:
            return ""
        x = int(point.x()) - self.column_x - self._layout.body_left
        return self._layout.body.link_at(x, int(point.y()) - self._layout.body_top)

    def set_focused(self, is_focused: bool) -> None:
        """Whether the keyboard stands on this message: it is framed."""
        if is_focused != self._is_focused:
            self._is_focused = is_focused
            self._show_quietness()
            self.update()

    def tooltip_at(self, point: QPoint) -> str:
        """Where a link leads; below the text, what is known of the answer beyond its receipt."""
        if href := self.link_at(point.toPointF()):
            return plain_tooltip(href)
        if self._layout is None or point.y() <= self.text_area().bottom():
            return ""
        return plain_tooltip(self._layout.shown.receipt_tooltip)

    def text_area(self) -> QRect:
        layout = self._layout
        assert layout is not None
        return QRect(self.column_x + layout.body_left, layout.body_top, layout.width, layout.body.height)

    def _cell_at(self, y: int) -> Cell | None:
        assert self._layout is not None
        inside = y - self._layout.body_top
        for _, top, cell in self._layout.body.tops_between(inside, inside + 1):
            if top <= inside:
                return cell
        return None

    def menu_point(self) -> QPoint:
        """Where its menu opens on the screen: at its buttons, as far as they are in sight."""
        point = self.mapTo(self._viewport, self._buttons.menu_point())
        return self._viewport.mapToGlobal(QPoint(point.x(), min(max(0, point.y()), self._viewport.height())))

    def focus_version_button(self, action: MessageAction) -> None:
        self._buttons.focus_version_button(action)

    def _note_pointed_at(self, is_pointed_at: bool) -> None:
        if is_pointed_at != self._is_pointed_at:
            self._is_pointed_at = is_pointed_at
            self._show_quietness()

    def _show_quietness(self) -> None:
        """A question's buttons and what an answer took are seen when one points at the message."""
        if self._layout is None:
            return
        is_quiet = not (self._is_pointed_at or self._is_focused)
        self._buttons.set_quiet(is_quiet and self._layout.shown.is_from_user)
        if is_quiet is not self._is_quiet:
            self._is_quiet = is_quiet
            self.update(self._label_area())

    def _on_chosen(self, action: str) -> None:
        if action == MessageAction.MORE:
            self.menu_requested.emit(self.message_id, self.menu_point(), self._buttons.has_focus)
        else:
            self.chosen.emit(action, self.message_id)

    def _label_area(self) -> QRect:
        """Beside the buttons: who answered."""
        assert self._layout is not None
        left = self._buttons.actions_end + LABEL_GAP_PX
        return QRect(left, self._layout.buttons_top, self.column_x + self._layout.width - left, ACTION_PX)

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
        painter.translate(self.column_x, 0)
        # What lies between two small parts need not be painted.
        for part in event.region():  # type: ignore[attr-defined]  # 6.11: the stub knows no __iter__, the class does
            clip = part.translated(-self.column_x, 0)
            painter.setClipRect(clip)  # a line in two parts would be painted twice, and look bolder
            painter.fillRect(clip, self._style.background)
            self._layout.paint(painter, clip, self._marked)
        painter.setClipping(False)
        self._layout.paint_dot(painter, self._dot_opacity)
        painter.translate(-self.column_x, 0)
        if (label := self._layout.label) and not self._is_quiet:
            self._paint_label(painter, self._style, label)
        if self._is_focused:
            column = QRectF(self.column_x, 0, self._layout.width, self.height())
            frame = column.adjusted(-FOCUS_GAP_PX, 2, FOCUS_GAP_PX, -2)
            paint_focus_ring(painter, frame, FOCUS_RADIUS_PX, self._theme.palette.link)

    def wheelEvent(self, event: QWheelEvent) -> None:
        sideways = sideways_px(event)
        if not sideways or self._layout is None:
            event.ignore()
            return
        cell = self._cell_at(int(event.position().y()))
        if cell is not None and cell.scroll_by(sideways):
            self.update()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_text = self._layout is not None and self.text_area().contains(event.position().toPoint())
        shape = Qt.CursorShape.IBeamCursor if is_text else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.link_at(event.position()) else shape)
        self._note_pointed_at(True)  # not as the row comes to be under a mouse that rests
        event.ignore()  # selecting is the transcript's

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._note_pointed_at(False)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._layout is not None:
            QToolTip.showText(event.globalPos(), self.tooltip_at(event.pos()), self)
            return True
        return super().event(event)


def _nothing_marked(_cell: int) -> Marked:
    return UNMARKED
