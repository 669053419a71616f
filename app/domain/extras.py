"""What the user has sent with each request to a provider: headers, and members of the body."""

import json
import re
from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, token
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_OURS = frozenset({
    "accept-encoding", "authorization", "connection", "content-length", "content-type", "expect", "host",
    "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip
_FOR_THE_KEY = frozenset({"api-key", "x-api-key", "x-goog-api-key"})
_SECRET_NAME = re.compile(r"auth|key|token|secret|cookie", re.IGNORECASE)
_MEMBERS_OF_OURS = frozenset({"messages", "model", "stream"})
_KEY = re.compile(r"[\x21-\x7e]*")


def check_headers(headers: Iterable[tuple[str, str]]) -> None:
    """
    Raises:
        ValueError: one can't be sent; the message is a sentence for the user.
    """
    for name, value in headers:
        if not _NAME.fullmatch(name):
            raise ValueError(f"“{shown(name)}” can't be the name of a header")
        if name.lower() in _OURS:
            raise ValueError(f"The header {name} is Belay's own")
        if name.lower() in _FOR_THE_KEY:
            raise ValueError("Headers are stored in the settings: enter the key in its own field")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"The header {name} holds a line break or another character that can't be sent")


def secret_values(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what no log shall show of the headers that the user has sent: a gateway's own token, for example."""
    return tuple(value.rpartition(" ")[2] for name, value in headers if _SECRET_NAME.search(name))


def body_members(text: str) -> dict[str, object]:
    """
    Return what is added to the body of a completion request; "" is nothing.

    Raises:
        ValueError: it is no JSON object, or holds what is Belay's own; the message is a sentence for the user.
    """
    if not text.strip():
        return {}
    try:
        members = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("The body parameters are not JSON") from error
    if not isinstance(members, dict):
        raise ValueError("The body parameters must be a JSON object, in braces")
    if taken := sorted(_MEMBERS_OF_OURS & members.keys()):
        raise ValueError(f"The body parameter {taken[0]} is Belay's own")
    return members


def is_sendable_key(key: str) -> bool:
    """Whether a key can stand in a header. The reason is not told with the key: it must be in no error."""
    return bool(_KEY.fullmatch(key))


def shown(text: str) -> str:
    """As it can stand in a sentence."""
    return "".join(character if character.isprintable() else "·" for character in text)[:40]
