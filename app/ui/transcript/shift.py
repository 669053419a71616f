"""Moves the rows together with what is painted of them: only what comes into sight is painted."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget


def shift(viewport: QWidget, dy: int) -> None:
    """
    Move all that stands in the viewport down by `dy`.

    Qt 6.11 paints all of it anew as soon as anything lies over a part of it, such as the button that leads to
    the end (QWidgetPrivate::isOverlapped). So the rows are moved first without telling anybody, and then what is
    painted around what lies over them; that alone is painted anew, with the text under it.
    """
    above = _above(viewport)
    is_whole = viewport.devicePixelRatioF().is_integer()  # else the edges of two parts share pixels of the screen
    if not above or not is_whole:
        viewport.scroll(0, dy)
        return
    viewport.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, True)
    viewport.scroll(0, dy)
    viewport.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
    covered = QRegion()
    for widget in above:
        covered += QRect(widget.geometry()).translated(-viewport.pos())
        widget.update()
    for part in _around(viewport.rect(), covered & QRegion(viewport.rect())):
        viewport.scroll(0, dy, part)


def _around(seen: QRect, covered: QRegion) -> Iterator[QRect]:
    """As high as they can be: what is moved up or down is lost at the edges of each."""
    edges = {seen.left(), seen.right() + 1}
    for part in covered:  # type: ignore[attr-defined]  # 6.11: the stub knows no __iter__, the class does
        edges |= {part.left(), part.right() + 1}
    for left, right in pairwise(sorted(edges)):
        strip = QRegion(left, seen.top(), right - left, seen.height())
        yield from strip - covered  # type: ignore[misc]  # as above


def _above(viewport: QWidget) -> list[QWidget]:
    """What lies over a part of it."""
    area = viewport.parentWidget()
    if area is None:
        return []
    siblings = area.children()  # in the order they lie on one another
    widgets = (widget for widget in siblings[siblings.index(viewport) + 1 :] if isinstance(widget, QWidget))
    return [widget for widget in widgets if widget.isVisible() and widget.geometry().intersects(viewport.geometry())]
