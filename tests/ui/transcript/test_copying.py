"""Nothing that a terminal obeys or that an eye cannot see gets to the clipboard out of code."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.copying import cleaned_code, cleaned_text

_BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_copied_code_has_no_control_and_no_bidi_character(text: str) -> None:
    cleaned, removed = cleaned_code(text)
    assert removed == len(text) - len(cleaned)
    assert all(character in "\n\t" or unicodedata.category(character) != "Cc" for character in cleaned)
    assert all(
        unicodedata.bidirectional(c) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for c in cleaned
    )


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_can_be_seen_is_copied_as_it_is(text: str) -> None:
    assert cleaned_code(text) == (text, 0)
    assert cleaned_text(text) == (text, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred\x1b[0m\n", "ared\n"),
        ("\x1b]0;title\x07ls", "ls"),
        ("ls\r\n\tx", "ls\n\tx"),
        ("ad\u202emin\u2066", "admin"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_controls_in_code_are_left_out(text: str, expected: str) -> None:
    assert cleaned_code(text).text == expected


def test_running_text_keeps_the_marks_that_order_it() -> None:
    assert cleaned_text("\u200fעברית\x1b[1m").text == "\u200fעברית"
