"""Each provider's own way to refuse is one of our errors, with what it tells: numbers, and how long to wait."""

import json
import time
from pathlib import Path

import pytest

from app.domain.errors import (
    ContextTooLong,
    ProviderError,
    ProviderOverloaded,
    ProviderTimedOut,
    ProxyFailed,
    RateLimited,
    RequestRejected,
    Unavailable,
)
from app.domain.provider import Endpoint, Secret
from app.providers.error_map import from_error_body

KEY = Secret("sk-canary-0123456789abcdef")


REFUSALS = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))  # in their own words
NAMED = {case["name"]: case for case in REFUSALS}


@pytest.mark.parametrize("name", NAMED)
def test_a_refusal_is_understood(name: str) -> None:
    case = NAMED[name]
    error = from_error_body(json.dumps(case["body"]).encode(), (KEY,), case["status"])
    assert type(error).__name__ == case["kind"], error.detail


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b"", RateLimited),
        (407, b"Proxy authentication required", ProxyFailed),
        (408, b"", ProviderTimedOut),
        (418, b"I am a teapot", RequestRejected),
        (400, b"[" * 100_000, RequestRejected),
        (400, b"\xff\xfe", RequestRejected),
        (500, b"null", ProviderOverloaded),
    ],
)
def test_what_is_no_error_object_goes_by_its_status(status: int, body: bytes, kind: type[ProviderError]) -> None:
    assert type(from_error_body(body, (KEY,), status)) is kind


@pytest.mark.parametrize(
    ("name", "limit", "asked"),
    [
        ("openai context", 8192, 9001),
        ("openai too large for the minute", 30000, 342389),
        ("anthropic context", 200000, 208310),
        ("gemini context", 1048575, 1200000),
        ("openrouter context", 32768, 41000),
        ("groq too large", 6000, 12328),
        ("mistral context", 32768, 33000),
        ("xai context", 131072, 140000),
        ("lm studio context", 2048, 14538),
        ("llama.cpp context", 256, 1407),
        ("vllm context", 4096, 5000),
    ],
)
def test_a_conversation_that_is_too_long_is_told_with_the_numbers(name: str, limit: int, asked: int) -> None:
    error = from_error_body(NAMED[name]["body"], (KEY,), NAMED[name]["status"])
    assert isinstance(error, ContextTooLong)
    assert (error.limit_tokens, error.asked_tokens) == (limit, asked)
    assert f"It has {asked:,} tokens, and {limit:,} fit." in error.fault.advice


@pytest.mark.parametrize(
    ("headers", "name", "wait_s"),
    [
        ({"retry-after": "7"}, "no body", 7.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, "no body", 1.5),
        ({"retry-after": "Sat, 28 Nov 2026 15:00:30 GMT", "date": "Sat, 28 Nov 2026 15:00:00 GMT"}, "no body", 30.0),
        ({"retry-after": "Sat, 28 Nov 2026 15:00:00 GMT", "date": "Sat, 28 Nov 2026 15:00:30 GMT"}, "no body", 0.0),
        ({"retry-after": "soon"}, "no body", None),
        ({"retry-after": "-3"}, "no body", None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2m59.56s"}, "no body", 179.56),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"}, "no body", 0.02),
        ({"x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "20ms"}, "no body", None),
        ({}, "openai rate", 20.0),
        ({}, "azure rate", 26.0),
        ({}, "gemini rate", 21.0),
        ({}, "groq rate", 578.016),
        ({}, "openrouter upstream", None),
        ({}, "anthropic overloaded", None),
    ],
)
def test_what_a_provider_asks_to_wait_is_kept(headers: dict[str, str], name: str, wait_s: float | None) -> None:
    case = NAMED.get(name, {"body": b"", "status": 429})
    error = from_error_body(case["body"], (KEY,), case["status"], headers)
    assert isinstance(error, Unavailable)
    assert error.retry_after_s == (None if wait_s is None else pytest.approx(wait_s))


def test_a_long_wait_is_named_in_the_sentence() -> None:
    asks_for_long = from_error_body(NAMED["groq rate"]["body"], (KEY,), 429)
    assert "It asks to wait 10 minutes." in asks_for_long.fault.advice
    error = from_error_body(b"", (KEY,), 429, {"retry-after": "5"})
    assert error.fault.advice == "Wait a moment, then press Retry."


def test_what_lies_deepest_is_told() -> None:
    """OpenRouter wraps what the provider behind it said."""
    inner = json.dumps({"error": {"message": "The image is broken", "code": "bad_image"}})
    body = {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": inner}}}
    assert from_error_body(body, (KEY,), 400).detail == "The image is broken"


def test_no_key_is_in_a_detail() -> None:
    error = from_error_body({"error": {"message": f"bad key {KEY.reveal()} and sk-other-1234567890"}}, (KEY,), 401)
    assert "canary" not in error.detail
    assert "1234567890" not in error.detail


@pytest.mark.parametrize("words", ["model ", "context length ", "model:", "Bearer ", "no "])
def test_a_refusal_that_was_made_to_be_slow_holds_nothing_up(words: str) -> None:
    """All of the 64 KB that are read of one. On the UI thread it took eight seconds."""
    body = (words * (64_000 // len(words))).encode()
    began_s = time.process_time()
    assert isinstance(from_error_body(body, (KEY,), 400), ProviderError)
    assert time.process_time() - began_s < 0.5


def test_a_gateways_token_that_comes_back_is_in_no_detail() -> None:
    """It travels in a header of the user's; what a refusal says is kept in the database."""
    headers = (("cf-aig-authorization", "Bearer gateway-canary-77"), ("x-title", "Belay"))
    endpoint = Endpoint(name="", base_url="https://gateway.example/v1", api_key=KEY, headers=headers)
    error = from_error_body({"error": {"message": "Not known in Belay: gateway-canary-77"}}, endpoint.secrets, 401)
    assert error.detail == "Not known in Belay: …"


def test_no_key_is_cut_in_two_where_the_words_are() -> None:
    error = from_error_body(f"{KEY.reveal()} " * 200, (KEY,), 400)
    assert error.detail
    assert "canary" not in error.detail


@pytest.mark.parametrize(
    "error",
    [
        {"message": f"maximum context length is {'9' * 5000} tokens", "code": "context_length_exceeded"},
        {"message": "It is too long", "code": "\u00b2"},
        {"message": "It is too long", "code": "4" * 5000},
    ],
    ids=["a limit of 5,000 digits", "a digit that is no number", "a code of 5,000 digits"],
)
def test_numbers_that_are_none_are_told_like_any_refusal(error: dict[str, str]) -> None:
    assert type(from_error_body({"error": error}, (KEY,), 400)) in (ContextTooLong, RequestRejected)
