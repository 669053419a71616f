"""Code gets its colours line by line while it streams and as a whole when it is there, and nothing waits for them."""

import gc
import logging
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pygments.lexer import Lexer, RegexLexer
from pygments.token import Keyword
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.settings import ColorScheme
from app.markdown.highlight import Language, language_named
from app.markdown.lexing import Token
from app.markdown.line_reading import LineState, RuleLines
from app.markdown.syntax import Colors
from app.ui.palette import DARK, LIGHT
from app.ui.theme import Theme
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.code_colors import CATCH_UP_LINES, LONGEST_OPEN_LINE
from app.ui.transcript.highlighting import LARGEST, Highlighting
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from tests.ui.transcript.blocks_of_code import block, counted_layouts, has_color, laid_out, picture, write

SAMPLE = Path(__file__).parents[2] / "unit/markdown/code_samples/python.txt"
KEYWORD = LIGHT.syntax_keyword
Wait = Callable[[CodeCell], None]


@pytest.fixture
def wait(qtbot: QtBot, materials: Materials) -> Wait:
    """Until all of a block has its colours, as long as it is looked at."""
    return lambda cell: until_whole(qtbot, cell, materials)


def until_whole(qtbot: QtBot, cell: CodeCell, materials: Materials) -> None:
    def is_whole() -> bool:
        picture(cell)
        return materials.highlighting.colors(cell.block).is_whole

    qtbot.waitUntil(is_whole)


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


def know(qtbot: QtBot, materials: Materials, info: str = "py") -> None:
    """The language is loaded from now on."""
    until_whole(qtbot, laid_out(block("x", info=info), materials), materials)


def test_pygments_is_not_loaded_before_code_is_seen() -> None:
    script = "import sys, app.main, app.ui.transcript.view; print('pygments' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_code_without_a_language_asks_for_nothing(qtbot: QtBot, style: Style, materials: Materials) -> None:
    asked: list[str] = []

    def load(name: str) -> None:
        asked.append(name)

    materials = replace(materials, highlighting=Highlighting(load=load))
    for info in ("", "text", "no-such-language"):
        picture(laid_out(block("for x in y", info=info), materials))
    qtbot.waitUntil(lambda: asked == ["no-such-language"])
    picture(laid_out(block("if", info="no-such-language"), materials))
    qtbot.wait(50)
    assert asked == ["no-such-language"]


def test_a_language_is_loaded_beside_the_window(qtbot: QtBot, materials: Materials) -> None:
    threads: list[threading.Thread] = []

    def load(name: str) -> Language | None:
        threads.append(threading.current_thread())
        return language_named(name)

    materials = replace(materials, highlighting=Highlighting(load=load))
    know(qtbot, materials)
    assert [thread.daemon and thread is not threading.main_thread() for thread in threads] == [True]


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
    assert has_color(picture(cell), KEYWORD)
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
    assert 0 < sum(counts[-30:]) <= sum(counts[:30])


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


def _fail(_lexer: Lexer, _match: object) -> Iterator[Token]:
    raise ValueError("secret")


class _Broken(RegexLexer):
    name = "Broken"
    tokens = {"root": [(r"secret", _fail), (r"\w+", Keyword), (r"\s+", Keyword)]}  # noqa: RUF012 - as Pygments wants it


def broken(name: str) -> Language | None:
    return Language(RuleLines(_Broken()), _Broken(), is_php=False) if name == "broken" else language_named(name)


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_lexer_that_fails_leaves_its_code_plain_and_is_reported_once_without_the_code(
    qtbot: QtBot, materials: Materials, caplog: pytest.LogCaptureFixture, is_closed: bool
) -> None:
    caplog.set_level(logging.INFO)
    materials = replace(materials, highlighting=Highlighting(load=broken))
    for _ in range(2):
        code = block("a secret", info="broken", is_closed=is_closed)
        cell = laid_out(code, materials)
        for _ in range(5):
            before = picture(cell)
            qtbot.wait(20)
        assert picture(cell) == before
    know(qtbot, materials)
    assert [record.getMessage() for record in caplog.records] == [
        "code stays as it is language=Broken reason=ValueError"
    ]
    assert caplog.records[0].exc_info is None


def test_a_lexer_that_hangs_holds_nothing_up(qtbot: QtBot, materials: Materials) -> None:
    release = threading.Event()

    class Hanging(Lexer):
        name = "Hanging"

        def get_tokens_unprocessed(self, text: str) -> Iterator[Token]:
            release.wait(20)
            yield from ()

    def load(name: str) -> Language | None:
        return Language(None, Hanging(), is_php=False) if name == "hanging" else language_named(name)

    materials = replace(materials, highlighting=Highlighting(load=load, limit_s=0.1))
    picture(laid_out(block("x", info="hanging"), materials))
    qtbot.wait(50)
    picture(laid_out(block("x", info="hanging"), materials))
    know(qtbot, materials)
    release.set()


def test_a_window_that_is_gone_hears_of_nothing(qtbot: QtBot, materials: Materials) -> None:
    highlighting = Highlighting(QApplication.instance())
    picture(laid_out(block("x", info="py"), replace(materials, highlighting=highlighting)))
    highlighting.deleteLater()
    qtbot.wait(300)


def test_many_blocks_at_once_all_get_their_colours(qtbot: QtBot, materials: Materials) -> None:
    cells = [laid_out(block(f"return {number}", info="py"), materials) for number in range(150)]

    def all_have_theirs() -> bool:
        waiting = [cell for cell in cells if not materials.highlighting.colors(cell.block).is_whole]
        for cell in waiting:
            picture(cell, height=60)
        return not waiting

    qtbot.waitUntil(all_have_theirs, timeout=20_000)
