"""How a provider ends that was changed, removed, or is not needed now: its last answer first."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from app.domain.completion import ChatProvider
from app.domain.model import ProviderId
from app.domain.provider import ModelSource
from app.engine.events import Event, GenerationEnded
from app.engine.store import ChatStore
from app.engine.tasks import Tasks


class Retiring:
    def __init__(self, *, store: ChatStore, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks

    def retire(self, source: ModelSource, provider: ChatProvider | None) -> None:
        """Close what a source began, as soon as no answer comes from it any more. Returns at once."""
        self._when_idle(source.id, partial(self.close, source, provider))

    def retire_provider(self, provider_id: ProviderId, provider: ChatProvider) -> None:
        """Close one provider of a source that goes on, as soon as no answer comes from it any more. Returns at once."""
        self._when_idle(provider_id, provider.aclose)

    def is_answering(self, provider_id: ProviderId) -> bool:
        answers = map(self._store.message, self._store.generating())
        return any(answer is not None and answer.provider == provider_id for answer in answers)

    async def close(self, source: ModelSource, provider: ChatProvider | None) -> None:
        if provider is not None:
            await provider.aclose()
        await source.aclose()

    def _when_idle(self, provider_id: ProviderId, close: Callable[[], Awaitable[None]]) -> None:
        self._tasks.start(self._close_when_idle(provider_id, close), name=f"retire-{provider_id}")

    async def _close_when_idle(self, provider_id: ProviderId, close: Callable[[], Awaitable[None]]) -> None:
        ended = asyncio.Event()

        def on_event(event: Event) -> None:
            if isinstance(event, GenerationEnded):
                ended.set()

        unsubscribe = self._store.subscribe(on_event)
        try:
            while self.is_answering(provider_id):
                ended.clear()
                await ended.wait()
        finally:
            unsubscribe()
            await close()
