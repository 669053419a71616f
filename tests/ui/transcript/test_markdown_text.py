"""Running text shows what its Markdown means, and can be pointed at, copied and found."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.transcript.cells.cell import END, START, Marked
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import MessageBody
from app.ui.transcript.style import Style
from tests.ui.transcript.bodies import (
    blank,
    enough,
    inked_columns,
    new_body,
    picture_of,
    settle,
    shown_message,
    text_cell,
)

TALL = r"\frac{\frac{a}{b}}{\frac{c}{d}}"


def ready(qtbot: QtBot, materials: Materials, tex: str, *, is_display: bool = False) -> None:
    """Until the formula is set."""
    px = materials.style.body.px
    qtbot.waitUntil(lambda: materials.formulas.picture(tex, px, is_display=is_display) is not None, timeout=20_000)


@pytest.mark.parametrize(
    "source", ["**x** word", "*x* word", "~~x~~ word", "`x` word", "[x](https://example.org) word", "<b>x</b> word"]
)
def test_markup_is_seen_and_its_marks_are_not(materials: Materials, source: str) -> None:
    cell = text_cell(source, materials)
    assert picture_of(cell) != picture_of(text_cell("x word", materials))
    shown = cell.lines()[0]
    assert shown == (source if "<b>" in source else "x word")


def test_a_soft_line_break_ends_a_line(materials: Materials) -> None:
    cell = text_cell("one\ntwo", materials)
    assert cell.height == 2 * materials.style.body.line_px
    assert cell.lines() == ("one\ntwo",)


def test_code_stands_on_a_ground_that_ends_with_it(materials: Materials) -> None:
    picture = picture_of(text_cell("word `code` word", materials))
    ground = inked_columns(picture, materials.style.body.code_ground)
    width = 4 * 0.6 * (materials.style.body.px - 1)
    assert width < ground[-1] - ground[0] < width + 8
    assert ground == list(range(ground[0], ground[-1] + 1))


def test_code_that_wraps_has_a_ground_in_both_lines_and_none_between_them(materials: Materials) -> None:
    style = materials.style.body
    picture = picture_of(text_cell("word " * 12 + "`some_function(argument_one, argument_two, three)`", materials))
    column = [picture.pixelColor(30, y) == style.code_ground for y in range(style.line_px, 2 * style.line_px)]
    assert 0 < sum(column) < style.line_px
    last = [picture.pixelColor(x, style.line_px // 2) == style.code_ground for x in range(600, 760)]
    assert any(last)


def test_a_formula_has_exactly_its_room_in_the_line(qtbot: QtBot, materials: Materials) -> None:
    ready(qtbot, materials, "b")
    picture = materials.formulas.picture("b", materials.style.body.px, is_display=False)
    assert picture is not None
    with_formula = inked_columns(picture_of(text_cell("word$b$word", materials)))
    plain = inked_columns(picture_of(text_cell("wordword", materials)))
    assert with_formula[-1] - plain[-1] == pytest.approx(picture.width, abs=1)


def test_a_formula_is_painted_in_its_room(qtbot: QtBot, materials: Materials) -> None:
    ready(qtbot, materials, "b")
    painted = inked_columns(picture_of(text_cell("$b$", materials)))
    picture = materials.formulas.picture("b", materials.style.body.px, is_display=False)
    assert picture is not None
    assert painted[0] >= 0
    assert painted[-1] <= picture.width + 1
    assert len(painted) > picture.width / 2


def test_a_tall_formula_makes_its_line_taller_and_no_other(qtbot: QtBot, materials: Materials) -> None:
    ready(qtbot, materials, TALL)
    line_px = materials.style.body.line_px
    cell = text_cell(f"above\nwith ${TALL}$ in it\nbelow", materials)
    tall = cell.y_of((0, len(cell.lines()[0]))) - cell.y_of((0, 6))
    assert cell.y_of((0, 6)) == line_px
    assert tall > line_px
    assert cell.height == 2 * line_px + tall


def test_a_formula_shows_its_source_until_it_is_ready(qtbot: QtBot, materials: Materials) -> None:
    cell = text_cell(f"with $x_1 + {TALL}$", materials)
    source = picture_of(cell)
    assert inked_columns(source, materials.style.body.code_ground)
    assert not cell.refresh()
    ready(qtbot, materials, f"x_1 + {TALL}")
    assert cell.refresh()
    cell.lay_out(enough())
    assert not inked_columns(picture_of(cell), materials.style.body.code_ground)
    assert cell.lines()[0] == f"with $x_1 + {TALL}$"


def test_a_formula_in_text_that_is_still_open_is_shown_when_it_is_ready(qtbot: QtBot, materials: Materials) -> None:
    shown = shown_message("", is_live=True)
    shown.text.append("open $y_2$ text")
    body = MessageBody(shown, materials, 760)
    settle(body)
    ready(qtbot, materials, "y_2")
    body.refresh_cells()
    settle(body)
    (cell,) = body.cells
    assert not inked_columns(picture_of(cell), materials.style.body.code_ground)


def test_what_follows_a_formula_moves_when_that_is_ready(qtbot: QtBot, materials: Materials) -> None:
    body = new_body("$$\n\\sum_{k=1}^{9} k\n$$\n\nbelow", materials)
    ready(qtbot, materials, r"\sum_{k=1}^{9} k", is_display=True)
    body.refresh_cells()
    settle(body)
    formula, below = body.cells
    assert [top for _, top, _ in body.tops_between(0, 1_000)] == [0, formula.height + below.gap_px]


def test_what_is_no_tex_keeps_its_source(qtbot: QtBot, materials: Materials) -> None:
    cell = text_cell(r"with $\frac{$", materials)
    materials.formulas.picture(r"\frac{", materials.style.body.px, is_display=False)
    qtbot.waitUntil(lambda: materials.formulas.has_failed(r"\frac{"), timeout=20_000)
    before = picture_of(cell)
    cell.refresh()
    cell.lay_out(enough())
    assert picture_of(cell) == before


def test_a_formula_wider_than_the_text_is_made_to_fit(qtbot: QtBot, materials: Materials) -> None:
    tex = "+".join(f"x_{{{number}}}" for number in range(60))
    ready(qtbot, materials, tex)
    painted = inked_columns(picture_of(text_cell(f"${tex}$", materials, width=400)))
    assert 350 < painted[-1] <= 400


def test_a_link_is_found_where_it_is_painted(materials: Materials) -> None:
    cell = text_cell("See [the paper](https://example.org/paper) now", materials)
    link_color = materials.style.body.link
    columns = inked_columns(picture_of(cell), link_color)
    assert columns
    y = materials.style.body.line_px // 2
    assert cell.link_at(columns[0] + 3, y) == cell.link_at(columns[-1] - 3, y) == "https://example.org/paper"
    assert cell.link_at(columns[0] - 12, y) == cell.link_at(columns[-1] + 12, y) == ""
    assert cell.link_at(700, y) == ""


def test_links_tell_where_they_stand(materials: Materials) -> None:
    cell = text_cell("See [the **paper** now](https://a.example) and <https://b.example>.", materials)
    shown = cell.lines()[0]
    assert [(shown[link.span[0][1] : link.span[1][1]], link.href) for link in cell.links()] == [
        ("the paper now", "https://a.example"),
        ("https://b.example", "https://b.example"),
    ]


def test_an_address_that_is_still_arriving_is_no_link(materials: Materials) -> None:
    shown = shown_message("", is_live=True)
    shown.text.append("See [the paper](https://exam")
    body = MessageBody(shown, materials, 760)
    settle(body)
    (cell,) = body.cells
    assert cell.lines() == ("See the paper",)
    assert cell.links() == []
    assert all(cell.link_at(x, 10) == "" for x in range(0, 200, 5))


def test_an_image_is_a_chip_that_names_the_host_and_leads_to_it(materials: Materials) -> None:
    cell = text_cell("Look: ![A cat](https://user@cats.example:8080/cat.png?q=secret) there", materials)
    assert cell.lines() == ("Look: A cat · cats.example there",)
    assert [link.href for link in cell.links()] == ["https://user@cats.example:8080/cat.png?q=secret"]
    ground = inked_columns(picture_of(cell), materials.style.body.code_ground)
    assert cell.link_at(ground[0] + 4, 14) == "https://user@cats.example:8080/cat.png?q=secret"


def test_a_character_that_cannot_be_seen_is_marked_with_its_name(materials: Materials) -> None:
    plain = picture_of(text_cell("abcd", materials))
    for hidden in ("\u200b", "\u202e", "\U000e0041", "\x1b"):
        cell = text_cell(f"ab{hidden}cd", materials)
        assert cell.lines() == (f"ab{hidden}cd",)
        assert inked_columns(picture_of(cell))[-1] > inked_columns(plain)[-1] + 20


def test_a_footnote_is_a_small_number_above_the_line(materials: Materials) -> None:
    cell = new_body("Text[^note] here.\n\n[^note]: The note.", materials).cells[0]
    assert cell.lines() == ("Text1 here.",)
    number = inked_rows(cell, materials.style.body.link)
    assert number[-1] < materials.style.body.baseline_px - 3


def inked_rows(cell: object, color: QColor) -> list[int]:
    assert isinstance(cell, TextCell)
    picture = picture_of(cell)
    return [
        y
        for y in range(picture.height())
        if any(picture.pixelColor(x, y).blue() > picture.pixelColor(x, y).red() + 60 for x in range(picture.width()))
    ]


def test_a_label_that_is_defined_later_makes_a_link_of_what_was_text(materials: Materials) -> None:
    shown = shown_message("", is_live=True)
    shown.text.append("See [the paper] for more.\n\nSome text.\n\n")
    body = MessageBody(shown, materials, 760)
    settle(body)
    assert body.cells[0].links() == []
    shown.text.append("[the paper]: https://example.org\n\n")
    settle(body)
    assert [link.href for link in body.cells[0].links()] == ["https://example.org"]
    assert body.cells[0].lines() == ("See the paper for more.",)


@pytest.mark.parametrize(
    "text",
    [
        "Some **bold words** and `code`, *and* [a link](https://example.org) and so on. " * 30,
        "word `code` $x$ " * 200,
        "**bold" + " bold" * 300 + "**",
        "一些**粗体**文字和`代码`，" * 100,
        "שלום **עולם** עם `code` " * 60,
        "x" * 3_000,
        "line `a`\n" * 100,
    ],
    ids=["prose", "code and formulas", "long bold", "chinese", "hebrew", "one word", "lines"],
)
@pytest.mark.parametrize("step", [7, 240])
def test_text_that_streams_in_looks_like_text_that_is_there_at_once(materials: Materials, text: str, step: int) -> None:
    shown = shown_message("", is_live=True)
    body = MessageBody(shown, materials, 760)
    for start in range(0, len(text), step):
        shown.text.append(text[start : start + step])
        settle(body)
    shown.end(shown_message(text).message)
    settle(body)
    streamed = body.cells[0]
    whole = new_body(text, materials).cells[0]
    assert streamed.lines() == whole.lines()
    assert streamed.height == whole.height
    assert picture_of(streamed) == picture_of(whole)


@pytest.mark.parametrize(
    "text",
    [
        "Some **bold words** and `code`, [a link](https://x.example) too. " * 20,
        "x" * 900,
        "Words [" + "linked words " * 25 + "](https://x.example) and more, and more, and more.",
    ],
    ids=["prose", "one word", "a long link"],
)
def test_nothing_looks_different_above_where_it_grows(materials: Materials, text: str) -> None:
    shown = shown_message("", is_live=True)
    body = MessageBody(shown, materials, 760)
    for start in range(0, len(text), 60):
        shown.text.append(text[start : start + 30])
        settle(body)
        (cell,) = body.cells
        before, top = picture_of(cell), cell.growth_y
        assert cell.height - top <= 10 * materials.style.body.line_px
        shown.text.append(text[start + 30 : start + 60])
        settle(body)
        kept = QRect(0, 0, 760, top)
        assert picture_of(cell).copy(kept) == before.copy(kept)


def test_what_is_selected_and_found_has_a_ground(materials: Materials) -> None:
    cell = text_cell("one **two** `three`", materials)
    style = materials.style.body
    start, end = (0, 4), (0, 7)
    colors = {
        Marked(selected=(start, end)): style.selection,
        Marked(found=((start, end),)): style.found,
        Marked(found=((start, end),), current=(start, end)): style.found_current,
    }
    for marked, color in colors.items():
        columns = inked_columns(picture_of(cell, marked), color)
        assert columns[0] == pytest.approx(28, abs=4)
        assert columns[-1] - columns[0] == pytest.approx(26, abs=5)


def test_a_link_that_the_keyboard_stands_on_has_a_frame(materials: Materials) -> None:
    cell = text_cell("See [it](https://example.org)", materials)
    assert picture_of(cell, Marked(focused=cell.links()[0].span)) != picture_of(cell)


@pytest.mark.parametrize("mark", [START, (0, 4), (0, 9), (0, 14), (0, 24)])
def test_every_place_is_found_again_by_its_point(materials: Materials, mark: tuple[int, int]) -> None:
    cell = text_cell("one **two** `three` and a word", materials)
    points = {cell.mark_at(x, 14) for x in range(760)}
    assert mark in points


def test_a_formula_is_one_place(qtbot: QtBot, materials: Materials) -> None:
    ready(qtbot, materials, r"\alpha\beta")
    cell = text_cell(r"ab$\alpha\beta$cd", materials)
    length = len(r"$\alpha\beta$")
    marks = sorted({cell.mark_at(x, 14)[1] for x in range(200)})
    assert marks == [0, 1, 2, 2 + length, 3 + length, 4 + length]


def test_parts_of_text_are_copied_as_they_read_as_markdown_and_as_html(materials: Materials) -> None:
    cell = text_cell("one **two three** `four` [five](https://example.org)", materials)
    span = (0, 4), (0, 18)
    assert cell.text_between(span) == "two three four"
    assert cell.markdown_between(span) == "**two three** `four`"
    assert cell.html_between(span) == "<strong>two three</strong> <code>four</code>"
    assert cell.markdown_between((START, END)) == "one **two three** `four` [five](https://example.org)"


def test_zoom_makes_everything_larger(materials: Materials, theme: Theme) -> None:
    large = replace(materials, style=Style(theme, 2.0))
    source = "one **two** `three` " * 30
    small_cell, large_cell = text_cell(source, materials, width=300), text_cell(source, large, width=600)
    assert large_cell.height == 2 * small_cell.height


def test_empty_paragraphs_have_one_line(materials: Materials) -> None:
    body = new_body("-\n- x", materials)
    assert [cell.height for cell in body.cells] == [materials.style.body.line_px] * 2
    assert picture_of(body.cells[0]) == blank(760, body.cells[0].height)
