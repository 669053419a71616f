"""The Secret Service of Linux desktops (GNOME Keyring, KWallet, KeePassXC), asked without a prompt."""

import contextlib
import logging
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import secretstorage
from jeepney import DBusErrorResponse
from jeepney.io.blocking import DBusConnection
from secretstorage.exceptions import (
    ItemNotFoundException,
    LockedException,
    SecretServiceNotAvailableException,
    SecretStorageException,
)

from app.domain.errors import KeyringLocked, KeyUnavailable
from app.domain.key_errors import KeyringMissing, KeyringSilent
from app.domain.keys import KeyringState
from app.domain.provider import Secret

log = logging.getLogger(__name__)

DEFAULT_ALIAS = "default"
NEW_COLLECTION = "Default keyring"
# The bus starts services on demand; where that fails there is none.
_CANNOT_START = ("org.freedesktop.DBus.Error.Spawn", "org.freedesktop.DBus.Error.ServiceUnknown")


class SecretService:
    """
    The collection that the system calls the default one.

    A system whose user never kept anything has no such collection: it counts as locked, since making it prompts.
    Each call has a connection of its own, so that one that hangs keeps no other waiting.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._prompting: DBusConnection | None = None

    def state(self) -> KeyringState:
        try:
            with _bus() as bus:
                collection = _default_collection(bus)
                locked = collection is None or collection.is_locked()
        except KeyringMissing:
            return KeyringState.MISSING
        return KeyringState.LOCKED if locked else KeyringState.READY

    def read(self, entry: str) -> Secret | None:
        with _bus() as bus:
            for item in _open_collection(bus).search_items(self._attributes(entry)):
                return Secret(item.get_secret().decode())  # raises LockedException, and does not prompt
        return None

    def keep(self, entry: str, key: Secret) -> None:
        with _bus() as bus:
            collection, attributes = _open_collection(bus), self._attributes(entry)
            collection.create_item(f"Belay: API key of {entry}", attributes, key.reveal().encode(), replace=True)

    def delete(self, entry: str) -> None:
        with _bus() as bus:
            for item in _open_collection(bus).search_items(self._attributes(entry)):
                item.delete()

    def unlock(self) -> bool:
        """See Keyring.unlock. Where there is no collection yet, the system asks for the password of a new one."""
        with _bus() as bus:
            self._prompting = bus
            try:
                collection = _default_collection(bus)
                if collection is None:
                    collection = secretstorage.create_collection(bus, NEW_COLLECTION, DEFAULT_ALIAS)
                elif collection.is_locked():
                    collection.unlock()
                return not collection.is_locked()
            except (ConnectionError, ItemNotFoundException):  # `end_prompt`, or the user closed the prompt
                return False
            finally:
                self._prompting = None

    def end_prompt(self) -> None:
        """The service takes its prompt back when whoever asked for it is gone."""
        bus = self._prompting
        if bus is not None:
            with contextlib.suppress(OSError):
                bus.sock.shutdown(socket.SHUT_RDWR)

    def _attributes(self, entry: str) -> dict[str, str]:
        """Return the names under which the keyring package finds entries, too."""
        return {"service": self._service, "username": entry}


@contextmanager
def _bus() -> Iterator[DBusConnection]:
    """
    A connection to the session's bus on which the service can be asked.

    Raises:
        KeyringMissing, KeyringSilent, KeyringLocked, KeyUnavailable: whatever goes wrong inside the `with`.
    """
    try:
        with closing(secretstorage.dbus_init()) as bus:
            if not secretstorage.check_service_availability(bus):
                raise KeyringMissing
            yield bus
    except TimeoutError as error:
        raise KeyringSilent from error
    except LockedException as error:
        raise KeyringLocked from error
    except (SecretServiceNotAvailableException, RuntimeError, StopIteration) as error:
        raise KeyringMissing(type(error).__name__) from error
    except DBusErrorResponse as error:
        log.info("keyring refused error=%s", error.name)
        raise (KeyringMissing if error.name.startswith(_CANNOT_START) else KeyUnavailable)(error.name) from error
    except SecretStorageException as error:
        raise KeyUnavailable(type(error).__name__) from error
    except OSError as error:  # there is no such bus, or it went away
        raise KeyringMissing(error.strerror or "") from error


def _default_collection(bus: DBusConnection) -> secretstorage.Collection | None:
    try:
        return secretstorage.get_collection_by_alias(bus, DEFAULT_ALIAS)
    except ItemNotFoundException:
        return None


def _open_collection(bus: DBusConnection) -> secretstorage.Collection:
    """
    Return the default collection if it can be used without a prompt.

    Raises:
        KeyringLocked
    """
    collection = _default_collection(bus)
    if collection is None or collection.is_locked():
        raise KeyringLocked
    return collection
