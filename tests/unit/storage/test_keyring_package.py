"""Backends of the keyring package, as Windows and macOS have them: what they raise becomes a sentence."""

from collections.abc import Callable

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError
from keyring.errors import KeyringLocked as BackendLocked

from app.domain.errors import KeyringLocked, KeyUnavailable
from app.domain.keys import KeyringState
from app.domain.provider import Secret
from app.storage.keyring_package import PackagedKeyring, safe_keyring

SERVICE, ENTRY, KEY = "service", "work https://api.example.com:443", Secret("sk-test-0123456789")


class SystemFault(Exception):
    """What pywin32 raises is no KeyringError."""


class InMemory(KeyringBackend):
    priority = 0.1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def backend() -> InMemory:
    return InMemory()


@pytest.fixture
def keyring(backend: InMemory) -> PackagedKeyring:
    return PackagedKeyring(SERVICE, backend)


def test_what_is_kept_is_found_and_what_is_deleted_is_not(keyring: PackagedKeyring, backend: InMemory) -> None:
    assert keyring.read(ENTRY) is None
    keyring.keep(ENTRY, KEY)
    assert backend.kept == {(SERVICE, ENTRY): KEY.reveal()}
    found = keyring.read(ENTRY)
    assert found is not None
    assert found.reveal() == KEY.reveal()
    keyring.delete(ENTRY)
    keyring.delete(ENTRY)
    assert backend.kept == {}
    assert keyring.state() is KeyringState.READY


def test_one_that_says_it_is_locked_stays_so_until_a_click(keyring: PackagedKeyring, backend: InMemory) -> None:
    backend.error = BackendLocked("the user said no")
    with pytest.raises(KeyringLocked):
        keyring.read(ENTRY)
    assert keyring.state() is KeyringState.LOCKED
    assert keyring.unlock()
    assert keyring.state() is KeyringState.READY


@pytest.mark.parametrize("error", [KeyringError(KEY.reveal()), SystemFault(KEY.reveal()), OSError(KEY.reveal())])
def test_what_a_backend_raises_is_told_by_its_name_only(
    keyring: PackagedKeyring, backend: InMemory, error: Exception
) -> None:
    backend.error = error
    calls: tuple[Callable[[], object], ...] = (
        lambda: keyring.read(ENTRY),
        lambda: keyring.keep(ENTRY, KEY),
        lambda: keyring.delete(ENTRY),
    )
    for call in calls:
        with pytest.raises(KeyUnavailable) as raised:
            call()
        assert raised.value.detail == type(error).__name__


def test_a_backend_of_somebody_elses_is_not_taken_for_safe(monkeypatch: pytest.MonkeyPatch, backend: InMemory) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", backend)
    assert safe_keyring(SERVICE) is None
    monkeypatch.setattr(InMemory, "__module__", "keyring.backends.macOS")
    assert safe_keyring(SERVICE) is not None
