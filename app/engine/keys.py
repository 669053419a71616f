"""Where the keys of providers are found and kept. Never in a file of ours."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable

from app.domain.errors import AppError, KeyMissing, KeyUnavailable
from app.domain.key_errors import (
    KeyForAnotherAddress,
    KeyLeftBehind,
    KeyMalformed,
    KeyringMissing,
    KeyTooLong,
    kept_until_quit,
)
from app.domain.keys import KeyId, KeyringState, clean_key
from app.domain.network import origin_of
from app.domain.provider import Secret
from app.domain.provider_config import KeyPlace, ProviderConfig
from app.domain.redaction import Redactor
from app.engine.events import FaultOccurred
from app.engine.store import ChatStore
from app.engine.system_keyring import SystemKeyring
from app.engine.threads import DaemonThreads
from app.storage.key_command import KeyCommand

FindKey = Callable[[ProviderConfig], Awaitable[Secret]]


class Keys:
    """Finds a key where the provider's set-up says it is, and keeps new ones."""

    def __init__(self, keyring: SystemKeyring, *, store: ChatStore, redactor: Redactor) -> None:
        self._keyring = keyring
        self._store = store
        self._redactor = redactor
        self._threads = DaemonThreads()
        self._known: dict[KeyId, Secret] = {}  # what was entered or read from the keyring since the start
        self._not_kept: set[KeyId] = set()  # those of them that the keyring was to keep, and did not

    async def find(self, config: ProviderConfig) -> Secret:
        """
        Return the provider's key, an empty one where it needs none.

        Asks a keyring without a prompt, and gives up on one that does not answer. A cancel ends a command.

        Raises:
            KeyMissing, KeyForAnotherAddress, KeyUnavailable, KeyringLocked, KeyringMissing, KeyringSilent
        """
        match config.key_place:
            case KeyPlace.NONE:
                return Secret("")
            case KeyPlace.ENVIRONMENT:
                _check_address(config)
                return self._supplied(os.environ.get(config.key_name, ""), f"the variable {config.key_name}")
            case KeyPlace.COMMAND:
                _check_address(config)
                return self._supplied(await self._run(KeyCommand(config.key_name)), "the command")
        key_id = _key_id(config)
        key = self._known.get(key_id)
        if key is None and config.key_place is KeyPlace.KEYRING:
            key = await self._keyring.ask(lambda keyring: keyring.read(str(key_id)))
        if key is None:
            raise KeyMissing
        self._redactor.learn(key)
        self._known[key_id] = key
        return key

    def where(self, config: ProviderConfig) -> KeyPlace | None:
        """
        Return where the provider's key is, as far as that is known without asking: None if it must be entered.

        SESSION also for one that the keyring was to keep, and did not.
        """
        if config.key_place not in (KeyPlace.KEYRING, KeyPlace.SESSION):
            return config.key_place
        try:
            key_id = _key_id(config)
        except ValueError:  # no address, no key
            return None
        if key_id in self._not_kept:
            return KeyPlace.SESSION
        is_gone = config.key_place is KeyPlace.SESSION and key_id not in self._known
        return None if is_gone else config.key_place

    def checked(self, key: Secret) -> Secret:
        """
        Return a key as the user entered it without what was pasted along with it. No log shows it from now on.

        Raises:
            KeyTooLong, KeyMalformed
        """
        key = Secret(clean_key(key.reveal()))
        self._redactor.learn(key)
        return key

    def entered(self, key: Secret) -> FindKey:
        """Return what finds this key, as the user entered it, and keeps it nowhere. It raises what `checked` does."""

        async def find(_config: ProviderConfig) -> Secret:
            return self.checked(key)

        return find

    async def remember(self, config: ProviderConfig, key: Secret) -> KeyPlace:
        """
        Keep a key for the provider at its present address. Returns its place: SESSION if asked for, else KEYRING.

        A keyring that can't take it is no failure: the key is in memory, FaultOccurred says so, and `unlock` makes up
        for it. An empty key means that the provider needs none.

        Raises:
            KeyTooLong, KeyMalformed: it is no key. Nothing has changed.
        """
        key = self.checked(key)
        if not key:
            await self.forget(config)
            return KeyPlace.NONE
        key_id = _key_id(config)
        self._known[key_id] = key
        if config.key_place is KeyPlace.SESSION:
            await self._take_from_keyring(key_id)
            return KeyPlace.SESSION
        self._not_kept.add(key_id)
        try:
            await self._keep(key_id)
        except AppError as error:
            self._store.apply(FaultOccurred(kept_until_quit(error)))
        return KeyPlace.KEYRING

    async def move(self, before: ProviderConfig, config: ProviderConfig) -> None:
        """
        Take a key from the keyring into memory, or back, as the set-up now says. None goes to another address.

        Raises:
            KeyMissing, KeyringLocked, KeyringMissing, KeyringSilent, KeyUnavailable: there is none to move.
        """
        kept = (KeyPlace.KEYRING, KeyPlace.SESSION)
        if before.key_place in kept and config.key_place in kept and _is_same_address(before, config):
            await self.remember(config, await self.find(before))

    async def forget(self, config: ProviderConfig) -> None:
        """
        Remove the key of the provider at its present address, wherever it is. Nothing if there is none.

        Raises:
            KeyLeftBehind: it is in the keyring, which does not let it go.
        """
        try:
            key_id = _key_id(config)
        except ValueError:  # no address, no key
            return
        self._known.pop(key_id, None)
        is_in_keyring = config.key_place is KeyPlace.KEYRING and key_id not in self._not_kept
        failure = await self._take_from_keyring(key_id)
        if is_in_keyring and failure is not None and not isinstance(failure, KeyringMissing):
            raise KeyLeftBehind(failure.title) from failure

    async def look(self) -> KeyringState:
        """Find out how the keyring is, without a prompt. KeyringChanged tells, too."""
        return await self._keyring.look()

    async def unlock(self) -> bool:
        """
        Have the system ask for the keyring's password. Only a click may call this. Whether it is open now.

        Then it is given the keys that it could not take before. A cancel takes the prompt back.
        """
        if not await self._keyring.unlock():
            return False
        for key_id in tuple(self._not_kept):
            with contextlib.suppress(AppError):  # it is still in memory, as the user was told
                await self._keep(key_id)
        return True

    def close(self) -> None:
        """Wait for no keyring any more, and take a prompt back."""
        self._keyring.close()

    async def _keep(self, key_id: KeyId) -> None:
        key = self._known[key_id]
        await self._keyring.ask(lambda keyring: keyring.keep(str(key_id), key))
        self._not_kept.discard(key_id)

    async def _take_from_keyring(self, key_id: KeyId) -> AppError | None:
        """Delete it there, also where none is meant to be: it may be left from earlier. Returns why that failed."""
        self._not_kept.discard(key_id)
        try:
            await self._keyring.ask(lambda keyring: keyring.delete(str(key_id)))
        except AppError as error:
            return error
        return None

    def _supplied(self, value: str, source: str) -> Secret:
        """
        Return a key that the environment or a command supplied.

        Raises:
            KeyUnavailable: it is none.
        """
        try:
            key = self.checked(Secret(value))
        except (KeyTooLong, KeyMalformed) as error:
            raise KeyUnavailable(f"{source} gives no API key") from error
        if not key:
            raise KeyUnavailable(f"{source} is not set")
        return key

    async def _run(self, command: KeyCommand) -> str:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, command.run)
        finally:
            command.kill()  # nothing if it has ended


def _key_id(config: ProviderConfig) -> KeyId:
    return KeyId(config.id, origin_of(config.base_url))


def _is_same_address(one: ProviderConfig, other: ProviderConfig) -> bool:
    try:
        return _key_id(one) == _key_id(other)
    except ValueError:  # no address
        return False


def _check_address(config: ProviderConfig) -> None:
    """
    Raises:
        KeyForAnotherAddress: the variable or the command was named for another scheme, host or port.
    """
    if config.key_origin != str(origin_of(config.base_url)):
        raise KeyForAnotherAddress
