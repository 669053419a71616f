"""What an eye does not see is marked, and what emoji and scripts are made of is left alone."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.hidden import PLACEHOLDER, Hidden, hidden_in, shown


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202a", "LRE"), ("\u202b", "RLE"), ("\u202c", "PDF"), ("\u202d", "LRO"), ("\u202e", "RLO"),
        ("\u2066", "LRI"), ("\u2067", "RLI"), ("\u2068", "FSI"), ("\u2069", "PDI"), ("\u200e", "LRM"),
        ("\u200f", "RLM"), ("\u061c", "ALM"), ("\u200b", "ZWSP"), ("\u200c", "ZWNJ"), ("\u200d", "ZWJ"),
        ("\u2060", "WJ"), ("\ufeff", "BOM"), ("\u00ad", "SHY"), ("\u034f", "CGJ"), ("\u2028", "LSEP"),
        ("\u2029", "PSEP"), ("\u115f", "U+115F"), ("\u3164", "U+3164"), ("\uffa0", "U+FFA0"), ("\u2061", "U+2061"),
        ("\ufe0f", "U+FE0F"), ("\U000e0041", "U+E0041"), ("\U000e007f", "U+E007F"), ("\U000e01ef", "U+E01EF"),
        ("\x00", "NUL"), ("\x07", "BEL"), ("\x1b", "ESC"), ("\x7f", "DEL"), ("\x9b", "U+009B"), ("\r", "CR"),
        ("\ud800", "U+D800"), ("\U0001d173", "U+1D173"),
    ],
)  # fmt: skip
def test_what_is_not_seen_is_named(character: str, name: str) -> None:
    assert hidden_in(f"ab{character}c") == [Hidden(2, name)]
    assert shown(f"ab{character}c") == f"ab{PLACEHOLDER}c"


@pytest.mark.parametrize(
    "text",
    [
        "plain text\n\twith lines",
        "é ñ 漢字 かな 한글 עברית عربى",
        "e\u0301",
        "👨\u200d👩\u200d👧\u200d👦 👩🏽\u200d🚀 🏳\ufe0f\u200d🌈 ❤\ufe0f ☺\ufe0e 1\ufe0f\u20e3 #\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष क्\u200cष",
        "ᠠ\u180e᠊ᠠ\u180b",
        "葛\U000e0100城",
        "©\ufe0f ‼\ufe0f ℹ\ufe0f ↔\ufe0f",
        "🇩🇪 🇺🇳",
        "a\u00a0b",
    ],
)
def test_what_emoji_and_scripts_need_is_left_alone(text: str) -> None:
    assert hidden_in(text) == []
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("pay\u200dpal", [3]),
        ("\u200dx", [0]),
        ("👍\u200d", [1]),
        ("می\u200c\u200cخ", [3]),
        ("❤\ufe0f\ufe0e\ufe01", [2, 3]),
        ("a\ufe0f1\ufe0fx", [1, 3]),
        ("葛\U000e0100\U000e0101", [2]),
        ("x\U000e0100", [1]),
        ("🏴\U000e0061\U000e0062\U000e007f", [1, 2, 3]),
        ("👍\U000e0069\U000e0067\U000e006e\U000e006f", [1, 2, 3, 4]),
    ],
)
def test_what_joins_nothing_is_marked(text: str, positions: list[int]) -> None:
    assert [hidden.position for hidden in hidden_in(text)] == positions


@given(
    text=st.text(
        st.sampled_from("a1 é漢👍🏴❤म\u200b\u200c\u200d\u202e\ufe0f\u20e3\U000e0067\U000e0100\x1b\n\u2066ا"),
        max_size=30,
    )
)
@settings(max_examples=500, derandomize=True, deadline=None)
def test_a_shown_text_is_as_long_as_before_and_hides_nothing_dangerous(text: str) -> None:
    result = shown(text)
    hidden = {found.position for found in hidden_in(text)}
    assert len(result) == len(text)
    for position, (before, after) in enumerate(zip(text, result, strict=True)):
        assert after == (PLACEHOLDER if position in hidden else before)
    assert not set(result) & set("\u200b\u202e\u2066\x1b")


@given(text=st.text(max_size=30))
@settings(max_examples=500, derandomize=True, deadline=None)
def test_controls_and_what_orders_text_are_always_marked(text: str) -> None:
    marked = {found.position for found in hidden_in(text)}
    for position, character in enumerate(text):
        is_control = unicodedata.category(character) in ("Cc", "Zl", "Zp") and character not in "\n\t"
        orders = unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        if is_control or orders:
            assert position in marked
