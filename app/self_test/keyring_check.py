"""Whether this installation can keep a key: one of its own is put into the system's keyring, read, and removed."""

import asyncio
import sys
from uuid import uuid4

from app.domain.errors import KeyringLocked
from app.domain.key_errors import KeyringSilent
from app.domain.keys import KeyringState
from app.domain.provider import Secret
from app.engine.threads import DaemonThreads
from app.storage.keychain import Keychain

Details = dict[str, object]

ANSWER_LIMIT_S = 10.0  # for four questions, the first of which loads what encrypts


class KeyNotKept(Exception):
    """The check's own word for what is wrong."""


async def keyring() -> Details:
    """
    Put a key that is nobody's through the program's own keyring. Never prompts, touches no other entry.

    No keyring, a locked one and one that does not answer are no fault of the installation: they are told.
    """
    asked = asyncio.get_running_loop().run_in_executor(DaemonThreads(), _kept_and_removed)
    await asyncio.wait({asked}, timeout=ANSWER_LIMIT_S)
    if not asked.done():
        asked.cancel()  # it may go on in its thread; nobody waits for that
        return _not_tried(KeyringState.SILENT)
    try:
        return asked.result()
    except KeyringSilent:
        return _not_tried(KeyringState.SILENT)
    except KeyringLocked:  # just now, or it wants a word with the user before it gives anything out
        return {"state": KeyringState.LOCKED, "key": "not given back without a prompt"}


def _kept_and_removed() -> Details:
    keyring = Keychain().load()
    kind: Details = {"keyring": f"{type(keyring).__module__}.{type(keyring).__name__}"}
    if sys.platform == "darwin":  # it tells no state, and one that is locked prompts
        return kind | _not_tried(KeyringState.UNKNOWN)
    state = keyring.state()
    if state is not KeyringState.READY:
        return kind | _not_tried(state)
    entry, key = f"self-test {uuid4().hex}", Secret(uuid4().hex)
    try:
        keyring.keep(entry, key)
        found = keyring.read(entry)
    finally:
        keyring.delete(entry)
    if found is None or found.reveal() != key.reveal():
        raise KeyNotKept("the keyring took a key and did not give it back")
    if keyring.read(entry) is not None:
        raise KeyNotKept("the keyring did not let a key go")
    return kind | {"state": state, "key": "stored, read and removed"}


def _not_tried(state: KeyringState) -> Details:
    return {"state": state, "key": "not tried"}
