"""How long a provider asks to wait: in a header, a field of the error, or its words."""

import importlib
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|sec|seconds?|m|min|minutes?|h|hours?)(?![a-z])", re.IGNORECASE
)
_ASKED = re.compile(
    r"(?:try again|retry|wait)(?: again)? (?:in|after|for) ((?:\d+(?:\.\d+)?\s*[a-z]+\s*)+)", re.IGNORECASE
)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_RESETS = ("requests", "tokens")
_EPOCH_S = 1_000_000_000  # a larger number is a moment, not a span


def retry_after_s(headers: Mapping[str, str], error: Any, words: str) -> float | None:
    """
    Return the seconds a provider asks to wait, None if it does not say. `error` is the decoded error object.

    In the order of what is most exact: retry-after-ms, Retry-After (seconds or a date), x-ratelimit-reset-* of what
    is used up, Google's RetryInfo, the words ("try again in 6.78s").
    """
    found = (
        _number(headers.get("retry-after-ms"), 0.001),
        _after(headers.get("retry-after"), headers.get("date")),
        _reset(headers),
        _google_delay(error),
        _from_words(words),
    )
    wait_s = next((each for each in found if each is not None), None)
    return max(0.0, wait_s) if wait_s is not None else None


def _number(text: str | None, unit_s: float) -> float | None:
    try:
        return float(text) * unit_s if text and text.strip().replace(".", "", 1).isdigit() else None
    except ValueError:
        return None


def _after(text: str | None, server_date: str | None) -> float | None:
    if not text:
        return None
    if (seconds := _number(text, 1.0)) is not None:
        return seconds
    if (moment_s := _moment_s(text)) is None:
        return _span_s(text)
    now_s = _moment_s(server_date) if server_date else None  # by the server's clock, whatever ours says
    return moment_s - (time.time() if now_s is None else now_s)


def _moment_s(date: str) -> float | None:
    read: Callable[[str], datetime] = importlib.import_module("email.utils").parsedate_to_datetime  # loads 10 modules
    try:
        return read(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _reset(headers: Mapping[str, str]) -> float | None:
    """OpenAI, Groq: a span per kind, 6m0s or 20ms. OpenRouter: one moment, in milliseconds."""
    spans = [
        _span_s(headers.get(f"x-ratelimit-reset-{kind}", ""))
        for kind in _RESETS
        if headers.get(f"x-ratelimit-remaining-{kind}", "").strip() == "0"
    ]
    if known := [span for span in spans if span is not None]:
        return max(known)
    at = _number(headers.get("x-ratelimit-reset"), 1.0)
    if at is None:
        return None
    if at > _EPOCH_S * 1000:
        return at / 1000 - time.time()
    return at - time.time() if at > _EPOCH_S else at


def _google_delay(error: Any) -> float | None:
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict) and isinstance(delay := detail.get("retryDelay"), str):
            return _span_s(delay)
    return None


def _from_words(words: str) -> float | None:
    asked = _ASKED.search(words)
    return _span_s(asked[1]) if asked else None


def _span_s(text: str) -> float | None:
    """Read 6.78s, 9m38.016s, 20ms, 26 seconds; the bare number of seconds too."""
    parts = _SPAN.findall(text)
    if not parts:
        return _number(text, 1.0)
    return sum(float(count) * _unit_s(unit.lower()) for count, unit in parts)


def _unit_s(unit: str) -> float:
    return 0.001 if unit == "ms" or unit.startswith("milli") else _SECONDS[unit[0]]
