"""What the child says: one JSON line per thing that happened."""

import hashlib
import json
import sys
import time
from collections.abc import Iterable

SECRET_HEADERS = frozenset({"authorization", "api-key", "x-api-key", "proxy-authorization"})


def say(event: str, *, t_ns: int | None = None, **fields: object) -> None:
    """`t_ns` is the moment it happened, where that is not now."""
    moment = time.monotonic_ns() if t_ns is None else t_ns
    sys.stdout.write(json.dumps({"event": event, "t_ns": moment, **fields}) + "\n")
    sys.stdout.flush()


def fingerprint(secret: str) -> str:
    """What is kept of a key, so that a test can tell which one was sent without any file holding it."""
    return "sha256:" + hashlib.sha256(secret.encode()).hexdigest()[:12]


def without_secrets(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: fingerprint(value) if name in SECRET_HEADERS else value for name, value in headers}
