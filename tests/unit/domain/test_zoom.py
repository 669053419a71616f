"""Zoom goes from 50 to 300 percent in steps that one can go back."""

import pytest

from app.domain.zoom import STANDARD_ZOOM, ZOOM_STEPS, stepped_zoom, within_zoom


def test_every_step_up_is_undone_by_a_step_down() -> None:
    for percent in ZOOM_STEPS[:-1]:
        assert stepped_zoom(stepped_zoom(percent, +1), -1) == percent
    assert STANDARD_ZOOM in ZOOM_STEPS


@pytest.mark.parametrize(
    ("percent", "steps", "expected"),
    [(300, 1, 300), (50, -1, 50), (100, 0, 100), (100, 99, 300), (100, -99, 50), (104, 1, 110), (104, -1, 100)],
)
def test_steps_end_at_the_ends_of_the_scale_and_start_anywhere(percent: int, steps: int, expected: int) -> None:
    assert stepped_zoom(percent, steps) == expected


@pytest.mark.parametrize(("percent", "expected"), [(-5, 50), (1, 50), (104, 104), (100_000, 300)])
def test_whatever_a_file_says_can_be_shown(percent: int, expected: int) -> None:
    assert within_zoom(percent) == expected
