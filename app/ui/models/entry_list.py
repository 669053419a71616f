"""The rows of the list of models, as Qt's views want them."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.ui.models.entries import Entry

Index = QModelIndex | QPersistentModelIndex

_NO_PARENT = QModelIndex()


class EntryList(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Replace them; where only what a row says has changed, the rows stay."""
        wanted, old = tuple(entries), self._entries
        if [entry.key for entry in wanted] != [entry.key for entry in old]:
            self.beginResetModel()
            self._entries = wanted
            self.endResetModel()
            return
        self._entries = wanted
        for number, (before, after) in enumerate(zip(old, wanted, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(number), self.index(number))

    def number_of(self, key: object) -> int:
        """The row with this key, -1 if there is none."""
        return next((number for number, entry in enumerate(self._entries) if entry.key == key), -1)

    # Qt overrides

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or not self._entries[index.row()].can_be_chosen:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken
        return None
