"""What is known of a provider's billing after the connection was closed."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class AfterDisconnect(StrEnum):
    """What a provider does with the rest of an answer that nobody reads any more."""

    STOPS = "stops"  # it ends the answer; the rest is not billed
    GOES_ON = "goes_on"  # it finishes the answer and bills all of it
    UNKNOWN = "unknown"  # neither its documentation nor its maintainers say, or it depends


class BillingFact(Struct, frozen=True, kw_only=True):
    """
    One provider's answer, in a sentence for the user that stands alone.

    `checked` is the day on which the `source` was read; None and "" where there is no source to read.
    """

    provider: str
    after_disconnect: AfterDisconnect
    sentence: str
    checked: date | None = None
    source: str = ""
