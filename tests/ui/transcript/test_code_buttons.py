"""What can be pressed on a block of code: copy, wrap, and move sideways."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.conversation import Message
from tests.ui.transcript.window import NewMessage, Window

LONG = "```\nx = 1\n" + "word " * 100 + "\ny = 2\n```"


@pytest.fixture
def show(window: Window, new_message: NewMessage) -> Callable[[str], Message]:
    def shown(text: str) -> Message:
        message = new_message(text)
        window.transcript.show_messages([message])
        window.settle()
        return message

    return shown


def grip(window: Window) -> QWidget:
    (found,) = (grip for grip in window.transcript.findChildren(QWidget, "codeGrip") if grip.isVisible())
    return found


def words(*buttons: QAbstractButton) -> list[str]:
    return [button.text() for button in buttons]


def test_long_lines_are_wrapped_and_unwrapped(window: Window, show: Callable[[str], Message]) -> None:
    message = show(LONG)
    height = window.row(message).height()
    wrap = window.button("wrapCodeButton")
    assert (wrap.text(), wrap.accessibleName()) == ("Wrap", "Wrap long lines")
    window.click(wrap)
    assert window.row(message).height() > height
    assert (wrap.text(), wrap.accessibleName()) == ("Unwrap", "Unwrap long lines")
    window.click(wrap)
    assert window.row(message).height() == height


def test_there_is_nothing_to_wrap_in_short_lines(window: Window, show: Callable[[str], Message]) -> None:
    show("```py\nx = 1\n```")
    assert window.button("copyCodeButton").isVisible()
    assert not window.button_is_shown("wrapCodeButton")


def test_what_is_read_stays_where_it_is_while_code_above_it_is_wrapped(
    window: Window, show: Callable[[str], Message]
) -> None:
    message = show(f"{LONG}\n\n" + "paragraph\n\n" * 60)
    window.press(Qt.Key.Key_Home)
    window.settle()
    window.wheel(-1)
    place = window.mark_at_top()
    window.click(window.button("wrapCodeButton", message))
    assert window.mark_at_top() == place


def test_a_zoomed_block_stays_wrapped(window: Window, show: Callable[[str], Message]) -> None:
    show(LONG)
    window.click(window.button("wrapCodeButton"))
    before = window.button("copyCodeButton").height()
    window.transcript.set_zoom(200)
    window.settle()
    assert window.button("wrapCodeButton").text() == "Unwrap"
    assert window.button("copyCodeButton").height() == 2 * before


def test_the_copy_button_names_the_language(window: Window, show: Callable[[str], Message]) -> None:
    show("```py\nx\n```")
    assert window.button("copyCodeButton").accessibleName() == "Copy Python"


def test_code_is_copied_as_it_is_to_the_last_newline(window: Window, show: Callable[[str], Message]) -> None:
    show("```\n\n\tx = 1  \n\n```")
    window.click(window.button("copyCodeButton"))
    assert QGuiApplication.clipboard().text() == "\n\tx = 1  \n\n"
    assert window.button("copyCodeButton").text() == "Copied"


def test_what_the_copy_button_says_does_not_cover_the_other(window: Window, show: Callable[[str], Message]) -> None:
    show(LONG.replace("x = 1", "x\u200b = 1"))
    copy, wrap = window.button("copyCodeButton"), window.button("wrapCodeButton")
    right = copy.geometry().right()
    window.click(copy)
    assert words(copy) == ["Copied, 1 hidden character left out"]
    assert copy.geometry().right() == right
    assert not copy.geometry().intersects(wrap.geometry())


def test_both_buttons_stay_in_sight_while_a_long_block_scrolls_by(
    window: Window, show: Callable[[str], Message]
) -> None:
    show(LONG.replace("y = 2", "y = 2\n" * 300))
    window.press(Qt.Key.Key_Home)
    window.wheel(-5)
    for name in ("copyCodeButton", "wrapCodeButton"):
        top = window.button(name).mapTo(window.transcript.viewport(), QPoint(0, 0)).y()
        assert 0 <= top < 20


def test_code_is_moved_sideways_by_keys_on_its_buttons(window: Window, show: Callable[[str], Message]) -> None:
    show(LONG)
    window.settle()
    copy = window.button("copyCodeButton")
    copy.setFocus(Qt.FocusReason.TabFocusReason)
    pictures = [window.picture()]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(copy, key)
        pictures.append(window.picture())
    assert pictures[0] == pictures[-1]
    assert all(one != other for index, one in enumerate(pictures[:-1]) for other in pictures[:index])


def test_code_is_moved_sideways_by_dragging_its_thumb(window: Window, show: Callable[[str], Message]) -> None:
    show(LONG)
    window.settle()
    thumb = grip(window)
    bottom = thumb.mapTo(window.transcript.viewport(), QPoint(0, thumb.height())).y()
    before = window.picture(bottom)
    start, end = QPoint(110, thumb.height() // 2), QPoint(thumb.width() - 5, thumb.height() // 2)
    QTest.mousePress(thumb, Qt.MouseButton.LeftButton, pos=start)
    assert window.picture(bottom) == before
    QTest.mouseMove(thumb, end)
    assert window.picture(bottom) != before
    QTest.mouseMove(thumb, start)
    assert window.picture(bottom) == before
    QTest.mouseRelease(thumb, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(thumb, end)
    assert window.picture(bottom) == before


def test_a_press_beside_the_thumb_brings_it_there(window: Window, show: Callable[[str], Message]) -> None:
    show(LONG)
    window.settle()
    before, thumb = window.picture(), grip(window)
    QTest.mousePress(thumb, Qt.MouseButton.LeftButton, pos=QPoint(thumb.width() - 3, thumb.height() // 2))
    assert window.picture() != before


def test_the_wheel_over_the_thumb_scrolls_the_text(window: Window, show: Callable[[str], Message]) -> None:
    message = show(f"{LONG}\n\n" + "paragraph\n\n" * 60)
    window.press(Qt.Key.Key_Home)
    window.settle()
    before = window.row(message).y()
    thumb = grip(window)
    window.wheel(-1, at=thumb.mapTo(window.transcript.viewport(), QPoint(50, 5)))
    assert window.row(message).y() < before


def test_the_buttons_of_a_block_in_a_list_stand_in_its_box(window: Window, show: Callable[[str], Message]) -> None:
    message = show("- item\n\n  ```py\n  x\n  ```\n\n```py\ny\n```")
    inner, outer = (
        button for button in window.row(message).findChildren(QAbstractButton, "copyCodeButton") if button.isVisible()
    )
    assert inner.geometry().right() == outer.geometry().right()
    assert not inner.geometry().intersects(outer.geometry())


def test_blocks_of_code_that_come_into_sight_and_go_leave_no_buttons_behind(
    window: Window, show: Callable[[str], Message]
) -> None:
    message = show("\n\n".join(f"```py\n{number}\n```\n\nparagraph" for number in range(100)))
    window.press(Qt.Key.Key_Home)
    window.settle()
    for _ in range(30):
        window.wheel(-3)
        buttons = window.row(message).findChildren(QAbstractButton, "copyCodeButton")
        assert 3 <= sum(button.isVisible() for button in buttons) <= len(buttons) < 15
