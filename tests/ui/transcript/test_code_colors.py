"""Code gets its colours line by line while it streams and as a whole when it is there, and nothing waits for them."""

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.domain.settings import ColorScheme
from app.markdown.highlight import Language
from app.markdown.line_reading import LineState
from app.markdown.syntax import Colors
from app.ui.palette import DARK, LIGHT
from app.ui.theme import Theme
from app.ui.transcript import highlighting
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.code_colors import CATCH_UP_LINES, LONGEST_OPEN_LINE
from app.ui.transcript.highlighting import LARGEST
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from tests.ui.transcript.blocks_of_code import (
    block,
    counted_layouts,
    has_color,
    know,
    laid_out,
    picture,
    until_whole,
    write,
)

SAMPLE = Path(__file__).parents[2] / "unit/markdown/code_samples/python.txt"
KEYWORD = LIGHT.syntax_keyword
Wait = Callable[[CodeCell], None]


@pytest.fixture(autouse=True)
def nothing_old_is_looked_through() -> Iterator[None]:
    """As in the program: a full collection would take longer than a line may."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def wait(qtbot: QtBot, materials: Materials) -> Wait:
    return lambda cell: until_whole(qtbot, cell, materials)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that are read one by one from now on."""
    lines: list[str] = []
    original = Language.read_line

    def counted(self: Language, line: str, state: LineState) -> tuple[Colors, LineState]:
        lines.append(line)
        return original(self, line, state)

    monkeypatch.setattr(Language, "read_line", counted)
    return lines


def test_code_is_plain_at_first_and_has_its_colours_soon_at_the_same_height(qtbot: QtBot, materials: Materials) -> None:
    cell = laid_out(block("def f(): return 1", info="python"), materials)
    before, height = picture(cell), cell.height
    assert not has_color(before, KEYWORD)
    assert not cell.refresh()
    with qtbot.waitSignal(materials.highlighting.ready):
        pass
    while not has_color(picture(cell), KEYWORD):
        with qtbot.waitSignal(materials.highlighting.ready):
            pass
        assert cell.refresh()
    assert not cell.refresh()
    assert cell.height == height
    assert cell.mark_at(100, height // 2) == laid_out(block("def f(): return 1"), materials).mark_at(100, height // 2)


def test_colours_that_come_later_lay_out_what_is_in_sight_and_no_more(
    qtbot: QtBot, materials: Materials, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = block(*["def f(): return 1"] * 2_000, info="py")
    cell = laid_out(code, materials)
    picture(cell, 0)
    picture(cell, 10_000)
    in_sight = len({cell.mark_at(0, y)[0] for y in range(10_000, 10_400)})
    wait(laid_out(code, materials))
    layouts = counted_layouts(monkeypatch)
    assert has_color(picture(cell, 10_000), KEYWORD)
    assert len(layouts) <= in_sight + 1


def test_colours_that_were_right_when_the_fence_closes_cost_no_layout(
    qtbot: QtBot, materials: Materials, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(qtbot, materials)
    code = block("def f():", "    return 1", info="py", is_closed=False)
    cell = laid_out(code, materials)
    for _ in range(5):
        picture(cell)  # what there was no time for
    layouts = counted_layouts(monkeypatch)
    code.is_closed = True
    wait(cell)
    assert layouts == []


def test_line_by_line_says_what_the_whole_pass_says_when_the_fence_closes(
    qtbot: QtBot, materials: Materials, wait: Wait
) -> None:
    know(qtbot, materials)
    text = SAMPLE.read_text(encoding="utf-8")
    code = block(info="py", is_closed=False)
    cell = laid_out(code, materials)
    colors = materials.highlighting.colors(code)
    for at in range(0, len(text), 7):
        write(code, text[at : at + 7])
        cell.count()
        picture(cell, max(0, cell.height - 200))
    for _ in range(5):
        picture(cell, max(0, cell.height - 200))  # what there was no time for
    streamed = [colors.of(number) for number in range(len(code.lines))]
    assert sum(map(bool, streamed)) > 10
    code.is_closed = True
    wait(cell)
    assert [colors.of(number) for number in range(len(code.lines))] == streamed


def test_the_line_that_is_being_written_has_colours(qtbot: QtBot, materials: Materials) -> None:
    know(qtbot, materials)
    code = block(info="py", is_closed=False)
    cell = laid_out(code, materials)
    write(code, "return")
    cell.count()
    assert has_color(picture(cell), KEYWORD)


def test_a_frame_reads_as_many_lines_at_the_end_of_ten_thousand_as_at_their_start(
    qtbot: QtBot, materials: Materials, reads: list[str]
) -> None:
    know(qtbot, materials)
    code = block(info="py", is_closed=False)
    cell = laid_out(code, materials)
    counts = []
    for number in range(10_000):
        reads.clear()
        write(code, f"def f{number}():\n    ret")
        code.open_pieces = ["    ret"]
        cell.count()
        if number < 50 or number > 9_950:
            picture(cell, max(0, cell.height - 100), height=100)
            counts.append(len(reads))
    assert 0 < sum(counts[-30:]) < 2 * sum(counts[:30])


def test_lines_that_there_is_no_time_for_come_in_the_next_frames(
    qtbot: QtBot, materials: Materials, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    know(qtbot, materials)
    monkeypatch.setattr(highlighting, "READ_BUDGET_S", 0.0)
    lines = [f"return {number}" for number in range(8)]
    cell = laid_out(block(*lines, info="py", is_closed=False), materials)
    reads.clear()
    picture(cell)
    for _ in lines:
        assert len(reads) < len(lines)
        with qtbot.waitSignal(materials.highlighting.ready):
            pass
        assert cell.refresh()
        picture(cell)
        if reads == lines:
            break
    assert reads == lines
    assert not cell.refresh()


def test_no_lines_are_read_by_the_window_while_the_whole_block_is(
    qtbot: QtBot, materials: Materials, wait: Wait, reads: list[str]
) -> None:
    know(qtbot, materials)
    reads.clear()
    cell = laid_out(block(*["return 1"] * 100, info="py"), materials)
    for _ in range(3):
        picture(cell)
    wait(cell)
    assert reads == []


def test_lines_far_down_are_read_without_those_above_them(qtbot: QtBot, materials: Materials, reads: list[str]) -> None:
    know(qtbot, materials)
    code = block(*["x = 1"] * 5_000, info="py", is_closed=False)
    cell = laid_out(code, materials)
    reads.clear()
    picture(cell, cell.height // 2)
    assert 0 < len(reads) <= 30
    reads.clear()
    picture(cell, cell.height // 2 + 20 * materials.style.code.line_px)
    assert 0 < len(reads) <= CATCH_UP_LINES + 30


def test_a_long_line_that_is_being_written_is_not_read_in_every_frame(
    qtbot: QtBot, materials: Materials, reads: list[str]
) -> None:
    know(qtbot, materials)
    code = block(info="py", is_closed=False)
    cell = laid_out(code, materials)
    reads.clear()
    for _ in range(100):
        write(code, "return 1; ")
        cell.count()
        image = picture(cell)
    assert len(reads) == LONGEST_OPEN_LINE // 10
    assert has_color(image, KEYWORD)


@pytest.mark.parametrize(("size", "is_whole"), [(LARGEST - 100, True), (LARGEST + 100, False)])
def test_a_block_of_more_than_200_kb_is_read_by_lines_only(
    qtbot: QtBot, materials: Materials, size: int, is_whole: bool
) -> None:
    know(qtbot, materials)
    line = "return " + "x" * 92
    code = block(*[line] * (size // 100), info="py")
    cell = laid_out(code, materials)
    picture(cell)
    colors = materials.highlighting.colors(code)
    if is_whole:
        qtbot.waitUntil(lambda: colors.is_whole, timeout=20_000)
    else:
        qtbot.wait(100)
        assert not colors.is_whole
    assert has_color(picture(cell, cell.height // 2), KEYWORD)


def test_another_theme_shows_its_colours_at_once(
    qtbot: QtBot, materials: Materials, wait: Wait, theme: Theme, reads: list[str]
) -> None:
    code = block("return", info="py")
    wait(laid_out(code, materials))
    reads.clear()
    theme.follow(ColorScheme.DARK)
    dark = laid_out(code, replace(materials, style=Style(theme, 2.0)))
    assert has_color(picture(dark), DARK.syntax_keyword)
    assert reads == []


def test_what_is_known_of_a_block_goes_with_it(qtbot: QtBot, materials: Materials, wait: Wait) -> None:
    code = block("return", info="py")
    wait(laid_out(code, materials))
    known = weakref.ref(materials.highlighting.colors(code))
    materials.wrapped.add(code)
    del code
    gc.collect()
    assert known() is None
    assert not materials.wrapped
