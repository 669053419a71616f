"""
Who can answer, and who is chosen: providers being connected, lost and tried again.

Longer than other files: connecting, losing, refusing and letting go change the same tables, and must be read together.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

from app.domain.completion import ChatProvider
from app.domain.errors import Fault, NoModelReady, ProviderError, ProviderGone, UnexpectedFault
from app.domain.model import BUILT_IN, NOTHING_LISTED, ModelInfo, ModelList, ModelRef, ProviderId
from app.domain.provider import Connected, ModelSource, ProviderPhase
from app.engine.connect_first import Attempt, ConnectFirst, ReadyModel
from app.engine.events import ModelSelected, ProviderRemoved, ProvidersOrdered
from app.engine.plain_http import require_consent
from app.engine.provider_states import ProviderStates
from app.engine.retiring import Retiring
from app.engine.store import ChatStore
from app.engine.tasks import Tasks

log = logging.getLogger(__name__)


class Models:
    """Holds the sources in the order of preference: the first is the default."""

    def __init__(
        self,
        sources: Iterable[ModelSource],
        *,
        store: ChatStore,
        tasks: Tasks,
        plain_http_hosts: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`plain_http_hosts`: those to which the user agreed to speak without encryption."""
        self._sources = {source.id: source for source in sources}
        self._store = store
        self._tasks = tasks
        self._plain_http_hosts = plain_http_hosts
        self._states = ProviderStates(store)
        self._retiring = Retiring(store=store, tasks=tasks)
        self._providers: dict[ProviderId, ChatProvider] = {}
        self._attempts: dict[ProviderId, Attempt] = {}
        self._releases: dict[ProviderId, asyncio.Task[None]] = {}
        self._listed_listeners: list[Callable[[ProviderId, tuple[ModelInfo, ...]], None]] = []
        for source in self._sources.values():
            self._states.show(source)

    @property
    def sources(self) -> tuple[ModelSource, ...]:
        """Return where the providers come from, in their order."""
        return tuple(self._sources.values())

    def begin(self, preferred: ModelRef | None, more: Iterable[tuple[ModelSource, ModelList]] = ()) -> None:
        """
        Choose a model (`preferred` if its provider is there, else the first), unless one was, and connect its provider.

        `more` are sources beside those there are, with the models they listed earlier. What was put before stays.
        """
        for source, kept in more:
            if source.id not in self._store.providers:
                self._sources[source.id] = source
                self._states.show(source, kept)
        if self._store.selected_model is not None:
            return
        if preferred is not None and preferred.provider_id in self._sources:
            self.select(preferred)
        elif self._sources:
            self.select(ModelRef(next(iter(self._sources)), ""))

    def on_listed(self, listener: Callable[[ProviderId, tuple[ModelInfo, ...]], None]) -> None:
        """Call `listener` whenever a provider has told its models."""
        self._listed_listeners.append(listener)

    def put(self, source: ModelSource, kept: ModelList = NOTHING_LISTED) -> None:
        """
        Add a provider, at the end, or change one: it has to be connected anew. Answers under way go on.

        The chosen one is connected at once. `kept` are the models it listed earlier at the same address.
        """
        self._retire(source.id)
        self._sources[source.id] = source
        self._states.show(source, kept)
        selected = self._store.selected_model
        if selected is None or selected.provider_id not in self._sources:
            self.select(ModelRef(source.id, ""))
        elif selected.provider_id == source.id:
            self.connect(source.id)

    def stand_in(self, source: ModelSource) -> None:
        """Before `begin`: put a source in the place of the one of its id. Nothing if there is none."""
        if source.id in self._sources:
            self._sources[source.id] = source
            self._states.show(source)

    def note_progress(self, provider_id: ProviderId, progress: float) -> None:
        """So much of a provider that is being started is loaded, from 0 to 1."""
        self._states.loaded(provider_id, progress)

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
        """
        Connect a provider, or anew; ProviderChanged tells the rest. Nothing if it is being connected.

        Answers under way go on: the built-in process, which is only one, begins anew when it has none.
        """
        if provider_id not in self._sources:
            return
        if provider_id == BUILT_IN and provider_id in self._providers:
            self.release(provider_id)
            if provider_id in self._providers:
                return
        self._attempt(provider_id).is_for_itself = True

    def ready(self, ref: ModelRef | None = None) -> ReadyModel:
        """
        Return a model that can be asked: the chosen one if none is named.

        One whose provider is not connected has it connected by the first message, which waits for it.

        Raises:
            NoModelReady: none is chosen, it has no name yet, or its provider is not there.
        """
        if (ref := ref or self._store.selected_model) is None or not ref.model or ref.provider_id not in self._sources:
            raise NoModelReady
        return ReadyModel(ref, self._providers.get(ref.provider_id) or ConnectFirst(self.connected, ref.provider_id))

    async def connected(self, provider_id: ProviderId) -> ChatProvider:
        """
        Return a provider that can be asked, connected first if it is not.

        A cancel ends the attempt, too, if it was begun for this and nobody else waits for it.

        Raises:
            ProviderError: it can't be connected.
        """
        while (provider := self._providers.get(provider_id)) is None:
            if provider_id not in self._sources:
                raise ProviderGone
            attempt = self._attempt(provider_id)
            attempt.waiters += 1
            try:
                assert attempt.task is not None
                await asyncio.wait({attempt.task})
            finally:
                attempt.waiters -= 1
                self._abandon(attempt)
            if attempt.error is not None:
                raise attempt.error
        return provider

    def release(self, provider_id: ProviderId) -> None:
        """Let go of a provider until the next message: nothing if it is answering."""
        if self._retiring.is_answering(provider_id) or (provider := self._providers.pop(provider_id, None)) is None:
            return
        self._states.idle(provider_id)
        closing = self._retiring.close(self._sources[provider_id], provider)
        self._releases[provider_id] = self._tasks.start(closing, name=f"release-{provider_id}")

    def refuse(self, provider_id: ProviderId, fault: Fault) -> None:
        """Ask a provider nothing more until it is connected anew. Answers under way go on."""
        if (provider := self._providers.pop(provider_id, None)) is not None:
            self._retiring.retire_provider(provider_id, provider)
            self._states.failed(provider_id, fault)

    async def close(self) -> None:
        """Close connections, end child processes. One that is lost meanwhile is no obstacle."""
        for provider in tuple(self._providers.values()):
            await provider.aclose()
        self._providers.clear()
        for source in self.sources:
            await source.aclose()

    def _attempt(self, provider_id: ProviderId) -> Attempt:
        """Return the attempt to connect that is under way, or begin one."""
        if (attempt := self._attempts.get(provider_id)) is not None:
            return attempt
        attempt = self._attempts[provider_id] = Attempt(self._sources[provider_id], is_for_itself=False)
        self._states.starting(provider_id)
        attempt.task = self._tasks.start(self._connect(attempt), name=f"connect-{provider_id}")
        return attempt

    def _abandon(self, attempt: Attempt) -> None:
        """End an attempt that nobody waits for any more, if it was there for those who did."""
        assert attempt.task is not None
        if attempt.is_for_itself or attempt.waiters or attempt.task.done():
            return
        attempt.task.cancel()
        source = attempt.source
        if self._attempts.get(source.id) is attempt:
            del self._attempts[source.id]
            self._states.idle(source.id)

    async def _connect(self, attempt: Attempt) -> None:
        source, connected = attempt.source, None
        try:
            if (release := self._releases.get(source.id)) is not None:
                await asyncio.wait({release})  # what it closes must not be what begins here
            require_consent(source.address, self._plain_http_hosts())
            connected = await source.connect(lambda fault: self._on_lost(source, fault))
        except ProviderError as error:
            log.warning("provider not connected provider=%s error=%s", source.id, type(error).__name__)
            attempt.error = error
        except Exception as error:
            # A bug of ours must not leave the provider "starting" for ever.
            log.exception("provider not connected provider=%s", source.id)
            attempt.error = UnexpectedFault(type(error).__name__)
        finally:
            if self._attempts.get(source.id) is attempt:
                del self._attempts[source.id]
        if self._sources.get(source.id) is not source:  # it was changed or removed meanwhile
            attempt.error = None  # who waits asks the one that came in its place
            await self._retiring.close(source, connected.provider if connected else None)
        elif connected is not None:
            self._take(source, connected)
        elif attempt.error is not None:
            self._states.failed(source.id, attempt.error.fault)

    def _take(self, source: ModelSource, connected: Connected) -> None:
        before, self._providers[source.id] = self._providers.get(source.id), connected.provider
        if before is not None and before is not connected.provider:
            self._retiring.retire_provider(source.id, before)  # its connections would stay open
        self._states.ready(source.id, connected)
        for listener in self._listed_listeners:
            listener(source.id, connected.models)
        selected = self._store.selected_model
        if selected is not None and selected.provider_id == source.id:
            self._store.apply(ModelSelected(self._with_model(selected)))

    def _on_lost(self, source: ModelSource, fault: Fault) -> None:
        if self._sources.get(source.id) is source:
            self._providers.pop(source.id, None)
            self._states.failed(source.id, fault)

    def _retire(self, provider_id: ProviderId) -> None:
        """Let go of what a provider had; its connections are closed when its last answer has ended."""
        if (attempt := self._attempts.pop(provider_id, None)) is not None and attempt.task is not None:
            attempt.task.cancel()
        source, provider = self._sources.get(provider_id), self._providers.pop(provider_id, None)
        if source is not None:
            self._retiring.retire(source, provider)

    def _with_model(self, ref: ModelRef) -> ModelRef:
        return ModelRef(ref.provider_id, self._store.providers[ref.provider_id].offered(ref.model))
