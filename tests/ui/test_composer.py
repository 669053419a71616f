"""The composer sends when it is asked to, never by accident, and loses nothing that was typed."""

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.composer import Composer
from app.ui.composer_input import MAX_PASTE_CHARS
from app.ui.icons import Icons
from app.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform


Found = TypeVar("Found", bound=QWidget)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Bench:
    """A shown composer, what it asked for, and hands to use it."""

    def __init__(self, composer: Composer, clock: Clock) -> None:
        self.composer = composer
        self.clock = clock
        self.sent: list[str] = []
        self.stops = 0
        composer.send_requested.connect(self.sent.append)
        composer.stop_requested.connect(self._count_stop)
        self.input = child(composer, "composerInput", QPlainTextEdit)
        self.send = child(composer, "sendButton", QWidget)
        self.stop = child(composer, "stopButton", QWidget)

    def _count_stop(self) -> None:
        self.stops += 1

    def type(self, text: str) -> None:
        QTest.keyClicks(self.input, text)

    def enter(self, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.input, Qt.Key.Key_Return, modifiers)

    def compose(self, preedit: str = "", commit: str = "") -> None:
        event = QInputMethodEvent(preedit, [])
        event.setCommitString(commit)
        QApplication.sendEvent(self.input, event)

    def paste(self, mime: QMimeData) -> None:
        QGuiApplication.clipboard().setMimeData(mime)
        self.input.paste()

    def click_at(self, place: QPoint) -> None:
        """Click whatever is there, as a hand does."""
        target = self.composer.childAt(place)
        assert target is not None
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(self.composer, place))

    @property
    def button_place(self) -> QPoint:
        shown = self.stop if self.stop.isVisible() else self.send
        return shown.mapTo(self.composer, shown.rect().center())


def child(parent: QWidget, name: str, kind: type[Found]) -> Found:
    found = parent.findChild(kind, name)
    assert isinstance(found, kind)
    return found


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme, icons: Icons) -> Iterator[Bench]:
    clock = Clock()
    composer = Composer(theme, icons, monotonic=clock)
    qtbot.addWidget(composer)
    composer.resize(900, 300)
    composer.show()
    composer.focus_input()
    yield Bench(composer, clock)
    QGuiApplication.clipboard().clear()  # a QMimeData of Python's that outlives the interpreter crashes at exit


def test_enter_sends_and_the_text_stays_until_it_is_accepted(bench: Bench) -> None:
    bench.type("hello")
    bench.enter()
    assert bench.sent == ["hello"]
    assert bench.composer.text() == "hello"
    bench.composer.accept_sent()
    assert bench.composer.text() == ""


def test_the_button_sends_too_and_leaves_the_focus_in_the_text(bench: Bench) -> None:
    bench.type("hello")
    bench.click_at(bench.button_place)
    assert bench.sent == ["hello"]
    assert not bench.send.hasFocus()


def test_the_enter_of_the_keypad_sends(bench: Bench) -> None:
    bench.type("hello")
    QTest.keyClick(bench.input, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert bench.sent == ["hello"]


def test_shift_enter_breaks_the_line(bench: Bench) -> None:
    bench.type("a")
    bench.enter(Qt.KeyboardModifier.ShiftModifier)
    bench.type("b")
    assert bench.sent == []
    assert bench.composer.text() == "a\nb"


@pytest.mark.parametrize("text", ["", "  ", "\n\n", "\u00a0\t"])
def test_nothing_but_space_is_not_sent(bench: Bench, text: str) -> None:
    bench.composer.set_text(text)
    bench.enter()
    bench.click_at(bench.button_place)
    assert bench.sent == []


def test_an_enter_that_is_held_down_sends_once(bench: Bench) -> None:
    bench.type("hello")
    bench.enter()
    repeat = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    QApplication.sendEvent(bench.input, repeat)
    assert bench.sent == ["hello"]


@pytest.mark.parametrize(
    ("preedit", "commit"),
    [("にほんご", "日本語"), ("ni hao", "你好"), ("한", "한")],
    ids=["japanese", "pinyin", "hangul"],
)
def test_the_enter_that_commits_a_composition_never_sends_and_the_next_one_does(
    bench: Bench, preedit: str, commit: str
) -> None:
    bench.type("> ")
    bench.compose(preedit=preedit)
    bench.enter()
    assert bench.sent == [], "Enter during preedit"
    bench.compose(commit=commit)
    bench.clock.now_s += 0.005
    bench.enter()
    assert bench.sent == [], "the Enter that committed, forwarded by the input method"
    assert bench.composer.text() == f"> {commit}"
    bench.clock.now_s += 0.2
    bench.enter()
    assert bench.sent == [f"> {commit}"]


def test_esc_during_a_composition_belongs_to_the_input_method(bench: Bench) -> None:
    bench.composer.set_generating(True)
    bench.compose(preedit="に")
    QTest.keyClick(bench.input, Qt.Key.Key_Escape)
    assert bench.stops == 0


def test_esc_stops_only_while_an_answer_is_generated(bench: Bench) -> None:
    QTest.keyClick(bench.input, Qt.Key.Key_Escape)
    assert bench.stops == 0
    bench.composer.set_generating(True)
    QTest.keyClick(bench.input, Qt.Key.Key_Escape)
    assert bench.stops == 1


def test_send_and_stop_share_one_place_and_one_is_visible_at_a_time(bench: Bench) -> None:
    place = bench.button_place
    assert (bench.send.isVisible(), bench.stop.isVisible()) == (True, False)
    bench.composer.set_generating(True)
    assert (bench.send.isVisible(), bench.stop.isVisible()) == (False, True)
    assert bench.button_place == place


def test_stop_is_asked_for_before_the_click_returns(bench: Bench) -> None:
    bench.composer.set_generating(True)
    bench.click_at(bench.button_place)
    assert bench.stops == 1


def test_twenty_clicks_in_a_second_are_one_stop_and_no_send(bench: Bench) -> None:
    bench.type("the next question")
    bench.composer.set_generating(True)
    bench.composer.stop_requested.connect(lambda: bench.composer.set_generating(False))
    place = bench.button_place
    for _ in range(20):
        bench.click_at(place)
        bench.clock.now_s += 0.05
    assert bench.stops == 1
    assert bench.sent == []
    bench.clock.now_s += 0.3
    bench.click_at(place)
    assert bench.sent == ["the next question"]


@pytest.mark.parametrize(("waited_s", "sent"), [(0.0, []), (0.29, []), (0.31, ["next"])])
def test_enter_sends_no_sooner_than_300_ms_after_an_answer_ended(
    bench: Bench, waited_s: float, sent: list[str]
) -> None:
    bench.type("next")
    bench.composer.set_generating(True)
    bench.composer.set_generating(False)
    bench.clock.now_s += waited_s
    bench.enter()
    assert bench.sent == sent


def test_enter_does_nothing_while_an_answer_is_generated(bench: Bench) -> None:
    bench.composer.set_generating(True)
    bench.type("next")
    bench.enter()
    assert bench.sent == []
    assert bench.composer.text() == "next"


def test_the_keyboard_focus_stays_at_the_place_of_the_buttons(bench: Bench) -> None:
    bench.composer.set_generating(True)
    bench.stop.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bench.stop, Qt.Key.Key_Space)
    bench.composer.set_generating(False)
    assert bench.stops == 1
    assert bench.send.hasFocus()


def test_tab_reaches_the_button_from_the_text(bench: Bench) -> None:
    QTest.keyClick(bench.input, Qt.Key.Key_Tab)
    assert bench.send.hasFocus()


def test_a_blocked_composer_says_why_and_keeps_what_is_typed(bench: Bench) -> None:
    reason = "No <b>model</b> is ready"
    bench.composer.set_blocked(reason)
    bench.type("hello")
    bench.enter()
    assert bench.sent == []
    assert bench.composer.text() == "hello"
    assert not bench.send.isEnabled()
    assert bench.send.accessibleDescription() == reason
    assert "&lt;b&gt;" in bench.send.toolTip()
    bench.composer.set_blocked(None)
    bench.enter()
    assert bench.sent == ["hello"]


def test_it_grows_to_eight_lines_and_then_scrolls(bench: Bench) -> None:
    heights = []
    for lines in range(1, 11):
        bench.composer.set_text("\n".join(["line"] * lines))
        heights.append(bench.input.height())
        assert (bench.input.verticalScrollBar().maximum() > 0) == (lines > 8), lines
    assert heights[:8] == sorted(set(heights[:8]))
    assert heights[8:] == [heights[7]] * 2


def test_a_paste_keeps_the_words_and_drops_the_looks(bench: Bench) -> None:
    mime = QMimeData()
    mime.setHtml("<b>bold</b> <img src='file:///etc/passwd'>")
    mime.setText("bold")
    bench.paste(mime)
    assert bench.composer.text() == "bold"


def test_a_paste_of_10_mb_inserts_what_fits_says_what_does_not_and_spares_the_clipboard(bench: Bench) -> None:
    refused: list[int] = []
    bench.composer.paste_refused.connect(refused.append)
    mime = QMimeData()
    mime.setText("x" * 10_000_000)
    bench.type("ab")
    bench.paste(mime)
    # One long word, broken at word boundaries, takes over a second; 0.1 anywhere.
    assert bench.input.wordWrapMode() is QTextOption.WrapMode.WrapAnywhere
    assert len(bench.composer.text()) == MAX_PASTE_CHARS
    assert refused == [10_000_002 - MAX_PASTE_CHARS]
    assert len(QGuiApplication.clipboard().text()) == 10_000_000


def test_what_is_sent_is_what_was_written_to_the_character(bench: Bench) -> None:
    text = "10\u00a0000 € 🙂\n\n  indented\u200d\n"
    bench.composer.set_text(text)
    bench.enter()
    assert bench.sent == [text]


def test_every_change_of_the_draft_is_told(bench: Bench) -> None:
    drafts: list[str] = []
    bench.composer.draft_changed.connect(drafts.append)
    bench.type("ab")
    bench.composer.set_text("c")
    assert drafts == ["a", "ab", "c"]


def test_every_control_has_a_name_and_the_buttons_their_keys(bench: Bench) -> None:
    assert bench.input.accessibleName() == "Message"
    assert (bench.send.accessibleName(), bench.send.toolTip()) == ("Send", "Send (Enter)")
    assert (bench.stop.accessibleName(), bench.stop.toolTip()) == ("Stop", "Stop (Esc)")


def test_with_ctrl_enter_chosen_enter_breaks_the_line_and_ctrl_enter_sends(bench: Bench) -> None:
    bench.composer.set_send_keys(with_ctrl=True)
    bench.type("one")
    bench.enter()
    bench.type("two")
    assert bench.sent == []
    assert "Ctrl+Enter" in bench.send.toolTip()
    bench.enter(Qt.KeyboardModifier.ControlModifier)
    assert bench.sent == ["one\ntwo"]
    bench.composer.set_send_keys(with_ctrl=False)
    bench.composer.set_text("")
    bench.type("three")
    bench.enter()
    assert bench.sent == ["one\ntwo", "three"]
