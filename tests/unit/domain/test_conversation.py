"""Titles are the first words; ids sort by age."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import conversation
from app.domain.conversation import TITLE_LENGTH, new_id, title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Write a haiku", "Write a haiku"),
        ("\n\n  Write   a\thaiku  \nabout rain", "Write a haiku"),
        ("", "New conversation"),
        (" \n ", "New conversation"),
        ("x" * 100, "x" * (TITLE_LENGTH - 1) + "…"),
    ],
)
def test_the_first_words_become_the_title(text: str, title: str) -> None:
    assert title_from(text) == title


def test_a_long_line_is_cut_at_a_word() -> None:
    title = title_from("Can you explain how a rolling hash works, with code and with a short proof of why")
    assert title == "Can you explain how a rolling hash works, with code and…"


@given(st.text())
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_from(text)
    assert 0 < len(title) <= TITLE_LENGTH
    assert len(title.splitlines()) == 1


def test_ids_sort_by_age(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for at_ms in (1_000, 1_700_000_000_000, 1_700_000_000_001, 9_000_000_000_000):
        monkeypatch.setattr(conversation, "now_ms", lambda at_ms=at_ms: at_ms)
        made.append(new_id())
    assert made == sorted(made)
    assert {len(found) for found in made} == {32}
