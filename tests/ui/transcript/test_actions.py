"""Each message offers what can be done with it, and says how it ended."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.domain.conversation import Message, MessageStatus, Role
from app.domain.errors import RequestRejected
from app.ui.transcript.buttons import ActionButton
from tests.ui.transcript.window import NewMessage, Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus on the offscreen platform


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def heard(qtbot: QtBot, window: Window, signal: str, button: str, message: Message) -> list[object]:
    """What a click on this button of the message says."""
    return said(qtbot, window, signal, lambda: window.click(window.button(button, message)))


def said(qtbot: QtBot, window: Window, signal: str, do: Callable[[], object]) -> list[object]:
    speaker = window.transcript if signal == "copied" else window.transcript.message_actions
    with qtbot.waitSignal(getattr(speaker, signal), timeout=1_000) as blocker:
        do()
    return list(blocker.args or ())


def buttons(window: Window, message: Message) -> list[str]:
    """Those of the message, from left to right."""
    found = [b for b in window.row(message).findChildren(ActionButton) if b.isVisible()]
    return [b.objectName().removesuffix("MessageButton") for b in sorted(found, key=lambda b: b.x())]


def menu(window: Window, name: str = "messageMenu") -> QMenu:
    found = [each for each in window.transcript.findChildren(QMenu, name) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def rows(opened: QMenu) -> list[str]:
    return [row.text() for row in opened.actions() if not row.isSeparator()]


def choose(window: Window, label: str) -> None:
    """A row of the open menu."""
    opened = menu(window)
    next(row for row in opened.actions() if row.text() == label).trigger()
    opened.close()


def test_an_answer_can_be_copied_and_asked_again(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    answer = new_message("The *answer*\x1b[31m.")
    window.transcript.show_messages([new_message("Question", Role.USER), answer])
    assert buttons(window, answer) == ["copy", "retry", "more"]
    assert heard(qtbot, window, "copied", "copyMessageButton", answer) == ["The *answer*."]
    assert clipboard() == "The *answer*."
    assert heard(qtbot, window, "retry_requested", "retryMessageButton", answer) == [answer.id]
    assert not window.has_button("continueButton", answer)


def test_a_question_can_be_copied_edited_and_deleted(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question = new_message("Question", Role.USER)
    window.transcript.show_messages([question])
    assert buttons(window, question) == ["copy", "edit", "delete"]
    assert heard(qtbot, window, "copied", "copyMessageButton", question) == ["Question"]
    assert heard(qtbot, window, "delete_requested", "deleteMessageButton", question) == [question.id]
    window.click(window.button("editMessageButton", question))
    assert window.transcript.message_actions.editing.message_id == question.id


def test_the_menu_has_everything_that_can_be_done(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    answer = new_message("The *answer*.")
    window.transcript.show_messages([new_message("Question", Role.USER), answer])
    window.click(window.button("moreMessageButton", answer))
    assert rows(menu(window)) == [
        "Copy as Markdown", "Copy as plain text", "Retry", "Edit the question", "Delete…", "Details…",
    ]  # fmt: skip
    assert said(qtbot, window, "delete_requested", lambda: choose(window, "Delete…")) == [answer.id]
    window.click(window.button("moreMessageButton", answer))
    assert said(qtbot, window, "details_requested", lambda: choose(window, "Details…")) == [answer.id]
    window.click(window.button("moreMessageButton", answer))
    assert said(qtbot, window, "copied", lambda: choose(window, "Copy as plain text")) == ["The answer."]
    assert clipboard() == "The answer."
    QGuiApplication.clipboard().setText("")


def test_editing_an_answer_edits_the_question_it_answers(window: Window, new_message: NewMessage) -> None:
    question = new_message("Question", Role.USER)
    answer = replace(new_message("Answer"), parent_id=question.id)
    window.transcript.show_messages([question, answer])
    window.click(window.button("moreMessageButton", answer))
    choose(window, "Edit the question")
    assert window.transcript.message_actions.editing.message_id == question.id


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Menu])
def test_the_menu_opens_by_the_keyboard_on_the_focused_message(
    qtbot: QtBot, window: Window, new_message: NewMessage, key: Qt.Key
) -> None:
    answer = new_message("Answer")
    window.transcript.show_messages([new_message("Question", Role.USER), answer])
    window.transcript.reader.focus.to_message(-1)
    if key is Qt.Key.Key_Menu:  # the platform makes an event of it
        place = window.transcript.viewport().rect().center()
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Keyboard, place, window.transcript.viewport().mapToGlobal(place)
        )
        QApplication.sendEvent(window.transcript.viewport(), event)
    else:
        window.press(key)
    opened = menu(window)
    assert opened.activeAction().text() == "Copy as Markdown"
    row = window.row(answer)
    assert row.rect().contains(row.mapFromGlobal(opened.pos()))
    QTest.keyClick(opened, Qt.Key.Key_Down)
    QTest.keyClick(opened, Qt.Key.Key_Down)
    assert said(qtbot, window, "retry_requested", lambda: QTest.keyClick(opened, Qt.Key.Key_Return)) == [answer.id]


def test_the_menu_of_the_text_offers_what_can_be_done_with_the_message_too(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    question, answer = new_message("Question", Role.USER), new_message("Answer")
    window.transcript.show_messages([question, answer])
    viewport = window.transcript.viewport()
    place = window.row(question).geometry().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    opened = menu(window, "textMenu")
    assert rows(opened)[-5:] == ["Copy message", "Copy as plain text", "Edit", "Delete…", "Details…"]
    opened.close()


def test_keys_act_on_the_focused_message(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question, answer = new_message("Question", Role.USER), new_message("Answer")
    window.transcript.show_messages([question, answer])
    window.transcript.reader.focus.to_message(-1)
    window.transcript.reader.focus.to_message(-1)
    assert said(qtbot, window, "delete_requested", lambda: window.press(Qt.Key.Key_Delete)) == [question.id]
    window.press(Qt.Key.Key_F2)
    assert window.transcript.message_actions.editing.message_id == question.id


def test_without_a_focused_message_keys_do_nothing_to_any(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    window.transcript.show_messages([new_message("Question", Role.USER)])
    with qtbot.assertNotEmitted(window.transcript.message_actions.delete_requested):
        window.press(Qt.Key.Key_Delete)
        window.press(Qt.Key.Key_F2)
        window.press(Qt.Key.Key_Return)
    assert not window.transcript.message_actions.editing.message_id
    assert not window.transcript.findChildren(QMenu, "messageMenu")


def test_an_answer_being_written_has_no_buttons_and_gets_them_when_it_ends(
    window: Window, new_message: NewMessage
) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    window.transcript.append_text(live.id, "So far")
    assert not window.has_button("copyMessageButton", live)
    window.transcript.end_message(replace(live, content="So far", status=MessageStatus.STOPPED, stop_reason="user"))
    assert buttons(window, live) == ["copy", "retry", "edit", "delete", "more"]


def test_a_stopped_answer_can_be_continued_asked_again_edited_and_deleted(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    """R-11."""
    stopped = new_message("So far", status=MessageStatus.STOPPED, stop_reason="user")
    window.transcript.show_messages([stopped])
    assert heard(qtbot, window, "continue_requested", "continueButton", stopped) == [stopped.id]
    assert heard(qtbot, window, "retry_requested", "retryMessageButton", stopped) == [stopped.id]
    assert heard(qtbot, window, "delete_requested", "deleteMessageButton", stopped) == [stopped.id]
    assert window.button("editMessageButton", stopped).accessibleName() == "Edit the question"


def test_an_answer_stopped_before_its_first_word_can_be_asked_again_and_deleted(
    window: Window, new_message: NewMessage
) -> None:
    empty = new_message(status=MessageStatus.STOPPED, stop_reason="user")
    window.transcript.show_messages([empty])
    assert buttons(window, empty) == ["retry", "edit", "delete", "more"]
    assert not window.has_button("continueButton", empty)


def test_an_answer_stopped_while_it_was_thought_about_can_be_continued(window: Window, new_message: NewMessage) -> None:
    """Edge case 4."""
    thought = new_message(status=MessageStatus.STOPPED, stop_reason="user", reasoning="Hm.")
    window.transcript.show_messages([thought])
    assert window.has_button("continueButton", thought)


def test_a_failed_answer_says_why_and_offers_retry_beside_it(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    failed = new_message("So far", status=MessageStatus.FAILED, fault=RequestRejected("model <b>x</b>").fault)
    window.transcript.show_messages([failed])
    assert heard(qtbot, window, "retry_requested", "retryButton", failed) == [failed.id]
    assert heard(qtbot, window, "continue_requested", "continueButton", failed) == [failed.id]
    assert buttons(window, failed) == ["copy", "edit", "delete", "more"]


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
    window.settle()
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
    answer = new_message("Above\n\n```\n" + "x = 1; " * 60 + "\n```\n")
    window.transcript.show_messages([new_message("Question", Role.USER), answer])
    window.settle()
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


def test_what_a_whole_answer_took_is_seen_when_one_points_at_it(window: Window, new_message: NewMessage) -> None:
    first, second = new_message("First"), new_message("Second")
    window.transcript.show_messages([first, second])
    window.transcript.set_receipt(first.id, "412 tokens · 45 tokens/s")
    window.settle()
    window.point_at(None)
    quiet = window.picture()
    window.point_at(first)
    assert window.picture() != quiet
    window.point_at(None)
    assert window.picture() == quiet
    window.transcript.reader.focus.to_message(-1)
    assert window.row(second).y() > 0
    framed = window.picture()
    window.transcript.set_receipt(second.id, "13 tokens")
    assert window.picture() != framed
    window.transcript.reader.focus.clear()
    assert window.picture() == quiet


def test_the_focus_goes_to_the_transcript_when_its_button_goes_away(window: Window, new_message: NewMessage) -> None:
    first, second = new_message("First"), new_message("Second")
    window.transcript.show_messages([first, second])
    window.button("retryMessageButton", second).setFocus(Qt.FocusReason.TabFocusReason)
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


def test_a_click_on_a_button_leaves_the_focus_where_it_was(window: Window, new_message: NewMessage) -> None:
    answer = new_message("Answer")
    window.transcript.show_messages([answer])
    composer = QLineEdit(window.transcript)  # of the same window, outside of the text
    composer.show()
    composer.setFocus()
    window.click(window.button("copyMessageButton", answer))
    assert composer.hasFocus()
    QTest.mouseClick(window.transcript.viewport(), Qt.MouseButton.LeftButton)
    assert window.transcript.hasFocus(), "keys are for the text now"
