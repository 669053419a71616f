"""Settings › Providers: the list, what to begin a new one from, and the form."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from app.domain.keys import KeyringState
from app.domain.model import ProviderId
from app.domain.network import origin_of, speaks_in_the_open
from app.domain.provider import ProviderState, Secret
from app.domain.provider_config import KeyPlace, LocalServer, Preset, ProviderConfig
from app.domain.settings import Settings
from app.engine.events import ConnectionTested
from app.ui.consent import ask_to_speak_openly
from app.ui.dialogs import ask
from app.ui.icons import Icons
from app.ui.settings.page import Page
from app.ui.settings.provider_chooser import ProviderChooser
from app.ui.settings.provider_form import ProviderForm
from app.ui.settings.provider_list import ProviderList
from app.ui.settings.provider_words import listed_sentence
from app.ui.theme import Theme

_WORDS = "server api key model account openai add endpoint base url address keyring token headers presets local ollama"

_KEY_GOES = {
    KeyPlace.KEYRING: "Its key is removed from your keyring, too. ",
    KeyPlace.SESSION: "Its key is forgotten, too. ",
}


class ProvidersPage(Page):
    """Says what the user wants; `show_providers` and the other `show_` methods tell it what is so."""

    scrolls_itself = True

    looked_at = Signal()
    save_requested = Signal(object, object)  # a ProviderConfig; its new Secret, or None
    test_requested = Signal(object, object)  # as above
    adopt_requested = Signal(object)  # a LocalServer
    remove_requested = Signal(str)  # a provider's id
    move_requested = Signal(str, int)  # to this place, counted from 0
    enable_requested = Signal(str, bool)
    refresh_requested = Signal(str)
    unlock_requested = Signal()
    find_requested = Signal()
    page_requested = Signal(str)  # the address of a page in the web

    def __init__(self, theme: Theme, icons: Icons, presets: Sequence[Preset]) -> None:
        super().__init__("providers", "Providers", words=_WORDS, has_title=False)
        self._presets = tuple(presets)
        self._configs: tuple[ProviderConfig, ...] = ()
        self._states: tuple[ProviderState, ...] = ()
        self._keyring = KeyringState.UNKNOWN
        self._places: Mapping[ProviderId, KeyPlace | None] = {}
        self._servers: tuple[LocalServer, ...] = ()
        self._plain_http_hosts: tuple[str, ...] = ()
        self._theme, self._icons = theme, icons
        self._list = ProviderList(theme, icons)
        # Both take a while to build, and are not seen before a click.
        self._chooser: ProviderChooser | None = None
        self._form: ProviderForm | None = None
        self._views = QStackedWidget()
        self._views.addWidget(self._list)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setAlignment(Qt.AlignmentFlag(0))
        self.column.addWidget(self._views)
        self._connect_list()

    def show_settings(self, settings: Settings) -> None:
        self._configs = settings.providers
        self._plain_http_hosts = settings.plain_http_hosts
        self._refresh()

    def show_providers(
        self,
        states: Sequence[ProviderState],
        keyring: KeyringState,
        places: Mapping[ProviderId, KeyPlace | None] | None = None,
    ) -> None:
        """`places` says where keys are now, where that is not what is set up: None for one that must be entered."""
        self._states, self._keyring, self._places = tuple(states), keyring, places or {}
        self._refresh()

    def show_servers(self, servers: Sequence[LocalServer]) -> None:
        """What was found on this computer just now."""
        self.know_servers(servers)
        if self._chooser is not None:
            self._chooser.show_servers(self._servers)

    def know_servers(self, servers: Sequence[LocalServer]) -> None:
        """What was found earlier."""
        self._servers = tuple(servers)

    def show_test(self, event: ConnectionTested) -> None:
        if self._form is not None:
            self._form.show_result(event)

    def begin(self) -> None:
        self.looked_at.emit()

    def begin_new(self) -> None:
        """Show what a new provider can be begun from."""
        chooser = self._shown_chooser()
        taken = {config.base_url for config in self._configs}
        chooser.begin(self._presets, [each for each in self._servers if each.base_url not in taken])

    def edit(self, provider_id: str) -> None:
        """Show the form of a provider that is set up. Nothing for another one."""
        config = next((each for each in self._configs if each.id == provider_id), None)
        if config is None:
            return
        preset = next((each for each in self._presets if config.preset and each.id == config.preset), None)
        self._shown_form().begin_edit(config, preset, self._keyring)
        self._refresh()

    def _connect_list(self) -> None:
        self._list.add_requested.connect(self.begin_new)
        self._list.edit_requested.connect(self.edit)
        self._list.remove_requested.connect(self._on_remove_requested)
        self._list.move_requested.connect(self.move_requested)
        self._list.enable_requested.connect(self.enable_requested)
        self._list.unlock_requested.connect(self.unlock_requested)

    def _shown_chooser(self) -> ProviderChooser:
        if self._chooser is None:
            self._chooser = ProviderChooser(self._theme, self._icons)
            self._chooser.preset_chosen.connect(self._on_preset_chosen)
            self._chooser.server_chosen.connect(self._on_server_chosen)
            self._chooser.find_requested.connect(self.find_requested)
            self._chooser.left.connect(self._to_list)
            self._views.addWidget(self._chooser)
        self._views.setCurrentWidget(self._chooser)
        return self._chooser

    def _shown_form(self) -> ProviderForm:
        if self._form is None:
            self._form = ProviderForm(self._theme, self._icons)
            self._form.left.connect(self._to_list)
            self._form.refresh_requested.connect(self.refresh_requested)
            self._form.key_page_requested.connect(self.page_requested)
            self._form.save_requested.connect(self._on_save_requested)
            self._form.test_requested.connect(self._on_test_requested)
            self._views.addWidget(self._form)
        self._views.setCurrentWidget(self._form)
        return self._form

    def _refresh(self) -> None:
        self._list.show_providers(self._configs, self._states, self._keyring, self._places)
        if self._form is not None:
            self._form.show_keyring(self._keyring)
            state = next((each for each in self._states if each.id == self._form.provider_id), None)
            self._form.show_state(state, listed_sentence(state))

    def _to_list(self, focused: str = "") -> None:
        provider_id = focused or (self._form.provider_id if self._form is not None else "")
        self._views.setCurrentWidget(self._list)
        self._list.focus_row(provider_id)

    def _on_preset_chosen(self, preset: Preset) -> None:
        self._shown_form().begin_new(preset, self._keyring)

    def _on_server_chosen(self, server: LocalServer) -> None:
        self.adopt_requested.emit(server)
        self._to_list()

    def _on_remove_requested(self, provider_id: str) -> None:
        config = next(each for each in self._configs if each.id == provider_id)
        ask(
            self,
            f"Remove {config.name}?",
            f"{_KEY_GOES.get(config.key_place, '')}Conversations and their answers stay.",
            "Remove",
            lambda: self.remove_requested.emit(provider_id),
            destructive=True,
        )

    def _on_save_requested(self, config: ProviderConfig, key: Secret | None) -> None:
        self._when_allowed(config, lambda: self._save(config, key))

    def _save(self, config: ProviderConfig, key: Secret | None) -> None:
        self.save_requested.emit(config, key)
        self._to_list(config.id)

    def _on_test_requested(self, config: ProviderConfig, key: Secret | None) -> None:
        self._when_allowed(config, lambda: self._begin_test(config, key))

    def _begin_test(self, config: ProviderConfig, key: Secret | None) -> None:
        self._shown_form().show_testing(config)
        self.test_requested.emit(config, key)

    def _when_allowed(self, config: ProviderConfig, go_on: Callable[[], None]) -> None:
        """Do it; for an address without encryption, only when the user agrees, once for each host."""
        origin = origin_of(config.base_url)
        if not speaks_in_the_open(origin) or origin.host in self._plain_http_hosts:
            go_on()
            return

        def on_allowed() -> None:
            self.change_requested.emit("plain_http_hosts", (*self._plain_http_hosts, origin.host))
            go_on()

        ask_to_speak_openly(self, origin.host, config.name, on_allowed)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list first."""
        if event.key() == Qt.Key.Key_Escape and self._views.currentWidget() is not self._list:
            self._to_list()
            return
        super().keyPressEvent(event)
