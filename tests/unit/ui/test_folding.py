"""A text is found without regard to case and white space, and its Markdown tells where it can't be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.folding import folded, may_show, occurrences


@pytest.mark.parametrize(
    ("needle", "text", "found"),
    [
        ("needle", "a Needle, NEEDLE", [(2, 8), (10, 16)]),
        ("ss", "Straße", [(4, 5)]),
        ("s", "ß", [(0, 1)]),
        ("straße", "STRASSE", [(0, 7)]),
        ("a b", "a\nb a\tb a\xa0b", [(0, 3), (4, 7), (8, 11)]),
        ("i", "İx", [(0, 1)]),
        ("x", "İx", [(1, 2)]),
        ("aa", "aaaaa", [(0, 2), (2, 4)]),
        ("b", "aaa", []),
    ],
)
def test_where_a_text_stands(needle: str, text: str, found: list[tuple[int, int]]) -> None:
    assert list(occurrences(folded(needle), text)) == found


@given(st.text(max_size=30), st.text(min_size=1, max_size=5), st.text(max_size=30))
def test_what_is_in_a_text_is_found_in_it(before: str, needle: str, after: str) -> None:
    text = before + needle + after
    spans = list(occurrences(folded(needle), text))
    assert spans
    assert all(start < end for start, end in spans)
    assert all(folded(needle) in folded(text[start:end]) for start, end in spans)
    assert may_show(folded(needle), text)


@pytest.mark.parametrize(
    ("needle", "source"),
    [
        ("bold word", "a **bo**ld word"),
        ("snake_case", "snake\\_case"),
        ("docs for", "the [docs](https://example.com) for"),
        ("docs for", "the [docs][1] for"),
        ("a & b", "a &amp; b"),
        ("note more", "note[^1] more"),
        ("one line", "> one\n> line"),
    ],
)
def test_what_markdown_hides_does_not_hide_the_text(needle: str, source: str) -> None:
    assert may_show(folded(needle), source)


@pytest.mark.parametrize("source", ["", "some other text", "**ne**xt *edl*e", "x = 1; y = [2, 3]"])
def test_a_text_that_can_not_be_shown_is_not_read(source: str) -> None:
    assert not may_show("needle", source)
