"""A real Secret Service: GNOME Keyring on a bus of its own, away from the keyring of whoever runs the tests."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import secretstorage
from jeepney import MessageType
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from secretstorage.exceptions import SecretStorageException
from secretstorage.util import DBusAddressWrapper, format_secret, open_session

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
WHY_SKIPPED = f"a real Secret Service needs {' and '.join(MISSING)} (Debian: dbus gnome-keyring)"

PASSWORD = "correct horse"
START_LIMIT_S = 10.0
_PROMPTER = "org.gnome.keyring.SystemPrompter"
_SERVICE = "/org/freedesktop/secrets"
_WITH_PASSWORD = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


class SecretService:
    """
    A bus, and on it a keyring that is open. `has_keyring` False leaves the bus empty.

    Nobody can type a password here: `prompts` counts how often the keyring wanted to ask, and `type_password` does
    what a person would.
    """

    def __init__(self, *, has_keyring: bool = True) -> None:
        self._has_keyring = has_keyring
        self._folder = Path(tempfile.mkdtemp(prefix="belay-bus-"))  # short: a socket's path has 107 bytes
        self._children: list[subprocess.Popen[bytes]] = []
        self._prompter: _Prompter | None = None
        self.address = f"unix:path={self._folder / 'bus'}"

    def __enter__(self) -> Self:
        try:
            self._start_bus()
            self._prompter = _Prompter(self.address)
            if self._has_keyring:
                self._start_keyring()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def environ(self) -> dict[str, str]:
        """What a program needs to find it."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    @property
    def prompts(self) -> int:
        assert self._prompter is not None
        return self._prompter.asked

    def wait_for_prompt(self) -> None:
        _until(lambda: self.prompts > 0)

    def lock(self) -> None:
        with self._bus() as bus:
            secretstorage.get_collection_by_alias(bus, "default").lock()

    def type_password(self) -> None:
        """Open it as the prompt does when the right password was typed."""
        with self._bus() as bus:
            collection = secretstorage.get_collection_by_alias(bus, "default").collection_path
            session = open_session(bus)
            secret = format_secret(session, PASSWORD.encode(), "text/plain")
            service = DBusAddressWrapper(_SERVICE, _WITH_PASSWORD, bus)
            service.call("UnlockWithMasterPassword", "o(oayays)", collection, secret)

    def close_prompt(self) -> None:
        """Let the prompt that is shown be closed."""
        assert self._prompter is not None
        self._prompter.close()

    def hang(self) -> None:
        os.kill(self._children[-1].pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._children[-1].pid, signal.SIGCONT)

    def entries(self) -> dict[str, str]:
        """User names and what is kept under them."""
        with self._bus() as bus:
            items = secretstorage.get_collection_by_alias(bus, "default").get_all_items()
            return {item.get_attributes()["username"]: item.get_secret().decode() for item in items}

    @contextlib.contextmanager
    def _bus(self) -> Iterator[DBusConnection]:
        with closing(open_dbus_connection(self.address)) as bus:
            yield bus

    def _start_bus(self) -> None:
        config = self._folder / "bus.conf"
        config.write_text(_BUS_CONFIG.format(path=self._folder / "bus"), encoding="utf-8")
        command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
        self._children.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        _until(self._answers)

    def _answers(self) -> bool:
        try:
            with self._bus():
                return True
        except (FileNotFoundError, ConnectionRefusedError):
            return False

    def _start_keyring(self) -> None:
        (self._folder / ".local/share/keyrings").mkdir(parents=True)
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }
        command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        daemon = subprocess.Popen(command, env=environ, stdin=pipe, stdout=nothing, stderr=nothing)
        self._children.append(daemon)
        assert daemon.stdin is not None
        with daemon.stdin as stdin:
            stdin.write(PASSWORD.encode())
        _until(self._is_there)

    def _is_there(self) -> bool:
        with self._bus() as bus:
            if not secretstorage.check_service_availability(bus):
                return False
            try:
                return not secretstorage.get_collection_by_alias(bus, "default").is_locked()
            except SecretStorageException:  # it is just being made
                return False

    def _end(self) -> None:
        if self._prompter is not None:
            self._prompter.close()
        for child in reversed(self._children):
            child.kill()
            child.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Prompter:
    """Stands where the desktop's password dialog would, and shows nothing: whoever asks waits until `close`."""

    def __init__(self, address: str) -> None:
        self.asked = 0
        self._bus = open_dbus_connection(address)
        Proxy(message_bus, self._bus).RequestName(_PROMPTER)
        self._thread = threading.Thread(target=self._listen, daemon=True, name="prompter")
        self._thread.start()
        self._closed = False

    def close(self) -> None:
        """Go away, as a dialog does. The keyring takes it for a dismissal."""
        if not self._closed:
            self._closed = True
            self._bus.sock.shutdown(2)
            self._thread.join()
            self._bus.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                message = self._bus.receive()
                if message.header.message_type is MessageType.method_call:
                    self.asked += 1


def _until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + START_LIMIT_S
    while not holds():
        assert time.monotonic() < deadline_s, "never came: the Secret Service, or its prompt"
        time.sleep(0.005)
