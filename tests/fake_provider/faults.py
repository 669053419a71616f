"""
What can go wrong, one name each: `fault=name` or `fault=name:argument`.

Instead of the stream   status:CODE quota context_length echo_key html[:CODE] json
                        redirect:ADDRESS gzip_bomb no_headers
Before token N          bad_utf8:N bad_json:N long_line:N empty_choices:N
After N tokens, for good reset_after:N (RST)  cut_after:N (FIN, chunked body unfinished)
                        fin_after:N (body finished, no finish_reason, no [DONE])
                        stall_after:N (silence)  pings_after:N (comments only)
                        error_after:N (an error object in the stream)
At the end              no_finish no_done after_done (text after [DONE])
All along               crlf ignore_disconnect (goes on generating)
"""

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.fake_provider.http import Request, json_reply, reply
from tests.fake_provider.sse import EventEncoder

INSTEAD = frozenset(
    {"status", "quota", "context_length", "echo_key", "html", "json", "redirect", "gzip_bomb", "no_headers"}
)
BEFORE = frozenset({"bad_utf8", "bad_json", "long_line", "empty_choices"})
AFTER = frozenset({"reset_after", "cut_after", "fin_after", "stall_after", "pings_after", "error_after"})
OTHER = frozenset({"no_finish", "no_done", "after_done", "crlf", "ignore_disconnect"})
NAMES = INSTEAD | BEFORE | AFTER | OTHER

PORTAL = b"<!doctype html><title>Welcome</title><h1>Please log in to the hotel's Wi-Fi</h1>"

_ERRORS = {
    400: ("invalid_request_error", "invalid_request", "The request was malformed."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("permission_error", "permission_denied", "Your project may not use this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    408: ("timeout", "timeout", "The request timed out."),
    429: ("rate_limit_error", "rate_limit_exceeded", "Rate limit reached. Please slow down."),
    500: ("server_error", "internal_error", "The server had an error while processing your request."),
    503: ("server_error", "overloaded", "The engine is currently overloaded, please try again later."),
}
_QUOTA = ("insufficient_quota", "insufficient_quota", "You exceeded your current quota, check your billing details.")
_CONTEXT = (
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. "
    "Please reduce the length of the messages."
)


@dataclass(frozen=True, slots=True)
class Fault:
    name: str = ""
    argument: str = ""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """
        Raises:
            ValueError: no such fault, or an argument of the wrong kind.
        """
        name, _, argument = text.partition(":")
        if text and name not in NAMES:
            raise ValueError(f"unknown fault {name!r}; known: {', '.join(sorted(NAMES))}")
        if (name in BEFORE | AFTER | {"status"} and not argument.isdigit()) or (name == "redirect" and not argument):
            raise ValueError(f"the fault {name!r} needs an argument, as in {name}:20")
        return cls(name, argument)

    @property
    def at(self) -> int:
        """The N of the faults that have one."""
        return int(self.argument)


def error_body(kind: str, code: str, message: str) -> dict[str, object]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def error_reply(status: int, message: str = "", retry_after: str = "") -> bytes:
    kind, code, usual = _ERRORS.get(status, ("server_error", "error", f"Something went wrong ({status})."))
    headers = {"retry-after": retry_after} if retry_after else None
    return json_reply(status, error_body(kind, code, message or usual), headers)


async def reply_instead(fault: Fault, request: Request, *, retry_after: str, size_bytes: int) -> bytes:
    """The whole reply of a fault in INSTEAD; no_headers never returns."""
    match fault.name:
        case "status":
            return error_reply(fault.at, retry_after=retry_after)
        case "quota":
            return json_reply(429, error_body(*_QUOTA))
        case "context_length":
            return json_reply(400, error_body("invalid_request_error", "context_length_exceeded", _CONTEXT))
        case "echo_key":
            key = request.header("authorization").removeprefix("Bearer ")
            return error_reply(401, f"Incorrect API key provided: {key}. You can find your key in the settings.")
        case "html":
            return reply(int(fault.argument or 200), PORTAL, "text/html; charset=utf-8")
        case "json":
            return json_reply(200, {"hello": "world"})
        case "redirect":
            return reply(307, b"", "text/plain", {"location": fault.argument.rstrip("/") + request.path})
        case "gzip_bomb":
            # Sent even to those who accept only identity: this server is hostile.
            bomb = await asyncio.to_thread(_gzip_bomb, size_bytes)
            return reply(200, bomb, "text/event-stream", {"content-encoding": "gzip"})
        case _:
            await asyncio.get_running_loop().create_future()
            raise AssertionError("unreachable")


def bytes_before(fault: Fault, encoder: EventEncoder, size_bytes: int) -> bytes:
    """What a fault in BEFORE puts into the stream just before its token."""
    makers: dict[str, Callable[[], bytes]] = {
        "bad_utf8": lambda: encoder.choice({"content": "BAD"}).replace(b"BAD", b"\xff\xfe \xc3"),
        "bad_json": lambda: encoder.data('{"choices": [{"delta": {"content": "oops'),
        "long_line": lambda: encoder.choice({"content": "x" * size_bytes}),
        "empty_choices": encoder.without_choices,
    }
    return makers[fault.name]()


def _gzip_bomb(size_bytes: int) -> bytes:
    packer = zlib.compressobj(level=9, wbits=zlib.MAX_WBITS | 16)
    piece = b"z" * 1_000_000
    parts = [packer.compress(b"data: ")]
    parts += [packer.compress(piece) for _ in range(max(1, size_bytes // len(piece)))]
    return b"".join([*parts, packer.compress(b"\n\n"), packer.flush()])
