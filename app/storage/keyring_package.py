"""The keyrings of Windows and macOS, and the user's own choice of one, through the keyring package."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

import keyring
from keyring import core
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError
from keyring.errors import KeyringLocked as BackendLocked

from app.domain.errors import KeyringLocked, KeyUnavailable
from app.domain.keys import KeyringState
from app.domain.provider import Secret

log = logging.getLogger(__name__)

SECRET_SERVICE = "keyring.backends.SecretService"
_UNUSABLE = "keyring.backends.fail"
# The others prompt whenever they like, or keep keys where anyone can read them.
_SAFE = ("keyring.backends.Windows", "keyring.backends.macOS")

T = TypeVar("T")


def chosen_by_user() -> str | None:
    """Return the module of the backend that PYTHON_KEYRING_BACKEND or keyringrc.cfg names, None if neither does."""
    try:
        backend = core.load_env() or core.load_config()
    except Exception as error:  # noqa: BLE001 - it names a module of somebody else's, which may raise anything
        log.warning("keyring backend not loaded error=%s", type(error).__name__)
        return _UNUSABLE
    return type(backend).__module__ if backend is not None else None


def safe_keyring(service: str) -> "PackagedKeyring | None":
    """Return the system's keyring, None if there is none that guards what it keeps."""
    chosen = keyring.get_keyring()
    chained: Iterable[KeyringBackend] = getattr(chosen, "backends", ())  # of the chainer, best first
    for backend in (chosen, *chained):
        if type(backend).__module__.startswith(_SAFE):
            return PackagedKeyring(service, backend)
    log.info("no safe keyring backend=%s", type(chosen).__module__)
    return None


class PackagedKeyring:
    """
    A backend of the keyring package that opens with the user's session.

    It tells no state: it is taken for ready until it says that it is locked.
    """

    def __init__(self, service: str, backend: KeyringBackend) -> None:
        self._service = service
        self._backend = backend
        self._is_locked = False

    def state(self) -> KeyringState:
        return KeyringState.LOCKED if self._is_locked else KeyringState.READY

    def read(self, entry: str) -> Secret | None:
        value = self._call(lambda: self._backend.get_password(self._service, entry))
        return None if value is None else Secret(value)

    def keep(self, entry: str, key: Secret) -> None:
        self._call(lambda: self._backend.set_password(self._service, entry, key.reveal()))

    def delete(self, entry: str) -> None:
        def delete() -> None:
            try:
                self._backend.delete_password(self._service, entry)
            except PasswordDeleteError as error:
                log.debug("nothing to delete error=%s", type(error).__name__)

        self._call(delete)

    def unlock(self) -> bool:
        """These prompt when an entry is asked for; the next one may."""
        self._is_locked = False
        return True

    def end_prompt(self) -> None:
        return None

    def _call(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except BackendLocked as error:
            self._is_locked = True
            raise KeyringLocked from error
        except KeyringError as error:
            raise KeyUnavailable(type(error).__name__) from error
        except Exception as error:  # backends let through what their systems raise
            raise KeyUnavailable(type(error).__name__) from error
