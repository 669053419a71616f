"""Does what helps against a fault."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.errors import Remedy
from app.domain.model import ProviderId
from app.domain.network import origin_of
from app.engine.providers import Providers
from app.engine.store import ChatStore
from app.ui.consent import ask_to_speak_openly
from app.ui.model_picker import ModelPicker
from app.ui.open_conversation import OpenConversation
from app.ui.settings.opener import SettingsOpener


class Remedies(QObject):
    def __init__(
        self,
        window: QWidget,
        providers: Providers,
        store: ChatStore,
        *,
        settings: SettingsOpener,
        picker: ModelPicker,
        open_conversation: OpenConversation,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._providers = providers
        self._store = store
        self._settings = settings
        self._picker = picker
        self._open = open_conversation

    def apply(self, remedy: Remedy, provider_id: str, try_again: Callable[[], None]) -> None:
        """`try_again` is called where the remedy is all that was missing: consent."""
        match remedy:
            case Remedy.KEY | Remedy.PROVIDERS:
                self._settings.open("providers", provider_id)
            case Remedy.NETWORK:
                self._settings.open("advanced")
            case Remedy.LOCAL_MODEL:
                self._settings.open("local")
            case Remedy.UNLOCK:
                self._providers.unlock_keyring(ProviderId(provider_id))
            case Remedy.MODEL:
                self._picker.open()
            case Remedy.NEW_CONVERSATION:
                self._open.show(None)
            case Remedy.ALLOW_HTTP:
                self._ask_for_consent(provider_id, try_again)
            case Remedy.RETRY | Remedy.NONE:
                try_again()

    def _ask_for_consent(self, provider_id: str, try_again: Callable[[], None]) -> None:
        state = self._store.providers.get(ProviderId(provider_id))
        if state is None or not state.address:
            return
        host = origin_of(state.address).host

        def allow() -> None:
            self._providers.allow_plain_http(host)
            try_again()

        ask_to_speak_openly(self._window, host, state.name, allow)
