"""Who can answer, and who is chosen: providers being connected, lost and tried again."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.completion import ChatProvider
from app.domain.errors import Fault, NoModelReady, ProviderError, UnexpectedFault
from app.domain.provider import ModelRef, ModelSource, ProviderId, ProviderPhase, ProviderState
from app.engine.events import ModelSelected, ProviderChanged
from app.engine.store import ChatStore
from app.engine.tasks import Tasks

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadyModel:
    ref: ModelRef
    provider: ChatProvider


class Models:
    """Holds the sources in the order of preference: the first is the default."""

    def __init__(self, sources: Sequence[ModelSource], *, store: ChatStore, tasks: Tasks) -> None:
        self._sources = {source.id: source for source in sources}
        self._store = store
        self._tasks = tasks
        self._providers: dict[ProviderId, ChatProvider] = {}
        self._connecting: set[ProviderId] = set()

    def begin(self, preferred: ModelRef | None) -> None:
        """Show all providers, choose one (`preferred` if it still exists, else the first) and connect it."""
        for source in self._sources.values():
            self._set_state(ProviderState(id=source.id, name=source.name, note=source.note, billing=source.billing))
        if preferred is not None and preferred.provider_id in self._sources:
            self.select(preferred)
        elif self._sources:
            self.select(ModelRef(next(iter(self._sources)), ""))

    def select(self, ref: ModelRef) -> None:
        """Choose a model; its provider is connected if it is not. An empty model means the provider's default."""
        if ref.provider_id not in self._sources:
            return
        self._store.apply(ModelSelected(self._with_model(ref)))
        if self._store.providers[ref.provider_id].phase is not ProviderPhase.READY:
            self.connect(ref.provider_id)

    def connect(self, provider_id: ProviderId) -> None:
        """Connect a provider, or try again; ProviderChanged tells the rest. Nothing if it is being connected."""
        if provider_id in self._connecting or provider_id not in self._sources:
            return
        self._connecting.add(provider_id)
        self._set_state(replace(self._store.providers[provider_id], phase=ProviderPhase.STARTING, fault=None))
        self._tasks.start(self._connect(self._sources[provider_id]), name=f"connect-{provider_id}")

    def ready(self) -> ReadyModel:
        """
        Return the chosen model, ready to be asked.

        Raises:
            NoModelReady: none is chosen, or its provider is not connected.
        """
        ref = self._store.selected_model
        provider = self._providers.get(ref.provider_id) if ref else None
        if ref is None or provider is None or not ref.model:
            raise NoModelReady
        return ReadyModel(ref, provider)

    async def close(self) -> None:
        """Close connections, end child processes."""
        for provider in self._providers.values():
            await provider.aclose()
        self._providers.clear()
        for source in self._sources.values():
            await source.aclose()

    async def _connect(self, source: ModelSource) -> None:
        try:
            connected = await source.connect(lambda fault: self._on_lost(source.id, fault))
        except ProviderError as error:
            log.warning("provider not connected provider=%s error=%s", source.id, type(error).__name__)
            self._fail(source.id, error.fault)
            return
        except Exception as error:
            # A bug of ours must not leave the provider "starting" for ever.
            log.exception("provider not connected provider=%s", source.id)
            self._fail(source.id, UnexpectedFault(type(error).__name__).fault)
            return
        finally:
            self._connecting.discard(source.id)
        self._providers[source.id] = connected.provider
        self._set_state(
            replace(
                self._store.providers[source.id],
                phase=ProviderPhase.READY,
                models=connected.models,
                default_model=connected.default_model,
                fault=None,
            )
        )
        selected = self._store.selected_model
        if selected is not None and selected.provider_id == source.id:
            self._store.apply(ModelSelected(self._with_model(selected)))

    def _on_lost(self, provider_id: ProviderId, fault: Fault) -> None:
        self._providers.pop(provider_id, None)
        self._fail(provider_id, fault)

    def _fail(self, provider_id: ProviderId, fault: Fault) -> None:
        self._set_state(replace(self._store.providers[provider_id], phase=ProviderPhase.FAILED, fault=fault))

    def _with_model(self, ref: ModelRef) -> ModelRef:
        """Fill in the default where no model is named, or the named one is not offered any more."""
        state = self._store.providers[ref.provider_id]
        if state.phase is not ProviderPhase.READY:
            return ref
        if ref.model and (ref.model in state.models or ref.model == state.default_model):
            return ref
        return ModelRef(ref.provider_id, state.default_model or (state.models[0] if state.models else ref.model))

    def _set_state(self, state: ProviderState) -> None:
        self._store.apply(ProviderChanged(state))
