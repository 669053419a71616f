"""Nothing is sent in the open to another computer, not even a question for its name, unless the user agreed."""

from collections.abc import Iterable

from app.domain.errors import AddressNotEncrypted
from app.domain.network import origin_of, speaks_in_the_open


def require_consent(address: str, agreed_hosts: Iterable[str]) -> None:
    """
    Let an address pass: it is encrypted, on this computer, no address at all, or its host is agreed to.

    Raises:
        AddressNotEncrypted: the detail is its host.
    """
    try:
        origin = origin_of(address)
    except ValueError:  # who connects to it says what is wrong with it
        return
    if speaks_in_the_open(origin) and origin.host not in agreed_hosts:
        raise AddressNotEncrypted(origin.host)
