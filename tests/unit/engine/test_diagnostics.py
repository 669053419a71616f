"""Diagnostics tell what a bug report needs, and nothing that must not leave this computer."""

import asyncio
from pathlib import Path

import pytest

from app.domain.diagnosis import Diagnosis, Fact, size_in_words
from app.domain.errors import ProviderUnreachable
from app.domain.model import ProviderId
from app.domain.network import ProxyMode, ProxySetting
from app.domain.provider import ProviderPhase, ProviderState, Secret
from app.domain.provider_config import KeyPlace, ProviderConfig
from app.domain.redaction import Redactor
from app.engine.diagnostics import Diagnostics
from app.engine.events import DiagnosisMade, Event, ProviderChanged
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.database import Database
from app.storage.paths import DataFolder
from tests.world import keys_for

KEY = "canary-0123456789-abcdef"
CONFIG = ProviderConfig(
    id=ProviderId("a"), name="Mine", base_url="https://llm.example.org/v1", key_place=KeyPlace.KEYRING
)


class World:
    def __init__(self, folder: DataFolder, database: Database) -> None:
        self.store, self.tasks, self.redactor = ChatStore(), Tasks(), Redactor()
        self.preferences = Preferences(folder.settings, database=database, store=self.store, tasks=self.tasks)
        self.made: list[Diagnosis] = []
        self.store.subscribe(self._on_event)
        self.diagnostics = Diagnostics(
            folder,
            database=database,
            store=self.store,
            preferences=self.preferences,
            tasks=self.tasks,
            keys=keys_for(self.store),
            redactor=self.redactor,
            version="1.2.3",
        )

    def _on_event(self, event: Event) -> None:
        if isinstance(event, DiagnosisMade):
            self.made.append(event.diagnosis)

    async def gather(self) -> Diagnosis:
        self.diagnostics.gather((Fact("Qt", "6"),))
        async with asyncio.timeout(10):
            while not self.made:
                await asyncio.sleep(0.001)
        return self.made.pop()


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture
def world(folder: DataFolder, database: Database) -> World:
    return World(folder, database)


async def test_it_tells_how_the_keyring_is_though_nobody_asked_it_yet(world: World) -> None:
    """Tests have none: see conftest."""
    made = await world.gather()
    (network,) = (chapter for chapter in made.chapters if chapter.title == "Network")
    assert ("Keyring", "missing") in network.facts


async def test_it_tells_versions_sizes_and_the_screen(world: World) -> None:
    made = await world.gather()
    text = made.as_text()
    for expected in ("Belay", "1.2.3", "Python", "openai", "SQLite", "Qt", "Trusted certificates", "Keyring"):
        assert expected in text
    assert made.database_bytes > 0
    assert made.folder_bytes >= made.database_bytes
    assert (made.conversations, made.messages) == (0, 0)
    assert text.rstrip().endswith("none"), "no errors yet"


async def test_the_last_errors_come_from_the_log_without_keys_and_without_the_home(
    world: World, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    world.redactor.learn(Secret(KEY))
    lines = [f"2026-01-01 10:00:{number:02} WARNING app.x trouble {number}" for number in range(30)]
    lines += [
        "2026-01-01 10:01:00,1 INFO app.x calm",
        f"2026-01-01 10:01:01,1 ERROR app.x rejected {KEY} and sk-abcdefghij at /home/somebody/x",
        "2026-01-01 10:01:02,1 WARNING app.x no way through http://me:hush@proxy.example.org:3128",
        "Traceback (most recent call last):",
    ]
    folder.log.write_text("\n".join(lines))
    text = (await world.gather()).as_text()
    assert KEY not in text
    assert "sk-abc" not in text
    assert "/home/somebody" not in text
    assert "~/x" in text
    assert "hush" not in text
    assert "proxy.example.org:3128" in text
    assert "calm" not in text
    assert "trouble 29" in text
    assert "trouble 5\n" not in text, "only the last twenty"


async def test_a_provider_is_told_with_its_way_and_without_the_proxys_password(world: World) -> None:
    proxy = ProxySetting(ProxyMode.MANUAL, "http://me:secret@proxy.example.org:3128")
    world.preferences.change(providers=(CONFIG,), proxy=proxy, plain_http_hosts=("nas",))
    fault = ProviderUnreachable().fault
    state = ProviderState(id=CONFIG.id, name="Mine", phase=ProviderPhase.FAILED, address=CONFIG.base_url, fault=fault)
    world.store.apply(ProviderChanged(state))
    text = (await world.gather()).as_text()
    [line] = [line for line in text.splitlines() if line.startswith("  Mine")]
    assert "proxy.example.org:3128" in line
    assert fault.title in line
    assert "keyring" in line
    assert "secret" not in text
    assert "nas" in text


async def test_a_log_that_is_no_text_and_one_that_can_not_be_read_are_told(world: World, folder: DataFolder) -> None:
    folder.log.write_bytes(b"\xff\xfe 2026 ERROR \n2026-01-01 10:00:00 ERROR app \xff broken\n")
    assert "broken" in (await world.gather()).as_text()
    folder.log.unlink()
    folder.log.mkdir()
    assert "the log could not be read" in (await world.gather()).as_text()


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (4096, "4 KB"), (1_234_567, "1.2 MB"), (250_000_000, "250 MB"),
     (3_100_000_000, "3.1 GB")],
)  # fmt: skip
def test_a_size_is_told_as_people_read_it(size: int, words: str) -> None:
    assert size_in_words(size) == words
