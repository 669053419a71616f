"""What an answer took: tokens, with their source, and times."""

import re
from enum import StrEnum

from msgspec import Struct


class UsageSource(StrEnum):
    PROVIDER = "provider"  # the provider said so at the end of the stream
    ESTIMATED = "estimated"  # counted here; shown with ≈
    RECONCILED = "reconciled"  # asked of the provider afterwards


class Usage(Struct, frozen=True, kw_only=True):
    """`cached_tokens` are part of the prompt's, `reasoning_tokens` of the completion's; `cost` is in US dollars."""

    completion_tokens: int
    source: UsageSource
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None


class Timing(Struct, frozen=True, kw_only=True):
    """
    When things happened to one answer: milliseconds on the monotonic clock since it was started.

    None where it did not happen (an answer that was never stopped has no `stop_click_ms`). `answer_ms` is the first
    of the answer itself: later than `first_token_ms` where the model thought before.
    """

    headers_ms: float | None = None
    first_token_ms: float | None = None
    answer_ms: float | None = None
    last_token_ms: float | None = None
    stop_click_ms: float | None = None
    socket_closed_ms: float | None = None
    committed_ms: float | None = None

    @property
    def thinking_ms(self) -> float | None:
        """From the first thought to the first of the answer, or to the last thought of one that has none."""
        over_ms = self.last_token_ms if self.answer_ms is None else self.answer_ms
        return None if over_ms is None or self.first_token_ms is None else over_ms - self.first_token_ms

    @property
    def close_ms(self) -> float | None:
        """From the click on Stop to the closed connection."""
        if self.stop_click_ms is None or self.socket_closed_ms is None:
            return None
        return self.socket_closed_ms - self.stop_click_ms


# A word of up to about six letters is one token in the vocabularies in use, a longer one several;
# a CJK character is about one; punctuation marks stand alone.
_PIECES = re.compile(r"\s?[A-Za-z]{1,6}|\d{1,3}|[^\x00-\x7f]|[^\sA-Za-z\d]|\n+")
_LONGEST_TOKEN_CHARS = 10


def estimate_tokens(delta: str) -> int:
    """
    Estimate the tokens in one streamed delta, cheaply enough to do it for each.

    Most servers send a token a delta, so a short one counts as one; some (Gemini) send sentences.
    """
    if len(delta) <= _LONGEST_TOKEN_CHARS:
        return 1
    return max(1, len(_PIECES.findall(delta)))
