"""Gathers what a bug report needs to know, off the UI thread: versions, paths, ways to providers, last errors."""

import asyncio
import importlib
import os
import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.domain.diagnosis import Chapter, Diagnosis, Fact, size_in_words
from app.domain.errors import StorageError
from app.domain.provider import ProviderState
from app.domain.redaction import Redactor
from app.domain.settings import Settings
from app.engine.events import DiagnosisMade
from app.engine.keys import Keys
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.counts import Counts, count_all
from app.storage.database import Database
from app.storage.paths import DataFolder

_PACKAGES = ("openai", "httpx2", "httpcore2", "truststore", "keyring", "xllamacpp")
_LOG_TAIL_BYTES = 200_000
_LAST_ERRORS = 20
_LINE_CHARACTERS = 400
_LOGGED_TROUBLE = re.compile(r"^\S+ \S+ (?:WARNING|ERROR|CRITICAL) ")
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
_UNKNOWN = Counts(0, 0, "unknown")


class Diagnostics:
    def __init__(
        self,
        folder: DataFolder,
        *,
        database: Database,
        store: ChatStore,
        preferences: Preferences,
        tasks: Tasks,
        keys: Keys,
        redactor: Redactor,
        version: str,
    ) -> None:
        self._folder = folder
        self._database = database
        self._store = store
        self._preferences = preferences
        self._tasks = tasks
        self._keys = keys
        self._redactor = redactor
        self._version = version

    def gather(self, display: Sequence[Fact]) -> None:
        """Gather all; DiagnosisMade tells. `display` is what the window knows of the screen it is on."""
        self._tasks.start(self._gather(tuple(display)), name="diagnostics")

    async def _gather(self, display: tuple[Fact, ...]) -> None:
        counts = _UNKNOWN
        try:
            counts = await self._database.read(count_all)
        except StorageError as error:
            display = (*display, Fact("Database", f"could not be read: {type(error).__name__}"))
        settings, states = self._preferences.current, tuple(self._store.providers.values())
        await self._keys.look()  # nobody may have asked the keyring yet
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(None, self._read, display, counts, settings, states)
        self._store.apply(DiagnosisMade(made))

    def _read(
        self, display: tuple[Fact, ...], counts: Counts, settings: Settings, states: tuple[ProviderState, ...]
    ) -> Diagnosis:
        """Runs in a thread of its own: it reads files, and the system's proxies."""
        database_bytes, folder_bytes = _size_of(self._folder.database), _size_of_all(self._folder.root)
        data = (
            Fact("Folder", shortened(str(self._folder.root))),
            Fact("Size", size_in_words(folder_bytes)),
            Fact("Database", size_in_words(database_bytes)),
            Fact("Conversations", f"{counts.conversations:,}"),
            Fact("Messages", f"{counts.messages:,}"),
        )
        chapters = (
            Chapter("Versions", _versions(self._version, counts.sqlite_version)),
            Chapter("Display", display),
            Chapter("Data", data),
            Chapter("Network", (*_network(settings), Fact("Keyring", str(self._store.known.keyring)))),
            Chapter("Providers", tuple(_of_provider(state, settings) for state in states)),
            Chapter("Last errors", tuple(Fact("", line) for line in self._last_errors()) or (Fact("", "none"),)),
        )
        cleaned = tuple(Chapter(title, tuple(map(self._cleaned, facts))) for title, facts in chapters)
        return Diagnosis(
            chapters=cleaned,
            folder_bytes=folder_bytes,
            database_bytes=database_bytes,
            conversations=counts.conversations,
            messages=counts.messages,
        )

    def _cleaned(self, fact: Fact) -> Fact:
        value = self._redactor.redacted(shortened(_PASSWORD.sub("…@", fact.value)))
        return Fact(fact.name, value[:_LINE_CHARACTERS])

    def _last_errors(self) -> list[str]:
        """The newest last. A log that can't be read is said to be so: it is a finding, too."""
        try:
            with self._folder.log.open("rb") as file:
                file.seek(max(0, _size_of(self._folder.log) - _LOG_TAIL_BYTES))
                lines = file.read().decode("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            return [f"the log could not be read: {error.strerror}"]
        return [line for line in lines if _LOGGED_TROUBLE.match(line)][-_LAST_ERRORS:]


def shortened(text: str) -> str:
    """The user's home as ~: its path often holds a name."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def _versions(version: str, sqlite_version: str) -> tuple[Fact, ...]:
    return (
        Fact("Belay", version),
        Fact("Python", platform.python_version()),
        Fact("SQLite", sqlite_version),
        *(Fact(name, _version_of(name)) for name in _PACKAGES),
        Fact("System", platform.platform()),
        Fact("Processor", f"{platform.machine()}, {os.cpu_count()} cores"),
        Fact("Frozen", "yes" if getattr(sys, "frozen", False) else "no"),
    )


def _version_of(package: str) -> str:
    metadata: Any = importlib.import_module("importlib.metadata")  # slow to load, as below
    try:
        return str(metadata.version(package))
    except metadata.PackageNotFoundError:
        return "not installed"


def _network(settings: Settings) -> tuple[Fact, ...]:
    replaced = [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
    roots = f"replaced by {' and '.join(replaced)}" if replaced else "the system's"
    set_here = [name for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
                if os.environ.get(name) or os.environ.get(name.lower())]  # fmt: skip
    return (
        Fact("Trusted certificates", roots),
        Fact("Proxy setting", str(settings.proxy.mode)),
        Fact("Proxy variables", ", ".join(set_here) or "none"),
        Fact("Without encryption", ", ".join(settings.plain_http_hosts) or "no host"),
    )


def _of_provider(state: ProviderState, settings: Settings) -> Fact:
    # urllib.request, below it, is slow to load: in this thread, when it is wanted.
    proxies: Any = importlib.import_module("app.providers.proxies")
    config = next((each for each in settings.providers if each.id == state.id), None)
    proxy = config.proxy if config is not None and config.proxy is not None else settings.proxy
    way = proxies.described_way(proxy, state.address) if state.address else "on this computer"
    key = f", key: {config.key_place}" if config is not None else ""
    fault = f", {state.fault.title}" if state.fault is not None else ""
    return Fact(state.name, f"{state.phase}{fault}, {state.address or 'no address'}, {way}{key}")


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone meanwhile, or never there
        return 0


def _size_of_all(folder: Path) -> int:
    return sum(_size_of(path) for path in folder.rglob("*") if path.is_file())
