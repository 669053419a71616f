"""Has done what Settings › Providers asks for, and tells the page what is so."""

from PySide6.QtCore import QObject

from app.domain.model import ProviderId
from app.domain.provider import Secret
from app.domain.provider_config import ProviderConfig
from app.engine.events import (
    ConnectionTested,
    Event,
    KeyringChanged,
    LocalServersFound,
    ProviderChanged,
    ProviderRemoved,
    ProvidersOrdered,
)
from app.engine.providers import Providers
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.link_opener import LinkOpener
from app.ui.settings.providers_page import ProvidersPage

_SHOWN = ProviderChanged | ProviderRemoved | ProvidersOrdered | KeyringChanged


class ProviderWishes(QObject):
    def __init__(self, page: ProvidersPage, providers: Providers, store: ChatStore, bridge: StoreBridge) -> None:
        super().__init__(page)
        self._page = page
        self._providers = providers
        self._store = store
        self._links = LinkOpener(page)
        bridge.event_happened.connect(self._on_event)
        page.looked_at.connect(providers.look_at_keyring)
        page.save_requested.connect(self._on_save_requested)
        page.test_requested.connect(providers.test)
        page.adopt_requested.connect(providers.adopt_local_server)
        page.remove_requested.connect(lambda provider_id: providers.remove(ProviderId(provider_id)))
        page.move_requested.connect(lambda provider_id, to: providers.move(ProviderId(provider_id), to))
        page.enable_requested.connect(lambda provider_id, is_on: providers.enable(ProviderId(provider_id), is_on))
        page.refresh_requested.connect(lambda provider_id: providers.refresh(ProviderId(provider_id)))
        page.unlock_requested.connect(providers.unlock_keyring)
        page.find_requested.connect(providers.find_local_servers)
        page.page_requested.connect(lambda address: self._links.ask(address, address))
        page.know_servers(store.known.local_servers)
        self._show()

    def _show(self) -> None:
        places = {config.id: self._providers.key_place(config) for config in self._providers.configs}
        self._page.show_providers(tuple(self._store.providers.values()), self._store.known.keyring, places)

    def _on_save_requested(self, config: ProviderConfig, key: Secret | None) -> None:
        if self._providers.config(config.id) is None:
            self._providers.add(config, key)
        else:
            self._providers.change(config, key)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, _SHOWN):
            self._show()
        elif isinstance(event, LocalServersFound):
            self._page.show_servers(event.servers)
        elif isinstance(event, ConnectionTested):
            self._page.show_test(event)
