"""How each provider is. Every change of it is told by one ProviderChanged."""

from msgspec.structs import replace

from app.domain.conversation import now_ms
from app.domain.errors import Fault
from app.domain.model import NOTHING_LISTED, ModelList, ProviderId
from app.domain.provider import Connected, ModelSource, ProviderPhase, ProviderState
from app.engine.events import ProviderChanged
from app.engine.store import ChatStore


class ProviderStates:
    def __init__(self, store: ChatStore) -> None:
        self._store = store

    def show(self, source: ModelSource, kept: ModelList = NOTHING_LISTED) -> None:
        """A provider is there, not connected; `kept` are the models it listed earlier."""
        self._set(
            ProviderState(
                id=source.id,
                name=source.name,
                note=source.note,
                address=source.address,
                billing=source.billing,
                models=kept.models,
                listed_at_ms=kept.listed_at_ms,
            )
        )

    def starting(self, provider_id: ProviderId) -> None:
        self._change(provider_id, ProviderPhase.STARTING)

    def loaded(self, provider_id: ProviderId, progress: float) -> None:
        """So much of it is loaded, from 0 to 1; told in steps of a hundredth."""
        state = self._store.providers.get(provider_id)
        if state is None or state.phase is not ProviderPhase.STARTING:
            return
        if state.progress is None or round(progress, 2) != round(state.progress, 2):
            self._set(replace(state, progress=progress))

    def ready(self, provider_id: ProviderId, connected: Connected) -> None:
        state = replace(
            self._store.providers[provider_id],
            models=connected.models,
            listed_at_ms=now_ms(),
            default_model=connected.default_model,
        )
        self._set(replace(state, phase=ProviderPhase.READY, fault=None, progress=None))

    def failed(self, provider_id: ProviderId, fault: Fault) -> None:
        self._change(provider_id, ProviderPhase.FAILED, fault)

    def idle(self, provider_id: ProviderId) -> None:
        """It is not connected any more, and what it listed is still known."""
        self._change(provider_id, ProviderPhase.IDLE)

    def _change(self, provider_id: ProviderId, phase: ProviderPhase, fault: Fault | None = None) -> None:
        self._set(replace(self._store.providers[provider_id], phase=phase, fault=fault, progress=None))

    def _set(self, state: ProviderState) -> None:
        self._store.apply(ProviderChanged(state))
