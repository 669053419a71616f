"""A test can tell from times alone which tokens existed when, and from (index, seed) what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_provider.schedule import Schedule
from tests.fake_provider.text import answer_text, reasoning_text, token_text, tokens_in


def test_a_token_counts_from_just_after_its_time() -> None:
    schedule = Schedule(t0_ns=1_000, rate=1e9, count=10)
    assert [schedule.generated_before(t_ns) for t_ns in (0, 1_000, 1_001, 1_002, 1_010, 9_999)] == [0, 0, 1, 2, 10, 10]


@given(
    t0_ns=st.integers(0, 10**16),
    rate=st.floats(0.1, 1e6),
    count=st.integers(0, 10**6),
    t_ns=st.integers(0, 10**16),
)
def test_generated_before_agrees_with_the_time_of_each_token(t0_ns: int, rate: float, count: int, t_ns: int) -> None:
    schedule = Schedule(t0_ns, rate, count)
    n = schedule.generated_before(t_ns)
    assert 0 <= n <= count
    assert n == 0 or schedule.time_of(n - 1) < t_ns
    assert n == count or schedule.time_of(n) >= t_ns


def test_a_seed_decides_the_text() -> None:
    assert answer_text(100, seed=1) == answer_text(100, seed=1) != answer_text(100, seed=2)
    assert reasoning_text(3) != token_text(3)


def test_the_text_has_lines_paragraphs_and_characters_of_every_length() -> None:
    text = answer_text(2000)
    assert "\n\n" in text
    assert {len(character.encode()) for character in text} == {1, 2, 3, 4}


@given(count=st.integers(0, 400), seed=st.integers(0, 1000))
def test_tokens_in_counts_what_answer_text_joined(count: int, seed: int) -> None:
    assert tokens_in(answer_text(count, seed), seed) == count


@pytest.mark.parametrize(
    "wrong",
    [answer_text(50) + "x", answer_text(50)[:-1], answer_text(20) + token_text(21), answer_text(9) + answer_text(9)],
    ids=["extra", "cut", "gap", "doubled"],
)
def test_tokens_in_refuses_text_that_is_no_prefix(wrong: str) -> None:
    with pytest.raises(ValueError, match="should be"):
        tokens_in(wrong)
