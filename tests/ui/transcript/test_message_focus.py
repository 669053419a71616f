"""The keyboard goes from message to message; the one it stands on is framed and in sight."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.conversation import Message, MessageStatus, Role
from tests.ui.transcript.window import NewMessage, Window

PARAGRAPH = "Some words that fill a line or two of the column, and then some more of them to be sure. " * 3 + "\n\n"


@pytest.fixture(name="messages")
def _messages(window: Window, new_message: NewMessage) -> list[Message]:
    messages = []
    for number in range(10):
        messages.append(new_message(f"Question {number}", Role.USER))
        messages.append(new_message(PARAGRAPH * (8 if number == 5 else 2)))
    window.transcript.show_messages(messages)
    window.settle()
    return messages


def step(window: Window, by: int) -> str:
    window.transcript.reader.focus.to_message(by)
    window.settle()
    return window.transcript.reader.focus.message_id


def test_the_first_step_back_is_to_the_last_message_in_sight(window: Window, messages: list[Message]) -> None:
    assert step(window, -1) == messages[-1].id
    assert step(window, -1) == messages[-2].id
    assert step(window, +1) == messages[-1].id
    assert step(window, +1) == messages[-1].id, "there is no other below"


def test_every_message_is_reached_and_its_top_is_in_sight(window: Window, messages: list[Message]) -> None:
    height = window.transcript.viewport().height()
    for message in reversed(messages):
        assert step(window, -1) == message.id
        row = window.row(message)
        assert 0 <= row.y() < height
        assert row.geometry().bottom() < height or row.height() > height
    assert step(window, -1) == messages[0].id


def test_a_message_that_is_in_sight_is_not_scrolled(window: Window, messages: list[Message]) -> None:
    step(window, -1)
    value = window.transcript.verticalScrollBar().value()
    assert window.is_at_end
    step(window, -1)
    assert window.transcript.verticalScrollBar().value() == value


def test_the_message_is_framed_also_when_its_row_comes_back(window: Window, messages: list[Message]) -> None:
    before = window.picture()
    step(window, -1)
    framed = window.picture()
    assert framed != before
    window.press(Qt.Key.Key_Home)
    window.settle()
    window.press(Qt.Key.Key_End)
    window.settle()
    assert window.picture() == framed


def test_the_frame_goes_with_the_focus(window: Window, messages: list[Message]) -> None:
    other = QLineEdit(window.transcript)
    other.move(0, 0)
    other.resize(1, 1)
    other.show()
    before = window.picture()
    step(window, -1)
    assert window.transcript.hasFocus()
    other.setFocus()
    assert window.transcript.reader.focus.message_id == ""
    window.settle()
    assert window.picture() == before


def test_tab_leads_from_the_message_to_its_buttons(window: Window, messages: list[Message]) -> None:
    step(window, -1)
    QTest.keyClick(window.transcript, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.row(messages[-1]).isAncestorOf(focused)


def test_esc_lets_go_of_message_and_selection(window: Window, messages: list[Message]) -> None:
    before = window.picture()
    step(window, -1)
    window.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    window.press(Qt.Key.Key_Escape)
    window.settle()
    assert window.transcript.reader.focus.message_id == ""
    assert window.picture() == before


def test_a_deleted_message_is_not_focused_any_more(window: Window, messages: list[Message]) -> None:
    step(window, -1)
    window.transcript.remove_messages([messages[-1].id])
    window.settle()
    assert step(window, -1) == messages[-2].id


def test_focus_stays_on_its_message_while_others_come(
    window: Window, messages: list[Message], new_message: NewMessage
) -> None:
    focused = step(window, -1)
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.add_message(live)
    for _ in range(30):
        window.transcript.append_text(live.id, PARAGRAPH)
    assert window.transcript.reader.focus.message_id == focused


def test_plain_arrows_scroll_by_a_line_and_leave_the_focus(window: Window, messages: list[Message]) -> None:
    # The rows tell, not the bar: its value changes too when a page out of sight is laid out.
    y = window.row(messages[-1]).y()
    window.press(Qt.Key.Key_Up)
    assert 0 < window.row(messages[-1]).y() - y < 60
    assert window.transcript.reader.focus.message_id == ""
    window.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert 0 < window.row(messages[-1]).y() - y < 60, "that is the window's: the next message"


def test_space_goes_a_page_down_and_with_shift_up(window: Window, messages: list[Message]) -> None:
    window.press(Qt.Key.Key_Home)
    window.press(Qt.Key.Key_Space)
    value = window.transcript.verticalScrollBar().value()
    assert 300 < value < 600
    window.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert window.transcript.verticalScrollBar().value() < 60
