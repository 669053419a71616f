"""Who can answer, and who is chosen: providers being connected, lost and tried again."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from app.domain.completion import ChatProvider
from app.domain.errors import Fault, NoModelReady, ProviderError, UnexpectedFault
from app.domain.model import ModelInfo, ModelRef, ProviderId
from app.domain.provider import Connected, ModelSource, ProviderPhase, ProviderState
from app.engine.events import (
    Event,
    GenerationEnded,
    ModelSelected,
    ProviderChanged,
    ProviderRemoved,
    ProvidersOrdered,
)
from app.engine.store import ChatStore
from app.engine.tasks import Tasks

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadyModel:
    ref: ModelRef
    provider: ChatProvider


class Models:
    """Holds the sources in the order of preference: the first is the default."""

    def __init__(self, sources: Iterable[ModelSource], *, store: ChatStore, tasks: Tasks) -> None:
        self._sources = {source.id: source for source in sources}
        self._store = store
        self._tasks = tasks
        self._providers: dict[ProviderId, ChatProvider] = {}
        self._connecting: dict[ProviderId, ModelSource] = {}
        self._listed_listeners: list[Callable[[ProviderId, tuple[ModelInfo, ...]], None]] = []
        for source in self._sources.values():
            self._show(source, ())

    def begin(self, preferred: ModelRef | None, more: Iterable[tuple[ModelSource, tuple[ModelInfo, ...]]] = ()) -> None:
        """
        Choose a model (`preferred` if its provider still exists, else the first) and connect its provider.

        `more` are sources beside those there are, with the models they listed in an earlier session. What was put or
        chosen before stays as it is.
        """
        for source, kept in more:
            if source.id not in self._store.providers:
                self._sources[source.id] = source
                self._show(source, kept)
        if self._store.selected_model is not None:
            return
        if preferred is not None and preferred.provider_id in self._sources:
            self.select(preferred)
        elif self._sources:
            self.select(ModelRef(next(iter(self._sources)), ""))

    def on_listed(self, listener: Callable[[ProviderId, tuple[ModelInfo, ...]], None]) -> None:
        """Call `listener` whenever a provider has told its models."""
        self._listed_listeners.append(listener)

    def put(self, source: ModelSource, kept: tuple[ModelInfo, ...] = ()) -> None:
        """
        Add a provider, at the end, or change one: it has to be connected anew. Answers under way go on.

        The chosen one is connected at once. `kept` are the models it listed earlier at the same address.
        """
        self._retire(source.id)
        self._sources[source.id] = source
        self._show(source, kept)
        selected = self._store.selected_model
        if selected is None or selected.provider_id not in self._sources:
            self.select(ModelRef(source.id, ""))
        elif selected.provider_id == source.id:
            self.connect(source.id)

    def drop(self, provider_id: ProviderId) -> None:
        """Remove a provider. Answers under way go on; if it was the chosen one, the first of the rest is chosen."""
        if provider_id not in self._sources:
            return
        self._retire(provider_id)
        del self._sources[provider_id]
        self._store.apply(ProviderRemoved(provider_id))
        selected = self._store.selected_model
        if selected is not None and selected.provider_id == provider_id and self._sources:
            self.select(ModelRef(next(iter(self._sources)), ""))

    def order(self, provider_ids: Iterable[ProviderId]) -> None:
        """Show the providers in this order; those not named come last."""
        named = [each for each in provider_ids if each in self._sources]
        rest = [each for each in self._sources if each not in named]
        self._sources = {each: self._sources[each] for each in (*named, *rest)}
        self._store.apply(ProvidersOrdered(tuple(self._sources)))

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
        source = self._connecting[provider_id] = self._sources[provider_id]
        self._set_state(replace(self._store.providers[provider_id], phase=ProviderPhase.STARTING, fault=None))
        self._tasks.start(self._connect(source), name=f"connect-{provider_id}")

    def ready(self, ref: ModelRef | None = None) -> ReadyModel:
        """
        Return a model, ready to be asked: the chosen one if none is named.

        Raises:
            NoModelReady: none is chosen, or its provider is not connected.
        """
        ref = ref or self._store.selected_model
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
        connected: Connected | None = None
        fault: Fault | None = None
        try:
            connected = await source.connect(lambda fault: self._on_lost(source, fault))
        except ProviderError as error:
            log.warning("provider not connected provider=%s error=%s", source.id, type(error).__name__)
            fault = error.fault
        except Exception as error:
            # A bug of ours must not leave the provider "starting" for ever.
            log.exception("provider not connected provider=%s", source.id)
            fault = UnexpectedFault(type(error).__name__).fault
        finally:
            if self._connecting.get(source.id) is source:
                del self._connecting[source.id]
        if self._sources.get(source.id) is not source:  # it was changed or removed meanwhile
            if connected is not None:
                await connected.provider.aclose()
            await source.aclose()
        elif connected is not None:
            self._take(source, connected)
        elif fault is not None:
            self._fail(source.id, fault)

    def _take(self, source: ModelSource, connected: Connected) -> None:
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
        for listener in self._listed_listeners:
            listener(source.id, connected.models)
        selected = self._store.selected_model
        if selected is not None and selected.provider_id == source.id:
            self._store.apply(ModelSelected(self._with_model(selected)))

    def _on_lost(self, source: ModelSource, fault: Fault) -> None:
        if self._sources.get(source.id) is source:
            self._providers.pop(source.id, None)
            self._fail(source.id, fault)

    def _fail(self, provider_id: ProviderId, fault: Fault) -> None:
        self._set_state(replace(self._store.providers[provider_id], phase=ProviderPhase.FAILED, fault=fault))

    def _retire(self, provider_id: ProviderId) -> None:
        """Let go of what a provider had; its connections are closed when its last answer has ended."""
        self._connecting.pop(provider_id, None)
        source, provider = self._sources.get(provider_id), self._providers.pop(provider_id, None)
        if source is not None:
            self._tasks.start(self._close_when_idle(source, provider), name=f"retire-{provider_id}")

    async def _close_when_idle(self, source: ModelSource, provider: ChatProvider | None) -> None:
        ended = asyncio.Event()

        def on_event(event: Event) -> None:
            if isinstance(event, GenerationEnded):
                ended.set()

        unsubscribe = self._store.subscribe(on_event)
        try:
            while self._is_answering(source.id):
                ended.clear()
                await ended.wait()
        finally:
            unsubscribe()
            if provider is not None:
                await provider.aclose()
            await source.aclose()

    def _is_answering(self, provider_id: ProviderId) -> bool:
        answers = map(self._store.message, self._store.generating())
        return any(answer is not None and answer.provider == provider_id for answer in answers)

    def _with_model(self, ref: ModelRef) -> ModelRef:
        """Fill in the default where no model is named, or the named one is not offered any more."""
        state = self._store.providers[ref.provider_id]
        if state.phase is not ProviderPhase.READY:
            return ref
        if ref.model and (state.model(ref.model) is not None or ref.model == state.default_model):
            return ref
        return ModelRef(ref.provider_id, state.default_model or (state.models[0].id if state.models else ref.model))

    def _show(self, source: ModelSource, kept: tuple[ModelInfo, ...]) -> None:
        self._set_state(
            ProviderState(
                id=source.id,
                name=source.name,
                note=source.note,
                address=source.address,
                billing=source.billing,
                models=kept,
            )
        )

    def _set_state(self, state: ProviderState) -> None:
        self._store.apply(ProviderChanged(state))
