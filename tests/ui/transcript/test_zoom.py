"""Text is shown from half to three times its size; what is read stays in its place."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.domain.conversation import Message, Role
from app.domain.settings import ColorScheme
from app.domain.zoom import ZOOM_STEPS
from app.ui.palette import COLUMN_WIDTH
from app.ui.theme import Theme
from tests.ui.transcript.window import NewMessage, Window

PARAGRAPH = "Some words that fill a line or two of the column, and then some more of them to be sure. " * 3 + "\n\n"
TEXT = (
    f"# Heading\n\n{PARAGRAPH}- one\n- two\n\n> quote\n\n```py\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" * 3
)


@pytest.fixture(name="messages")
def _messages(window: Window, new_message: NewMessage) -> list[Message]:
    messages = []
    for number in range(8):
        messages.append(new_message(f"Question {number}", Role.USER))
        messages.append(new_message(TEXT))
    window.transcript.show_messages(messages)
    window.settle()
    return messages


def has_color(picture: QImage) -> bool:
    """Whether anything in the text is neither black, white nor grey."""
    pixels = (picture.pixelColor(x, y) for y in range(picture.height()) for x in range(0, 200))
    return any(color.hslSaturation() > 100 for color in pixels)


def height_of_all(window: Window) -> int:
    return window.transcript.verticalScrollBar().maximum() + window.transcript.viewport().height()


@pytest.mark.parametrize("percent", ZOOM_STEPS)
def test_what_is_read_stays_at_the_top_at_every_size(window: Window, messages: list[Message], percent: int) -> None:
    window.wheel(+12)
    window.settle()
    before = window.mark_at_top()
    window.transcript.set_zoom(percent)
    window.settle()
    message_id, mark = window.mark_at_top()
    assert message_id == before[0]
    assert abs(mark - before[1]) < 1_000, "the same cell and about the same line"
    window.transcript.set_zoom(100)
    window.settle()
    assert window.mark_at_top() == before


def test_the_same_size_again_shows_the_same_picture(window: Window, messages: list[Message]) -> None:
    window.wheel(+12)
    window.settle()
    window.qtbot.waitUntil(lambda: has_color(window.picture()), timeout=20_000)  # of code: a thread is at it
    before = window.picture()
    window.transcript.set_zoom(200)
    window.settle()
    assert window.picture() != before
    window.transcript.set_zoom(100)
    window.qtbot.waitUntil(lambda: window.picture() == before)


def test_the_end_stays_the_end(window: Window, messages: list[Message]) -> None:
    for percent in (300, 50, 150):
        window.transcript.set_zoom(percent)
        window.settle()
        assert window.is_at_end


def test_the_column_grows_with_the_text_until_the_window_ends(window: Window, messages: list[Message]) -> None:
    widths = {}
    for percent in (50, 100, 300):
        window.transcript.set_zoom(percent)
        window.settle()
        widths[percent] = text_width(window)
    assert abs(widths[50] - COLUMN_WIDTH // 2) < 40
    assert abs(widths[100] - COLUMN_WIDTH) < 40
    assert COLUMN_WIDTH < widths[300] < window.transcript.viewport().width()


def text_width(window: Window) -> int:
    """From the leftmost pixel of the text to the rightmost: the box of a block of code is as wide as the column."""
    picture = window.picture()
    ground = picture.pixel(0, 0)
    columns = [
        x for x in range(picture.width()) if any(picture.pixel(x, y) != ground for y in range(0, picture.height(), 3))
    ]
    return columns[-1] - columns[0] + 1


def test_heights_of_messages_never_seen_grow_too(window: Window, messages: list[Message]) -> None:
    before = height_of_all(window)
    window.transcript.set_zoom(200)
    window.settle()
    assert 1.6 * before < height_of_all(window) < 6 * before


def test_a_selection_stays_on_its_words(window: Window, messages: list[Message]) -> None:
    window.press(Qt.Key.Key_Home)
    window.settle()
    first = window.rows()[0]
    x, y = first.width() - 150, 40
    QTest.mouseClick(window.transcript.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    QTest.mouseDClick(window.transcript.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    copied = []
    for percent in (100, 300):
        window.transcript.set_zoom(percent)
        window.settle()
        window.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        copied.append(QGuiApplication.clipboard().text())
    assert copied == ["Question", "Question"]


def test_the_wheel_with_control_asks_for_a_step_a_notch_and_scrolls_nothing(
    window: Window, messages: list[Message]
) -> None:
    asked: list[int] = []
    window.transcript.zoom_requested.connect(asked.append)
    value = window.transcript.verticalScrollBar().value()
    handle = window.transcript.windowHandle()
    assert handle is not None
    middle = QPointF(window.transcript.rect().center())
    for turn in (120, -240, 60, 60, 30):
        QTest.wheelEvent(handle, middle, QPoint(0, turn), stateKey=Qt.KeyboardModifier.ControlModifier)
    assert asked == [1, -2, 1]
    assert window.transcript.verticalScrollBar().value() == value


def test_another_theme_keeps_the_size(window: Window, messages: list[Message], theme: Theme) -> None:
    window.transcript.set_zoom(200)
    window.settle()
    before = height_of_all(window)
    theme.follow(ColorScheme.DARK)
    window.settle()
    assert height_of_all(window) == before
