"""What every test may ask for. Nothing is mocked: SQLite is real, providers are scripted or in their own process."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "belay.db")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _leaks_are_heard() -> Iterator[None]:
    """A socket or file left open warns when it is collected: collect in the test that left it."""
    yield
    gc.collect(1)


@pytest.fixture(autouse=True)
def _no_test_touches_the_keyring_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring package takes its choice from here. tests/keyring.py has a keyring of its own."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
