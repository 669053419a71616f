"""The columns of a table are as wide as what they hold, as far as there is room."""

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.ui.transcript.cells.table_columns import Columns
from app.ui.transcript.style import Style

_WIDTHS = st.lists(st.integers(0, 2_000), min_size=1, max_size=8)


def columns_of(style: Style, *rows: list[int]) -> Columns:
    columns = Columns(len(rows[0]), style)
    for row in rows:
        for number, width in enumerate(row):
            columns.note(number, width)
    return columns


@given(row=_WIDTHS, available=st.integers(100, 1_500))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cell_is_wrapped_only_if_the_table_has_no_room(style: Style, row: list[int], available: int) -> None:
    columns = columns_of(style, row)
    widths = columns.widths(available)
    total = sum(widths) + columns.gap * (len(row) - 1)
    is_any_wrapped = any(width < wanted for width, wanted in zip(widths, row, strict=True))
    wanted_total = sum(map(columns.widest, range(len(row)))) + columns.gap * (len(row) - 1)
    assert is_any_wrapped <= (wanted_total > available)
    if wanted_total <= available:
        assert total == available


@given(row=_WIDTHS, available=st.integers(100, 1_500))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_is_wider_than_its_room_only_if_wrapping_does_not_help(
    style: Style, row: list[int], available: int
) -> None:
    columns = columns_of(style, row)
    widths = columns.widths(available)
    if sum(widths) + columns.gap * (len(row) - 1) > available:
        assert max(widths) <= style.px(190)


def test_what_lacks_is_taken_from_the_widest(style: Style) -> None:
    columns = columns_of(style, [100, 600, 600])
    short, *long = columns.widths(760)
    assert short == columns.widest(0)
    assert long[0] == long[1] == (760 - 2 * columns.gap - short) // 2


def test_what_is_left_over_is_shared_out_in_proportion(style: Style) -> None:
    first, second = columns_of(style, [64, 192]).widths(760)
    assert second == pytest.approx(3 * first, abs=3)


def test_the_widths_do_not_depend_on_the_order_of_the_rows(style: Style) -> None:
    rows = [[10, 500], [300, 20], [77, 77]]
    assert len({tuple(columns_of(style, *order).widths(500)) for order in permutations(rows)}) == 1


def test_columns_are_widened_in_steps(style: Style) -> None:
    columns = Columns(1, style)
    changes = sum(columns.note(0, width) for width in range(1_000))
    assert changes <= 1_000 / 16
    assert columns.widest(0) >= 999
    assert not columns.note(0, 5)
