"""What a new provider is begun from: a server found on this computer, one that Belay knows, or an address."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.domain.provider_config import LocalServer, Preset
from app.ui.icons import IconButton, Icons
from app.ui.settings.choice_delegate import ABOUT_ROLE, NAME_ROLE, ChoiceDelegate
from app.ui.settings.controls import row_button
from app.ui.settings.fields import line_edit
from app.ui.settings.page import MARGIN_PX, plain
from app.ui.text import plain_tooltip
from app.ui.theme import Theme

_OWN = "Any other server that speaks the OpenAI protocol"
_LIST_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_CHOICE = Qt.ItemDataRole.UserRole
_WORDS = Qt.ItemDataRole.UserRole + 1


class ProviderChooser(QWidget):
    preset_chosen = Signal(object)  # a Preset
    server_chosen = Signal(object)  # a LocalServer
    find_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._presets: tuple[Preset, ...] = ()
        self._back = IconButton(theme, icons, "chevron-left", "Back to the providers")
        self._back.setObjectName("chooserBackButton")
        self._back.clicked.connect(self.left)
        self._search = line_edit("presetSearch", "Search")
        self._search.setAccessibleName("Search providers")
        self._search.setClearButtonEnabled(True)
        self._search.installEventFilter(self)
        self._search.textChanged.connect(self._on_search_changed)
        self._search.returnPressed.connect(self._on_entered)
        self._list = QListWidget()
        self._list.setObjectName("presetList")
        self._list.setProperty("look", "cards")
        self._list.setAccessibleName("Providers to begin from")
        self._list.setItemDelegate(ChoiceDelegate(theme, self._list))
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.itemClicked.connect(self._choose)
        self._list.installEventFilter(self)
        self._find = row_button("Look for servers on this computer", "findServersButton")
        self._find.clicked.connect(self._on_find_clicked)
        self._found = plain("", "muted")
        self._found.setObjectName("foundServers")
        self._lay_out()

    def begin(self, presets: Sequence[Preset], servers: Sequence[LocalServer]) -> None:
        self._presets = tuple(preset for preset in presets if preset.is_addable)
        self._search.clear()
        self._found.setText("")
        self._fill(servers)
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_servers(self, servers: Sequence[LocalServer]) -> None:
        """What was found on this computer."""
        self._find.setEnabled(True)
        names = ", ".join(f"{server.name} at {server.base_url}" for server in servers)
        self._found.setText(f"Found {names}" if servers else "Nothing found")
        self._fill(servers)

    def _fill(self, servers: Sequence[LocalServer]) -> None:
        self._list.clear()
        for server in servers:
            models = f"  ·  {len(server.models)} models" if server.models else ""
            self._add(server, server.name, f"Runs on this computer at {server.base_url}{models}")
        for preset in self._presets:
            about = preset.hint or preset.supports if preset.base_url else _OWN
            self._add(preset, preset.name, about)
        self._on_search_changed(self._search.text())

    def _add(self, choice: object, name: str, about: str) -> None:
        item = QListWidgetItem()
        item.setData(_CHOICE, choice)
        item.setData(_WORDS, f"{name} {about}".casefold())
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}. {about}")
        item.setData(NAME_ROLE, name)
        item.setData(ABOUT_ROLE, about)
        item.setToolTip(plain_tooltip(about))
        self._list.addItem(item)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._back)
        head.addWidget(plain("Add a provider", "question"), 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._find)
        foot.addWidget(self._found, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, MARGIN_PX - 6, MARGIN_PX, 16)
        column.setSpacing(8)
        head.setContentsMargins(-10, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._search)
        column.addWidget(self._list, 1)
        column.addLayout(foot)

    def _on_search_changed(self, query: str) -> None:
        """Any address fits what is found nowhere."""
        words = query.casefold().split()
        first: QListWidgetItem | None = None
        for number in range(self._list.count()):
            item = self._list.item(number)
            choice = item.data(_CHOICE)
            is_own = isinstance(choice, Preset) and not choice.base_url
            is_shown = is_own or all(word in item.data(_WORDS) for word in words)
            item.setHidden(not is_shown)
            if is_shown and first is None:
                first = item
        if first is not None:
            self._list.setCurrentItem(first)

    def _on_entered(self) -> None:
        if (item := self._list.currentItem()) is not None:
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        choice = item.data(_CHOICE)
        (self.server_chosen if isinstance(choice, LocalServer) else self.preset_chosen).emit(choice)

    def _on_find_clicked(self) -> None:
        self._find.setEnabled(False)
        self._found.setText("Looking…")
        self.find_requested.emit()

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list's keys work in the search field; Enter chooses in both; Esc clears, then goes back."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            if self._search.text():
                self._search.clear()
            else:
                self.left.emit()
            return True
        if watched is self._search and event.key() in _LIST_KEYS:
            self._list.keyPressEvent(event)
            return True
        if watched is self._list and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_entered()
            return True
        return super().eventFilter(watched, event)
