"""Text is selected by mouse and keyboard across cells and messages, and stays selected while more streams in."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.domain.conversation import Message, MessageStatus, Role
from app.ui.transcript.row_notes import NO_NOTES
from tests.ui.transcript.window import NewMessage, Window

CODE = "```py\nx = 1\ny = 2\n```"


@pytest.fixture(name="live")
def _live(window: Window, new_message: NewMessage) -> Message:
    live = new_message(status=MessageStatus.GENERATING)
    question = new_message("First question", Role.USER)
    window.transcript.show_messages([question, new_message(f"One two three\n\n{CODE}\n\nlast words"), live])
    window.transcript.append_text(live.id, "Growing text")
    window.settle()
    return live


def drag(window: Window, start: QPoint, end: QPoint) -> None:
    viewport = window.transcript.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start + QPoint(20, 0))
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def copied(window: Window) -> str:
    QGuiApplication.clipboard().clear()
    window.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    window.qtbot.waitUntil(lambda: not window.transcript.reader.is_copying)
    return QGuiApplication.clipboard().text()


def left_of(window: Window, number: int, line_px: int) -> QPoint:
    """In the viewport: left of all text, `line_px` below the top of the row."""
    return QPoint(20, window.rows()[number].y() + line_px)


def test_everything_is_selected_and_copied_as_it_reads(window: Window, live: Message) -> None:
    window.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert copied(window) == "First question\n\nOne two three\n\nx = 1\ny = 2\n\nlast words\n\nGrowing text"


def test_a_drag_selects_across_cells(window: Window, live: Message) -> None:
    answer = window.rows()[1]
    drag(window, left_of(window, 1, 20), left_of(window, 1, answer.height() - 60))
    assert copied(window) == "One two three\n\nx = 1\ny = 2"


def test_a_drag_upwards_selects_the_same(window: Window, live: Message) -> None:
    answer = window.rows()[1]
    drag(window, left_of(window, 1, answer.height() - 60), left_of(window, 1, 20))
    assert copied(window) == "One two three\n\nx = 1\ny = 2"


def test_a_drag_selects_across_messages(window: Window, live: Message) -> None:
    drag(window, left_of(window, 1, window.rows()[1].height() - 60), QPoint(800, window.rows()[2].y() + 20))
    assert copied(window) == "last words\n\nGrowing text"


def test_a_selection_is_kept_while_text_streams_in_and_when_it_ends(window: Window, live: Message) -> None:
    drag(window, left_of(window, 2, 20), QPoint(800, window.rows()[2].y() + 20))
    for _ in range(500):
        window.transcript.append_text(live.id, " and more\n\nof it")
    assert copied(window) == "Growing text"


def test_a_double_click_selects_a_word_and_a_triple_click_a_paragraph(window: Window, live: Message) -> None:
    viewport = window.transcript.viewport()
    point = QPoint(75, window.rows()[1].y() + 28)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=point)
    assert copied(window) == "One"
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=point)
    assert copied(window) == "One two three"


def test_a_click_selects_nothing_and_copies_nothing(window: Window, live: Message) -> None:
    window.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(window.transcript.viewport(), Qt.MouseButton.LeftButton, pos=left_of(window, 1, 20))
    assert copied(window) == ""


def test_a_selection_is_seen(window: Window, live: Message) -> None:
    before = window.picture()
    window.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert window.picture() != before


def test_a_selection_stays_on_its_words_when_what_is_above_is_read(window: Window, new_message: NewMessage) -> None:
    messages = [new_message(f"message number {number}") for number in range(6)]
    window.transcript.show_messages(messages[3:])
    window.settle()
    drag(window, left_of(window, 1, 20), QPoint(800, window.rows()[1].y() + 20))
    assert copied(window) == "message number 4"
    assert window.transcript.show_rest(messages, NO_NOTES)
    assert copied(window) == "message number 4"
    window.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert copied(window).startswith("message number 4\n\n")
