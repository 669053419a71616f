"""The sidebar's list as something to click, walk through with the keyboard, and open menus on."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from app.ui import text
from app.ui.conversation_delegate import ConversationDelegate
from app.ui.conversation_list import ConversationListModel, Index, ItemRole
from app.ui.icons import Icons
from app.ui.palette import SMALL_PX
from app.ui.theme import Theme, body_font, new_menu

_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class ConversationView(QListView):
    """
    One click or Enter opens, F2 renames in place, Del asks to delete; the … of a row and a right click show a menu.

    Qt's current row is where the keyboard is; which conversation is open is the model's to say.
    """

    open_requested = Signal(str)
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, model: ConversationListModel) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._list = model
        self._empty_sentence = ""
        self._more_pressed: str | None = None
        self._delegate = ConversationDelegate(theme, icons, self)
        self._delegate.rename_requested.connect(self.rename_requested)
        self.setObjectName("conversationList")
        self.setAccessibleName("Conversations")
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self.viewport().update)

    def show_current(self, conversation_id: str | None) -> None:
        """Put the keyboard's place on this conversation, in sight."""
        self.setCurrentIndex(QModelIndex() if conversation_id is None else self._list.index_of(conversation_id))

    def set_empty_sentence(self, sentence: str) -> None:
        """What stands where the rows would, "" for nothing."""
        self._empty_sentence = sentence
        self.setAccessibleDescription(sentence)
        self.viewport().update()

    def open_menu(self, index: Index, at: QPoint) -> None:
        """`at` is on the screen."""
        conversation_id = index.data(ItemRole.CONVERSATION_ID)
        if conversation_id is None:
            return
        ink = self._theme.palette.text
        menu = new_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = QAction(self._icons.icon("pencil", ink, 16), text.RENAME, menu)
        rename.setShortcut(QKeySequence(Qt.Key.Key_F2))
        rename.triggered.connect(lambda: self.edit(self._list.index_of(conversation_id)))
        delete = QAction(self._icons.icon("trash-2", ink, 16), text.DELETE, menu)
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        delete.triggered.connect(lambda: self.delete_requested.emit(conversation_id))
        for action in (rename, delete):
            action.setShortcutVisibleInContextMenu(True)
            menu.addAction(action)
        menu.popup(at)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._open(index)

    def _open(self, index: QModelIndex) -> None:
        if (conversation_id := index.data(ItemRole.CONVERSATION_ID)) is not None:
            self.open_requested.emit(conversation_id)

    def _more_at(self, point: QPoint) -> str | None:
        """The conversation whose … is at `point` of the viewport."""
        index = self.indexAt(point)
        if not index.isValid() or not self._delegate.more_rect(self.visualRect(index)).contains(point):
            return None
        conversation_id: str | None = index.data(ItemRole.CONVERSATION_ID)
        return conversation_id

    def _show_focus(self, is_visible: bool) -> None:
        self._delegate.focus_is_visible = is_visible
        self.viewport().update()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_focus(True)
        index = self.currentIndex()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(index)
            case Qt.Key.Key_F2 if index.isValid():
                self.edit(index)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if index.isValid():
                self.delete_requested.emit(index.data(ItemRole.CONVERSATION_ID))
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        is_by_keyboard = event.reason() in _KEYBOARD_REASONS
        if is_by_keyboard and not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(1, 0))  # below the first heading
        self._show_focus(is_by_keyboard)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            self.open_menu(index, self.viewport().mapToGlobal(self.visualRect(index).center()))
        else:
            self.open_menu(self.indexAt(event.pos()), event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(False)
        point = event.position().toPoint()
        self._more_pressed = self._more_at(point) if event.button() is Qt.MouseButton.LeftButton else None
        # The right button is for the menu only: it does not move the keyboard's place.
        if self._more_pressed is None and event.button() is Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._more_pressed = self._more_pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
            return
        point = event.position().toPoint()
        if self._more_at(point) == pressed:
            self.open_menu(self.indexAt(point), event.globalPosition().toPoint())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._empty_sentence:
            painter = QPainter(self.viewport())
            painter.setFont(body_font(SMALL_PX))
            painter.setPen(QColor(self._theme.palette.muted))
            area = self.viewport().rect().adjusted(20, 24, -20, 0)
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self._empty_sentence)
