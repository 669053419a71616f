"""
Which addresses may be opened, and where they lead.

Addresses come from a model: whatever is not plainly http, https or mailto is none. What is opened is written
anew, with its host in ASCII: nobody who reads it on the way can take it for another.
"""

import ipaddress
import re
from urllib.parse import quote, unquote

from msgspec import Struct

_SHOWN_CHARACTERS = 2_000
# Browsers leave some of these out of an address and read on; what is left then leads elsewhere.
_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\x9f\u00ad\\<>\"^`{|}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
_WEB = re.compile(
    r"//(?:(?P<user>[^/?#]*)@)?(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^/?#@:\[\]]+))(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<rest>(?:[/?#].*)?)"
)
_MAIL = re.compile(r"(?P<user>[^@/?#:,;]+)@(?P<host>[^@/?#:,;]+)(?P<rest>(?:\?[^#]*)?)")
# Some mail programs put a file of this name into the mail.
_ATTACHMENT = re.compile(r"[?&]attach", re.IGNORECASE)
_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_HOST = 253
_LONGEST_PORT = 65_535
_UNSEEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_AROUND_WORDS = "()[]{}<>\"'“”‘’«»„.,;:!?…"
_NAME = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)*\.(?P<last>[^\W\d_]{2,})(?::[0-9]+)?(?:[/?#].*)?")
# What a file's name ends with is the end of a host's name too, of some of these.
_FILE_ENDING = re.compile(
    r"bat|c|cc|cfg|conf|cpp|cs|css|csv|db|dll|docx?|env|exe|gif|go|gz|h|hpp|html|ini|ipynb|java|jpg|jsx?|json|kt"
    r"|lock|log|lua|md|mjs|mov|pdf|php|pl|png|ps|pyi?|rb|rs|rst|scss|sh|so|sql|svg|swift|tar|tex|toml|tsx?|txt|vue"
    r"|xlsx|xml|ya?ml|zip",
    re.IGNORECASE,
)
_SAFE = "%/:?#[]@!$&'()*+,;=-._~"


class Target(Struct, frozen=True):
    """`address` is all of it, as it is opened. `host` in ASCII: what an alphabet's twins cannot imitate."""

    scheme: str
    host: str
    port: int | None
    has_userinfo: bool
    address: str

    @property
    def shown(self) -> str:
        """The address for the eye: shortened in its middle if it is endless."""
        if len(self.address) <= _SHOWN_CHARACTERS:
            return self.address
        half = _SHOWN_CHARACTERS // 2
        return f"{self.address[:half]}…{self.address[-half:]}"


def is_openable(href: str) -> bool:
    return target_of(href) is not None


def target_of(href: str) -> Target | None:
    """Return where an address leads; None for what is never opened."""
    if _FORBIDDEN.search(href):
        return None
    scheme, _, rest = href.partition(":")
    match scheme.lower():
        case "http" | "https" as known:
            return _web_target(known, rest)
        case "mailto":
            return _mail_target(rest)
        case _:
            return None


def is_misleading(text: str, target: Target) -> bool:
    """The link's own text names another host than it leads to."""
    claimed = claimed_host(text)
    return bool(claimed) and claimed.removeprefix("www.") != target.host.removeprefix("www.")


def claimed_host(text: str) -> str:
    """The host in ASCII that a link's text names, "" if it names none. A name alone is one, in a sentence it is not."""
    words = [word.strip(_AROUND_WORDS) for word in _UNSEEN.sub("", text).split()]
    for word in words:
        if "://" in word:
            claimed = target_of(word)
        elif word.lower().startswith("www."):
            claimed = target_of(f"http://{word}")
        elif "@" in word:
            claimed = target_of(f"mailto:{word}")
        else:
            name = _NAME.fullmatch(word) if len(words) == 1 else None
            claimed = target_of(f"http://{word}") if name and not _FILE_ENDING.fullmatch(name["last"]) else None
        if claimed:
            return claimed.host
    return ""


def _web_target(scheme: str, rest: str) -> Target | None:
    found = _WEB.fullmatch(rest)
    host = _host_of(found) if found else None
    if found is None or host is None:
        return None
    port = int(found["port"]) if found["port"] else None
    if port is not None and port > _LONGEST_PORT:
        return None
    user = "" if found["user"] is None else f"{quote(found['user'], _SAFE)}@"
    place = f"[{host}]" if ":" in host else host
    colon = "" if port is None else f":{port}"
    address = f"{scheme}://{user}{place}{colon}{quote(found['rest'], _SAFE)}"
    return Target(scheme, host, port, found["user"] is not None, address)


def _mail_target(rest: str) -> Target | None:
    found = _MAIL.fullmatch(rest)
    host = _name_in_ascii(found["host"]) if found else None
    if found is None or host is None or _ATTACHMENT.search(unquote(found["rest"])):
        return None
    address = f"mailto:{quote(found['user'], _SAFE)}@{host}{quote(found['rest'], _SAFE)}"
    return Target("mailto", host, None, False, address)


def _host_of(found: re.Match[str]) -> str | None:
    if found["v6"] is None:
        return _name_in_ascii(found["host"])
    try:
        return str(ipaddress.IPv6Address(found["v6"]))
    except ValueError:
        return None


def _name_in_ascii(name: str) -> str | None:
    """Of a host; None if it is none. A number is an address of four parts or none: browsers read others too."""
    if len(name) > _LONGEST_HOST:
        return None
    try:
        host = name.removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        return None
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        return host
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        return None
