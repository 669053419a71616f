"""The providers that are set up, in the user's order, and those that are there anyway."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.keys import KeyringState
from app.domain.model import ProviderId
from app.domain.provider import ProviderState
from app.domain.provider_config import KeyPlace, ProviderConfig
from app.ui.icons import Icons
from app.ui.settings.controls import row_button
from app.ui.settings.page import MARGIN_PX, Group, plain, scrolled
from app.ui.settings.provider_row import ProviderRow
from app.ui.settings.provider_words import explanation, key_sentence, listed_sentence
from app.ui.theme import Theme

_EMPTY = "None is set up yet. Add one to chat with a model of your choice: you need its address, and mostly a key."


class ProviderList(QWidget):
    add_requested = Signal()
    unlock_requested = Signal()
    edit_requested = Signal(str)
    remove_requested = Signal(str)
    move_requested = Signal(str, int)  # to this place, counted from 0
    enable_requested = Signal(str, bool)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._rows: dict[str, ProviderRow] = {}
        self._order: list[str] = []
        self._add = row_button("Add provider", "addProviderButton", look="strong")
        self._add.clicked.connect(self.add_requested)
        self._locked = Group()
        unlock = row_button("Unlock…", "unlockKeyringButton", name="Have your system ask for the keyring's password")
        unlock.clicked.connect(self.unlock_requested)
        self._locked.add_row("Your keyring is locked", unlock, note="The keys in it can't be read until it is open.")
        self._own, self._others = Group(), Group()
        self._empty = plain(_EMPTY, "muted")
        self._others_heading = plain("There anyway", "title")
        self._others_heading.setContentsMargins(0, 8, 0, 0)
        self._lay_out()

    @property
    def add_button(self) -> QWidget:
        return self._add

    def show_providers(
        self,
        configs: Sequence[ProviderConfig],
        states: Sequence[ProviderState],
        keyring: KeyringState,
        places: Mapping[ProviderId, KeyPlace | None],
    ) -> None:
        """`places` says where keys are now, where that is not what is set up: None for one that must be entered."""
        by_id = {state.id: state for state in states}
        own = {config.id for config in configs}
        others = [state for state in states if state.id not in own]
        self._drop({*own, *(state.id for state in others)})
        for config in configs:
            state = by_id.get(config.id) if config.is_enabled else None
            row = self._row(config.id, is_own=True)
            row.show_own(
                config,
                state,
                key_sentence(config, places.get(config.id, config.key_place), state, keyring),
                listed_sentence(state),
            )
        for state in others:
            self._row(state.id, is_own=False).show_other(state, explanation(state.id) or state.note)
        self._arrange(self._own, [config.id for config in configs])
        self._arrange(self._others, [state.id for state in others])
        self._order = [config.id for config in configs]
        self._own.setVisible(bool(configs))
        self._empty.setVisible(not configs)
        self._others.setVisible(bool(others))
        self._others_heading.setVisible(bool(others))
        self._locked.setVisible(keyring is KeyringState.LOCKED)

    def focus_row(self, provider_id: str) -> None:
        """Go to a provider, or where another one is added if it is gone."""
        target: QWidget = self._rows.get(provider_id, self._add)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(target)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(plain("Providers", "question"), 1)
        head.addWidget(self._add)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        column.setSpacing(8)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addSpacing(4)
        for widget in (self._locked, self._empty, self._own, self._others_heading, self._others):
            column.addWidget(widget)
        self._area = scrolled(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)

    def _row(self, provider_id: str, *, is_own: bool) -> ProviderRow:
        if (row := self._rows.get(provider_id)) is not None:
            return row
        row = self._rows[provider_id] = ProviderRow(self._theme, self._icons, provider_id, is_own=is_own)
        row.edit_requested.connect(self.edit_requested)
        row.remove_requested.connect(self.remove_requested)
        row.enable_requested.connect(self.enable_requested)
        row.move_requested.connect(self._on_move_requested)
        return row

    def _drop(self, kept: set[str]) -> None:
        for provider_id in [each for each in self._rows if each not in kept]:
            row = self._rows.pop(provider_id)
            row.hide()
            row.deleteLater()

    def _arrange(self, group: Group, provider_ids: Sequence[str]) -> None:
        for place, provider_id in enumerate(provider_ids):
            row = self._rows[provider_id]
            group.put(row, place)
            row.show_place(is_first=place == 0, is_last=place == len(provider_ids) - 1)

    def _on_move_requested(self, provider_id: str, by: int) -> None:
        to = self._order.index(provider_id) + by
        if 0 <= to < len(self._order):
            self.move_requested.emit(provider_id, to)
