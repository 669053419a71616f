"""Each message offers what can be done with it, and says how it ended."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.domain.abort import AbortReason
from app.domain.conversation import Message, MessageStatus, Role
from app.domain.errors import RequestRejected, StreamBroken
from app.ui.transcript.footer import status_line
from tests.ui.transcript.window import NewMessage, Window


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def heard(qtbot: QtBot, window: Window, signal: str, button: str, message: Message) -> list[object]:
    with qtbot.waitSignal(getattr(window.transcript, signal), timeout=1_000) as blocker:
        window.click(window.button(button, message))
    return list(blocker.args or ())


def test_an_answer_can_be_copied_asked_again_and_deleted(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    answer = new_message("The *answer*\x1b[31m.")
    window.transcript.show_messages([new_message("Question", Role.USER), answer])
    assert heard(qtbot, window, "copied", "copyMessageButton", answer) == ["The *answer*."]
    assert clipboard() == "The *answer*."
    assert heard(qtbot, window, "retry_requested", "retryMessageButton", answer) == [answer.id]
    assert heard(qtbot, window, "delete_requested", "deleteMessageButton", answer) == [answer.id]
    assert not window.has_button("continueButton", answer)


def test_a_question_can_be_copied_and_deleted(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question = new_message("Question", Role.USER)
    window.transcript.show_messages([question])
    assert heard(qtbot, window, "copied", "copyMessageButton", question) == ["Question"]
    assert heard(qtbot, window, "delete_requested", "deleteMessageButton", question) == [question.id]
    assert not window.has_button("retryMessageButton", question)


def test_an_answer_being_written_has_no_buttons_and_gets_them_when_it_ends(
    window: Window, new_message: NewMessage
) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    window.transcript.append_text(live.id, "So far")
    assert not window.has_button("copyMessageButton", live)
    window.transcript.end_message(replace(live, content="So far", status=MessageStatus.STOPPED, stop_reason="user"))
    assert window.has_button("copyMessageButton", live)
    assert window.has_button("deleteMessageButton", live)


def test_a_stopped_answer_can_be_continued_and_asked_again(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    stopped = new_message("So far", status=MessageStatus.STOPPED, stop_reason="user")
    window.transcript.show_messages([stopped])
    assert heard(qtbot, window, "continue_requested", "continueButton", stopped) == [stopped.id]
    assert heard(qtbot, window, "retry_requested", "retryMessageButton", stopped) == [stopped.id]


def test_an_answer_stopped_before_its_first_word_can_be_asked_again_and_deleted(
    window: Window, new_message: NewMessage
) -> None:
    empty = new_message(status=MessageStatus.STOPPED, stop_reason="user")
    window.transcript.show_messages([empty])
    assert window.has_button("retryMessageButton", empty)
    assert window.has_button("deleteMessageButton", empty)
    assert not window.has_button("copyMessageButton", empty)


def test_a_failed_answer_says_why_and_offers_retry_beside_it(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    failed = new_message("So far", status=MessageStatus.FAILED, fault=RequestRejected("model <b>x</b>").fault)
    window.transcript.show_messages([failed])
    assert "Failed: The provider rejected the request — Its own words are below." in window.row(failed).accessibleName()
    assert heard(qtbot, window, "retry_requested", "retryButton", failed) == [failed.id]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (AbortReason.USER, "Stopped"),
        (AbortReason.SUPERSEDED, "Stopped: another answer took its place"),
        ("crash", "Stopped when Belay ended unexpectedly"),
        (None, "Stopped"),
    ],
)
def test_a_stopped_answer_says_what_stopped_it(new_message: NewMessage, reason: str | None, expected: str) -> None:
    assert status_line(new_message(status=MessageStatus.STOPPED, stop_reason=reason)) == expected


def test_a_failed_answer_says_title_and_advice(new_message: NewMessage) -> None:
    fault = StreamBroken("detail").fault
    line = status_line(new_message(status=MessageStatus.FAILED, fault=fault))
    assert line == f"Failed: {fault.title} — {fault.advice}"


def test_a_receipt_is_shown_and_its_tooltip_shows_every_character(window: Window, new_message: NewMessage) -> None:
    stopped = new_message("So far", status=MessageStatus.STOPPED, stop_reason="user")
    window.transcript.show_messages([stopped])
    before = window.picture()
    window.transcript.set_receipt(stopped.id, "Stopped · 12 tokens", "<b>3</b> ms")
    assert window.picture() != before
    row = window.row(stopped)
    assert (
        row.tooltip_at(QPoint(row.width() // 2, row.height() - 4))
        == '<span style="white-space: pre-wrap">&lt;b&gt;3&lt;/b&gt; ms</span>'
    )
    assert row.tooltip_at(QPoint(row.width() // 2, 20)) == ""


def test_copied_code_leaves_out_what_cannot_be_seen_and_says_so(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    answer = new_message("Look:\n\n```sh\nls\u202e -l\u200b\n```\n")
    window.transcript.show_messages([answer])
    button = window.button("copyCodeButton", answer)
    right = button.geometry().right()
    assert heard(qtbot, window, "copied", "copyCodeButton", answer) == ["ls -l\n"]
    assert clipboard() == "ls -l\n"
    assert button.text() == "Copied, 2 hidden characters left out"
    assert button.geometry().right() == right


def test_the_copy_button_stays_in_sight_while_long_code_scrolls(window: Window, new_message: NewMessage) -> None:
    answer = new_message("```py\n" + "line\n" * 300 + "```")
    window.transcript.show_messages([answer])
    window.wheel(+5)
    button = window.button("copyCodeButton", answer)
    top = button.mapTo(window.transcript.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < 20


def test_long_lines_of_code_scroll_sideways_and_the_text_around_them_does_not_move(
    window: Window, new_message: NewMessage
) -> None:
    answer = new_message("Above\n\n```py\n" + "x = 1; " * 60 + "\n```\n")
    window.transcript.show_messages([new_message("Question", Role.USER), answer])
    row = window.row(answer)
    code = row.geometry().top() + 100
    before, y = window.picture(), row.y()
    window.wheel(-1, at=QPoint(300, code), sideways=True)
    assert window.picture() != before
    assert row.y() == y
    window.wheel(+1, at=QPoint(300, code), sideways=True)
    assert window.picture() == before


def test_reasoning_is_folded_to_a_line_and_unfolds(window: Window, new_message: NewMessage) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    window.transcript.append_reasoning(live.id, "First this. " * 50)
    assert window.button("reasoningButton", live).text() == "Thinking…"
    folded = window.row(live).height()
    window.click(window.button("reasoningButton", live))
    assert window.row(live).height() > folded
    window.transcript.append_text(live.id, "The answer")
    assert window.button("reasoningButton", live).text() == "Thought"
    assert window.transcript.visible_text(live.id) == "The answer"


def test_rows_and_buttons_have_names_and_roles(window: Window, new_message: NewMessage) -> None:
    question, answer = new_message("Why?", Role.USER), new_message("Because.\n\n```py\nx\n```")
    window.transcript.show_messages([question, answer])
    assert window.transcript.accessibleName() == "Conversation"
    assert window.row(question).accessibleName() == "You said: Why?"
    assert window.row(answer).accessibleName().startswith("Assistant said: Because.")
    role = QAccessible.queryAccessibleInterface(window.row(answer)).role()
    assert role is QAccessible.Role.ListItem
    assert window.button("copyCodeButton", answer).accessibleName() == "Copy py"
    for name in ("copyMessageButton", "retryMessageButton", "deleteMessageButton"):
        assert window.button(name, answer).accessibleName()
        assert window.button(name, answer).toolTip()


def test_the_focus_goes_to_the_transcript_when_its_button_goes_away(window: Window, new_message: NewMessage) -> None:
    first, second = new_message("First"), new_message("Second")
    window.transcript.show_messages([first, second])
    window.button("deleteMessageButton", second).setFocus(Qt.FocusReason.TabFocusReason)
    window.transcript.remove_messages([second.id])
    assert QApplication.focusWidget() is window.transcript
    assert [row.message_id for row in window.rows()] == [first.id]


def test_the_focus_goes_to_the_transcript_when_its_button_scrolls_away(window: Window, new_message: NewMessage) -> None:
    messages = [new_message("Some words.") for _ in range(30)]
    window.transcript.show_messages(messages)
    window.press(Qt.Key.Key_Home)
    top = min(window.rows(), key=window.transcript.viewport().children().index)  # others come after it by Tab
    button = next(found for found in top.findChildren(QAbstractButton, "copyMessageButton"))
    button.setFocus(Qt.FocusReason.TabFocusReason)
    message_id = top.message_id
    for _ in range(20):
        window.wheel(-1)
    assert message_id not in [row.message_id for row in window.rows()]
    assert QApplication.focusWidget() is window.transcript


def test_a_click_leaves_the_focus_where_it_was(window: Window, new_message: NewMessage) -> None:
    answer = new_message("Answer")
    window.transcript.show_messages([answer])
    window.click(window.button("copyMessageButton", answer))
    assert QApplication.focusWidget() is window.transcript
