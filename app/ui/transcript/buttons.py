"""The transcript's buttons. All take the focus by Tab only, so that a click leaves it in the composer."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.icons import IconButton, Icons, paint_focus_ring
from app.ui.palette import SMALL_PX
from app.ui.text import plain_tooltip
from app.ui.theme import Theme, body_font

ACTION_PX = 30
ACTION_ICON_PX = 17
JUMP_PX = 38
FEEDBACK_MS = 1_600


class ActionButton(IconButton):
    """
    An icon under an answer or beside a question.

    One that is quiet is seen only with the focus on it; one that is dim leads nowhere now.
    """

    def __init__(self, theme: Theme, icons: Icons, icon_name: str, label: str, parent: QWidget) -> None:
        super().__init__(theme, icons, icon_name, label, side_px=ACTION_PX, icon_px=ACTION_ICON_PX, parent=parent)
        self._own_icon_name = icon_name
        self._is_quiet = False
        self._is_dim = False
        self._feedback = QTimer(self)
        self._feedback.setSingleShot(True)
        self._feedback.setInterval(FEEDBACK_MS)
        self._feedback.timeout.connect(self.forget_feedback)

    def set_quiet(self, is_quiet: bool) -> None:
        if is_quiet != self._is_quiet:
            self._is_quiet = is_quiet
            self.update()

    def set_dim(self, is_dim: bool) -> None:
        if is_dim != self._is_dim:
            self._is_dim = is_dim
            self.setCursor(Qt.CursorShape.ArrowCursor if is_dim else Qt.CursorShape.PointingHandCursor)
            self.update()

    def show_done(self) -> None:
        """A check mark for a moment."""
        self.set_icon("check")
        self._feedback.start()

    def forget_feedback(self) -> None:
        self._feedback.stop()
        self.set_icon(self._own_icon_name)

    def _colors(self) -> tuple[str | None, str]:
        return (None, self._theme.palette.border) if self._is_dim else super()._colors()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_quiet or self.hasFocus():
            super().paintEvent(event)


class TextButton(QAbstractButton):
    """An icon and a word. `is_filled`: on a ground also when nobody points at it."""

    _PADDING_PX = 9
    _GAP_PX = 6

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon_name: str,
        text: str,
        *,
        parent: QWidget,
        is_filled: bool = False,
        height_px: int = 28,
        font_px: int = SMALL_PX,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon_name = icon_name
        self._is_filled = is_filled
        self._height_px = height_px
        self._icon_px = font_px + 2
        self.setFont(body_font(font_px))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_content(icon_name, text)
        theme.changed.connect(self.update)

    def set_content(self, icon_name: str, text: str) -> None:
        self._icon_name = icon_name
        self.setText(text)
        self.resize(self.sizeHint())
        self.update()

    def set_label(self, label: str) -> None:
        """What it does, for those who do not see where it stands."""
        self.setAccessibleName(label)
        self.setToolTip(plain_tooltip(label))

    def _colors(self) -> tuple[str | None, str]:
        palette = self._theme.palette
        if self.isDown():
            return palette.selected, palette.text
        if self.underMouse():
            return (palette.selected if self._is_filled else palette.hover), palette.text
        return (palette.hover, palette.text) if self._is_filled else (None, palette.muted)

    # Qt overrides

    def sizeHint(self) -> QSize:
        text_px = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(2 * self._PADDING_PX + self._icon_px + self._GAP_PX + text_px, self._height_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = self._colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect())
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(outline, 8, 8)
        pixmap = self._icons.pixmap(self._icon_name, ink, self._icon_px, self.devicePixelRatioF())
        top = (self.height() - self._icon_px) / 2
        painter.drawPixmap(QRectF(self._PADDING_PX, top, self._icon_px, self._icon_px), pixmap, QRectF(pixmap.rect()))
        painter.setPen(QColor(ink))
        words = outline.adjusted(self._PADDING_PX + self._icon_px + self._GAP_PX, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), self.text())
        if self.hasFocus():
            paint_focus_ring(painter, outline, 8, self._theme.palette.link)


class JumpButton(IconButton):
    """The round one over the text that leads back to its end."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(
            theme, icons, "arrow-down", "Jump to latest", side_px=JUMP_PX, icon_px=18, is_round=True, parent=parent
        )
        self.setObjectName("jumpToLatestButton")
        self.hide()

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()  # the text under it scrolls
            return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette.border))
        painter.setBrush(QColor(palette.field))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
        super().paintEvent(event)
