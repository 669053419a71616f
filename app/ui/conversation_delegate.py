"""How a row of the sidebar is painted and renamed."""

from PySide6.QtCore import QAbstractItemModel, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.conversation_list import Index, ItemRole
from app.ui.icons import Icons, paint_focus_ring
from app.ui.measures import ROW_HEIGHT_PX, ROW_RADIUS_PX
from app.ui.palette import SMALL_PX, Palette
from app.ui.text import RENAME
from app.ui.theme import Theme, body_font

MAX_TITLE_CHARS = 200

_SIDE_PX = 8  # between the row's ground and the edge of the list
_TEXT_LEFT_PX = 10
_MORE_PX = 28
_DOT_PX = 6


class ConversationDelegate(QStyledItemDelegate):
    """Paints headings and conversations in rows of one height. The new name is a wish: the model is not touched."""

    rename_requested = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._title_font = body_font(14)
        self._heading_font = body_font(SMALL_PX - 1, QFont.Weight.Medium)
        self.focus_is_visible = False

    def more_rect(self, row_rect: QRect) -> QRect:
        """Where the … of a row is, which opens its menu."""
        ground = _ground(row_rect)
        return QRect(ground.right() - _MORE_PX - 1, ground.center().y() - _MORE_PX // 2 + 1, _MORE_PX, _MORE_PX)

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str, palette: Palette) -> None:
        painter.setFont(self._heading_font)
        painter.setPen(QColor(palette.muted))
        area = _ground(rect).adjusted(_TEXT_LEFT_PX, 0, 0, -5)
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_conversation(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, palette: Palette
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        ground = _ground(rect)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        is_open = bool(index.data(ItemRole.IS_OPEN))
        if is_open or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selected if is_open else palette.hover))
            painter.drawRoundedRect(ground, ROW_RADIUS_PX, ROW_RADIUS_PX)
        right = ground.right() - _TEXT_LEFT_PX
        if is_hovered:
            more = self.more_rect(rect)
            ratio = painter.device().devicePixelRatio()
            pixmap = self._icons.pixmap("ellipsis", palette.text, 18, ratio)
            icon_rect = QRectF(more.x() + 5, more.y() + 5, 18, 18)
            painter.drawPixmap(icon_rect, pixmap, QRectF(pixmap.rect()))
            right = more.left() - 4
        if index.data(ItemRole.IS_GENERATING):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.link))
            painter.drawEllipse(QRectF(right - _DOT_PX, rect.center().y() - _DOT_PX / 2 + 1, _DOT_PX, _DOT_PX))
            right -= _DOT_PX + 8
        painter.setFont(self._title_font)
        painter.setPen(QColor(palette.text))
        left = ground.left() + _TEXT_LEFT_PX
        area = QRect(left, rect.top(), right - left, rect.height())
        line = str(index.data()).replace("\n", " ")[:MAX_TITLE_CHARS]
        title = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title)
        if self.focus_is_visible and state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, QRectF(ground), ROW_RADIUS_PX, palette.link)

    # Qt overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self._theme.palette
        if index.data(ItemRole.CONVERSATION_ID) is None:
            rect: QRect = option.rect
            self._paint_heading(painter, rect, str(index.data()), palette)
        else:
            self._paint_conversation(painter, option, index, palette)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802 - Qt's
        editor = _TitleEditor(parent)
        editor.setProperty("look", "inline")
        editor.setAccessibleName(RENAME)
        editor.setToolTip(f"{RENAME}: Enter keeps the new name, Esc the old")
        editor.setMaxLength(MAX_TITLE_CHARS)
        editor.setFont(self._title_font)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's
        """Called again whenever the row changes: that must not take away what is being typed."""
        assert isinstance(editor, QLineEdit)
        if not editor.isModified() and editor.text() != index.data():
            editor.setText(index.data())

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802 - Qt's
        assert isinstance(editor, QLineEdit)
        title = " ".join(editor.text().split())
        if title and title != index.data():
            self.rename_requested.emit(index.data(ItemRole.CONVERSATION_ID), title)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        rect: QRect = option.rect
        editor.setGeometry(_ground(rect))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The whole title, where the row shows only its beginning."""
        rect: QRect = option.rect
        room = self.more_rect(rect).left() - rect.left() - _SIDE_PX - _TEXT_LEFT_PX
        if QFontMetrics(self._title_font).horizontalAdvance(str(index.data())) <= room:
            return False
        return super().helpEvent(event, view, option, index)


class _TitleEditor(QLineEdit):
    """Keeps every key to itself. (A line edit passes on the Enter it ends with, and here that would open.)"""

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()


def _ground(row_rect: QRect) -> QRect:
    return row_rect.adjusted(_SIDE_PX, 1, -_SIDE_PX, -1)
