"""Paints what a provider can be begun from: a name, and a line about it. A widget a row took 30 ms for all."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.measures import ROW_RADIUS_PX
from app.ui.palette import SMALL_PX
from app.ui.theme import Theme, body_font

NAME_ROLE = Qt.ItemDataRole.UserRole + 2
ABOUT_ROLE = Qt.ItemDataRole.UserRole + 3

Index = QModelIndex | QPersistentModelIndex

_NAME_PX = 14
_PADDING_PX = QSize(12, 8)
_GAP_PX = 1


class ChoiceDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name_font = body_font(_NAME_PX)
        self._about_font = body_font(SMALL_PX)

    # Qt overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetrics(self._name_font).height() + _GAP_PX + QFontMetrics(self._about_font).height()
        return QSize(0, lines + 2 * _PADDING_PX.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette = self._theme.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selected if is_chosen else palette.hover))
            painter.drawRoundedRect(rect, ROW_RADIUS_PX, ROW_RADIUS_PX)
        left, top = rect.left() + _PADDING_PX.width(), rect.top() + _PADDING_PX.height()
        room = rect.width() - 2 * _PADDING_PX.width()
        for role, font, color in ((NAME_ROLE, self._name_font, palette.text),
                                  (ABOUT_ROLE, self._about_font, palette.muted)):  # fmt: skip
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(QColor(color))
            text = metrics.elidedText(str(index.data(role)), Qt.TextElideMode.ElideRight, room)
            painter.drawText(left, top + metrics.ascent(), text)
            top += metrics.height() + _GAP_PX
        painter.restore()
