"""The rows of the sidebar: conversations under headings by age, filtered by title. Sorted, and changed row by row."""

import unicodedata
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable
from enum import IntEnum

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.domain.conversation import Conversation, now_ms
from app.ui.ages import ages, heading_of
from app.ui.text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

_NO_PARENT = QModelIndex()
PAGE_ROWS = 200


class ItemRole(IntEnum):
    """What a row tells beyond its text. A heading has no CONVERSATION_ID."""

    CONVERSATION_ID = Qt.ItemDataRole.UserRole
    IS_OPEN = Qt.ItemDataRole.UserRole + 1
    IS_GENERATING = Qt.ItemDataRole.UserRole + 2


class _Row(Struct, frozen=True):
    """A heading (no id), or a conversation."""

    id: str | None
    title: str

    @property
    def key(self) -> str:
        return self.id or f"heading {self.title}"


class ConversationListModel(QAbstractListModel):
    """
    Newest first. A row keeps its identity when it moves, so an open editor and the focus move with it.

    Only the first PAGE_ROWS rows are there until the view asks for more: Qt lays out every row of a list
    at every change, 3 µs each.
    """

    def __init__(self, clock_ms: Callable[[], int] = now_ms) -> None:
        super().__init__()
        self._clock_ms = clock_ms
        self._conversations: dict[str, Conversation] = {}
        self._order: list[tuple[int, str]] = []  # by age, oldest first
        self._folded_titles: dict[str, str] = {}
        self._rows: list[_Row] = []
        self._rows_limit = PAGE_ROWS
        self._query: tuple[str, ...] = ()
        self._open_id: str | None = None
        self._generating: frozenset[str] = frozenset()

    @property
    def conversation_count(self) -> int:
        """Those that the filter hides count too."""
        return len(self._conversations)

    def set_conversations(self, conversations: Iterable[Conversation]) -> None:
        self._conversations = {conversation.id: conversation for conversation in conversations}
        self._order = sorted(_place(conversation) for conversation in self._conversations.values())
        self._folded_titles.clear()
        self._reset()

    def put(self, conversation: Conversation) -> None:
        stays_first = self._stays_first(conversation)
        self._forget(conversation.id)
        self._conversations[conversation.id] = conversation
        insort(self._order, _place(conversation))
        if stays_first:
            self._replace(1, _Row(conversation.id, conversation.title))
        else:
            self._advance()

    def remove(self, conversation_id: str) -> None:
        self._forget(conversation_id)
        self._advance()

    def set_query(self, text: str) -> None:
        """Show the titles that contain every word of `text`, whatever their case and accents."""
        query = tuple(_folded(text).split())
        if query != self._query:
            self._query = query
            self._reset()

    def set_open(self, conversation_id: str | None) -> None:
        changed = {self._open_id, conversation_id}
        self._open_id = conversation_id
        self._tell(changed, ItemRole.IS_OPEN)

    def set_generating(self, ids: Collection[str]) -> None:
        changed = self._generating.symmetric_difference(ids)
        self._generating = frozenset(ids)
        self._tell(changed, ItemRole.IS_GENERATING)

    def regroup(self) -> None:
        """A new day: what was Today is Yesterday."""
        self._advance()

    def index_of(self, conversation_id: str) -> QModelIndex:
        """Invalid while it is filtered out, or too far down to have been asked for."""
        return self.index(next((n for n, row in enumerate(self._rows) if row.id == conversation_id), -1))

    def _forget(self, conversation_id: str) -> None:
        if (old := self._conversations.pop(conversation_id, None)) is not None:
            del self._order[bisect_left(self._order, _place(old))]
            self._folded_titles.pop(conversation_id, None)

    def _wanted_rows(self) -> list[_Row]:
        known_ages = ages(self._clock_ms())
        rows: list[_Row] = []
        last_heading = ""
        for updated_at_ms, conversation_id in reversed(self._order):
            if len(rows) >= self._rows_limit:
                break
            conversation = self._conversations[conversation_id]
            if self._query and not self._matches(conversation):
                continue
            heading = heading_of(updated_at_ms, known_ages)
            if heading != last_heading:
                rows.append(_Row(None, heading))
                last_heading = heading
            rows.append(_Row(conversation_id, conversation.title))
        return rows

    def _matches(self, conversation: Conversation) -> bool:
        title = self._folded_titles.get(conversation.id)
        if title is None:
            title = self._folded_titles[conversation.id] = _folded(conversation.title)
        return all(word in title for word in self._query)

    def _reset(self) -> None:
        self.beginResetModel()
        self._rows_limit = PAGE_ROWS
        self._rows = self._wanted_rows()
        self.endResetModel()

    def _advance(self) -> None:
        """Go from the rows that are to the rows that are wanted, by removing, moving and inserting rows."""
        wanted = self._wanted_rows()
        keys = {row.key for row in wanted}
        for number in reversed(range(len(self._rows))):
            if self._rows[number].key not in keys:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
        for number, row in enumerate(wanted):
            if number == len(self._rows):
                self.beginInsertRows(QModelIndex(), number, len(wanted) - 1)
                self._rows += wanted[number:]
                self.endInsertRows()
                return
            if self._rows[number].key != row.key:
                self._bring(row, number)
            else:
                self._replace(number, row)

    def _stays_first(self, conversation: Conversation) -> bool:
        """Whether nothing moves: the usual case (an answer ended), in which Stop must not wait for all the rows."""
        if self._query or len(self._rows) < 2 or self._rows[1].id != conversation.id:
            return False
        heading = heading_of(conversation.updated_at_ms, ages(self._clock_ms()))
        return _place(conversation) >= self._order[-1] and self._rows[0].title == heading

    def _replace(self, number: int, row: _Row) -> None:
        if self._rows[number] != row:
            self._rows[number] = row
            self.dataChanged.emit(self.index(number), self.index(number))

    def _bring(self, row: _Row, number: int) -> None:
        """Move the row to `number` from further down, or insert it there."""
        source = next((n for n in range(number, len(self._rows)) if self._rows[n].key == row.key), None)
        if source is None:
            self.beginInsertRows(QModelIndex(), number, number)
            self._rows.insert(number, row)
            self.endInsertRows()
            return
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), number)
        old = self._rows.pop(source)
        self._rows.insert(number, row)
        self.endMoveRows()
        if row != old:
            self.dataChanged.emit(self.index(number), self.index(number))

    def _tell(self, ids: Collection[str | None], role: ItemRole) -> None:
        for number, row in enumerate(self._rows):
            if row.id is not None and row.id in ids:
                self.dataChanged.emit(self.index(number), self.index(number), [role])

    def _spoken(self, row: _Row) -> str:
        is_open = row.id is not None and row.id == self._open_id
        states = (row.title, "open" if is_open else "", "answering" if row.id in self._generating else "")
        return ", ".join(filter(None, states))

    # Qt overrides

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        return not parent.isValid() and len(self._rows) >= self._rows_limit

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        self._rows_limit += PAGE_ROWS
        self._advance()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].id is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(row.title) if row.id else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case ItemRole.CONVERSATION_ID:
                return row.id
            case ItemRole.IS_OPEN:
                return row.id is not None and row.id == self._open_id
            case ItemRole.IS_GENERATING:
                return row.id in self._generating
        return None


def _place(conversation: Conversation) -> tuple[int, str]:
    return conversation.updated_at_ms, conversation.id


def _folded(text: str) -> str:
    """Without case and accents, to compare by."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
