"""A body keeps the cells of what did not change, and makes anew only what did."""

import time

import pytest
from msgspec.structs import replace

from app.domain.usage import Timing
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.cells.formula import FormulaCell
from app.ui.transcript.cells.rule import RuleCell
from app.ui.transcript.cells.table import TableCell
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import MessageBody
from app.ui.transcript.thinking_time import ThinkingTime, title_of_thoughts
from tests.ui.transcript.bodies import WIDTH, enough, new_body, picture_of_body, settle, shown_message
from tests.ui.transcript.costs import Looks, calls


@pytest.fixture(name="live")
def _live(materials: Materials) -> MessageBody:
    return MessageBody(shown_message("", is_live=True), materials, WIDTH)


def stream(body: MessageBody, text: str) -> None:
    body._shown.text.append(text)
    settle(body)


def test_each_block_has_the_cell_for_it(materials: Materials) -> None:
    body = new_body("text\n\n```\ncode\n```\n\n| a |\n|---|\n| 1 |\n\n$$\nx\n$$\n\n---\n", materials)
    assert [type(cell) for cell in body.cells] == [TextCell, CodeCell, TableCell, FormulaCell, RuleCell]


def test_cells_of_finished_blocks_are_kept_while_text_streams_in(live: MessageBody) -> None:
    stream(live, "# One\n\ntwo\n\n- three\n")
    kept = list(live.cells)
    for piece in ("- fo", "ur\n\n", "fi", "ve"):
        stream(live, piece)
    assert live.cells[:3] == kept
    assert [cell.lines()[0] for cell in live.cells] == ["One", "two", "three", "four", "five"]


def test_a_paragraph_that_turns_out_to_be_something_else_gets_another_cell(live: MessageBody) -> None:
    stream(live, "before\n\na | b\n")
    before, paragraph = live.cells
    assert isinstance(paragraph, TextCell)
    stream(live, "--|--\n1 | 2")
    assert live.cells[0] is before
    assert [type(cell) for cell in live.cells] == [TextCell, TableCell]


def test_a_line_under_text_makes_a_heading_of_it(live: MessageBody) -> None:
    stream(live, "Title\n")
    height = live.height
    stream(live, "===\n\ntext")
    assert live.cells[0].height > height
    assert live.cells[0].lines() == ("Title",)


@pytest.mark.parametrize("step", [1, 13])
def test_a_streamed_body_looks_like_one_that_is_there_at_once(
    materials: Materials, live: MessageBody, step: int
) -> None:
    text = "# T\n\ntext **b** `c`\n- one\n  - [x] two\n\n> q\n>\n> r\n\n1. a\n\n   p\n\n***\n\n- a | b\n  -|-\n  1|2"
    for start in range(0, len(text), step):
        stream(live, text[start : start + step])
    whole = new_body(text, materials)
    assert live.height == whole.height
    assert picture_of_body(live) == picture_of_body(whole)


def test_a_place_survives_another_width_and_another_look(materials: Materials) -> None:
    body = new_body("some words " * 200 + "\n\n" + "- item of words\n" * 20, materials)
    place = body.place_at(300)
    body.resize(400)
    settle(body)
    line = body.place_at(body.y_of(place))
    assert line.cell == place.cell
    assert line.mark <= place.mark < body.place_at(body.y_of(place) + materials.style.body.line_px).mark
    body.resize(WIDTH)
    settle(body)
    body.restyle(materials)
    settle(body)
    assert body.y_of(place) == 300


def test_thoughts_are_cells_above_the_answer_while_they_are_unfolded(materials: Materials) -> None:
    shown = shown_message("Answer **bold**", reasoning="First *this*.\n\n- then that")
    body = MessageBody(shown, materials, WIDTH)
    settle(body)
    assert [cell.lines() for cell in body.cells] == [(), ("Answer bold",)]
    answer = body.cells[-1]
    shown.shows_reasoning = True
    body.toggle_reasoning()
    settle(body)
    assert [cell.lines() for cell in body.cells] == [(), ("First this.",), ("then that",), ("Answer bold",)]
    assert body.cells[-1] is answer
    assert body.cells[1].height == materials.style.small.line_px
    assert body.left_of(1) > 0
    shown.shows_reasoning = False
    body.toggle_reasoning()
    settle(body)
    assert body.cells == [body.reasoning, answer]


def test_thoughts_that_come_after_the_answer_began_stand_above_it(materials: Materials) -> None:
    shown = shown_message("", reasoning="One", is_live=True)
    shown.shows_reasoning = True
    shown.text.append("Answer")
    body = MessageBody(shown, materials, WIDTH)
    settle(body)
    shown.reasoning.append(" and more\n\ntwo")
    settle(body)
    assert [cell.lines() for cell in body.cells] == [(), ("One and more",), ("two",), ("Answer",)]


@pytest.mark.parametrize(
    ("elapsed_s", "title"),
    [
        (None, "Thought"),
        (0.2, "Thought for 1 s"),
        (12.4, "Thought for 12 s"),
        (59.7, "Thought for 1 min 0 s"),
        (95, "Thought for 1 min 35 s"),
    ],
)
def test_thoughts_say_how_long_they_took(elapsed_s: float | None, title: str) -> None:
    assert title_of_thoughts(shown_message("Answer").message, elapsed_s) == title


def test_thoughts_that_were_stopped_before_an_answer_say_how_long_they_took() -> None:
    stopped = replace(shown_message().message, timing=Timing(first_token_ms=500, last_token_ms=7_400))
    assert title_of_thoughts(stopped, None) == "Thought for 7 s"


def test_the_times_of_an_answer_tell_how_long_its_thoughts_took_whoever_watched() -> None:
    timing = Timing(first_token_ms=500, answer_ms=12_400, last_token_ms=20_000)
    read = replace(shown_message("Answer").message, timing=timing)
    assert title_of_thoughts(read, None) == title_of_thoughts(read, 3.0) == "Thought for 12 s"


def test_the_time_of_thoughts_is_known_only_if_they_were_seen_from_the_beginning() -> None:
    seen, late = ThinkingTime(), ThinkingTime()
    seen.look(["The first words"], is_over=False)
    time.sleep(0.02)
    seen.look(["The first words", " and more"], is_over=True)
    late.look(["long ago " * 1_000], is_over=False)
    late.look(["long ago " * 1_000], is_over=True)
    assert seen.elapsed_s is not None
    assert 0.01 < seen.elapsed_s < 5
    assert late.elapsed_s is None


@pytest.mark.parametrize(
    "text",
    [
        "- item\n" * 60_000,
        "a\n\n" * 100_000,
        "> " * 500 + "x",
        "| a |\n|---|\n" + "| 1 |\n" * 10_000,
        "**a** `b` " * 50_000,
    ],
    ids=["items", "paragraphs", "quotes", "table", "markup"],
)
def test_reading_and_laying_out_stop_when_the_time_is_spent(materials: Materials, text: str) -> None:
    body = MessageBody(shown_message(text), materials, WIDTH)
    most = 0

    is_done = False

    def step() -> None:
        nonlocal is_done
        is_done = body.read(Looks(3))
        is_done = body.settle_up(body.height, 800, Looks(3)) and is_done

    for _ in range(40):
        most = max(most, calls(step))
        if is_done:
            break
    assert most < 150_000  # calls; all of the longest takes 13,000,000


def test_nothing_is_laid_out_that_nobody_looks_at(materials: Materials) -> None:
    body = MessageBody(shown_message("Some words.\n\n" * 500), materials, WIDTH)
    body.read(enough())
    body.settle_up(body.height, 600, enough())
    assert not body.cells[0].is_settled
    assert body.cells[-1].is_settled
