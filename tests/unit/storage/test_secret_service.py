"""A real Secret Service: what is kept is found, and nothing but `unlock` ever asks for a password."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import KeyringLocked
from app.domain.key_errors import KeyringMissing
from app.domain.keys import MAX_KEY_CHARACTERS, KeyringState
from app.domain.provider import Secret
from app.storage.keychain import SERVICE, Keychain, Keyring

if TYPE_CHECKING:
    from tests.secret_service import SecretService

ENTRY = "work https://api.example.com:443"
OTHER = "work https://other.example.com:443"
KEY = Secret("sk-test-0123456789")
PATIENCE_S = 10.0


@pytest.fixture
def keyring(secret_service: "SecretService") -> Keyring:
    return Keychain().load()


def read(keyring: Keyring, entry: str) -> str | None:
    found = keyring.read(entry)
    return None if found is None else found.reveal()


def test_what_is_kept_is_found_and_what_is_not_is_not(keyring: Keyring, secret_service: "SecretService") -> None:
    assert keyring.state() is KeyringState.READY
    assert keyring.read(ENTRY) is None
    keyring.keep(ENTRY, KEY)
    assert read(keyring, ENTRY) == KEY.reveal()
    assert keyring.read(OTHER) is None
    assert secret_service.entries() == {ENTRY: KEY.reveal()}


def test_a_key_takes_the_place_of_the_one_before(keyring: Keyring, secret_service: "SecretService") -> None:
    keyring.keep(ENTRY, Secret("the-old-one"))
    keyring.keep(ENTRY, KEY)
    assert secret_service.entries() == {ENTRY: KEY.reveal()}


def test_what_is_deleted_is_gone_and_the_rest_is_not(keyring: Keyring, secret_service: "SecretService") -> None:
    keyring.keep(ENTRY, KEY)
    keyring.keep(OTHER, Secret("another"))
    keyring.delete(ENTRY)
    keyring.delete(ENTRY)
    assert secret_service.entries() == {OTHER: "another"}


def test_the_longest_key_and_every_letter_come_back(keyring: Keyring) -> None:
    longest = "".join(chr(33 + number % 94) for number in range(MAX_KEY_CHARACTERS))
    for value in (longest, "schlüssel-世界-🙂"):
        keyring.keep(ENTRY, Secret(value))
        assert read(keyring, ENTRY) == value


def test_the_keyring_package_finds_the_same_entry(keyring: Keyring) -> None:
    """So that a user's own tools, and a later Belay, find it, too."""
    backend = pytest.importorskip("keyring.backends.SecretService")
    keyring.keep(ENTRY, KEY)
    assert backend.Keyring().get_password(SERVICE, ENTRY) == KEY.reveal()


@pytest.mark.parametrize(
    "question",
    [
        lambda keyring: keyring.read(ENTRY),
        lambda keyring: keyring.read(OTHER),
        lambda keyring: keyring.keep(ENTRY, KEY),
        lambda keyring: keyring.delete(ENTRY),
    ],
)
def test_a_locked_one_says_so_and_asks_for_no_password(
    keyring: Keyring, secret_service: "SecretService", question: Callable[[Keyring], object]
) -> None:
    keyring.keep(ENTRY, KEY)
    secret_service.lock()
    assert keyring.state() is KeyringState.LOCKED
    with pytest.raises(KeyringLocked):
        question(keyring)
    assert secret_service.prompts == 0


@contextmanager
def unlocking(keyring: Keyring, secret_service: "SecretService") -> Iterator[list[bool]]:
    """Someone has clicked, and the prompt is there; afterwards the list holds what became of it."""
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(keyring.unlock()), daemon=True)
    thread.start()
    secret_service.wait_for_prompt()
    yield results
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_unlock_asks_and_waits_until_the_password_is_typed(keyring: Keyring, secret_service: "SecretService") -> None:
    keyring.keep(ENTRY, KEY)
    secret_service.lock()
    with unlocking(keyring, secret_service) as results:
        assert results == []
        secret_service.type_password()
        secret_service.close_prompt()
    assert results == [True]
    assert read(keyring, ENTRY) == KEY.reveal()


def test_a_prompt_that_is_closed_leaves_it_locked(keyring: Keyring, secret_service: "SecretService") -> None:
    secret_service.lock()
    with unlocking(keyring, secret_service) as results:
        secret_service.close_prompt()
    assert results == [False]
    assert keyring.state() is KeyringState.LOCKED


def test_a_prompt_can_be_taken_back(keyring: Keyring, secret_service: "SecretService") -> None:
    secret_service.lock()
    with unlocking(keyring, secret_service) as results:
        keyring.end_prompt()
    assert results == [False]
    keyring.end_prompt()


def test_an_open_one_is_unlocked_without_a_prompt(keyring: Keyring, secret_service: "SecretService") -> None:
    assert keyring.unlock()
    assert secret_service.prompts == 0


def test_a_system_without_a_bus_or_without_a_service_has_no_keyring(
    keyring_environ: Callable[[Mapping[str, str]], None], tmp_path: object
) -> None:
    pytest.importorskip("secretstorage", reason="the Secret Service is Linux's")
    for environ in ({}, {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none"}, {"DBUS_SESSION_BUS_ADDRESS": "?"}):
        keyring_environ(environ)
        keyring = Keychain().load()
        assert keyring.state() is KeyringState.MISSING
        for question in (keyring.read, keyring.delete):
            with pytest.raises(KeyringMissing):
                question(ENTRY)


def test_a_bus_without_a_keyring_on_it_has_none(
    secret_service: "SecretService", keyring_environ: Callable[[Mapping[str, str]], None]
) -> None:
    with type(secret_service)(has_keyring=False) as empty:
        keyring_environ(empty.environ)
        assert Keychain().load().state() is KeyringState.MISSING


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Backend"])
def test_what_guards_nothing_counts_as_none(keyring_environ: Callable[[Mapping[str, str]], None], name: str) -> None:
    keyring_environ({"PYTHON_KEYRING_BACKEND": name})
    keyring = Keychain().load()
    assert keyring.state() is KeyringState.MISSING
    with pytest.raises(KeyringMissing):
        keyring.keep(ENTRY, KEY)
    assert not keyring.unlock()
