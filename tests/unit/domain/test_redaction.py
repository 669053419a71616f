"""No text that others may read holds a key, in whatever form it got there."""

import base64
import json
import threading
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.provider import Secret
from app.domain.redaction import Redactor, without_keys

VALUE = "canary/0123+4567=89"  # looks like no key of any provider, and changes in every encoding
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)


def knowing(*values: str) -> Redactor:
    redactor = Redactor()
    for value in values:
        redactor.learn(Secret(value))
    return redactor


FORMS = [
    VALUE,
    quote(VALUE),
    quote(VALUE, safe=""),
    json.dumps({"key": VALUE}),
    repr(VALUE),
    *(base64.b64encode(before + VALUE.encode() + b"!").decode() for before in (b"", b"a", b"ab", b"user:")),
    base64.urlsafe_b64encode(b"x" + VALUE.encode()).decode(),
]


@pytest.mark.parametrize("form", FORMS)
def test_a_key_that_is_known_is_taken_out_in_every_form(form: str) -> None:
    for text in (knowing(VALUE).redacted(f"before {form} after"), without_keys(f"before {form} after", Secret(VALUE))):
        assert text.startswith("before ")
        assert text.endswith(" after")
        assert "…" in text
        for each in FORMS[:3]:
            assert each not in text
        assert form not in text


@given(KEYS, st.binary(max_size=5), st.binary(max_size=5))
def test_base64_of_anything_around_a_key_does_not_give_it_back(value: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + value.encode() + after).decode()
    left = knowing(value).redacted(f"[{encoded}]")
    assert encoded not in left
    kept = left.strip("[]").replace("…", "")
    assert len(kept) <= len(encoded) - (len(value) - 2) * 8 // 6


@given(KEYS, KEYS, st.text(max_size=30))
def test_no_known_key_is_left_whatever_stands_around_it(one: str, two: str, around: str) -> None:
    left = knowing(one, two).redacted(f"{around}{one}{around}{two}{around}")
    assert one not in left
    assert two not in left


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcDEF123456.",
        "gsk_abcdefghijklmnop and xai-abcdefghijk",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "hf_abcdefghijklmnopqrst",
        "Authorization: Bearer abcdefgh0123",
        "[(b'Authorization', b'Bearer abcdefgh0123'), (b'X', b'1')]",
        "[(b'api-key', b'abcdefgh0123')]",
        "x-api-key: abcdefgh0123",
        "proxy-authorization: Basic dXNlcjpwYXNz",
    ],
)
def test_what_looks_like_a_key_is_taken_out_though_nobody_knows_it(text: str) -> None:
    left = Redactor().redacted(text)
    assert "…" in left
    assert without_keys(text) == left
    for secret in ("abc", "ABC", "dXNl", "SyA1"):
        assert secret not in left


@pytest.mark.parametrize(
    "text",
    [
        "ended message=9f2c status=failed error=StreamBroken chunks=41 elapsed_ms=3120",
        "provider not connected provider=environment error=KeyMissing",
        "the key of this keyboard",
        "skipped 12 rows; asking api.example.com",
        "",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert knowing("none", "x", "").redacted(text) == text


def test_texts_are_redacted_while_keys_are_learned() -> None:
    redactor, left = knowing("the-first-key"), list[str]()
    reading = threading.Thread(target=lambda: left.extend(redactor.redacted("the-first-key") for _ in range(2000)))
    reading.start()
    for number in range(200):
        redactor.learn(Secret(f"another-key-{number}"))
    reading.join()
    assert set(left) == {"…"}
