"""The system's keyring. Every call here may block, so none belongs on the UI thread; none but `unlock` prompts."""

import importlib
import sys
import threading
from typing import Protocol

from app.domain.key_errors import KeyringMissing
from app.domain.keys import KeyringState
from app.domain.provider import Secret

SERVICE = "io.github.belay_chat.Belay"


class Keyring(Protocol):
    """
    One kind of keyring. `entry` is the text of a KeyId, so that another address is another entry.

    Each call raises KeyringMissing if there is none, KeyringSilent if its bus does not answer, KeyUnavailable if it
    refuses; all but `state` and `unlock` raise KeyringLocked instead of prompting.
    """

    def state(self) -> KeyringState: ...

    def read(self, entry: str) -> Secret | None: ...

    def keep(self, entry: str, key: Secret) -> None: ...

    def delete(self, entry: str) -> None:
        """Remove the entry. Nothing if there is none."""
        ...

    def unlock(self) -> bool:
        """Have the system ask for the password, and wait for the user. Whether it is open then."""
        ...

    def end_prompt(self) -> None:
        """End a running `unlock`, from another thread. Never blocks."""
        ...


class NoKeyring:
    """A system without one, or with one that guards nothing."""

    def state(self) -> KeyringState:
        return KeyringState.MISSING

    def read(self, entry: str) -> Secret | None:
        raise KeyringMissing

    def keep(self, entry: str, key: Secret) -> None:
        raise KeyringMissing

    def delete(self, entry: str) -> None:
        raise KeyringMissing

    def unlock(self) -> bool:
        return False

    def end_prompt(self) -> None:
        return None


class Keychain:
    """
    The keyring of this system, found at the first call of `load`.

    Linux: the Secret Service, spoken to directly, because the keyring package prompts when it is locked. Windows and
    macOS: through that package. A plain file or nothing at all counts as none.
    """

    def __init__(self) -> None:
        self._keyring: Keyring | None = None
        self._loading = threading.Lock()

    def load(self) -> Keyring:
        """Return the keyring. Importing what speaks to it takes 0.1-0.2 s, so only who needs it pays."""
        with self._loading:
            if self._keyring is None:
                self._keyring = _keyring_of_this_system()
            return self._keyring

    def end_prompt(self) -> None:
        """End a running `unlock`. Never blocks."""
        if self._keyring is not None:
            self._keyring.end_prompt()


def _keyring_of_this_system() -> Keyring:
    package = importlib.import_module("app.storage.keyring_package")
    name = package.chosen_by_user()
    if name is None and sys.platform == "linux":
        name = package.SECRET_SERVICE
    if name == package.SECRET_SERVICE:
        secret_service: Keyring = importlib.import_module("app.storage.secret_service").SecretService(SERVICE)
        return secret_service
    found: Keyring | None = package.safe_keyring(SERVICE)
    return found or NoKeyring()
