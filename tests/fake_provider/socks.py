"""The server's side of SOCKS5, as bytes in and bytes out (RFC 1928, 1929)."""

from dataclasses import dataclass

SUCCEEDED, HOST_UNREACHABLE, REFUSED = 0, 4, 5
_VERSION, _NAME_VERSION = 5, 1
_NO_AUTH, _BY_NAME, _NONE_ACCEPTABLE = 0, 2, 0xFF
_IPV4, _NAME, _IPV6 = 1, 3, 4


@dataclass(frozen=True, slots=True)
class Target:
    host: str
    port: int
    kind: str  # name, ipv4 or ipv6: what the client sent


class SocksGreeting:
    """Feed it what came; `outgoing` is what goes back, and `target` what is asked for, once that is known."""

    def __init__(self, user: str) -> None:
        """`user`: name:password that it wants, empty for none."""
        self.target: Target | None = None
        self.is_refused = False
        self.outgoing = b""
        self._user = user
        self._step = self._methods

    def feed(self, inbox: bytearray) -> None:
        while self.target is None and not self.is_refused and self._step(inbox):
            pass

    def _methods(self, inbox: bytearray) -> bool:
        if len(inbox) < 2 or len(inbox) < 2 + inbox[1]:
            return False
        offered = bytes(inbox[2 : 2 + inbox[1]])
        del inbox[: 2 + inbox[1]]
        wanted = _BY_NAME if self._user else _NO_AUTH
        self.is_refused = wanted not in offered
        self.outgoing += bytes([_VERSION, _NONE_ACCEPTABLE if self.is_refused else wanted])
        self._step = self._name if self._user else self._request
        return True

    def _name(self, inbox: bytearray) -> bool:
        if len(inbox) < 2 or len(inbox) < 3 + inbox[1] or len(inbox) < 3 + inbox[1] + inbox[2 + inbox[1]]:
            return False
        length = inbox[1]
        name, password = bytes(inbox[2 : 2 + length]), bytes(inbox[3 + length : 3 + length + inbox[2 + length]])
        del inbox[: 3 + length + len(password)]
        self.is_refused = f"{name.decode()}:{password.decode()}" != self._user
        self.outgoing += bytes([_NAME_VERSION, int(self.is_refused)])
        self._step = self._request
        return True

    def _request(self, inbox: bytearray) -> bool:
        if len(inbox) < 5:
            return False
        kind, first = inbox[3], 4
        length = {_IPV4: 4, _IPV6: 16}.get(kind, inbox[4])
        if kind == _NAME:
            first = 5
        end = first + length
        if len(inbox) < end + 2:
            return False
        address, port = bytes(inbox[first:end]), int.from_bytes(inbox[end : end + 2], "big")
        del inbox[: end + 2]
        if kind == _NAME:
            self.target = Target(address.decode(), port, "name")
        else:
            text = ".".join(map(str, address)) if kind == _IPV4 else address.hex(":", 2)
            self.target = Target(text, port, "ipv4" if kind == _IPV4 else "ipv6")
        return True


def reply(code: int) -> bytes:
    return bytes([_VERSION, code, 0, _IPV4, 0, 0, 0, 0, 0, 0])
