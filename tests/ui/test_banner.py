"""The banner says one thing calmly; the question dialog asks without waiting."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.banner import Banner
from app.ui.dialogs import ask
from app.ui.icons import Icons
from app.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    window.show()
    return window


@pytest.fixture
def banner(window: QWidget, theme: Theme, icons: Icons) -> Banner:
    return Banner(theme, icons, window)


def button(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def texts(parent: QWidget) -> list[str]:
    return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()]


def test_it_is_hidden_until_there_is_something_to_say(banner: Banner) -> None:
    assert not banner.isVisible()
    banner.show_fault("The disk is full", "Make room, then try again.")
    assert banner.isVisible()
    assert texts(banner) == ["The disk is full", "Make room, then try again."]
    assert not button(banner, "bannerAction").isVisible()
    assert banner.accessibleDescription() == "The disk is full. Make room, then try again."


def test_a_server_that_says_too_much_neither_widens_nor_fills_the_window(banner: Banner) -> None:
    banner.show_fault("The provider rejected the request", "x" * 100_000, "Try again")
    assert banner.minimumSizeHint().width() < 480
    assert banner.heightForWidth(900) < 200


def test_a_screen_reader_is_told(banner: Banner) -> None:
    QAccessible.setActive(True)
    try:
        banner.show_fault("The disk is full", "Make room.")
    finally:
        QAccessible.setActive(False)
    assert banner.isVisible()


def test_its_action_asks_and_leaves_it_standing(banner: Banner, qtbot: QtBot) -> None:
    banner.show_fault("The disk is full", "", "Try again")
    with qtbot.waitSignal(banner.action_requested):
        QTest.mouseClick(button(banner, "bannerAction"), Qt.MouseButton.LeftButton)
    assert banner.isVisible()


def test_dismissing_hides_it(banner: Banner, qtbot: QtBot) -> None:
    banner.show_fault("The disk is full", "")
    with qtbot.waitSignal(banner.dismissed):
        QTest.mouseClick(button(banner, "bannerDismiss"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    assert button(banner, "bannerDismiss").accessibleName() == "Dismiss"


def test_it_never_takes_the_focus(banner: Banner, window: QWidget) -> None:
    window.setFocus()
    before = window.focusWidget()
    banner.show_fault("The disk is full", "Make room.", "Try again")
    assert window.focusWidget() is before


def test_markup_is_shown_as_it_is(banner: Banner, window: QWidget) -> None:
    banner.show_fault("<b>t</b>", "<img src='file:///x'>", "a & b")
    dialog = ask(window, "<i>q</i>", "<a href='x'>t</a>", "Yes & no", lambda: None)
    for label in banner.findChildren(QLabel) + dialog.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert [each.text() for each in dialog.findChildren(QPushButton)] == ["Cancel", "Yes && no"]
    dialog.reject()


def test_a_question_returns_at_once_and_calls_when_it_is_confirmed(window: QWidget) -> None:
    calls: list[str] = []
    dialog = ask(window, "Delete?", "It is gone for good.", "Delete", lambda: calls.append("yes"), destructive=True)
    assert isinstance(dialog, QDialog)
    assert calls == []
    QTest.mouseClick(button(dialog, "confirmButton"), Qt.MouseButton.LeftButton)
    assert calls == ["yes"]


@pytest.mark.parametrize(
    ("destructive", "key", "expected"),
    [
        (True, Qt.Key.Key_Return, []),
        (False, Qt.Key.Key_Return, ["yes"]),
        (True, Qt.Key.Key_Escape, []),
        (False, Qt.Key.Key_Escape, []),
    ],
)
def test_enter_confirms_only_what_loses_nothing_and_esc_never(
    window: QWidget, destructive: bool, key: Qt.Key, expected: list[str]
) -> None:
    calls: list[str] = []
    dialog = ask(window, "Really?", "Text", "Yes", lambda: calls.append("yes"), destructive)
    QTest.keyClick(dialog.focusWidget(), key)
    assert calls == expected
    assert not dialog.isVisible()
