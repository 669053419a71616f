"""The part of the state that tells of providers. Changes only when ChatStore.apply folds an event."""

from app.domain.keys import KeyringState
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ProviderState
from app.domain.provider_config import LocalServer
from app.engine.events import (
    KeyringChanged,
    LocalServersFound,
    ModelSelected,
    ProviderChanged,
    ProviderRemoved,
    ProvidersOrdered,
)

ProviderEvent = (
    ProviderChanged | ProviderRemoved | ProvidersOrdered | ModelSelected | LocalServersFound | KeyringChanged
)


class KnownProviders:
    def __init__(self) -> None:
        self.states: dict[ProviderId, ProviderState] = {}  # in the user's order
        self.selected_model: ModelRef | None = None
        self.local_servers: tuple[LocalServer, ...] = ()
        self.keyring = KeyringState.UNKNOWN

    def fold(self, event: ProviderEvent) -> None:
        match event:
            case ProviderChanged(state):
                self.states[state.id] = state
            case ProviderRemoved(provider_id):
                self.states.pop(provider_id, None)
            case ProvidersOrdered(provider_ids):
                self.states = {each: self.states[each] for each in provider_ids if each in self.states}
            case ModelSelected(ref):
                self.selected_model = ref
            case LocalServersFound(servers):
                self.local_servers = servers
            case KeyringChanged(keyring):
                self.keyring = keyring
