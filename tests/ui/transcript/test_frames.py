"""Lists, quotes and footnotes stand in as far as they should, with their markers, and cost nothing to continue."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QImage

from app.ui.transcript.cells.cell import Cell
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import MessageBody
from tests.ui.transcript.bodies import (
    WIDTH,
    enough,
    inked_columns,
    new_body,
    picture_of_body,
    settle,
    shown_message,
)
from tests.ui.transcript.costs import Looks, calls, cost_ratio


def lefts(body: MessageBody) -> list[int]:
    return [body.left_of(index) for index in range(len(body.cells))]


def tops(body: MessageBody) -> list[tuple[int, Cell]]:
    return [(top, cell) for _, top, cell in body.tops_between(0, body.height)]


def gaps(body: MessageBody) -> list[int]:
    """Between each cell and the next."""
    placed = tops(body)
    return [top - (above + cell.height) for (above, cell), (top, _) in pairwise(placed)]


def inked_left_of(body: MessageBody, picture: QImage, index: int) -> list[int]:
    """The columns with ink beside a cell."""
    top, cell = tops(body)[index]
    beside = picture.copy(0, top, body.left_of(index), cell.height)
    return inked_columns(beside)


def test_items_stand_in_and_nested_ones_further(materials: Materials) -> None:
    assert lefts(new_body("para\n\n- one\n  - two\n    - three\n- one", materials)) == [0, 26, 52, 78, 26]


def test_a_marker_stands_beside_the_first_line_of_an_item_only(materials: Materials) -> None:
    body = new_body("- one\n\n  more of it\n- two", materials)
    picture = picture_of_body(body)
    assert inked_left_of(body, picture, 0)
    assert not inked_left_of(body, picture, 1)
    assert inked_left_of(body, picture, 2)


def test_bullets_differ_by_depth(materials: Materials) -> None:
    body = new_body("- one\n  - two\n    - three\n      - four", materials)
    picture = picture_of_body(body)
    marks = []
    for index, (top, _) in enumerate(tops(body)):
        left = body.left_of(index)
        marks.append(picture.copy(left - 18, top, 14, 28))
    assert marks[0] != marks[1]
    assert marks[1] != marks[2]
    assert marks[2] == marks[3]


def test_numbers_end_at_the_same_place_and_the_text_begins_at_one(materials: Materials) -> None:
    body = new_body("\n".join(f"{number}. item" for number in range(8, 13)), materials)
    picture = picture_of_body(body)
    assert len(set(lefts(body))) == 1
    ends = {inked_left_of(body, picture, index)[-1] for index in range(5)}
    assert max(ends) - min(ends) <= 1


def test_long_numbers_make_room_for_themselves(materials: Materials) -> None:
    body = new_body("1. one\n\ntext\n\n123456. many", materials)
    assert lefts(body)[2] > lefts(body)[0] + 20
    assert inked_left_of(body, picture_of_body(body), 2)[0] >= 0


def test_boxes_are_ticked_or_not(materials: Materials) -> None:
    body = new_body("- [ ] open\n- [x] done", materials)
    picture = picture_of_body(body)
    link = materials.style.body.link
    (top, _), (second, _) = tops(body)
    assert not inked_columns(picture.copy(0, top, 26, 28), link)
    assert inked_columns(picture.copy(0, second, 26, 28), link)
    assert body.cells[0].lines() == ("open",)


def bar_at(picture: QImage, x: int, y: int, color: QColor) -> bool:
    return picture.pixelColor(x, y) == color


def test_the_bar_of_a_quote_goes_through_the_gaps_in_it_and_no_further(materials: Materials) -> None:
    body = new_body("> one\n>\n> two\n\nplain\n\n> other", materials)
    picture, color = picture_of_body(body), materials.style.scrollbar
    (first, cell), (second, _), (plain, _), (other, _) = tops(body)
    assert all(bar_at(picture, 0, y, color) for y in range(first, second + cell.height))
    assert not any(bar_at(picture, 0, y, color) for y in range(second + cell.height, other))
    assert all(bar_at(picture, 0, y, color) for y in range(other, other + cell.height))
    assert not bar_at(picture, 2, first + 3, color)
    assert plain


def test_two_quotes_have_two_bars_with_a_gap_between(materials: Materials) -> None:
    body = new_body("> one\n\n\n> two", materials)
    (first, cell), (second, _) = tops(body)
    picture = picture_of_body(body)
    assert not bar_at(picture, 0, (first + cell.height + second) // 2, materials.style.scrollbar)


def test_tight_items_stand_closer_than_loose_ones_and_paragraphs(materials: Materials) -> None:
    assert gaps(new_body("- one\n- two\n  - three\n- four", materials)) == [5, 5, 5]
    assert gaps(new_body("- one\n\n- two", materials)) == [12]
    assert gaps(new_body("Here:\n- one", materials)) == [12]
    assert gaps(new_body("one\n\ntwo", materials)) == [12]


def test_what_stands_very_deep_goes_no_further_in_and_keeps_room_for_text(materials: Materials) -> None:
    source = "\n".join("  " * depth + "- deep" for depth in range(40))
    deep = new_body(source, materials)
    assert lefts(deep)[12:] == [lefts(deep)[11]] * 28
    narrow = new_body(source, materials, width=240)
    assert all(cell.width >= 160 for cell in narrow.cells)


def test_from_right_to_left_markers_and_bars_stand_on_the_right(materials: Materials) -> None:
    body = new_body("- פריט\n\n> ציטוט", materials)
    picture = picture_of_body(body)
    (item, cell), (quote, _) = tops(body)
    assert lefts(body) == [0, 0]
    assert inked_columns(picture.copy(WIDTH - 26, item, 26, cell.height))
    assert not inked_columns(picture.copy(0, item, 100, cell.height))
    assert bar_at(picture, WIDTH - 1, quote + 3, materials.style.scrollbar)
    assert not bar_at(picture, 0, quote + 3, materials.style.scrollbar)


def test_footnotes_are_small_with_their_number_in_front(materials: Materials) -> None:
    body = new_body("Text[^a].\n\n[^a]: The note.", materials)
    note = body.cells[1]
    assert isinstance(note, TextCell)
    assert note.height == materials.style.small.line_px
    assert body.left_of(1) > 0
    assert inked_left_of(body, picture_of_body(body), 1)


def test_a_heading_is_larger_and_stands_apart(materials: Materials) -> None:
    body = new_body("text\n\n# One\n\n## Two\n\ntext", materials)
    heights = [cell.height for cell in body.cells]
    assert heights[1] > heights[2] > heights[0]
    assert gaps(body)[0] > gaps(body)[1] > gaps(body)[2]


@pytest.mark.parametrize(
    "unit", ["- item\n", "1. item\n", "> quoted\n>\n", "  - [ ] task\n"], ids=["bullets", "numbers", "quote", "tasks"]
)
def test_one_more_item_costs_the_same_after_five_thousand(materials: Materials, unit: str) -> None:
    def steps_after(count: int) -> Callable[[], None]:
        shown = shown_message("", is_live=True)
        shown.text.append(unit * count)
        body = MessageBody(shown, materials, WIDTH)
        assert body.read(enough())
        body.settle_up(body.height, 600, enough())

        def steps() -> None:
            for _ in range(20):
                shown.text.append(unit)
                body.read(enough())
                body.settle_up(body.height, 600, enough())

        return steps

    assert cost_ratio(steps_after(5_000), steps_after(500)) < 1.3


def test_two_thousand_nested_lists_are_read_in_small_steps(materials: Materials) -> None:
    shown = shown_message("- " * 2_000 + "x\n\nend")
    body = MessageBody(shown, materials, WIDTH)
    most, is_done = 0, False

    def step() -> None:
        nonlocal is_done
        is_done = body.read(Looks(3)) and body.settle_down(0, 1_000, Looks(3))

    while not is_done:
        most = max(most, calls(step))
    picture_of_body(body)
    assert most < 20_000  # calls; reading it all takes a hundred times as many
    settle(body)
    assert len(body.cells) == 2
