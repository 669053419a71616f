"""Nothing that a terminal obeys or that an eye cannot see gets to the clipboard out of code."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.markdown.hidden_code import hidden_in_code
from app.ui.transcript.copying import cleaned_code, cleaned_text

_BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_JOINING = "\u200c\u200d" + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_LETTERS_WITHOUT_A_SHAPE = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_ANY_TEXT = st.text(alphabet=st.characters(codec="utf-8"))
# Pieces of what attacks are made of, so that they meet.
_HOSTILE = st.lists(
    st.sampled_from(
        ["a", "\n", "\t", " ", "\x1b", "\x1b[31m", "\x1b]0;", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\u200d",
         "\ufe0f", "\u20e3", "\U000e0041", "\U000e0100", "\ufeff", "é", "👩", "1", "\x00", "\r", "\x7f", "\u2028", "m"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(st.one_of(_ANY_TEXT, _HOSTILE))
def test_copied_code_has_no_character_that_is_obeyed_or_not_seen(text: str) -> None:
    cleaned, removed = cleaned_code(text)
    assert removed == len(text) - len(cleaned)
    for character in cleaned:
        assert character in "\n\t" or unicodedata.category(character) != "Cc"
        assert unicodedata.bidirectional(character) not in _BIDI_CONTROLS
        assert not "\U000e0000" <= character <= "\U000e00ff"
        assert character not in "\u200b\u200e\u200f\u2028\u2029\u2060\ufeff\u00ad" + _LETTERS_WITHOUT_A_SHAPE
    assert hidden_in_code(cleaned) == []
    assert cleaned_code(cleaned) == (cleaned, 0)


@given(st.one_of(_ANY_TEXT, _HOSTILE))
def test_no_newline_is_added_or_lost(text: str) -> None:
    assert cleaned_code(text).text.count("\n") == text.count("\n")
    assert cleaned_text(text).text.count("\n") == text.count("\n")


@given(
    st.text(
        alphabet=st.characters(
            categories=["L", "N", "P", "S", "Zs"],
            exclude_characters=_LETTERS_WITHOUT_A_SHAPE,
            include_characters="\n\t",
        )
    )
)
def test_what_can_be_seen_is_copied_as_it_is(text: str) -> None:
    assert cleaned_code(text) == (text, 0)
    assert cleaned_text(text) == (text, 0)


@given(st.one_of(_ANY_TEXT, _HOSTILE))
def test_what_is_marked_on_screen_is_what_is_left_out_but_for_what_follows_an_escape(text: str) -> None:
    marked = {hidden.position for hidden in hidden_in_code(text)}
    if "\x1b" not in text:
        kept = "".join(character for position, character in enumerate(text) if position not in marked)
        assert cleaned_code(text).text in (kept, cleaned_code(kept).text)
    assert (cleaned_code(text).removed > 0) == bool(marked)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred\x1b[0m\n", "ared\n"),
        ("\x1b]0;title\x07ls", "ls"),
        ("\x1b]0;title\nls", "\nls"),
        ("ls\r\n\tx", "ls\n\tx"),
        ("ad\u202emin\u2066", "admin"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("join\u200der", "joiner"),
        ("carrier👩\ufe0f\U000e0131\U000e0142", "carrier👩\ufe0f\U000e0131"),
        ("const \u3164 = 1", "const  = 1"),
    ],
)
def test_what_is_not_seen_in_code_is_left_out(text: str, expected: str) -> None:
    assert cleaned_code(text).text == expected


@pytest.mark.parametrize(
    "text", ["👩\u200d💻", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "क्\u200dष", "می\u200cخواهم", "葛\U000e0100"]
)
def test_what_makes_signs_of_emoji_and_scripts_stays(text: str) -> None:
    assert cleaned_code(text) == (text, 0)


def test_running_text_keeps_the_marks_that_order_it() -> None:
    assert cleaned_text("\u200fעברית\x1b[1m").text == "\u200fעברית"
