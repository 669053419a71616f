"""The user's settings, in memory and on disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.domain.errors import StorageError
from app.domain.settings import Settings
from app.engine.events import FaultOccurred
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.database import Database
from app.storage.settings_file import SettingsUnreadable, load_settings, save_settings

Listener = Callable[[Settings], None]


class Preferences:
    """Every change applies at once and is written behind."""

    def __init__(self, path: Path, *, database: Database, store: ChatStore, tasks: Tasks) -> None:
        """Read the file. One that can't be read is set aside, and `problem` says so."""
        self._path = path
        self._database = database
        self._store = store
        self._tasks = tasks
        self._listeners: list[Listener] = []
        self.problem: SettingsUnreadable | None = None
        try:
            self.current = load_settings(path)
        except SettingsUnreadable as error:
            self.problem = error
            self.current = Settings()

    def subscribe(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def change(self, **changes: Any) -> None:
        """Change named settings. Listeners hear it now; the file is written on the disk thread."""
        changed = replace(self.current, **changes)
        if changed == self.current:
            return
        self.current = changed
        for listener in tuple(self._listeners):
            listener(changed)
        self._tasks.start(self._save(changed), name="settings-save")

    async def _save(self, settings: Settings) -> None:
        try:
            await self._database.run_plain(save_settings, self._path, settings)
        except StorageError as error:
            self._store.apply(FaultOccurred(error.fault))
