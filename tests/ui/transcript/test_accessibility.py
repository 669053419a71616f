"""Whoever does not see the conversation is told who said what, how it ended, and what can be done with it."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from app.domain.conversation import Message, MessageStatus, Role
from app.domain.errors import RequestRejected
from app.ui.transcript.accessible import SPOKEN_CHARACTERS
from app.ui.transcript.row_notes import NO_NOTES, RowNotes
from tests.ui.transcript.window import NewMessage, Window

MARKUP = (
    "# Title\n\nSome **bold** and `code`, see [the paper](http://x.org).\n\n- [x] done\n\n| a |\n| - |\n| 1 |\n\n> said"
)


def name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def description(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


def role(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def test_the_conversation_is_a_list_of_messages(window: Window, new_message: NewMessage) -> None:
    question, answer = new_message("Why?", Role.USER), new_message("Because.\n\n```py\nx\n```")
    window.transcript.show_messages([question, answer])
    assert (name(window.transcript), role(window.transcript)) == ("Conversation", QAccessible.Role.List)
    assert name(window.row(question)) == "You said: Why?"
    assert name(window.row(answer)).startswith("Assistant said: Because.")
    assert role(window.row(answer)) is QAccessible.Role.ListItem


def test_what_is_said_has_no_markup(window: Window, new_message: NewMessage) -> None:
    answer = new_message(MARKUP)
    window.transcript.show_messages([answer])
    said = name(window.row(answer))
    for words in ("Title", "Some bold and code, see the paper.", "done", "said"):
        assert words in said
    for sign in ("**", "`", "](", "# ", "| -", "[x]", "> "):
        assert sign not in said


def test_what_a_user_wrote_is_said_as_it_was_written(window: Window, new_message: NewMessage) -> None:
    question = new_message("Use **kwargs, <b> & `x`", Role.USER)
    window.transcript.show_messages([question])
    assert name(window.row(question)) == "You said: Use **kwargs, <b> & `x`"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"status": MessageStatus.STOPPED, "stop_reason": "user"}, "Stopped"),
        ({"status": MessageStatus.STOPPED, "stop_reason": "network"}, "Stopped: the connection was lost"),
        (
            {"status": MessageStatus.FAILED, "fault": RequestRejected("x").fault},
            f"Failed: {RequestRejected.title} — {RequestRejected.advice}",
        ),
        ({}, "small-model"),
    ],
)
def test_how_an_answer_ended_is_its_description(
    window: Window, new_message: NewMessage, changes: dict[str, object], told: str
) -> None:
    answer = replace(new_message("So far"), **changes)
    window.transcript.show_messages([answer])
    assert description(window.row(answer)) == told
    assert name(window.row(answer)) == "Assistant said: So far"


def test_the_receipt_and_the_version_are_described_too(window: Window, new_message: NewMessage) -> None:
    answer = replace(new_message("So far"), status=MessageStatus.STOPPED, stop_reason="user")
    notes = RowNotes(versions={answer.id: ("other", answer.id)})
    window.transcript.show_messages([answer], notes)
    window.transcript.set_receipt(answer.id, "Stopped · 12 tokens kept")
    assert description(window.row(answer)) == "Stopped · 12 tokens kept. Version 2 of 2"


def test_an_answer_being_written_says_so(window: Window, new_message: NewMessage) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    window.transcript.append_text(live.id, "So")
    assert name(window.row(live)) == "Assistant is answering"
    window.transcript.end_message(replace(live, content="So far", status=MessageStatus.COMPLETE))
    assert name(window.row(live)) == "Assistant said: So far"


def test_of_a_long_answer_the_beginning_is_said(window: Window, new_message: NewMessage) -> None:
    answer = new_message("Some words. " * 20_000)
    window.transcript.show_messages([answer])
    assert SPOKEN_CHARACTERS <= len(name(window.row(answer))) <= SPOKEN_CHARACTERS + 100


def test_every_button_of_a_message_has_a_name_a_role_and_a_tooltip(window: Window, new_message: NewMessage) -> None:
    question = new_message("Why?", Role.USER)
    answer = replace(
        new_message("Because.\n\n```py\nx\n```", reasoning="Hm."), status=MessageStatus.STOPPED, stop_reason="user"
    )
    window.transcript.show_messages([question, answer], RowNotes(versions={answer.id: (answer.id, "other")}))
    window.settle()
    buttons = [b for b in window.transcript.findChildren(QAbstractButton) if b.isVisible()]
    assert {b.objectName() for b in buttons} >= {
        "copyMessageButton", "editMessageButton", "deleteMessageButton", "retryMessageButton", "moreMessageButton",
        "continueButton", "reasoningButton", "copyCodeButton", "previousVersionButton", "nextVersionButton",
    }  # fmt: skip
    for button in buttons:
        assert name(button), button.objectName()
        assert button.toolTip(), button.objectName()
        assert role(button) is QAccessible.Role.Button


def test_the_message_that_the_keyboard_goes_to_is_read(
    window: Window, new_message: NewMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(message_of(event)))
    question, answer = new_message("Why?", Role.USER), new_message("**Because.**")
    window.transcript.show_messages([question, answer])
    heard.clear()
    window.transcript.reader.focus.to_message(-1)
    assert heard == ["Assistant said: Because.\nsmall-model"]
    window.transcript.reader.focus.to_message(-1)
    assert heard[1:] == ["You said: Why?"]


def message_of(event: QAccessibleEvent) -> str:
    return event.message() if isinstance(event, QAccessibleAnnouncementEvent) else ""


# focus never moves by itself


@pytest.fixture
def composer(window: Window) -> QLineEdit:
    """A field of the same window, with the focus."""
    field = QLineEdit(window.transcript)
    field.show()
    field.setFocus()
    return field


def play_an_answer(window: Window, question: Message, live: Message) -> None:
    window.transcript.add_message(question)
    window.transcript.add_message(live)
    for number in range(30):
        window.transcript.append_text(live.id, f"Paragraph {number}.\n\n```\nx\n```\n\n")
    window.transcript.end_message(replace(live, content="", status=MessageStatus.STOPPED, stop_reason="user"))
    window.transcript.set_receipt(live.id, "Stopped")


def test_an_answer_takes_no_focus_from_the_composer(
    window: Window, composer: QLineEdit, new_message: NewMessage
) -> None:
    window.transcript.show_messages([])
    play_an_answer(window, new_message("Why?", Role.USER), new_message(status=MessageStatus.GENERATING))
    assert composer.hasFocus()
    other = new_message("Elsewhere")
    window.transcript.show_messages([other])
    window.transcript.show_branch([new_message("Another branch")], NO_NOTES)
    window.transcript.clear()
    assert composer.hasFocus()


def test_an_answer_takes_no_focus_from_a_button(window: Window, new_message: NewMessage) -> None:
    first = new_message("First")
    window.transcript.show_messages([first])
    window.settle()
    button = window.button("copyMessageButton", first)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.add_message(live)
    for number in range(3):
        window.transcript.append_text(live.id, f"Paragraph {number}.\n\n")
    window.transcript.end_message(replace(live, content="", status=MessageStatus.COMPLETE))
    assert QApplication.focusWidget() is button
    window.transcript.show_messages([new_message("Elsewhere")])
    assert QApplication.focusWidget() is window.transcript, "its row is gone"
