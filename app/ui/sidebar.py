"""The list of conversations, with the ways to start, find, rename and delete one."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.conversation import Conversation
from app.ui import text
from app.ui.conversation_list import ConversationListModel
from app.ui.conversation_view import ConversationView
from app.ui.icons import ROW_TEXT_LEFT_PX, Icons, RowButton, paint_row_icon
from app.ui.measures import ROW_HEIGHT_PX, SIDEBAR_WIDTH_PX, sidebar_width
from app.ui.theme import Theme, body_font

_TEXT_FIELD_PADDING_PX = 12  # what the style sheet and QLineEdit itself put before the text
_EMPTY = "Your conversations will be listed here"
_NO_MATCH = "No conversation matches"


class Sidebar(QWidget):
    """Says what the user wants done with which conversation. Asks nothing: the window confirms a delete."""

    new_requested = Signal()
    open_requested = Signal(str)
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)
    settings_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, model: ConversationListModel | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._open_id: str | None = None
        self._model = model or ConversationListModel()
        self._model.setParent(self)

        self._new_button = RowButton(
            theme, icons, "square-pen", text.NEW_CONVERSATION, shortcut=text.shortcut(text.NEW_CONVERSATION_KEYS)
        )
        self._new_button.setObjectName("newConversationButton")
        self._new_button.clicked.connect(self.new_requested)
        self._search = _SearchInput(theme, icons)
        self._search.textChanged.connect(self._on_query_changed)
        self._list = ConversationView(theme, icons, self._model)
        self._list.open_requested.connect(self.open_requested)
        self._list.rename_requested.connect(self.rename_requested)
        self._list.delete_requested.connect(self.delete_requested)
        self._settings_button = RowButton(
            theme, icons, "settings", text.SETTINGS, shortcut=text.shortcut(text.SETTINGS_KEYS)
        )
        self._settings_button.setObjectName("settingsButton")
        self._settings_button.clicked.connect(self.settings_requested)
        self._lay_out()
        self._explain_emptiness()

        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self._on_midnight)
        self._await_midnight()
        theme.changed.connect(self.update)

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Replace the whole list, in any order."""
        self._model.set_conversations(conversations)
        self._list.show_current(self._open_id)
        self._explain_emptiness()

    def put_conversation(self, conversation: Conversation) -> None:
        """Add it, or show its new title and place."""
        self._model.put(conversation)
        if conversation.id == self._open_id and not self._list.currentIndex().isValid():
            self._list.show_current(self._open_id)
        self._explain_emptiness()

    def remove_conversation(self, conversation_id: str) -> None:
        self._model.remove(conversation_id)
        self._explain_emptiness()

    def set_current(self, conversation_id: str | None) -> None:
        """Mark the one that is open. It may be one that is not listed yet."""
        self._open_id = conversation_id
        self._model.set_open(conversation_id)
        self._list.show_current(conversation_id)

    def set_generating(self, ids: Collection[str]) -> None:
        """Mark those in which an answer is being written."""
        self._model.set_generating(ids)

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def fit(self, window_width: int) -> None:
        """Be as wide as a window of this width has room for."""
        self.setFixedWidth(sidebar_width(window_width))

    def _lay_out(self) -> None:
        self.setFixedWidth(SIDEBAR_WIDTH_PX)
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 4)
        top.setSpacing(6)
        top.addWidget(self._new_button)
        top.addWidget(self._search)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(8, 4, 8, 8)
        bottom.addWidget(self._settings_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._list, 1)
        column.addLayout(bottom)

    def _explain_emptiness(self) -> None:
        sentence = ""
        if self._model.rowCount() == 0:
            sentence = _NO_MATCH if self._model.conversation_count else _EMPTY
        self._list.set_empty_sentence(sentence)

    def _await_midnight(self) -> None:
        now = datetime.now(tz=UTC).astimezone()
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=1, microsecond=0)
        self._midnight.start(int((tomorrow - now).total_seconds() * 1000))

    def _on_midnight(self) -> None:
        self._model.regroup()
        self._await_midnight()

    def _on_query_changed(self, query: str) -> None:
        self._model.set_query(query)
        self._list.show_current(self._open_id)
        self._explain_emptiness()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._theme.palette.sidebar))


class _SearchInput(QLineEdit):
    """Filters as one types; Esc clears it, and does nothing else while there is something to clear."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self.setObjectName("searchInput")
        self.setAccessibleName(text.SEARCH)
        self.setToolTip(f"{text.SEARCH} ({text.shortcut(text.SEARCH_KEYS)})")
        self.setPlaceholderText("Search")
        self.setFont(body_font(14))
        self.setTextMargins(ROW_TEXT_LEFT_PX - _TEXT_FIELD_PADDING_PX, 0, 0, 0)
        self.setFixedHeight(ROW_HEIGHT_PX)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            event.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_row_icon(QPainter(self), self, self._icons, "search", self._theme.palette.muted)
