"""How a request leaves this computer, and what of it the user decides."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit


class ProxyMode(StrEnum):
    SYSTEM = "system"
    NONE = "none"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class ProxySetting:
    """`address` counts in MANUAL only: http://host:port or socks5://host:port. Loopback is never proxied."""

    mode: ProxyMode = ProxyMode.SYSTEM
    address: str = ""


SYSTEM_PROXY = ProxySetting()


class Origin(NamedTuple):
    """What a key belongs to. A key for one origin is never sent to another."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


_PORTS = {"http": 80, "https": 443}


def origin_of(base_url: str) -> Origin:
    """
    Return scheme, host and port of an address.

    Raises:
        ValueError: it is no http or https address with a host; the message is a sentence for the user.
    """
    try:
        parts = urlsplit(base_url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ValueError("This is not an address") from error
    if parts.scheme not in _PORTS:
        raise ValueError("The address must begin with https:// or http://")
    if not host:
        raise ValueError("The address names no server")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address must not hold a name or a password")
    return Origin(parts.scheme, host, port or _PORTS[parts.scheme])


def is_loopback(host: str) -> bool:
    """Whether a host is this computer, by its name or its address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name
        return False
