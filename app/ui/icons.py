"""Lucide's icons in the colour that is asked for, and the buttons that are nothing but an icon."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.measures import ROW_HEIGHT_PX, ROW_RADIUS_PX
from app.ui.text import plain_tooltip
from app.ui.theme import Theme

FOCUS_RING_PX = 2
_ROW_ICON_PX = 18
_ROW_ICON_LEFT_PX = 10
ROW_TEXT_LEFT_PX = 38


class Icons:
    """
    Renders SVG files of one folder. Keeps what it rendered: the same icon is never rendered twice.

    Raises:
        FileNotFoundError: (all methods) there is no icon of this name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float, bool], QPixmap] = {}

    def pixmap(
        self, name: str, color: str, size_px: int, device_pixel_ratio: float = 1.0, *, filled: bool = False
    ) -> QPixmap:
        """`size_px` is in logical pixels; the pixmap has the pixels that the screen has."""
        key = (name, color, size_px, device_pixel_ratio, filled)
        if (known := self._pixmaps.get(key)) is not None:
            return known
        svg = self._source(name).replace("currentColor", color)
        if filled:
            svg = svg.replace('fill="none"', f'fill="{color}"')
        renderer = QSvgRenderer(QByteArray(svg.encode()))
        side_px = round(size_px * device_pixel_ratio)
        result = QPixmap(side_px, side_px)
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        renderer.render(painter, QRectF(0, 0, side_px, side_px))
        painter.end()
        result.setDevicePixelRatio(device_pixel_ratio)
        self._pixmaps[key] = result
        return result

    def icon(self, name: str, color: str, size_px: int) -> QIcon:
        """For menus and actions. Sharp on every screen that is attached now."""
        result = QIcon()
        for ratio in sorted({1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}):
            result.addPixmap(self.pixmap(name, color, size_px, ratio))
        return result

    def _source(self, name: str) -> str:
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        return self._sources[name]


class IconButton(QAbstractButton):
    """
    An icon that can be pressed. Its label is its accessible name and its tooltip.

    `strong` is for the one button a place is for: an icon on a full ground instead of on none.
    Takes the focus by Tab only, so that a click leaves it in the text being written.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon_name: str,
        label: str,
        *,
        shortcut: str = "",
        side_px: int = 32,
        icon_px: int = 18,
        is_round: bool = False,
        strong: bool = False,
        filled: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon_name = icon_name
        self._icon_px = icon_px
        self._radius = side_px / 2 if is_round else ROW_RADIUS_PX
        self._strong = strong
        self._filled = filled
        self.setFixedSize(side_px, side_px)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_label(label, shortcut)
        theme.changed.connect(self.update)

    def set_label(self, label: str, shortcut: str = "") -> None:
        self.setAccessibleName(label)
        self.setToolTip(plain_tooltip(f"{label} ({shortcut})" if shortcut else label))

    def set_icon(self, icon_name: str) -> None:
        if icon_name != self._icon_name:
            self._icon_name = icon_name
            self.update()

    def _colors(self) -> tuple[str | None, str]:
        """Of the ground (None: none) and of the icon."""
        palette = self._theme.palette
        if self._strong:
            return (palette.strong, palette.on_strong) if self.isEnabled() else (palette.selected, palette.muted)
        if not self.isEnabled():
            return None, palette.border
        if self.isDown():
            return palette.selected, palette.text
        return (palette.hover, palette.text) if self.underMouse() else (None, palette.muted)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = self._colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect())
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.setOpacity(0.8 if self._strong and (self.isDown() or self.underMouse()) else 1.0)
            gap = 2 * FOCUS_RING_PX if self._strong and self.hasFocus() else 0
            painter.drawRoundedRect(outline.adjusted(gap, gap, -gap, -gap), self._radius - gap, self._radius - gap)
            painter.setOpacity(1.0)
        ratio = self.devicePixelRatioF()
        pixmap = self._icons.pixmap(self._icon_name, ink, self._icon_px, ratio, filled=self._filled)
        inset = (self.width() - self._icon_px) / 2
        painter.drawPixmap(QRectF(inset, inset, self._icon_px, self._icon_px), pixmap, QRectF(pixmap.rect()))
        if self.hasFocus():
            paint_focus_ring(painter, outline, self._radius, self._theme.palette.link)


class RowButton(QAbstractButton):
    """An icon and a label in a row of its own, as the rows of a list look. Takes the focus by Tab only."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon_name: str,
        label: str,
        *,
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon_name = icon_name
        self._label = label
        self.setFixedHeight(ROW_HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(label)
        self.setToolTip(plain_tooltip(f"{label} ({shortcut})" if shortcut else label))
        theme.changed.connect(self.update)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(ROW_TEXT_LEFT_PX + self.fontMetrics().horizontalAdvance(self._label) + 12, ROW_HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect())
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selected if self.isDown() else palette.hover))
            painter.drawRoundedRect(outline, ROW_RADIUS_PX, ROW_RADIUS_PX)
        paint_row_icon(painter, self, self._icons, self._icon_name, palette.text)
        painter.setPen(QColor(palette.text))
        painter.drawText(self.rect().adjusted(ROW_TEXT_LEFT_PX, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, self._label)
        if self.hasFocus():
            paint_focus_ring(painter, outline, ROW_RADIUS_PX, palette.link)


def paint_row_icon(painter: QPainter, row: QWidget, icons: Icons, icon_name: str, color: str) -> None:
    """At the left of `row`, under and above the icons of other rows."""
    pixmap = icons.pixmap(icon_name, color, _ROW_ICON_PX, row.devicePixelRatioF())
    top = (row.height() - _ROW_ICON_PX) / 2
    painter.drawPixmap(QRectF(_ROW_ICON_LEFT_PX, top, _ROW_ICON_PX, _ROW_ICON_PX), pixmap, QRectF(pixmap.rect()))


def paint_focus_ring(painter: QPainter, outline: QRectF, radius: float, color: str) -> None:
    """Just inside `outline`."""
    half = FOCUS_RING_PX / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(color), FOCUS_RING_PX))
    painter.drawRoundedRect(outline.adjusted(half, half, -half, -half), radius - half, radius - half)
