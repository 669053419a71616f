"""What is known of the system's keyring, and which key is meant."""

from enum import StrEnum
from typing import NamedTuple

from app.domain.model import ProviderId
from app.domain.network import Origin

MAX_KEY_CHARACTERS = 1_280  # what Windows' credential store takes; checked on every system


class KeyringState(StrEnum):
    UNKNOWN = "unknown"  # nobody has asked it yet
    READY = "ready"
    LOCKED = "locked"  # only a click on Unlock… may have the system ask for its password
    MISSING = "missing"  # this system has none, or none that is safe
    SILENT = "silent"  # it does not answer in time


class KeyId(NamedTuple):
    """A key belongs to a provider at one scheme, host and port: at another address it is another key."""

    provider_id: ProviderId
    origin: Origin

    def __str__(self) -> str:
        return f"{self.provider_id} {self.origin}"
