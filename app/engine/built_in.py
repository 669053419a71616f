"""The model that runs on this computer: which file it is, and when it is let go."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.domain.conversation import MessageId
from app.domain.errors import AppError
from app.domain.local_model import ModelFile
from app.domain.model import BUILT_IN
from app.domain.provider import ModelSource, ProviderPhase
from app.domain.settings import LocalModelSettings, Settings
from app.engine.events import Event, GenerationEnded, LocalFileRead, ProviderChanged
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.engine.tasks import Tasks

SECONDS_A_MINUTE = 60.0


class LocalSourceOf(Protocol):
    """Makes the source that runs what the settings say; `on_progress` is told how much of it is loaded."""

    def __call__(self, settings: LocalModelSettings, on_progress: Callable[[float], None]) -> ModelSource: ...


class BuiltIn:
    """
    Keeps the built-in provider in step with the settings.

    Another file, context or number of threads is another source: an answer under way goes on with the old one.
    After `idle_minutes` in which nobody asked it anything, the model is let go; the next message loads it again.
    """

    def __init__(
        self,
        *,
        models: Models,
        preferences: Preferences,
        store: ChatStore,
        tasks: Tasks,
        source_of: LocalSourceOf,
        read_file: Callable[[Path], ModelFile],
        free_memory_bytes: Callable[[], int | None],
    ) -> None:
        self._models = models
        self._store = store
        self._tasks = tasks
        self._source_of = source_of
        self._read_file = read_file
        self._free_memory_bytes = free_memory_bytes
        self._settings = preferences.current.local_model
        self._used_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        if _runs(self._settings) != _runs(LocalModelSettings()):
            models.stand_in(self._source())
        preferences.subscribe(self._on_settings_changed)
        store.subscribe(self._on_event)

    def look_at(self, path: str) -> None:
        """Read what a file says of the model in it, without loading it. LocalFileRead tells."""
        self._tasks.start(self._look_at(path), name="look-at-model-file")

    def close(self) -> None:
        """Let nothing go any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _look_at(self, path: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            file = await loop.run_in_executor(None, self._read_file, Path(path))
        except AppError as error:
            self._store.apply(LocalFileRead(path, None, error.fault))
            return
        free_bytes = await loop.run_in_executor(None, self._free_memory_bytes)
        self._store.apply(LocalFileRead(path, file, None, free_bytes))

    def _source(self) -> ModelSource:
        return self._source_of(self._settings, lambda progress: self._models.note_progress(BUILT_IN, progress))

    def _on_settings_changed(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings.local_model
        if _runs(before) != _runs(self._settings) and BUILT_IN in self._store.providers:
            self._models.put(self._source())
        if before.idle_minutes != self._settings.idle_minutes:
            self.close()  # the timer that is due too late
            self._note_use()

    def _on_event(self, event: Event) -> None:
        match event:
            case GenerationEnded(message_id=message_id) if self._is_ours(message_id):
                self._note_use()
            case ProviderChanged(state) if state.id == BUILT_IN and state.phase is ProviderPhase.READY:
                self._note_use()

    def _is_ours(self, message_id: MessageId) -> bool:
        message = self._store.message(message_id)
        return message is not None and message.provider == BUILT_IN

    def _note_use(self) -> None:
        """One timer at a time, which is not moved: when it is due it looks whether it is too early."""
        loop = asyncio.get_running_loop()
        self._used_s = loop.time()
        if self._timer is None:
            self._arm(loop)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        state = self._store.providers.get(BUILT_IN)
        if self._settings.idle_minutes and state is not None and state.phase is ProviderPhase.READY:
            self._timer = loop.call_at(self._due_s(), self._on_due)

    def _due_s(self) -> float:
        return self._used_s + self._settings.idle_minutes * SECONDS_A_MINUTE

    def _on_due(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        if self._settings.idle_minutes and loop.time() >= self._due_s():
            self._models.release(BUILT_IN)
            return  # if it is answering, the end of the answer is its next use
        self._arm(loop)


def _runs(settings: LocalModelSettings) -> tuple[str, int, int]:
    """What the child process is started with."""
    return settings.file, settings.context_tokens, settings.threads
