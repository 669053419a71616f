"""
A message laid out at one width: its body, its bubble or footer, and the room for its buttons.

Longer than other files: where each part stands depends on where the others do.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from app.domain.conversation import MessageStatus
from app.ui.receipt import status_line
from app.ui.transcript.budget import Budget
from app.ui.transcript.buttons import ACTION_PX
from app.ui.transcript.cells.cell import Marked
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.context_line import divider_height, paint_divider
from app.ui.transcript.footer import Footer
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import MessageBody, Place
from app.ui.transcript.shown_message import ShownMessage
from app.ui.transcript.thinking_time import title_of_thoughts

ANSWER_TOP_PX = 14
ANSWER_BOTTOM_PX = 52
BUTTONS_GAP_PX = 8  # between the answer and its buttons
BUBBLE_ABOVE_PX = 16
BUBBLE_BELOW_PX = 14
VERSIONS_PX = 26  # for the way to a question's other versions, below it
BUBBLE_SHARE = 0.72  # of the column, at most
BUBBLE_INSET_X_PX = 18
BUBBLE_INSET_Y_PX = 10
BUBBLE_RADIUS_PX = 20
DOT_RADIUS_PX = 5.5


class MessageLayout:
    """Coordinates are those of the column: x from its left edge, y from the top of the message's row."""

    def __init__(self, shown: ShownMessage, materials: Materials, width: int) -> None:
        self._shown = shown
        self._materials = materials
        self._width = width
        self.body = MessageBody(shown, materials, self._body_width)
        self._footer = self._new_footer()

    @property
    def shown(self) -> ShownMessage:
        return self._shown

    @property
    def width(self) -> int:
        return self._width

    @property
    def _body_width(self) -> int:
        return int(self._width * BUBBLE_SHARE) if self._shown.is_from_user else self._width

    @property
    def _above(self) -> int:
        """For the line that says where the context begins."""
        return divider_height(self._materials.style) if self._shown.begins_context else 0

    @property
    def body_top(self) -> int:
        if not self._shown.is_from_user:
            return self._above + ANSWER_TOP_PX
        return self._above + BUBBLE_ABOVE_PX + self._px(BUBBLE_INSET_Y_PX)

    def _px(self, logical: float) -> int:
        return self._materials.style.px(logical)

    @property
    def body_left(self) -> int:
        """A bubble hugs its text and stands on the right."""
        if not self._shown.is_from_user:
            return 0
        return self._width - self._px(BUBBLE_INSET_X_PX) - self._bubble_text_width - self._bubble_shift

    @property
    def _bubble_text_width(self) -> int:
        natural = max((c.natural_width for c in self.body.cells if isinstance(c, TextCell)), default=0.0)
        return min(self._body_width, int(natural) + 1)

    @property
    def _bubble_shift(self) -> int:
        """Lines from right to left stand at the right end of the width they were laid out in."""
        cells = self.body.cells
        is_flipped = bool(cells) and isinstance(cells[0], TextCell) and cells[0].is_right_to_left
        return self._body_width - self._bubble_text_width if is_flipped else 0

    @property
    def bubble(self) -> QRect:
        width = self._bubble_text_width + 2 * self._px(BUBBLE_INSET_X_PX)
        height = self.body.height + 2 * self._px(BUBBLE_INSET_Y_PX)
        return QRect(self._width - width, self._above + BUBBLE_ABOVE_PX, width, height)

    @property
    def is_waiting(self) -> bool:
        """Nothing of the answer is here yet."""
        return self._shown.is_generating and not self._shown.text

    @property
    def _body_bottom(self) -> int:
        return self.body_top + self.body.height + (self._materials.style.body.line_px if self.is_waiting else 0)

    @property
    def editor_top(self) -> int:
        """Where the editor stands that a question is written otherwise in."""
        return self._above + BUBBLE_ABOVE_PX

    @property
    def bubble_font(self) -> QFont:
        return self._materials.style.bubble.font

    @property
    def height(self) -> int:
        if self._shown.editor_px:
            return self.editor_top + self._shown.editor_px + BUBBLE_BELOW_PX
        if self._shown.is_from_user:
            below = BUBBLE_BELOW_PX + (VERSIONS_PX if len(self._shown.versions) > 1 else 0)
            return self._body_bottom + self._px(BUBBLE_INSET_Y_PX) + below
        return self._body_bottom + self._footer.height + ANSWER_BOTTOM_PX

    @property
    def is_exact(self) -> bool:
        """The height is what it will be the next time, too."""
        shown = self._shown
        is_passing = shown.is_generating or shown.shows_reasoning or bool(shown.editor_px) or shown.begins_context
        return not is_passing and self.body.is_read and self.body.is_settled

    @property
    def buttons_top(self) -> int:
        if self._shown.is_from_user:
            first_line = 2 * self._px(BUBBLE_INSET_Y_PX) + self._materials.style.bubble.line_px
            return self.bubble.top() + (first_line - ACTION_PX) // 2
        return self._body_bottom + self._footer.height + BUTTONS_GAP_PX

    @property
    def versions_top(self) -> int:
        """Where the way to a question's other versions stands."""
        return self.bubble.bottom() + 4

    @property
    def retry_area(self) -> QRect | None:
        area = self._footer.retry_area
        return area.translated(0, self._body_bottom) if area is not None else None

    @property
    def reasoning_title(self) -> str:
        return "Thinking…" if self.is_waiting else title_of_thoughts(self._shown.message, self.body.thinking_s)

    @property
    def label(self) -> str:
        """Who answered, and for a whole answer what it took. Empty while it is being written."""
        if self._shown.is_from_user or self._shown.is_generating:
            return ""
        message = self._shown.message
        took = self._shown.receipt if message.status is MessageStatus.COMPLETE else ""
        return " · ".join(part for part in (message.model, took) if part)

    @property
    def status_line(self) -> str:
        return status_line(self._shown.message)

    def _new_footer(self) -> Footer:
        footer = Footer(self._shown, self._materials)
        footer.resize(self._width)
        return footer

    def toggle_reasoning(self) -> None:
        self._shown.shows_reasoning = not self._shown.shows_reasoning
        self.body.toggle_reasoning()

    def refresh(self) -> None:
        """The message's status or receipt is another one now."""
        self._footer = self._new_footer()

    def restyle(self, materials: Materials) -> None:
        self._materials = materials
        self.body.restyle(materials)
        self._footer = self._new_footer()

    def resize(self, width: int) -> None:
        if width != self._width:
            self._width = width
            self.body.resize(self._body_width)
            self._footer.resize(width)

    def take_dirty_y(self) -> int | None:
        y = self.body.take_dirty_y()
        if y is None:
            return None
        # A bubble changes its width with its text, and with it everything in it moves.
        return 0 if self._shown.is_from_user else max(0, self.body_top + y - self._materials.style.body.line_px)

    def settle_down(self, top: int, need: int, budget: Budget) -> bool:
        is_read = self.body.read(budget)
        return self.body.settle_down(top - self.body_top, need, budget) and is_read

    def settle_up(self, bottom: int | None, need: int, budget: Budget) -> bool:
        is_read = self.body.read(budget)
        if bottom is None:
            bottom = self.height
        return self.body.settle_up(bottom - self.body_top, need, budget) and is_read

    def place_at(self, y: int) -> Place:
        return self.body.place_at(y - self.body_top)

    def y_of(self, place: Place) -> int:
        return self.body_top + self.body.y_of(place)

    def paint(self, painter: QPainter, clip: QRect, marked: Callable[[int], Marked]) -> None:
        if self._shown.begins_context and clip.top() < self._above:
            paint_divider(painter, self._width, self._materials.style)
        if self._shown.editor_px:
            return
        if self._shown.is_from_user:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._materials.style.bubble_ground)
            radius = self._px(BUBBLE_RADIUS_PX)
            painter.drawRoundedRect(QRectF(self.bubble), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.translate(self.body_left, self.body_top)
        self.body.paint(painter, clip.translated(-self.body_left, -self.body_top), marked)
        painter.translate(-self.body_left, -self.body_top)
        if not self._shown.is_from_user:
            painter.translate(0, self._body_bottom)
            self._footer.paint(painter, clip.translated(0, -self._body_bottom))
            painter.translate(0, -self._body_bottom)

    @property
    def dot_center(self) -> QPointF | None:
        """Where the answer is being written; None if it is not."""
        if not self._shown.is_generating:
            return None
        if self.is_waiting:
            return QPointF(self._dot_radius + 1, self._body_bottom - self._materials.style.body.line_px / 2)
        center = self.body.dot_center()
        return center + QPointF(0, self.body_top + 1) if center is not None else None

    @property
    def _dot_radius(self) -> float:
        return DOT_RADIUS_PX * self._materials.style.zoom

    @property
    def dot_area(self) -> QRect | None:
        center, radius = self.dot_center, self._dot_radius
        if center is None:
            return None
        return QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius).toAlignedRect()

    def paint_dot(self, painter: QPainter, opacity: float) -> None:
        center = self.dot_center
        if center is None:
            return
        color = QColor(self._materials.style.body.color)
        color.setAlphaF(opacity if self.is_waiting else 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(center, self._dot_radius, self._dot_radius)
