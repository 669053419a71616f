"""Foreign errors to ours: the one border where they are translated."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2
import msgspec
import openai

from app.domain.errors import (
    AuthenticationFailed,
    CertificateRejected,
    ContextTooLong,
    NotAnOpenAIServer,
    ProviderError,
    ProviderOverloaded,
    ProviderTimedOut,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    StreamBroken,
    UnknownModel,
)
from app.domain.provider import Secret
from app.domain.redaction import without_keys

DETAIL_CHARS = 500

_CONTEXT_WORDS = re.compile(r"context (?:length|size|window)|exceeds? the (?:available )?context", re.IGNORECASE)
_UNKNOWN_MODEL_WORDS = re.compile(r"\bmodel\b.*\b(?:not|unknown|invalid|no such)\b|unknown model", re.IGNORECASE)


@contextmanager
def as_provider_errors(key: Secret, *, streaming: bool = False) -> Iterator[None]:
    """Raise ProviderError for whatever the network or the client raised. `key` never shows in the detail."""
    try:
        yield
    except ProviderError:
        raise
    except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpcore2.NetworkError) as error:
        raise _translated(error, key, streaming) from error
    except (httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
        raise _translated(error, key, streaming) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        kind = StreamBroken if streaming else NotAnOpenAIServer
        raise kind(f"the server sent something unreadable: {redacted(str(error), key)}") from error


def from_error_body(body: Any, key: Secret, status: int | None = None) -> ProviderError:
    """Translate the `error` object of a response or of an event in a stream."""
    message, code = _message_and_code(body)
    message = redacted(message, key)
    if code in {"insufficient_quota", "billing_hard_limit_reached"} or status == 402:
        return QuotaExhausted(message)
    if status in {401, 403} or code in {"invalid_api_key", "authentication_error"}:
        return AuthenticationFailed(message)
    if code == "context_length_exceeded" or _CONTEXT_WORDS.search(message):
        return ContextTooLong(message)
    if code == "model_not_found" or (status in {400, 404} and _UNKNOWN_MODEL_WORDS.search(message)):
        return UnknownModel(message)
    if status == 404:
        return NotAnOpenAIServer(message or "404: no chat completions at this address")
    if status == 429 or code in {"rate_limit_exceeded", "rate_limit_error"}:
        return RateLimited(message)
    if status == 408:
        return ProviderTimedOut(message)
    if (status is not None and status >= 500) or code in {"overloaded_error", "server_error"}:
        return ProviderOverloaded(message)
    return RequestRejected(message)


def redacted(text: str, key: Secret) -> str:
    """Return the text without the key, or anything that looks like one, and not too long."""
    text = without_keys(text, key)
    return text if len(text) <= DETAIL_CHARS else text[: DETAIL_CHARS - 1] + "…"


def _translated(error: Exception, key: Secret, streaming: bool) -> ProviderError:
    if isinstance(error, openai.APIStatusError):
        return _from_status(error, key)
    chain = tuple(_chain(error))
    kind, words = next(filter(None, map(_exact_cause, chain)), (None, ""))
    if kind is None:
        kind, words = next(
            filter(None, (_rough_cause(cause, streaming) for cause in chain)), (ProviderError, str(error))
        )
    return kind(redacted(words, key))


def _from_status(error: openai.APIStatusError, key: Secret) -> ProviderError:
    if 300 <= error.status_code < 400:
        target = error.response.headers.get("location", "another address")
        return NotAnOpenAIServer(redacted(f"it redirects to {target}; Belay does not follow", key))
    if "html" in error.response.headers.get("content-type", ""):
        return NotAnOpenAIServer(f"HTTP {error.status_code} with a web page")
    return from_error_body(error.body if error.body is not None else error.message, key, error.status_code)


def _exact_cause(cause: BaseException) -> tuple[type[ProviderError], str] | None:
    """What deep down in the chain names the reason better than the layers above it."""
    match cause:
        case ssl.SSLCertVerificationError():
            return CertificateRejected, cause.verify_message
        case ssl.SSLError():
            return CertificateRejected, cause.reason or str(cause)
        case socket.gaierror():
            return ProviderUnreachable, "the name of the server was not found"
        case ConnectionRefusedError():
            return ProviderUnreachable, "nothing answers at this address and port"
        case httpcore2.ConnectTimeout():
            return ProviderUnreachable, "no answer from the server"
    return None


def _rough_cause(cause: BaseException, streaming: bool) -> tuple[type[ProviderError], str] | None:
    match cause:
        case httpcore2.ReadError() | httpcore2.RemoteProtocolError() if streaming:
            return StreamBroken, str(cause)
        case httpcore2.ProtocolError():
            return NotAnOpenAIServer, str(cause)
        case httpcore2.TimeoutException() | httpx2.TimeoutException():
            return ProviderTimedOut, type(cause).__name__
        case httpcore2.NetworkError() | OSError():
            return ProviderUnreachable, str(cause)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _message_and_code(body: Any) -> tuple[str, str]:
    """Find the words and the code in what servers call an error: an object, an object in an object, a string."""
    if isinstance(body, str | bytes):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return (body if isinstance(body, str) else body.decode(errors="replace")), ""
    if isinstance(body, dict) and "error" in body:
        body = body["error"]
    if isinstance(body, dict):
        code = body.get("code") or body.get("type") or ""
        return str(body.get("message") or body.get("detail") or body), str(code)
    return str(body), ""
