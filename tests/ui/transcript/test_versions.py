"""A message that has several versions says which one it is, and leads to the others without losing the place."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.conversation import Message, Role
from app.ui.transcript.row_notes import RowNotes
from app.ui.transcript.version_switch import VersionSwitch
from tests.ui.transcript.window import NewMessage, Window


@pytest.fixture(autouse=True)
def _there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is busy what can't be laid out in time has an estimated height, and may move the text."""
    monkeypatch.setattr("app.ui.transcript.scroller.SCROLL_BUDGET_S", 5.0)


def versions_of(*rivals: Sequence[Message]) -> RowNotes:
    return RowNotes(versions={each.id: tuple(one.id for one in all_) for all_ in rivals for each in all_})


def switch(window: Window, message: Message) -> VersionSwitch:
    found = [each for each in window.row(message).findChildren(VersionSwitch) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def has_switch(window: Window, message: Message) -> bool:
    return any(each.isVisible() for each in window.row(message).findChildren(VersionSwitch))


def answers(new_message: NewMessage) -> tuple[Message, list[Message]]:
    """A question and three answers to it, of different lengths."""
    question = new_message("Question", Role.USER)
    texts = ("Short.", "A longer one.\n\n" * 3, "The longest.\n\n" * 40)
    return question, [replace(new_message(text), parent_id=question.id) for text in texts]


def test_a_message_with_other_versions_says_which_one_it_is(window: Window, new_message: NewMessage) -> None:
    question, rivals = answers(new_message)
    window.transcript.show_messages([question, rivals[1]], versions_of(rivals))
    assert switch(window, rivals[1]).text == "2/3"
    assert switch(window, rivals[1]).accessibleName() == "Version 2 of 3"
    assert not has_switch(window, question)


@pytest.mark.parametrize(("name", "leads_to"), [("previousVersionButton", 0), ("nextVersionButton", 2)])
def test_the_arrows_lead_to_the_versions_before_and_after(
    qtbot: QtBot, window: Window, new_message: NewMessage, name: str, leads_to: int
) -> None:
    question, rivals = answers(new_message)
    window.transcript.show_messages([question, rivals[1]], versions_of(rivals))
    with qtbot.waitSignal(window.transcript.message_actions.version_requested) as blocker:
        window.click(window.button(name, rivals[1]))
    assert blocker.args == [rivals[leads_to].id]


def test_at_the_last_version_the_arrow_leads_nowhere(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question, rivals = answers(new_message)
    window.transcript.show_messages([question, rivals[2]], versions_of(rivals))
    button = window.button("nextVersionButton", rivals[2])
    with qtbot.assertNotEmitted(window.transcript.message_actions.version_requested):
        window.click(button)
    assert button.accessibleDescription() == "Version 3 of 3: there is none further"


def test_a_question_has_its_versions_below_it(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    rivals = [new_message("First wording", Role.USER), new_message("Second wording", Role.USER)]
    answer = new_message("Answer")
    window.transcript.show_messages([rivals[1], answer], versions_of(rivals))
    shown, row = switch(window, rivals[1]), window.row(rivals[1])
    assert row.rect().contains(shown.geometry())
    assert shown.geometry().right() == row.column_x + 760 - 1
    with qtbot.waitSignal(window.transcript.message_actions.version_requested) as blocker:
        window.click(window.button("previousVersionButton", rivals[1]))
    assert blocker.args == [rivals[0].id]


def follow(window: Window, question: Message, rivals: list[Message]) -> None:
    """What the window does: show the branch that is wanted."""
    by_id = {message.id: message for message in rivals}
    window.transcript.message_actions.version_requested.connect(
        lambda wanted: window.transcript.show_branch([question, by_id[wanted]], versions_of(rivals))
    )


def test_the_arrows_stay_under_the_pointer(window: Window, new_message: NewMessage) -> None:
    """One can go through the versions without moving the mouse, however long they are."""
    question, rivals = answers(new_message)
    follow(window, question, rivals)
    window.transcript.show_messages([question, rivals[2]], versions_of(rivals))
    window.settle()
    viewport = window.transcript.viewport()
    button = window.button("previousVersionButton", rivals[2])
    place = button.mapTo(viewport, button.rect().center())
    window.click(button)
    window.settle()
    again = window.button("previousVersionButton", rivals[1])
    assert window.row(rivals[1]).y() >= 0 or again.mapTo(viewport, again.rect().center()) == place
    window.click(window.button("nextVersionButton", rivals[1]))
    window.settle()
    assert window.row(rivals[2]).y() <= 0
    assert switch(window, rivals[2]).text == "3/3"


def test_what_stands_above_stays_where_it_is(window: Window, new_message: NewMessage) -> None:
    before = [new_message("Some words.\n\n" * 4) for _ in range(6)]
    question, rivals = answers(new_message)
    after = new_message("What follows.\n\n" * 30, Role.USER)
    shown = [*before, question, rivals[0], after]
    window.transcript.show_messages(shown, versions_of(rivals))
    window.transcript.reader.focus.to_message(-1)
    window.press(Qt.Key.Key_Home)
    window.settle()
    while not any(row.message_id == rivals[0].id for row in window.rows()):
        window.wheel(-1)
    window.settle()
    bottom = window.row(rivals[0]).geometry().bottom()
    window.transcript.show_branch([*before, question, rivals[1]], versions_of(rivals))
    window.settle()
    assert window.row(rivals[1]).geometry().bottom() == bottom


def test_the_focus_stays_on_the_arrow(window: Window, new_message: NewMessage) -> None:
    question, rivals = answers(new_message)
    follow(window, question, rivals)
    window.transcript.show_messages([question, rivals[0]], versions_of(rivals))
    button = window.button("nextVersionButton", rivals[0])
    button.setFocus(Qt.FocusReason.TabFocusReason)
    for version in (1, 2, 2):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Space)
        window.settle()
        assert QApplication.focusWidget() is window.button("nextVersionButton", rivals[version])


def test_the_focus_finds_the_arrow_again_when_the_text_had_to_be_read_first(
    window: Window, new_message: NewMessage
) -> None:
    question, rivals = answers(new_message)
    unread = rivals[1].without_text()
    window.transcript.message_actions.version_requested.connect(
        lambda _: window.transcript.show_branch([question, unread], versions_of(rivals))
    )
    window.transcript.show_messages([question, rivals[0]], versions_of(rivals))
    button = window.button("nextVersionButton", rivals[0])
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert window.transcript.hasFocus(), "there is no row to stand on"
    window.transcript.on_disk.take([rivals[1]])
    assert QApplication.focusWidget() is window.button("nextVersionButton", rivals[1])


def test_the_menu_leads_to_the_versions_too(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question, rivals = answers(new_message)
    window.transcript.show_messages([question, rivals[1]], versions_of(rivals))
    with qtbot.waitSignal(window.transcript.message_actions.version_requested) as blocker:
        window.transcript.message_actions.do("next", rivals[1].id)
    assert blocker.args == [rivals[2].id]


def test_a_row_that_is_used_again_for_a_message_without_versions_has_no_arrows(
    window: Window, new_message: NewMessage
) -> None:
    question, rivals = answers(new_message)
    window.transcript.show_messages([question, rivals[1]], versions_of(rivals))
    window.transcript.show_messages([question, rivals[1]])
    assert not has_switch(window, rivals[1])
