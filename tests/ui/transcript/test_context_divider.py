"""A quiet line says above which message the model sees no more."""

import pytest
from PySide6.QtGui import QAccessible

from app.domain.conversation import Message, Role
from app.ui.transcript.context_line import CONTEXT_BEGINS
from tests.ui.transcript.window import NewMessage, Window


@pytest.fixture
def messages(window: Window, new_message: NewMessage) -> list[Message]:
    made = [new_message(f"Message {number}", Role.USER if number % 2 == 0 else Role.ASSISTANT) for number in range(6)]
    window.transcript.show_messages(made)
    window.settle()
    return made


def height(window: Window, message: Message) -> int:
    return window.row(message).height()


def description(window: Window, message: Message) -> str:
    interface = QAccessible.queryAccessibleInterface(window.row(message))
    return interface.text(QAccessible.Text.Description)


def test_the_first_message_that_is_sent_has_a_line_above(window: Window, messages: list[Message]) -> None:
    first, other = messages[2], messages[4]
    plain_height, other_height, before = height(window, first), height(window, other), window.picture()
    window.transcript.context.begin_at(first.id)
    window.settle()
    assert height(window, first) > plain_height
    assert height(window, other) == other_height
    assert CONTEXT_BEGINS in description(window, first)
    assert window.picture() != before


def test_the_line_moves_and_goes(window: Window, messages: list[Message]) -> None:
    plain_heights, before = [height(window, message) for message in messages], window.picture()
    window.transcript.context.begin_at(messages[2].id)
    window.transcript.context.begin_at(messages[4].id)
    window.settle()
    assert height(window, messages[2]) == plain_heights[2]
    assert height(window, messages[4]) > plain_heights[4]
    window.transcript.context.begin_at(None)
    window.settle()
    assert [height(window, message) for message in messages] == plain_heights
    assert window.picture() == before


def test_the_line_comes_back_when_the_branch_is_shown_anew(window: Window, messages: list[Message]) -> None:
    window.transcript.context.begin_at(messages[2].id)
    window.transcript.show_messages(messages)
    window.transcript.context.begin_at(messages[2].id)
    window.settle()
    assert CONTEXT_BEGINS in description(window, messages[2])


def test_what_is_read_stays_where_it_is(window: Window, new_message: NewMessage) -> None:
    many = [new_message(f"Message {number}. " * 40) for number in range(40)]
    window.transcript.show_messages(many)
    window.settle()
    window.wheel(8)
    window.settle()
    seen = window.mark_at_top()
    above = window.rows()[0].message_id
    index = next(number for number, message in enumerate(many) if message.id == above)
    window.transcript.context.begin_at(many[index - 3].id)
    window.settle()
    assert window.mark_at_top() == seen


def test_a_message_of_another_conversation_is_passed_over(window: Window, messages: list[Message]) -> None:
    before = window.picture()
    window.transcript.context.begin_at(messages[0].id.replace("message", "other"))  # type: ignore[arg-type]  # an id of nobody
    window.settle()
    assert window.picture() == before


def test_its_height_is_not_kept_for_another_time(window: Window, messages: list[Message]) -> None:
    """The line is of today: tomorrow's model may read more."""
    kept: dict[str, int] = {}
    window.transcript.on_disk.rows_measured.connect(lambda _shape, heights: kept.update(heights))
    window.transcript.context.begin_at(messages[2].id)
    window.settle()
    window.transcript.show_messages([])
    assert messages[2].id not in kept
    assert messages[4].id in kept
