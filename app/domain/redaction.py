"""Keys taken out of texts that others may read: the log, error texts, a crash's last words."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

from app.domain.provider import Secret

HIDDEN = "…"
_SHORTEST_KNOWN_CHARACTERS = 4  # a shorter one ("none", "x") guards nothing, and would tear words apart

# What keys of providers look like, and where they stand in a header.
_KEY_LIKE = re.compile(
    r"\b(?:sk|pk|gsk|xai|key)[-_][A-Za-z0-9_*\-]{6,}"
    r"|\b(?:rk|pplx|hf|r8|nvapi|fw|csk|tgp|gh[pousr]|github_pat)[-_][A-Za-z0-9_\-]{16,}"
    r"|\bAIza[A-Za-z0-9_\-]{20,}"
    r"|\bBearer\s+[^\s'\",)]+"
    r"|(?<=[Aa]uthorization: )(?:Basic )?[^\s'\",)]+"
    r"|(?<=[Aa]uthorization', b')[^']+"
    r"|(?<=api-key: )[^\s'\",)]+"
    r"|(?<=api-key', b')[^']+"
)


def without_keys(text: str, *keys: Secret) -> str:
    """Return the text without these keys, in whatever form they travel, and without what looks like a key."""
    forms = [form for key in keys for form in _forms(key.reveal())]
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return _KEY_LIKE.sub(HIDDEN, text)


class Redactor:
    """Knows every key that this process met. Any thread may ask; learning is for one thread at a time."""

    def __init__(self) -> None:
        self._forms: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None

    def learn(self, key: Secret) -> None:
        """Take this key out of every later text."""
        value = key.reveal()
        if value in self._forms:
            return
        self._forms = self._forms | _forms(value)
        if not self._forms:
            return
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)))

    def redacted(self, text: str) -> str:
        """Return the text without any key that is known, and without what looks like one."""
        known = self._known
        if known is not None:
            text = known.sub(HIDDEN, text)
        return _KEY_LIKE.sub(HIDDEN, text)


def _forms(value: str) -> frozenset[str]:
    """Return how a key may be written: as it is, in JSON, in an address, and in Base64, whatever stands before it."""
    if len(value) < _SHORTEST_KNOWN_CHARACTERS:
        return frozenset()
    forms = {value, json.dumps(value)[1:-1], quote(value), quote(value, safe="")}
    data = value.encode(errors="surrogatepass")
    if len(data) >= 2 * _SHORTEST_KNOWN_CHARACTERS:  # a few letters of Base64 are found in every text
        for encode in (b64encode, urlsafe_b64encode):
            forms.update(_in_base64(data, before, encode(bytes(before) + data)) for before in range(3))
    return frozenset(forms)


def _in_base64(data: bytes, before: int, encoded: bytes) -> str:
    """Return the letters that only the key decides, where `before` bytes of another text share its first group."""
    first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
    return encoded[first:last].decode("ascii")
