"""The outline of what a window will hold, where it will be: painted while that is being loaded."""

from typing import NamedTuple

from PySide6.QtCore import QByteArray, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from app.ui.measures import (
    COMPOSER_RADIUS_PX,
    FIELD_WIDTH_PX,
    NARROW_PX,
    ROW_HEIGHT_PX,
    ROW_RADIUS_PX,
    sidebar_width,
)
from app.ui.palette import Palette

_FIELD_HEIGHT_PX = 56  # of a line of text
_FIELD_TO_BOTTOM_PX = 28
_FIELD_MARGIN_PX = 16
_SEARCH_LEFT_PX, _SEARCH_TOP_PX = 8, 50


class Outline(NamedTuple):
    """Sidebar and search field are empty where there is none."""

    sidebar: QRect
    search: QRect
    field: QRect


def outline(width: int, height: int, *, shows_sidebar: bool) -> Outline:
    """Return where the parts of a window of this size are."""
    left = sidebar_width(width) if shows_sidebar and width >= NARROW_PX else 0
    search = QRect(_SEARCH_LEFT_PX, _SEARCH_TOP_PX, left - 2 * _SEARCH_LEFT_PX, ROW_HEIGHT_PX) if left else QRect()
    field_width = min(FIELD_WIDTH_PX, width - left - 2 * _FIELD_MARGIN_PX)
    top = height - _FIELD_TO_BOTTOM_PX - _FIELD_HEIGHT_PX
    field = QRect(left + (width - left - field_width) // 2, top, field_width, _FIELD_HEIGHT_PX)
    return Outline(QRect(0, 0, left, height), search, field)


def paint_outline(window: QWidget, palette: Palette, *, shows_sidebar: bool) -> None:
    """Paint it, in its paintEvent. As SVG: a QBrush or QPen would load the namespace `Qt`, for 25 ms."""
    places = outline(window.width(), window.height(), shows_sidebar=shows_sidebar)
    shapes = (
        _rect(QRect(0, 0, window.width(), window.height()), palette.background),
        _rect(places.sidebar, palette.sidebar),
        _rounded(places.search, palette.hover, palette.hover, ROW_RADIUS_PX),
        _rounded(places.field, palette.field, palette.border, COMPOSER_RADIUS_PX),
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {window.width()} {window.height()}">'
    renderer = QSvgRenderer(QByteArray(f"{head}{''.join(shapes)}</svg>".encode()))
    painter = QPainter(window)
    renderer.render(painter, QRectF(0, 0, window.width(), window.height()))
    painter.end()


def _rect(place: QRect, ground: str) -> str:
    x, y, width, height = place.x(), place.y(), place.width(), place.height()
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{ground}"/>'


def _rounded(place: QRect, ground: str, border: str, radius: float) -> str:
    """With a border of a pixel, inside."""
    if place.isEmpty():
        return ""
    x, y, width, height = place.x() + 0.5, place.y() + 0.5, place.width() - 1, place.height() - 1
    size = f'x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"'
    return f'<rect {size} fill="{ground}" stroke="{border}" stroke-width="1"/>'
