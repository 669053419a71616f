"""What every test may ask for. Nothing is mocked: SQLite is real, providers are scripted or in their own process."""

import gc
import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.storage.database import Database

if TYPE_CHECKING:
    from tests.secret_service import SecretService


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


@pytest.fixture
def keyring_environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Mapping[str, str]], None]:
    """Let the program find the keyring of a test, and the one that this system has no more."""

    def use(environ: Mapping[str, str]) -> None:
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))  # where the keyring package looks for a choice
        for name, value in environ.items():
            monkeypatch.setenv(name, value)

    return use


@pytest.fixture
def secret_service(keyring_environ: Callable[[Mapping[str, str]], None]) -> Iterator["SecretService"]:
    """GNOME Keyring, open, as the keyring of this test."""
    pytest.importorskip("secretstorage", reason="the Secret Service is Linux's")
    module = importlib.import_module("tests.secret_service")
    if module.MISSING:
        pytest.skip(module.WHY_SKIPPED)
    with module.SecretService() as running:
        keyring_environ(running.environ)
        yield running


@pytest.fixture(autouse=True)
def _no_test_touches_the_keyring_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring package takes its choice from here. `secret_service` is one of a test's own."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
