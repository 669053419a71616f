"""Find in conversation finds what is shown, wherever it is, and shows it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.domain.conversation import Message, MessageStatus, Role
from app.ui.palette import LIGHT
from tests.ui.transcript.window import NewMessage, Window

FILLER = "Some words that fill a line or two of the column, and then some more of them to be sure. " * 3 + "\n\n"


class Bar:
    """What a user does with the bar and reads in it."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.transcript = window.transcript

    @property
    def is_open(self) -> bool:
        return self._find(QWidget, "findBar").isVisible()

    @property
    def input(self) -> QLineEdit:
        found = self._find(QLineEdit, "findInput")
        assert isinstance(found, QLineEdit)
        return found

    @property
    def count(self) -> str:
        found = self._find(QLabel, "findCount")
        assert isinstance(found, QLabel)
        return found.text()

    def look_for(self, text: str) -> None:
        """Open, type, and wait until all is looked through."""
        self.transcript.reader.find.open()
        self.input.clear()
        QTest.keyClicks(self.input, text)
        assert self.transcript.reader.find.is_searching
        self.settle()

    def settle(self) -> None:
        self.window.qtbot.waitUntil(lambda: not self.count.endswith("…"), timeout=20_000)
        self.window.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.input, key, modifiers)
        self.settle()

    def _find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.transcript.findChild(kind, name)
        assert isinstance(found, QWidget)
        return found


@pytest.fixture
def bar(window: Window) -> Bar:
    return Bar(window)


def counts_color(window: Window, color: str) -> int:
    """How many pixels of the text have exactly this colour."""
    picture, wanted = window.picture(), QColor(color).rgb()
    return sum(
        picture.pixel(x, y) == wanted for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)
    )


def is_marked_current(window: Window) -> bool:
    return counts_color(window, LIGHT.found_current) > 20


def test_every_hit_is_counted_and_those_in_sight_are_marked(window: Window, bar: Bar, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("One apple and one APPLE.\n\n- an apple\n\n```\napple()\n```")])
    assert counts_color(window, LIGHT.found) == 0
    bar.look_for("apple")
    assert bar.count == "1 of 4"
    assert counts_color(window, LIGHT.found) > 100
    assert is_marked_current(window)


@pytest.mark.parametrize(
    ("text", "wanted", "count"),
    [
        ("a **bo**ld word", "bold word", "1 of 1"),
        ("see [the docs](https://example.com/x) for more", "docs for", "1 of 1"),
        ("see [the docs](https://example.com/x) for more", "example.com", "Not found"),
        ("Tom &amp; Jerry", "tom & jerry", "1 of 1"),
        ("snake\\_case", "snake_case", "1 of 1"),
        ("Straße, STRASSE", "strasse", "1 of 2"),
        ("one\nline", "one line", "1 of 1"),
        ("aaaa", "aa", "1 of 2"),
        ("```\nfirst = 1\nsecond = 2\n```", "second =", "1 of 1"),
        ("```\nfirst\nsecond\n```", "first second", "Not found"),
        ("nothing of it", "**", "Not found"),
        ("| a | b |\n|---|---|\n| one **need**le | two needles |", "needle", "1 of 2"),
        ("> 1. a needle\n>    - [ ] a needle", "a needle", "1 of 2"),
        ("![a needle](https://example.com/x.png)", "needle", "1 of 1"),
        ("$x$ and a needle, then $y$ and a needle", "needle, then", "1 of 1"),
    ],
)
def test_hits_are_what_is_shown(
    window: Window, bar: Bar, new_message: NewMessage, text: str, wanted: str, count: str
) -> None:
    window.transcript.show_messages([new_message(text)])
    bar.look_for(wanted)
    assert bar.count == count
    assert is_marked_current(window) is (count != "Not found")


def test_enter_goes_through_all_hits_on_screen_and_off_it_and_round(
    window: Window, bar: Bar, new_message: NewMessage
) -> None:
    messages = [new_message(FILLER * 3 + f"needle {number}\n\n" + FILLER * 2) for number in range(12)]
    window.transcript.show_messages(messages)
    window.press(Qt.Key.Key_Home)
    bar.look_for("needle")
    for number in (*range(12), 0):
        assert bar.count == f"{number + 1} of 12"
        assert messages[number].id in [row.message_id for row in window.rows()]
        assert is_marked_current(window)
        bar.press(Qt.Key.Key_Return)
    bar.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    bar.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count == "12 of 12"


def test_the_first_hit_is_the_first_from_where_one_reads(window: Window, bar: Bar, new_message: NewMessage) -> None:
    messages = [new_message(f"needle {number}\n\n{FILLER * 4}") for number in range(10)]
    window.transcript.show_messages(messages)
    window.press(Qt.Key.Key_Home)
    window.wheel(-10)
    window.settle()
    read = window.rows()[0].message_id
    bar.look_for("needle")
    first = int(bar.count.split()[0]) - 1
    assert messages[first - 1].id == read


def test_more_letters_stay_at_the_hit_that_goes_on_to_match(window: Window, bar: Bar, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("need\n\nneedle\n\nneedless")])
    bar.look_for("need")
    assert bar.count == "1 of 3"
    QTest.keyClicks(bar.input, "le")
    bar.settle()
    assert bar.count == "1 of 2"
    QTest.keyClicks(bar.input, "s")
    bar.settle()
    assert bar.count == "1 of 1"


def test_what_streams_in_is_found_too_and_nothing_moves(window: Window, bar: Bar, new_message: NewMessage) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([new_message("a needle\n\n" + FILLER * 8), live])
    window.press(Qt.Key.Key_Home)
    bar.look_for("needle")
    assert bar.count == "1 of 1"
    value = window.transcript.verticalScrollBar().value()
    for piece in ("another nee", "dle, and a ", "needle more"):
        window.transcript.append_text(live.id, piece)
    window.qtbot.waitUntil(lambda: bar.count == "1 of 3")
    window.transcript.add_message(new_message("needle", Role.ASSISTANT))
    window.qtbot.waitUntil(lambda: bar.count == "1 of 4")
    assert window.transcript.verticalScrollBar().value() == value


def test_a_hit_in_code_that_is_out_of_sight_to_the_right_is_scrolled_to(
    window: Window, bar: Bar, new_message: NewMessage
) -> None:
    window.transcript.show_messages([new_message("```\n" + "x" * 400 + "needle" + "y" * 400 + "\n```")])
    bar.look_for("needle")
    assert is_marked_current(window)
    bar.look_for("xx")
    bar.press(Qt.Key.Key_Return)
    assert is_marked_current(window)


def test_esc_closes_gives_the_focus_back_and_leaves_the_hit_selected(
    window: Window, bar: Bar, new_message: NewMessage
) -> None:
    window.transcript.show_messages([new_message("one needle")])
    bar.look_for("NEEDLE")
    bar.press(Qt.Key.Key_Escape)
    assert not bar.is_open
    assert window.transcript.hasFocus()
    assert counts_color(window, LIGHT.found_current) == 0
    assert counts_color(window, LIGHT.selection) > 20


def test_what_is_selected_is_what_find_begins_with(window: Window, bar: Bar, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("one needle, two needles")])
    bar.look_for("needle")
    bar.press(Qt.Key.Key_Escape)
    bar.input.clear()
    window.transcript.reader.find.open()
    bar.settle()
    assert bar.input.text() == "needle"
    assert bar.count.endswith("of 2")


def test_esc_in_the_bar_is_not_heard_by_the_window(window: Window, bar: Bar, new_message: NewMessage) -> None:
    heard: list[str] = []
    stop = QAction("Stop", window.transcript)
    stop.setShortcut("Esc")
    stop.triggered.connect(lambda: heard.append("stop"))
    window.transcript.addAction(stop)
    window.transcript.activateWindow()
    window.qtbot.waitUntil(window.transcript.isActiveWindow)
    window.transcript.show_messages([new_message("text")])
    bar.look_for("text")
    QTest.keyClick(bar.input, Qt.Key.Key_Escape)
    assert heard == []
    QTest.keyClick(window.transcript, Qt.Key.Key_Escape)
    assert heard == ["stop"]


def test_removed_messages_are_found_no_more(window: Window, bar: Bar, new_message: NewMessage) -> None:
    messages = [new_message("needle") for _ in range(5)]
    window.transcript.show_messages(messages)
    bar.look_for("needle")
    window.transcript.remove_messages([messages[1].id, messages[2].id])
    window.qtbot.waitUntil(lambda: bar.count == "3 found")


def test_another_conversation_closes_the_bar(window: Window, bar: Bar, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("needle")])
    bar.look_for("needle")
    window.transcript.show_messages([new_message("something else")])
    assert not bar.is_open


def test_thousands_of_hits_are_counted_and_gone_through(window: Window, bar: Bar, new_message: NewMessage) -> None:
    """More rows than hits are remembered of: those of others are looked for again when one comes to them."""
    messages: list[Message] = [new_message("needle and needle") for _ in range(450)]
    window.transcript.show_messages(messages)
    window.press(Qt.Key.Key_Home)
    bar.look_for("needle")
    assert bar.count == "1 of 900"
    bar.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    window.qtbot.waitUntil(lambda: bar.count == "900 of 900")
    window.press(Qt.Key.Key_Home)
    window.qtbot.waitUntil(lambda: counts_color(window, LIGHT.found) > 20)


def test_nothing_goes_on_when_all_is_looked_through(window: Window, bar: Bar, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("needle") for _ in range(30)])
    bar.look_for("needle")
    window.qtbot.waitUntil(lambda: not window.active_timers())
