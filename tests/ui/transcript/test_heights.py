"""Sums and places of heights are those of a plain list."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.heights import Heights

_HEIGHTS = st.lists(st.integers(1, 500), max_size=40)


def check(heights: Heights, expected: list[int]) -> None:
    tops = [0, *accumulate(expected)]
    assert len(heights) == len(expected)
    assert heights.total == sum(expected)
    assert [heights.before(index) for index in range(len(expected) + 1)] == tops
    for index, height in enumerate(expected):
        for inside in {0, height // 2, height - 1}:
            assert heights.find(tops[index] + inside) == (index, inside)


@given(built=_HEIGHTS, appended=_HEIGHTS, changes=st.lists(st.tuples(st.integers(0, 99), st.integers(1, 900))))
def test_heights_are_summed_and_found_like_in_a_list(
    built: list[int], appended: list[int], changes: list[tuple[int, int]]
) -> None:
    heights = Heights(built)
    expected = list(built)
    for height in appended:
        heights.append(height)
        expected.append(height)
    for place, height in changes:
        if expected:
            heights.set(place % len(expected), height)
            expected[place % len(expected)] = height
    check(heights, expected)
    kept = range(0, len(expected), 2)
    heights.keep(kept)
    check(heights, [expected[index] for index in kept])


def test_what_is_beyond_the_ends_is_found_at_the_nearest() -> None:
    heights = Heights([10, 20])
    assert heights.find(-5) == (0, -5)
    assert heights.find(35) == (1, 25)
    assert Heights().find(7) == (0, 7)
