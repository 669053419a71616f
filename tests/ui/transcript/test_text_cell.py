"""Running text is wrapped as one QTextLayout would wrap it, however it came, and its cost does not grow."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextLayout, QTextOption

from app.markdown.blocks import Paragraph
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.choice import verbatim_cell
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from tests.ui.transcript.costs import cost_ratio

_WORDS = st.sampled_from(["word ", "a", "longer-word ", "\n", "漢字", "🙂", "é", "0123456789" * 30, " ", "fi", "\t"])
_TEXTS = st.lists(_WORDS, min_size=1, max_size=400).map("".join)


def line_starts(text: str, style: Style, width: int) -> list[int]:
    """In characters, as one whole layout has them."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(4 * style.body.advance_px)
    layout = QTextLayout(text.replace("\n", "\u2028"), style.body.font)
    layout.setTextOption(option)
    starts = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(len(text.encode("utf-16-le")[: 2 * line.textStart()].decode("utf-16-le")))
    layout.endLayout()
    return starts


def laid_out(paragraph: Paragraph, materials: Materials, width: int = 400) -> TextCell:
    cell = verbatim_cell(paragraph, materials, materials.style.body)
    cell.resize(width)
    cell.lay_out(Budget(60))
    return cell


@given(text=_TEXTS, cuts=st.lists(st.integers(0, 3_000), max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_that_streams_in_wraps_like_text_that_is_there_at_once(
    materials: Materials, text: str, cuts: list[int]
) -> None:
    paragraph = Paragraph(0)
    cell = laid_out(paragraph, materials)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    for start, end in pairwise(places):
        paragraph.pieces.append(text[start:end])
        cell.lay_out(Budget(60))
    starts = line_starts(text, materials.style, 400)
    assert cell.height == len(starts) * materials.style.body.line_px
    assert [cell.y_of((0, start)) // materials.style.body.line_px for start in starts] == list(range(len(starts)))


def test_a_place_in_the_text_is_found_where_it_is_painted(materials: Materials) -> None:
    paragraph = Paragraph(0)
    paragraph.pieces.append("🙂 some words 漢字 " * 300)
    cell = laid_out(paragraph, materials)
    for y in range(0, cell.height, 200):
        mark = cell.mark_at(0, y)
        assert cell.y_of(mark) == y // materials.style.body.line_px * materials.style.body.line_px


def test_an_estimate_is_near_the_real_height(materials: Materials) -> None:
    paragraph = Paragraph(0)
    paragraph.pieces.append("The quick brown fox jumps over the lazy dog. " * 200)
    estimated = verbatim_cell(paragraph, materials, materials.style.body)
    estimated.resize(700)
    estimated.count()
    assert estimated.height == pytest.approx(laid_out(paragraph, materials, 700).height, rel=0.15)


@pytest.mark.parametrize("piece", ["word after word " * 15, "x" * 240, "漢字" * 120, "line\n" * 48])
def test_a_piece_costs_the_same_at_the_end_of_100_000_characters(materials: Materials, piece: str) -> None:
    def steps_after(characters: int) -> Callable[[], None]:
        paragraph = Paragraph(0)
        paragraph.pieces += [piece] * (characters // len(piece))
        cell = laid_out(paragraph, materials, 760)

        def steps() -> None:
            for _ in range(20):
                paragraph.pieces.append(piece)
                cell.lay_out(Budget(60))

        return steps

    assert cost_ratio(steps_after(100_000), steps_after(5_000)) < 1.3


def test_laying_out_stops_when_the_time_is_spent(materials: Materials) -> None:
    paragraph = Paragraph(0)
    paragraph.pieces.append("x" * 100_000)
    cell = verbatim_cell(paragraph, materials, materials.style.body)
    cell.resize(760)
    started = time.thread_time()
    cell.lay_out(Budget(0.004))
    assert time.thread_time() - started < 0.030
    assert not cell.is_settled
