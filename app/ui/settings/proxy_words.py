"""What is to be said of the address of a proxy while it is written."""

from typing import NamedTuple

from app.domain.network import proxy_to_keep

_LOGIN = (
    "This address works, but its name and password can be read in Belay's settings file. Better: put the whole "
    "address into the variable HTTPS_PROXY, and choose the system's proxy."
)


class Verdict(NamedTuple):
    """`sentence` is "" where nothing is to be said."""

    sentence: str
    is_error: bool


def proxy_verdict(text: str, kept: str) -> Verdict:
    """`kept` is the address that the settings have now."""
    try:
        address = proxy_to_keep(text, kept)
    except ValueError as error:
        return Verdict(str(error), is_error=True)
    return Verdict(_LOGIN if address.has_login else "", is_error=False)
