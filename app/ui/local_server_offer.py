"""A calm offer, while no provider is set up: a server runs on this computer, and can be used."""

from app.domain.model import ModelRef
from app.domain.provider_config import LocalServer
from app.domain.settings import Settings
from app.engine.events import Event, LocalServersFound
from app.ui.banner import Banner
from app.ui.bridge import StoreBridge
from app.ui.controls import Controls
from app.ui.icons import Icons
from app.ui.open_conversation import OpenConversation
from app.ui.theme import Theme

USE_IT = "Use it"


class LocalServerOffer(Banner):
    """Comes once for each server: one that is dismissed is not offered again. Gone when a provider is set up."""

    def __init__(
        self, controls: Controls, bridge: StoreBridge, open_conversation: OpenConversation, theme: Theme, icons: Icons
    ) -> None:
        super().__init__(theme, icons, is_calm=True)
        self._controls = controls
        self._open = open_conversation
        self._server: LocalServer | None = None
        self.setObjectName("localServerOffer")
        self.action_requested.connect(self._on_action_requested)
        self.dismissed.connect(self._on_dismissed)
        bridge.event_happened.connect(self._on_event)
        controls.preferences.subscribe(self._on_settings_changed)

    def _on_event(self, event: Event) -> None:
        settings = self._controls.preferences.current
        if not isinstance(event, LocalServersFound) or settings.providers:
            return
        self._server = next((each for each in event.servers if each.base_url not in settings.declined_servers), None)
        if self._server is not None:
            self.show_fault(f"{self._server.name} runs on this computer. Use it?", _advice(self._server), USE_IT)

    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.providers:
            self.hide()

    def _on_action_requested(self) -> None:
        self.hide()
        if self._server is not None:
            provider_id = self._controls.providers.adopt_local_server(self._server)
            model = self._server.models[0] if self._server.models else ""
            self._controls.choice.choose(ModelRef(provider_id, model), self._open.id)

    def _on_dismissed(self) -> None:
        if self._server is not None:
            declined = self._controls.preferences.current.declined_servers
            self._controls.preferences.change(declined_servers=(*declined, self._server.base_url))


def _advice(server: LocalServer) -> str:
    models = f"It has {len(server.models)} models" if len(server.models) > 1 else "It has one model"
    begin = f"{models}; {server.models[0]} answers first." if server.models else "It has told no model yet."
    return f"{begin} Settings › Providers changes this at any time."
