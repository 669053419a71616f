"""Text is selected by keyboard: by character, word, line, page, and from one end of the conversation to the other."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.domain.conversation import Message, MessageStatus, Role
from tests.ui.transcript.window import NewMessage, Window

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | SHIFT
RIGHT, LEFT, UP, DOWN = Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down
LINES = "\n".join(f"line {number:02}" for number in range(100))


def copied(window: Window) -> str:
    QGuiApplication.clipboard().clear()
    window.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    window.qtbot.waitUntil(lambda: not window.transcript.reader.is_copying)
    return QGuiApplication.clipboard().text()


def click_at_start(window: Window, message: Message) -> None:
    """A click left of the first line of an answer."""
    window.settle()
    point = QPoint(20, window.row(message).y() + 28)
    QTest.mouseClick(window.transcript.viewport(), Qt.MouseButton.LeftButton, pos=point)


def press(window: Window, key: Qt.Key, modifiers: Qt.KeyboardModifier = SHIFT, *, times: int = 1) -> None:
    for _ in range(times):
        window.press(key, modifiers)


@pytest.fixture(name="answer")
def _answer(window: Window, new_message: NewMessage) -> Message:
    answer = new_message("One two, **thr**ee\n\n```\nx = 1\ny = 2\n```\n\nlast words")
    window.transcript.show_messages([new_message("The question", Role.USER), answer])
    return answer


def test_shift_and_arrows_select_characters_and_back(window: Window, answer: Message) -> None:
    click_at_start(window, answer)
    press(window, RIGHT, times=5)
    assert copied(window) == "One t"
    press(window, LEFT, times=3)
    assert copied(window) == "On"
    press(window, LEFT, times=2)
    assert copied(window) == ""


def test_control_selects_words(window: Window, answer: Message) -> None:
    click_at_start(window, answer)
    found = []
    for _ in range(4):
        press(window, RIGHT, CONTROL_SHIFT)
        found.append(copied(window))
    assert found == ["One ", "One two", "One two, ", "One two, three"]
    press(window, LEFT, CONTROL_SHIFT)
    assert copied(window) == "One two, "


def test_characters_go_on_in_the_next_cell_and_the_next_line_of_code(window: Window, answer: Message) -> None:
    click_at_start(window, answer)
    press(window, Qt.Key.Key_End)
    assert copied(window) == "One two, three"
    press(window, RIGHT, times=1 + 7)
    assert copied(window) == "One two, three\n\nx = 1\ny"
    press(window, RIGHT, times=5 + 4)
    assert copied(window) == "One two, three\n\nx = 1\ny = 2\n\nlast"
    press(window, LEFT, times=4 + 6 + 6 + 1)
    assert copied(window) == "One two, three"


def test_selecting_back_goes_on_in_the_message_above(window: Window, answer: Message) -> None:
    click_at_start(window, answer)
    press(window, LEFT, times=9)
    assert copied(window) == "question"


def test_home_and_end_go_to_the_ends_of_the_line_on_screen(window: Window, new_message: NewMessage) -> None:
    words = " ".join(f"word{number:03}" for number in range(60))
    answer = new_message(words)
    window.transcript.show_messages([answer])
    click_at_start(window, answer)
    press(window, Qt.Key.Key_End)
    first_line = copied(window)
    assert 40 < len(first_line) < 120
    assert words.startswith(first_line)
    press(window, RIGHT)
    press(window, DOWN)
    press(window, Qt.Key.Key_Home)
    assert copied(window).strip() != first_line.strip()
    assert words[len(copied(window)) - 1] == " "


def test_up_and_down_stay_in_their_column(window: Window, new_message: NewMessage) -> None:
    answer = new_message("abcdefgh\nij\nklmnopqr\nstuvwxyz")
    window.transcript.show_messages([answer])
    click_at_start(window, answer)
    press(window, RIGHT, times=6)
    press(window, DOWN)
    assert copied(window) == "abcdefgh\nij"
    press(window, DOWN)
    longer = copied(window)
    assert longer.startswith("abcdefgh\nij\nklmno")
    press(window, DOWN)
    press(window, UP)
    assert copied(window) == longer
    press(window, UP, times=2)
    assert copied(window) in ("abcde", "abcdef", "abcdefg")  # the column is a whole pixel


def test_down_goes_through_every_line_of_cells_and_messages(window: Window, answer: Message) -> None:
    click_at_start(window, answer)
    press(window, UP)
    seen = [copied(window)]
    for _ in range(5):
        press(window, DOWN)
        seen.append(copied(window))
    assert seen[0]
    assert len(set(seen)) == 6
    assert seen[-1].startswith("One two, three\n\nx = 1\ny = 2")


def test_pages_and_the_ends_of_the_conversation(window: Window, new_message: NewMessage) -> None:
    answer = new_message(LINES)
    window.transcript.show_messages([new_message("The question", Role.USER), answer])
    window.press(Qt.Key.Key_Home)
    click_at_start(window, answer)
    press(window, Qt.Key.Key_PageDown)
    window.settle()
    lines = copied(window).split("\n")
    assert 10 < len(lines) < 25
    press(window, Qt.Key.Key_PageUp)
    assert copied(window) == ""
    press(window, Qt.Key.Key_End, CONTROL_SHIFT)
    assert copied(window) == LINES
    assert window.rows()[-1].geometry().bottom() < window.transcript.viewport().height() + 60
    press(window, Qt.Key.Key_Home, CONTROL_SHIFT)
    assert copied(window) == "The question"


def test_the_end_that_moves_is_scrolled_into_view(window: Window, new_message: NewMessage) -> None:
    answer = new_message(LINES)
    window.transcript.show_messages([answer])
    window.press(Qt.Key.Key_Home)
    click_at_start(window, answer)
    bar = window.transcript.verticalScrollBar()
    press(window, DOWN, times=60)
    assert copied(window) == "\n".join(LINES.split("\n")[:60]) + "\n"
    shown = -window.row(answer).y()
    assert shown < 14 + 60 * 28 < shown + window.transcript.viewport().height()
    below = bar.value()
    press(window, UP, times=60)
    assert bar.value() < below


def test_a_selection_begins_where_one_reads_if_nothing_was_clicked(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message(LINES)])
    window.press(Qt.Key.Key_Home)
    window.wheel(-10)
    window.settle()
    press(window, DOWN, times=2)
    first, _ = copied(window).split("\n")[:2]
    assert first.startswith("line ")
    assert LINES.index(first) > 0


def test_a_selection_begins_at_the_focused_message(window: Window, answer: Message) -> None:
    window.transcript.reader.focus.to_message(-1)
    press(window, RIGHT, CONTROL_SHIFT)
    assert copied(window) == "One "


def test_after_everything_was_selected_a_key_takes_some_of_it_back(window: Window, answer: Message) -> None:
    window.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(window, LEFT, CONTROL_SHIFT)
    assert copied(window) == "The question\n\nOne two, three\n\nx = 1\ny = 2\n\nlast "


def test_a_picture_of_several_characters_is_one_step(window: Window, new_message: NewMessage) -> None:
    answer = new_message("a👩‍💻b")
    window.transcript.show_messages([answer])
    click_at_start(window, answer)
    press(window, RIGHT, times=2)
    assert copied(window) == "a👩‍💻"
    press(window, LEFT)
    assert copied(window) == "a"


def test_in_text_from_right_to_left_the_left_arrow_goes_on(window: Window, new_message: NewMessage) -> None:
    answer = new_message("שלום עולם")
    window.transcript.show_messages([answer])
    window.transcript.reader.focus.to_message(+1)
    press(window, LEFT, times=4)
    assert copied(window) == "שלום"
    press(window, RIGHT)
    assert copied(window) == "שלו"


def test_a_selection_by_keyboard_stays_while_text_streams_in(window: Window, new_message: NewMessage) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    window.transcript.append_text(live.id, "Growing text")
    click_at_start(window, live)
    press(window, RIGHT, times=7)
    for _ in range(500):
        window.transcript.append_text(live.id, " and more\n\nof it")
    assert copied(window) == "Growing"
    press(window, RIGHT, CONTROL_SHIFT)
    assert copied(window) == "Growing "


def test_shift_and_a_click_selects_from_where_the_keyboard_stood(window: Window, answer: Message) -> None:
    click_at_start(window, answer)
    press(window, RIGHT, times=4)
    viewport = window.transcript.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, SHIFT, QPoint(800, window.row(answer).y() + 28))
    assert copied(window) == "One two, three"
