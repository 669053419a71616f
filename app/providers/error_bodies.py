"""
What servers call an error, in the shapes they send it, and which of ours it is.

Shapes and words are those of OpenAI, Azure, Anthropic, Gemini, OpenRouter, Groq, DeepSeek, Mistral, xAI, Ollama,
LM Studio, llama.cpp and vLLM; tests/unit/providers/test_error_bodies.py has an example of each.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from app.domain.errors import (
    AccessDenied,
    AuthenticationFailed,
    ContentFiltered,
    ContextTooLong,
    NotAnOpenAIServer,
    ProviderError,
    ProviderOverloaded,
    ProviderTimedOut,
    ProxyFailed,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    UnknownModel,
)

_FILTERED = re.compile(
    r"content management policy|content[ _]polic|flagged|inappropriate content|Content Exists Risk", re.I
)
_NO_CREDIT = re.compile(
    r"insufficient (?:balance|credits?|funds|quota)|credit balance is too low|out of credits|(?:used all|any|more) "
    r"(?:available )?credits|can only afford|exceeded your current quota|billing hard limit|spending limit",
    re.I,
)
_TOO_LONG = re.compile(
    r"maximum (?:context|prompt|input) length|context (?:length|size|window)|exceeds? the (?:available )?context"
    r"|prompt is too long|too many (?:input )?tokens|too large for model|request too large|input is too long"
    r"|input token count|tokens to keep from the initial prompt|(?:input|prompt) tokens? (?:limit )?exceed",
    re.I,
)
_UNKNOWN_MODEL = re.compile(
    r"\bmodels?\b.*\b(?:not|unknown|invalid|no such)\b|(?:unknown|invalid|no such|not a valid) model"
    r"|no models? (?:is )?loaded|no endpoints found|deployment .*does not exist|model:",
    re.I,
)
_BAD_KEY = re.compile(
    r"(?:incorrect|invalid|missing|no) (?:api|subscription)[ -]?key|api key not valid|authentication fails?", re.I
)
_OVERLOADED = re.compile(r"overloaded|over capacity|loading model|temporarily unavailable", re.I)

_CODES: dict[str, type[ProviderError]] = {
    "content_filter": ContentFiltered,
    "content_policy_violation": ContentFiltered,
    "responsibleaipolicyviolation": ContentFiltered,
    "data_inspection_failed": ContentFiltered,
    "insufficient_quota": QuotaExhausted,
    "billing_hard_limit_reached": QuotaExhausted,
    "billing_not_active": QuotaExhausted,
    "billing_error": QuotaExhausted,
    "context_length_exceeded": ContextTooLong,
    "exceed_context_size_error": ContextTooLong,
    "string_above_max_length": ContextTooLong,
    "request_too_large": ContextTooLong,
    "tokens_limit_reached": ContextTooLong,
    "invalid_api_key": AuthenticationFailed,
    "authentication_error": AuthenticationFailed,
    "unauthenticated": AuthenticationFailed,
    "model_not_found": UnknownModel,
    "invalid_model": UnknownModel,
    "unknown_model": UnknownModel,
    "deploymentnotfound": UnknownModel,
    "permission_error": AccessDenied,
    "permission_denied": AccessDenied,
    "overloaded_error": ProviderOverloaded,
    "unavailable_error": ProviderOverloaded,
    "server_error": ProviderOverloaded,
    "api_error": ProviderOverloaded,
    "unavailable": ProviderOverloaded,
    "internal_server_error": ProviderOverloaded,
    "timeout": ProviderTimedOut,
    "rate_limit_error": RateLimited,
    "rate_limit_exceeded": RateLimited,
    "too_many_requests": RateLimited,
    "resource_exhausted": RateLimited,
}
_STATUS = re.compile(r"[45][0-9][0-9]")
_CERTAIN = (ContentFiltered, QuotaExhausted, ContextTooLong)  # said by a code, whatever the status is

_STATUSES: dict[int, type[ProviderError]] = {
    401: AuthenticationFailed,
    402: QuotaExhausted,
    403: AccessDenied,
    404: NotAnOpenAIServer,
    405: NotAnOpenAIServer,
    407: ProxyFailed,
    408: ProviderTimedOut,
    413: ContextTooLong,
    429: RateLimited,
}


class ErrorBody(Struct, frozen=True):
    """`error` is the object that holds the words, None if there is none; `codes` in lower case, without numbers."""

    message: str
    codes: frozenset[str] = frozenset()
    status: int | None = None
    error: Any = None


def read_body(body: Any, status: int | None = None) -> ErrorBody:
    """Find words and codes in a body: bytes, a string, an object, an object in an object, an object in a list."""
    if isinstance(body, bytes | str):
        text = body.decode("utf-8", errors="replace") if isinstance(body, bytes) else body
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            return ErrorBody(text.strip(), status=status)
    if isinstance(body, list) and body:
        body = body[0]
    objects = list(_nested(body))
    codes = {str(found).lower() for each in objects for found in _codes_of(each)}
    numbers = [int(code) for code in codes if _STATUS.fullmatch(code)]
    error = objects[-1] if objects else None
    return ErrorBody(
        _words(objects) or (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)),
        frozenset(code for code in codes if not code.isdigit()),
        status or next(iter(numbers), None),
        error,
    )


def kind_of(body: ErrorBody) -> type[ProviderError]:  # noqa: C901 - a table in the order of certainty
    """Return which of our errors it is: by a code that can't be mistaken, by the words, by status and other codes."""
    words, status = body.message, body.status
    by_code = [kind for code, kind in _CODES.items() if code in body.codes]
    is_rate = "resource_exhausted" in body.codes  # Gemini says "quota" for its limits per minute, too
    for certain in _CERTAIN:
        if certain in by_code:
            return certain
    if status in (400, 403, None) and _FILTERED.search(words):
        return ContentFiltered
    if _TOO_LONG.search(words) and status not in (401, 403, 404):
        return ContextTooLong
    if not is_rate and (status == 402 or (status in (400, 403, 429, None) and _NO_CREDIT.search(words))):
        return QuotaExhausted
    if status == 401 or AuthenticationFailed in by_code or (status in (400, 403) and _BAD_KEY.search(words)):
        return AuthenticationFailed
    if UnknownModel in by_code or (status in (400, 404, 422, None) and _UNKNOWN_MODEL.search(words)):
        return UnknownModel
    if status == 503 or (status is not None and status >= 500 and status not in (501, 505)):
        return ProviderOverloaded
    if status in _STATUSES:
        return _STATUSES[status]
    if status is None and _OVERLOADED.search(words):
        return ProviderOverloaded
    return by_code[0] if by_code and status is None else RequestRejected


_LIMIT = re.compile(
    r"(?:maximum (?:context|prompt|input) length (?:is|of)|context (?:length|size|window) (?:is|of)(?: only)?|Limit"
    r"|maximum number of tokens allowed|> |max(?:imum)?(?: is| of)?|large for model with) ?\(?([0-9][0-9,]{2,15})",
    re.I,
)
_ASKED = re.compile(
    r"(?:requested(?: about)?|resulted in|you sent|has|contains|keep the first|input token count"
    r"|too long:|Requested~?|prompt contains) ?~?\(?([0-9][0-9,]{2,15})",
    re.I,
)


def context_numbers(body: ErrorBody) -> tuple[int | None, int | None]:
    """Return how many tokens fit, and how many were asked for, as far as the server tells."""
    if isinstance(body.error, dict):  # llama.cpp has them as fields
        limit, asked = body.error.get("n_ctx"), body.error.get("n_prompt_tokens")
        if isinstance(limit, int) and isinstance(asked, int):
            return limit, asked
    limit_words, asked_words = _LIMIT.search(body.message), _ASKED.search(body.message)
    limit = _number(limit_words[1]) if limit_words else None
    asked = _number(asked_words[1]) if asked_words else None
    return limit, asked if limit is not None and asked is not None and asked > limit else None


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def _nested(body: Any) -> Iterator[dict[str, Any]]:
    """The objects from the outside to the one that holds the words."""
    for _ in range(4):
        if not isinstance(body, dict):
            return
        yield body
        inner = body.get("error")
        if not isinstance(inner, dict):
            metadata = body.get("metadata")  # OpenRouter: what the provider behind it said, as text
            raw = metadata.get("raw") if isinstance(metadata, dict) else None
            try:
                inner = json.loads(raw) if isinstance(raw, str) else None
            except (ValueError, RecursionError):
                return
        body = inner


def _codes_of(error: dict[str, Any]) -> Iterator[str | int]:
    inner = error.get("innererror")
    for found in (error.get("code"), error.get("type"), error.get("status"), inner and inner.get("code")):
        if isinstance(found, str | int) and not isinstance(found, bool):
            yield found


def _words(objects: list[dict[str, Any]]) -> str:
    """The innermost words: the layers above say less."""
    for error in reversed(objects):
        for name in ("message", "error", "detail", "msg"):
            if text := _as_text(error.get(name)):
                return text
    return ""


def _as_text(value: Any) -> str:
    """A sentence, or FastAPI's list of what is wrong where."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict) and "detail" in value:
        return _as_text(value["detail"])
    if isinstance(value, list):
        return "; ".join(filter(None, (_as_text(each.get("msg")) for each in value if isinstance(each, dict))))
    return ""
