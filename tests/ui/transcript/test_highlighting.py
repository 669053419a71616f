"""Lexers are loaded and run beside the window: when there is code, and whatever they do."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence

import pytest
from msgspec.structs import replace
from pygments.lexer import Lexer, RegexLexer
from pygments.token import Keyword
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.markdown.highlight import Language, language_named
from app.markdown.lexing import Token
from app.markdown.line_reading import RuleLines
from app.markdown.syntax import Colors, LexingFailed
from app.ui.palette import LIGHT
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from tests.ui.transcript.blocks_of_code import block, has_color, know, laid_out, picture


def test_pygments_is_not_loaded_before_code_is_seen() -> None:
    script = "import sys, app.session, app.ui.transcript.view; print('pygments' in sys.modules)"
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


class _Hanging(RegexLexer):
    name = "Hanging"
    tokens = {"root": [(r"\w+", Keyword), (r"\s+", Keyword)]}  # noqa: RUF012 - as Pygments wants it


class _Stuck(Language):
    """Reads lines, and waits for ever where it is to read more."""

    def __init__(self, release: threading.Event) -> None:
        super().__init__(RuleLines(_Hanging()), _Hanging(), is_php=False)
        self._release = release

    def read_all(self, lines: Sequence[str], limit_s: float = 0) -> list[Colors]:
        self._release.wait(20)
        raise LexingFailed("released")


@pytest.fixture
def stuck(materials: Materials) -> Iterator[Materials]:
    """All code in a language called stuck hangs, and is given up soon."""
    release = threading.Event()
    language = _Stuck(release)

    def load(name: str) -> Language | None:
        return language if name == "stuck" else language_named(name)

    yield replace(materials, highlighting=Highlighting(load=load, limit_s=0.05))
    release.set()


def until_colored(qtbot: QtBot, cell: CodeCell) -> None:
    qtbot.waitUntil(lambda: has_color(picture(cell), LIGHT.syntax_keyword))


def test_a_lexer_that_hangs_holds_nothing_up(qtbot: QtBot, stuck: Materials) -> None:
    until_colored(qtbot, laid_out(block("EEE", info="stuck"), stuck))
    know(qtbot, stuck)


def test_where_too_many_hang_code_is_read_by_lines(qtbot: QtBot, stuck: Materials) -> None:
    know(qtbot, stuck)
    for _ in range(4):
        until_colored(qtbot, laid_out(block("EEE", info="stuck"), stuck))
    code = block("return EEE", info="py")
    cell = laid_out(code, stuck)
    picture(cell)
    with qtbot.waitSignal(stuck.highlighting.ready):
        pass
    assert cell.refresh()
    until_colored(qtbot, cell)
    assert not stuck.highlighting.colors(code).is_whole


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
