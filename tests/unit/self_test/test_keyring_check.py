"""The self-test tries the keyring with a key of its own, leaves nothing behind, and asks nobody for a password."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from app.domain.provider import Secret
from app.self_test import keyring_check
from app.storage.keychain import Keychain, Keyring

if TYPE_CHECKING:
    from tests.secret_service import SecretService

ENTRY = "work https://api.example.com:443"


async def test_a_key_is_kept_read_and_removed_and_the_users_stay(secret_service: "SecretService") -> None:
    Keychain().load().keep(ENTRY, Secret("mine"))
    told = await keyring_check.keyring()
    assert (told["state"], told["key"]) == ("ready", "stored, read and removed")
    assert secret_service.entries() == {ENTRY: "mine"}
    assert secret_service.prompts == 0


async def test_a_locked_keyring_is_told_and_not_unlocked(secret_service: "SecretService") -> None:
    secret_service.lock()
    told = await keyring_check.keyring()
    assert (told["state"], told["key"]) == ("locked", "not tried")
    assert secret_service.prompts == 0


async def test_no_keyring_is_told(keyring_environ: Callable[[Mapping[str, str]], None]) -> None:
    keyring_environ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
    told = await keyring_check.keyring()
    assert (told["state"], told["key"]) == ("missing", "not tried")


async def test_a_silent_keyring_is_told_in_time(
    secret_service: "SecretService", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_check, "ANSWER_LIMIT_S", 0.3)
    Keychain().load()
    secret_service.hang()
    told = await keyring_check.keyring()
    assert (told["state"], told["key"]) == ("silent", "not tried")


async def test_a_keyring_that_forgets_fails(secret_service: "SecretService", monkeypatch: pytest.MonkeyPatch) -> None:
    kind: type[Keyring] = type(Keychain().load())
    monkeypatch.setattr(kind, "keep", lambda *_: None)
    with pytest.raises(keyring_check.KeyNotKept):
        await keyring_check.keyring()
