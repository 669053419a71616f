"""Settings › Providers."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.model import ProviderId
from app.domain.provider import ProviderState
from app.engine.events import Event, ProviderChanged, ProviderRemoved, ProvidersOrdered
from app.engine.store import ChatStore
from app.ui.model_picker import phase_color, phase_sentence
from app.ui.settings.page import Page, plain
from app.ui.theme import Theme

_PROVIDERS_HELP = (
    "To use another OpenAI-compatible server, set OPENAI_BASE_URL (and OPENAI_API_KEY if it wants a key) "
    "before Belay starts. BELAY_MODEL names the model to begin with. The key is never stored."
)


class ProvidersPage(Page):
    def __init__(self, theme: Theme, store: ChatStore) -> None:
        super().__init__("providers", "Providers", words="server api key model openai")
        self._theme = theme
        self._store = store
        self._states: tuple[ProviderState, ...] = ()
        self._addresses: Mapping[ProviderId, str] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.column.addLayout(self._list)
        self.column.addSpacing(16)
        self.column.addWidget(plain(_PROVIDERS_HELP, "muted", selectable=True))
        theme.changed.connect(self._on_theme_changed)
        self.show_providers(tuple(store.providers.values()), {})

    def take(self, event: Event) -> None:
        if isinstance(event, ProviderChanged | ProviderRemoved | ProvidersOrdered):
            self.show_providers(tuple(self._store.providers.values()), {})

    def show_providers(self, states: Sequence[ProviderState], addresses: Mapping[ProviderId, str]) -> None:
        self._states = tuple(states)
        self._addresses = addresses
        self._refill()

    def _refill(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for state in self._states:
            self._list.addWidget(self._card(state))
        if not self._states:
            self._list.addWidget(plain("There is no provider yet", "muted"))

    def _card(self, state: ProviderState) -> QWidget:
        card = QWidget()
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        dot = QLabel()
        dot.setFixedSize(8, 8)
        dot.setStyleSheet(f"background: {phase_color(state.phase, self._theme)}; border-radius: 4px;")
        head.addWidget(dot)
        head.addWidget(plain(state.name, "title"), 1)
        column.addLayout(head)
        lines = [phase_sentence(state), self._addresses.get(state.id, ""), state.note]
        for line in filter(None, lines):
            label = plain(line, "muted", selectable=True)
            label.setContentsMargins(16, 0, 0, 0)
            column.addWidget(label)
        return card

    def _on_theme_changed(self) -> None:
        self._refill()
