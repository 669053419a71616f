"""What is known of the system's keyring, and which key is meant."""

from enum import StrEnum
from typing import NamedTuple

from app.domain.key_errors import KeyMalformed, KeyTooLong
from app.domain.model import ProviderId
from app.domain.network import Origin

MAX_KEY_CHARACTERS = 1_280  # what Windows' credential store takes; checked on every system
# What comes along with a key that is copied from a web page or a file.
_PASTED_ALONG = "\u200b\u200c\u200d\u2060\ufeff"


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


def clean_key(pasted: str) -> str:
    """
    Return a key without what was pasted along with it, "" if nothing is left.

    Raises:
        KeyTooLong, KeyMalformed: it can't be a key, so nobody shall send or keep it.
    """
    key = pasted
    while key != (key := key.strip().strip(_PASTED_ALONG)):
        pass
    if len(key) > MAX_KEY_CHARACTERS:
        raise KeyTooLong
    if not all("!" <= character <= "~" for character in key):  # it travels in a header: no space, no line end
        raise KeyMalformed
    return key
