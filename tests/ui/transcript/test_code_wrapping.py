"""Long lines of code are wrapped if that is wanted, as soon and as evenly while they stream in as later."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.ui.theme import Theme
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from tests.ui.transcript.blocks_of_code import WIDTH, block, laid_out, settle, write

_WORDS = st.sampled_from(["word ", "a", "longer_word", "\t", "漢字", "é", "0123456789" * 9, " ", "(x)", "    "])
_LONG_LINES = st.lists(st.lists(_WORDS, max_size=40).map("".join), min_size=1, max_size=4)
_ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_wrapped_lines_are_seen_whole_and_no_lines_move_sideways(materials: Materials) -> None:
    cell = laid_out(block("word " * 100, "short"), materials)
    assert cell.overflow_px > 0
    height = cell.height
    cell.set_wraps(True)
    assert not cell.is_settled
    assert cell.growth_y == 0
    settle(cell)
    assert cell.overflow_px == 0
    assert not cell.scroll_by(10)
    rows = (cell.height - height) // materials.style.code.line_px + 1
    columns = (WIDTH - 2 * materials.style.px(14)) / materials.style.code.advance_px
    assert rows == pytest.approx(500 / columns, abs=1.2)
    cell.set_wraps(False)
    cell.lay_out(Budget(60))
    assert cell.height == height


def test_a_row_does_not_begin_with_the_blank_that_it_was_broken_at(materials: Materials) -> None:
    columns = int((WIDTH - 2 * materials.style.px(14)) / materials.style.code.advance_px)
    code = block("x" * columns + " yyy", "    " + "word " * 40)
    materials.wrapped.add(code)
    cell = laid_out(code, materials)
    assert cell.y_of((0, columns)) < cell.y_of((0, columns + 1))
    below = cell.y_of((1, 0)) + materials.style.code.line_px
    number, index = cell.mark_at(0, below)
    assert cell.lines()[number][index - 1 : index + 1] == " w"
    left = materials.style.px(14) + 4 * materials.style.code.advance_px
    assert cell.mark_at(int(left), below) == (number, index)
    assert cell.mark_at(int(left + materials.style.code.advance_px), below) == (number, index + 1)


@given(lines=_LONG_LINES, cuts=st.lists(st.integers(0, 400), max_size=6))
@_ANY
def test_a_block_that_streams_in_wraps_like_one_that_is_there(
    materials: Materials, lines: list[str], cuts: list[int]
) -> None:
    text = "\n".join(lines)
    code = block(is_closed=False)
    cell = laid_out(code, materials)
    cell.set_wraps(True)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    for start, end in pairwise(places):
        write(code, text[start:end])
        cell.count()
        cell.lay_out(Budget(60))
    whole_code = block(is_closed=False)
    write(whole_code, text)
    materials.wrapped.add(whole_code)
    whole = laid_out(whole_code, materials)
    assert cell.height == whole.height
    marks = [(number, index) for number, line in enumerate(cell.lines()) for index in range(0, len(line), 7)]
    assert [cell.y_of(mark) for mark in marks] == [whole.y_of(mark) for mark in marks]


@given(lines=_LONG_LINES)
@_ANY
def test_every_character_of_a_wrapped_line_has_its_place_within_the_width(
    materials: Materials, lines: list[str]
) -> None:
    code = block(*lines)
    materials.wrapped.add(code)
    cell = laid_out(code, materials)
    line_px = materials.style.code.line_px
    for y in range(cell.y_of((0, 1)), cell.height - line_px, line_px):
        mark = cell.mark_at(0, y)
        assert cell.y_of(mark) in (0, y)
        beyond = cell.mark_at(10_000, y)
        assert cell.mark_at(cell.width, y) == beyond


def test_a_row_is_filled_however_small_the_characters_are(materials: Materials, theme: Theme) -> None:
    code = block("x" * 2_000, "é" * 2_000)
    materials.wrapped.add(code)
    tiny = replace(materials, style=Style(theme, 0.5))
    cell = laid_out(code, tiny, width=1_200)
    columns = (1_200 - 2 * tiny.style.px(14)) // tiny.style.code.advance_px
    assert cell.height - laid_out(block("x", "é"), tiny).height == 2 * int(2_000 // columns) * tiny.style.code.line_px


def test_whether_it_wraps_is_remembered_with_the_block(materials: Materials) -> None:
    code, other = block("word " * 100), block("word " * 100)
    laid_out(code, materials).set_wraps(True)
    assert laid_out(code, materials).wraps
    assert laid_out(code, materials).height > laid_out(other, materials).height
    assert not laid_out(other, materials).wraps


def test_wrapping_a_line_of_a_million_characters_stops_when_the_time_is_spent(materials: Materials) -> None:
    code = block("漢字 x" * 200_000)
    materials.wrapped.add(code)
    cell = CodeCell(code, materials)
    cell.resize(600)
    cell.lay_out(Budget(0.002))
    assert not cell.is_settled
    settle(cell)
    assert cell.y_of((0, 799_990)) > cell.y_of((0, 400_000)) > cell.y_of((0, 1_000))
