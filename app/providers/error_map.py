"""Foreign errors to ours: the one border where they are translated."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore2
import msgspec
from msgspec.structs import replace

from app.domain.errors import (
    AnswerGarbled,
    CertificateRejected,
    ConnectionRefused,
    ContextTooLong,
    NameNotFound,
    NotAnOpenAIServer,
    ProviderError,
    ProviderTimedOut,
    ProviderUnreachable,
    ProxyFailed,
    RedirectRefused,
    StreamBroken,
    Unavailable,
    WebPageReceived,
)
from app.domain.provider import Secret
from app.domain.redaction import without_keys
from app.providers.error_bodies import context_numbers, kind_of, read_body
from app.providers.refused import ClientFailed, Refused
from app.providers.retry_after import retry_after_s
from app.providers.tls import certificate_problem, handshake_problem

DETAIL_CHARS = 500
LONGEST_WORDS = 2_000  # of a refusal: more is not looked through, which took seconds with 60 KB made for it
_STATUSES_OF_GATEWAYS = frozenset({407, 500, 502, 503, 504, 520, 521, 522, 524, 529})  # their web pages mean no more


@contextmanager
def as_provider_errors(keys: Sequence[Secret], *, streaming: bool = False) -> Iterator[None]:
    """Raise ProviderError for whatever the network or the client raised. `keys` never show in the detail."""
    try:
        yield
    except ProviderError:
        raise
    except (Refused, ClientFailed) as error:
        raise _translated(error, keys, streaming) from error
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, httpcore2.ProxyError) as error:
        raise _translated(error, keys, streaming) from error
    except OSError as error:
        raise _translated(error, keys, streaming) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # the last: brackets in brackets
        kind = AnswerGarbled if streaming else NotAnOpenAIServer
        raise kind(f"the server sent something unreadable: {redacted(str(error), keys)}") from error


def from_error_body(
    body: Any, keys: Sequence[Secret], status: int | None = None, headers: Mapping[str, str] | None = None
) -> ProviderError:
    """Translate the `error` object of a response or of an event in a stream."""
    read = read_body(body, status)
    read = replace(read, message=without_keys(read.message, *keys)[:LONGEST_WORDS])  # no key is cut in two
    kind, message = kind_of(read), shortened(read.message)
    if issubclass(kind, Unavailable):
        return kind(message, retry_after_s(headers or {}, read.error, read.message))
    if issubclass(kind, ContextTooLong):
        return kind(message, *context_numbers(read))
    return kind(message)


def redacted(text: str, keys: Sequence[Secret]) -> str:
    """Return the text without the keys, or anything that looks like one, and not too long."""
    return shortened(without_keys(text, *keys))


def shortened(text: str) -> str:
    return text if len(text) <= DETAIL_CHARS else text[: DETAIL_CHARS - 1] + "…"


def _translated(error: Exception, keys: Sequence[Secret], streaming: bool) -> ProviderError:
    if isinstance(error, Refused):
        return _from_status(error, keys)
    chain = tuple(_chain(error))
    if (ours := next((cause for cause in chain if isinstance(cause, ProviderError)), None)) is not None:
        return ours  # raised by our transport, under the client
    where = next((str(cause) for cause in chain if isinstance(cause, httpcore2.ConnectError)), "the server")
    kind, words = next(filter(None, (_exact_cause(cause, where) for cause in chain)), (None, ""))
    if kind is None:
        kind, words = next(
            filter(None, (_rough_cause(cause, streaming) for cause in chain)), (ProviderError, str(error))
        )
    return kind(redacted(words, keys))


def _from_status(refusal: Refused, keys: Sequence[Secret]) -> ProviderError:
    status, headers, body = refusal.status, refusal.headers, refusal.body
    if 300 <= status < 400:
        target = headers.get("location", "another address")
        return RedirectRefused(redacted(f"it redirects to {target}", keys))
    if "html" in headers.get("content-type", ""):
        if status not in _STATUSES_OF_GATEWAYS:
            return WebPageReceived(f"HTTP {status} with a web page")
        body = b""
    return from_error_body(body or f"HTTP {status}", keys, status, headers)


def _exact_cause(cause: BaseException, where: str) -> tuple[type[ProviderError], str] | None:
    """What deep down in the chain names the reason better than the layers above it. `where`: host and port."""
    match cause:
        case httpcore2.ProxyError():
            return ProxyFailed, _proxy_words(str(cause))
        case ssl.SSLCertVerificationError():
            return CertificateRejected, certificate_problem(cause)
        case ssl.SSLError():
            return ProviderUnreachable, handshake_problem(cause)
        case socket.gaierror():
            return NameNotFound, f"{where.rpartition(':')[0] or where} has no address"
        case ConnectionRefusedError():
            return ConnectionRefused, f"{where} refused the connection"
        case httpcore2.ConnectTimeout():
            return ProviderUnreachable, "no answer from the server"
    return None


def _rough_cause(cause: BaseException, streaming: bool) -> tuple[type[ProviderError], str] | None:
    match cause:
        case httpcore2.ReadError() | httpcore2.RemoteProtocolError() if streaming:
            return StreamBroken, str(cause)
        case httpcore2.ProtocolError():
            return NotAnOpenAIServer, str(cause)
        case httpcore2.TimeoutException():
            return ProviderTimedOut, type(cause).__name__
        case OSError():
            return ProviderUnreachable, cause.strerror or str(cause)
        case httpcore2.NetworkError() if cause.__cause__ is None:
            return ProviderUnreachable, str(cause)
    return None


def _proxy_words(words: str) -> str:
    """Of httpcore2 it is a status line: 407 Proxy Authentication Required."""
    if words.startswith("407"):
        return "it asks for a name and a password"
    return f"it answered {words}" if words[:3].isdigit() else words


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
