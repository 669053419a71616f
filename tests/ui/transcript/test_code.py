"""A block of code shows its lines as they are, long ones too, and hands them out as they are."""

import html
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.markdown.blocks import Code
from app.markdown.stream import BlockStream
from app.ui.theme import Theme
from app.ui.transcript.cells.cell import END, START, Mark, Marked, Span
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from tests.ui.transcript.blocks_of_code import block, counted_layouts, laid_out, picture, write

_LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40), max_size=6)
_ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def end_of(cell: CodeCell) -> Mark:
    lines = cell.lines()
    return (len(lines) - 1, len(lines[-1])) if lines else START


def test_lines_are_what_marks_count(materials: Materials) -> None:
    code = block("one", "", "three", is_closed=False)
    code.open_pieces += ["fo", "ur"]
    cell = laid_out(code, materials)
    assert list(cell.lines()) == ["one", "", "three", "four"]
    assert cell.text_between(((0, 1), (3, 2))) == "ne\n\nthree\nfo"
    assert cell.text_between(((3, 1), END)) == "our"
    assert cell.text_between((START, END)) == "one\n\nthree\nfour"


@given(lines=_LINES, info=st.sampled_from(["", "py", "a`b", "js title='x'"]))
@_ANY
def test_markdown_of_a_whole_block_is_read_as_the_same_block(materials: Materials, lines: list[str], info: str) -> None:
    cell = laid_out(block(*lines, info=info), materials)
    stream = BlockStream()
    stream.feed(cell.markdown_between((START, END)))
    stream.finish()
    (again,) = stream.blocks
    assert isinstance(again, Code)
    shown = [line.replace("\0", "\ufffd") for line in lines]
    assert (again.lines, again.info) == (shown if any(shown) or len(shown) > 1 else [], info)


def test_a_fence_is_longer_than_any_in_the_code(materials: Materials) -> None:
    cell = laid_out(block("```", "````x", info="md"), materials)
    assert cell.markdown_between((START, END)) == "`````md\n```\n````x\n`````"
    assert cell.markdown_between((START, end_of(cell))) == "`````md\n```\n````x\n`````"


def test_a_part_within_a_line_stands_for_itself_and_more_is_fenced(materials: Materials) -> None:
    cell = laid_out(block("one two", "three", info="py"), materials)
    assert cell.markdown_between(((0, 4), (0, 7))) == "two"
    assert cell.markdown_between(((0, 4), (1, 2))) == "```py\ntwo\nth\n```"


@given(lines=_LINES)
@_ANY
def test_rich_text_holds_the_code_and_no_markup_of_its(materials: Materials, lines: list[str]) -> None:
    text = laid_out(block(*lines, info='"><img src=x>'), materials).html_between((START, END))
    inside = re.fullmatch(r'(?s)<pre><code(?: class="[^"<>]*")?>([^<>]*)</code></pre>', text)
    assert inside is not None
    assert html.unescape(inside[1]) == "\n".join(lines)


def test_a_place_is_found_where_it_is_painted(materials: Materials) -> None:
    cell = laid_out(block("short", "\tvalue = '漢字 🙂' + x", "z" * 1_200), materials)
    line_px = materials.style.code.line_px
    for number in range(3):
        y = cell.y_of((number, 1))
        marks = [cell.mark_at(x, y + line_px // 2) for x in range(0, 600, 5)]
        assert {mark[0] for mark in marks} == {number}
        assert all(before <= after for before, after in pairwise(marks))
    cell.scroll_by(cell.overflow_px)
    assert cell.mark_at(599, cell.y_of((2, 1))) == (2, 1_200)
    assert cell.word_at((1, 3)) == ((1, 1), (1, 6))


def test_what_is_marked_is_painted_on_other_grounds(materials: Materials) -> None:
    cell = laid_out(block("one two three", "four"), materials)
    span = ((0, 4), (0, 7))
    looks = [Marked(), Marked(selected=span), Marked(found=[span]), Marked(found=[span], current=span)]
    pictures = [picture(cell, marked=look) for look in looks]
    assert all(one != other for index, one in enumerate(pictures) for other in pictures[:index])


def test_of_ten_thousand_finds_those_in_sight_are_painted(materials: Materials) -> None:
    cell = laid_out(block(*["word word"] * 5_000), materials)
    looked_at: list[int] = []

    class Found(list[Span]):
        def __getitem__(self, index: Any) -> Any:
            looked_at.append(index)
            return super().__getitem__(index)

    found = Found(((number, at), (number, at + 4)) for number in range(5_000) for at in (0, 5))
    top = cell.y_of((4_000, 1))
    assert picture(cell, top, Marked(found=found)) == picture(cell, top, Marked(found=found[7_900:8_100]))
    assert picture(cell, top, Marked(found=found)) != picture(cell, top)
    assert len(looked_at) < 2_000


def test_characters_that_cannot_be_seen_are_marked(materials: Materials) -> None:
    plain, marked = laid_out(block("admin"), materials), laid_out(block("ad\u202emin"), materials)
    assert picture(marked) != picture(plain)
    assert list(marked.lines()) == ["ad\u202emin"]
    right_of_name = next(x for x in range(600) if marked.mark_at(x, marked.y_of((0, 1))) == (0, 3))
    assert right_of_name > next(x for x in range(600) if plain.mark_at(x, plain.y_of((0, 1))) == (0, 3))


def test_nothing_of_a_large_block_is_laid_out_before_it_is_seen(
    materials: Materials, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouts = counted_layouts(monkeypatch)
    cell = laid_out(block(*["x = 1"] * 10_000), materials)
    assert cell.is_settled
    assert layouts == []
    picture(cell, cell.height // 2)
    in_sight = len(layouts)
    assert 0 < in_sight < 30
    picture(cell, cell.height // 2)
    assert len(layouts) == in_sight


def test_a_line_costs_as_many_layouts_at_the_end_of_a_long_block_as_at_its_start(
    materials: Materials, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = block(is_closed=False)
    cell = laid_out(code, materials)
    layouts = counted_layouts(monkeypatch)
    counts = []
    for number in range(2_000):
        write(code, f"line {number}\nnext")
        code.open_pieces = []
        cell.count()
        picture(cell, max(0, cell.height - 100), height=100)
        counts.append(len(layouts))
        layouts.clear()
    assert set(counts[50:]) == set(counts[-5:])
    assert max(counts) < 10


def test_the_end_of_a_line_of_100_000_characters_costs_few_layouts(
    materials: Materials, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = laid_out(block("x漢" * 50_000), materials)
    picture(cell)
    layouts = counted_layouts(monkeypatch)
    cell.scroll_by(cell.overflow_px)
    picture(cell)
    assert len(layouts) <= 3
    assert cell.mark_at(0, cell.y_of((0, 1)))[1] > 60_000


def test_zoom_scales_everything(materials: Materials, theme: Theme) -> None:
    small, large = (laid_out(block("a", "b", "c"), replace(materials, style=Style(theme, zoom))) for zoom in (0.5, 3.0))
    assert large.height == pytest.approx(6 * small.height, rel=0.1)
    assert large.mark_at(40, large.y_of((0, 1))) < small.mark_at(40, small.y_of((0, 1)))
