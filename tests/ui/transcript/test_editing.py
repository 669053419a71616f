"""A question is edited in its own place, and nothing that happens meanwhile loses what was written."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.domain.conversation import Message, MessageStatus, Role
from app.ui.transcript.editing import Editing
from app.ui.transcript.editor import MessageEditor
from app.ui.transcript.row_notes import NO_NOTES
from tests.ui.transcript.window import NewMessage, Window


def editing(window: Window) -> Editing:
    return window.transcript.message_actions.editing


def editor(window: Window) -> MessageEditor:
    found = window.transcript.findChild(MessageEditor)
    assert isinstance(found, MessageEditor)
    return found


def field(window: Window) -> QPlainTextEdit:
    found = editor(window).findChild(QPlainTextEdit)
    assert isinstance(found, QPlainTextEdit)
    return found


def is_in_sight(window: Window) -> bool:
    shown = editor(window)
    return shown.isVisible() and shown.geometry().intersects(window.transcript.viewport().rect())


def begin(window: Window, message: Message) -> None:
    """By the mouse."""
    window.click(window.button("editMessageButton", message))


def talk(new_message: NewMessage, turns: int) -> list[Message]:
    return [
        new_message(f"Words of turn {turn}.", role) for turn in range(turns) for role in (Role.USER, Role.ASSISTANT)
    ]


def tops(window: Window, messages: Sequence[Message]) -> list[int]:
    return [window.row(message).y() for message in messages]


def test_the_editor_stands_in_the_place_of_the_bubble_and_what_follows_makes_room(
    window: Window, new_message: NewMessage
) -> None:
    question, answer = new_message("What is a hash?", Role.USER), new_message("A number.")
    window.transcript.show_messages([question, answer])
    window.settle()
    row, before = window.row(question), window.row(answer).y()
    begin(window, question)
    assert editor(window).text() == "What is a hash?"
    assert field(window).hasFocus()
    shown = editor(window).geometry()
    assert row.geometry().contains(shown)
    assert shown.x() == row.column_x
    assert window.row(answer).y() > before
    assert not window.has_button("copyMessageButton", question)
    QTest.keyClick(field(window), Qt.Key.Key_Escape)
    assert not editor(window).isVisible()
    assert window.row(answer).y() == before
    assert window.has_button("copyMessageButton", question)


def test_the_row_grows_with_what_is_written(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question, answer = new_message("One line", Role.USER), new_message("A number.")
    window.transcript.show_messages([question, answer])
    begin(window, question)
    before = window.row(answer).y()
    for _ in range(3):
        QTest.keyClick(field(window), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.row(answer).y() > before + 40)
    assert window.row(question).geometry().contains(editor(window).geometry())


def test_an_edit_says_what_is_to_be_asked_and_stays_until_it_is_taken(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    question = new_message("What is a hash?", Role.USER)
    window.transcript.show_messages([question])
    begin(window, question)
    QTest.keyClicks(field(window), " And a salt?")
    with qtbot.waitSignal(window.transcript.message_actions.edit_requested) as blocker:
        QTest.keyClick(field(window), Qt.Key.Key_Return)
    assert blocker.args == [question.id, "What is a hash? And a salt?"]
    assert editor(window).isVisible(), "it may be refused"
    editing(window).discard(question.id)
    assert not editor(window).isVisible()
    begin(window, question)
    assert editor(window).text() == "What is a hash?"


def test_the_focus_goes_there_and_back(qtbot: QtBot, window: Window, new_message: NewMessage) -> None:
    question = new_message("What is a hash?", Role.USER)
    window.transcript.show_messages([question])
    button = window.button("editMessageButton", question)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert field(window).hasFocus()
    QTest.keyClick(field(window), Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is button


def test_a_focus_that_is_elsewhere_stays_there_when_the_editor_closes(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    question = new_message("What is a hash?", Role.USER)
    window.transcript.show_messages([question])
    composer, search = QLineEdit(window.transcript), QLineEdit(window.transcript)  # of the same window, outside
    composer.show()
    search.show()
    composer.setFocus()
    begin(window, question)
    assert field(window).hasFocus()
    search.setFocus()
    editing(window).cancel()
    assert search.hasFocus()
    composer.setFocus()
    begin(window, question)
    QTest.keyClick(field(window), Qt.Key.Key_Escape)
    assert composer.hasFocus(), "it came from there"


def test_only_one_question_is_edited_and_the_other_text_is_kept(window: Window, new_message: NewMessage) -> None:
    first, second = new_message("First", Role.USER), new_message("Second", Role.USER)
    window.transcript.show_messages([first, second])
    begin(window, first)
    QTest.keyClicks(field(window), " changed")
    begin(window, second)
    assert editor(window).text() == "Second"
    assert len(window.transcript.findChildren(MessageEditor)) == 1
    begin(window, first)
    assert editor(window).text() == "First changed"
    QTest.keyClick(field(window), Qt.Key.Key_Escape)
    begin(window, first)
    assert editor(window).text() == "First", "Cancel means it"


def test_the_text_outlives_scrolling_away_and_typing_brings_it_back(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    messages = talk(new_message, 40)
    window.transcript.show_messages(messages)
    window.settle()
    question = messages[-2]
    begin(window, question)
    QTest.keyClicks(field(window), " more")
    for _ in range(20):
        window.wheel(+1)
    assert not is_in_sight(window)
    assert field(window).hasFocus()
    QTest.keyClicks(field(window), "!")
    assert is_in_sight(window)
    assert editor(window).text() == "Words of turn 39. more!"


def test_an_answer_that_streams_neither_moves_the_editor_nor_ends_it(
    qtbot: QtBot, window: Window, new_message: NewMessage
) -> None:
    messages = talk(new_message, 4)
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([*messages, new_message("Now", Role.USER), live])
    window.settle()
    question = messages[-2]
    begin(window, question)
    QTest.keyClicks(field(window), " more")
    place = editor(window).geometry()
    for number in range(60):
        window.transcript.append_text(live.id, f"Paragraph {number} of the answer.\n\n")
    window.settle()
    assert editor(window).geometry() == place
    assert editor(window).text() == "Words of turn 3. more"
    assert field(window).hasFocus()
    window.transcript.end_message(live)
    editing(window).cancel()
    window.press(Qt.Key.Key_End)
    assert window.is_at_end


def test_the_text_outlives_another_conversation(window: Window, new_message: NewMessage) -> None:
    question, other = new_message("Question", Role.USER), new_message("Elsewhere", Role.USER)
    window.transcript.show_messages([question])
    begin(window, question)
    QTest.keyClicks(field(window), " changed")
    window.transcript.show_messages([other])
    assert not editor(window).isVisible()
    assert editing(window).message_id == ""
    window.transcript.show_messages([question])
    begin(window, question)
    assert editor(window).text() == "Question changed"


def test_the_editor_stays_where_its_message_stays(window: Window, new_message: NewMessage) -> None:
    """Another branch below it is shown, or a message after it is deleted."""
    question, one, two = new_message("Question", Role.USER), new_message("One"), new_message("Two")
    window.transcript.show_messages([question, one])
    begin(window, question)
    QTest.keyClicks(field(window), " changed")
    window.transcript.show_branch([question, two], NO_NOTES)
    assert is_in_sight(window)
    assert field(window).hasFocus()
    assert window.row(question).geometry().contains(editor(window).geometry())
    window.transcript.remove_messages([two.id])
    assert editor(window).text() == "Question changed"
    assert window.row(question).geometry().contains(editor(window).geometry())
    window.transcript.remove_messages([question.id])
    assert not editor(window).isVisible()


def test_a_question_that_is_on_disk_only_is_edited_when_its_text_has_come(
    window: Window, new_message: NewMessage
) -> None:
    question = new_message("Question", Role.USER)
    answer = replace(new_message("Answer"), parent_id=question.id)
    window.transcript.show_messages([question.without_text(), answer])
    window.transcript.message_actions.do("edit", answer.id)
    assert editing(window).message_id == ""
    window.transcript.on_disk.take([question])
    assert editor(window).text() == "Question"
    assert is_in_sight(window)
    assert field(window).hasFocus()


def test_a_long_question_is_edited_in_a_field_that_scrolls(window: Window, new_message: NewMessage) -> None:
    question, answer = new_message("A line of it.\n" * 100, Role.USER), new_message("A number.")
    window.transcript.show_messages([question, answer])
    window.press(Qt.Key.Key_Home)
    window.settle()
    begin(window, question)
    window.settle()
    assert is_in_sight(window)
    assert window.transcript.viewport().rect().contains(editor(window).geometry())
    assert window.row(answer).y() < window.transcript.viewport().height()
    QTest.keyClick(field(window), Qt.Key.Key_Escape)
    window.settle()
    assert window.row(question).height() > 2_000


def test_a_click_into_the_editor_selects_no_text_of_the_conversation(window: Window, new_message: NewMessage) -> None:
    question = new_message("Question", Role.USER)
    window.transcript.show_messages([question])
    begin(window, question)
    before = window.picture()
    QTest.mousePress(editor(window), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    QTest.mouseMove(editor(window), QPoint(60, 40))
    QTest.mouseRelease(editor(window), Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    assert field(window).hasFocus()
    assert window.picture() == before


def test_tab_goes_through_the_editor_and_out_of_it(window: Window, new_message: NewMessage) -> None:
    question, answer = new_message("Question", Role.USER), new_message("Answer")
    window.transcript.show_messages([question, answer])
    begin(window, question)
    names = []
    for _ in range(3):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        names.append(focused.objectName() if focused is not None else "")
    assert names == ["editorCancelButton", "editorSendButton", "copyMessageButton"]
    assert QApplication.focusWidget() is window.button("copyMessageButton", answer)
