"""How a request leaves this computer, and what of it the user decides."""

from enum import StrEnum
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from msgspec import Struct


class ProxyMode(StrEnum):
    SYSTEM = "system"
    NONE = "none"
    MANUAL = "manual"


class ProxySetting(Struct, frozen=True):
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


class ProxyAddress(Struct, frozen=True):
    """Where a proxy is. `scheme` is http, https or socks5; user and password are empty where it wants none."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """As a log may show it: without the password."""
        return f"ProxyAddress({str(self)!r}, user={self.user!r})"

    def __str__(self) -> str:
        """As it may be shown: without user and password."""
        return str(Origin(self.scheme, self.host, self.port))

    @property
    def has_login(self) -> bool:
        return bool(self.user or self.password)


_PORTS = {"http": 80, "https": 443}
_PROXY_PORTS = {"http": 8080, "https": 443, "socks5": 1080}


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


def proxy_address(text: str) -> ProxyAddress:
    """
    Read the address of a proxy. Without a scheme it is an http proxy.

    Raises:
        ValueError: it is none; the message is a sentence for the user.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("This is not the address of a proxy") from error
    scheme = "socks5" if parts.scheme in ("socks", "socks5h") else parts.scheme
    if scheme not in _PROXY_PORTS:
        raise ValueError("A proxy's address must begin with http://, https:// or socks5://")
    if not host:
        raise ValueError("The proxy's address names no server")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return ProxyAddress(scheme, host, port or _PROXY_PORTS[scheme], user, password)


def proxy_to_keep(text: str, kept: str = "") -> ProxyAddress:
    """
    Read the address of a proxy that is to stand in the settings: a file that others may come to read.

    `kept` is the one that stands there now. If that has a name and a password, it goes on counting: who has it from
    before they were refused must not lose the way out.

    Raises:
        ValueError: it is none, or has a name or a password; the message is a sentence for the user.
    """
    address = proxy_address(text)
    if address.has_login and text.strip() != kept:
        raise ValueError(
            "Belay keeps no name and password of a proxy: put the whole address into the variable HTTPS_PROXY, and "
            "choose the system's proxy"
        )
    return address


def speaks_in_the_open(origin: Origin) -> bool:
    """Whether what is sent there can be read on the way: no encryption, and another computer."""
    return origin.scheme == "http" and not is_loopback(origin.host)


def is_loopback(host: str) -> bool:
    """Whether a host is this computer, by its name or its address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name
        return False
