"""The field in which a question is written otherwise writes as the composer does."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme, body_font
from app.ui.transcript.editor import MessageEditor

WIDTH = 500


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(700, 500)
    return made


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme, clock: Clock, place: QWidget) -> MessageEditor:
    made = MessageEditor(theme, clock, place)
    made.begin("What is a hash?", body_font())
    made.setGeometry(0, 0, WIDTH, made.height_for(WIDTH))
    place.show()
    qtbot.waitExposed(place)
    made.focus_text()
    return made


def field(editor: MessageEditor) -> QPlainTextEdit:
    found = editor.findChild(QPlainTextEdit, "editorInput")
    assert isinstance(found, QPlainTextEdit)
    return found


def button(editor: MessageEditor, name: str) -> QPushButton:
    found = editor.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def heard(editor: MessageEditor) -> list[str]:
    told: list[str] = []
    editor.submitted.connect(told.append)
    editor.cancelled.connect(lambda: told.append("cancelled"))
    return told


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_enter_sends_what_is_written(editor: MessageEditor, modifiers: Qt.KeyboardModifier) -> None:
    told = heard(editor)
    QTest.keyClicks(field(editor), " Really?")
    QTest.keyClick(field(editor), Qt.Key.Key_Return, modifiers)
    assert told == ["What is a hash? Really?"]
    assert editor.is_changed


def test_shift_and_enter_break_the_line_and_make_the_editor_higher(qtbot: QtBot, editor: MessageEditor) -> None:
    told = heard(editor)
    before = editor.height_for(WIDTH)
    with qtbot.waitSignal(editor.resized):
        QTest.keyClick(field(editor), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.text() == "What is a hash?\n"
    assert editor.height_for(WIDTH) > before
    assert told == []


def test_escape_and_cancel_give_up(editor: MessageEditor) -> None:
    told = heard(editor)
    QTest.keyClick(field(editor), Qt.Key.Key_Escape)
    QTest.mouseClick(button(editor, "editorCancelButton"), Qt.MouseButton.LeftButton)
    assert told == ["cancelled", "cancelled"]


def test_the_button_sends(editor: MessageEditor) -> None:
    told = heard(editor)
    QTest.mouseClick(button(editor, "editorSendButton"), Qt.MouseButton.LeftButton)
    assert told == ["What is a hash?"]
    assert not editor.is_changed


def test_a_blank_text_is_not_sent(editor: MessageEditor) -> None:
    told = heard(editor)
    field(editor).selectAll()
    QTest.keyClick(field(editor), Qt.Key.Key_Space)
    QTest.keyClick(field(editor), Qt.Key.Key_Return)
    assert told == []
    assert not button(editor, "editorSendButton").isEnabled()


def compose(editor: MessageEditor, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field(editor), event)


def test_enter_during_a_composition_never_sends_and_the_next_one_does(editor: MessageEditor, clock: Clock) -> None:
    """R-19, here too."""
    told = heard(editor)
    compose(editor, "にほん")
    QTest.keyClick(field(editor), Qt.Key.Key_Return)
    QTest.keyClick(field(editor), Qt.Key.Key_Escape)
    compose(editor, "", "日本")
    QTest.keyClick(field(editor), Qt.Key.Key_Return)  # the one that committed
    assert told == []
    clock.now_s += 1
    QTest.keyClick(field(editor), Qt.Key.Key_Return)
    assert told == ["What is a hash?日本"]


def test_escape_is_the_editors_although_the_window_would_stop_with_it(qtbot: QtBot, editor: MessageEditor) -> None:
    stopped: list[bool] = []
    from_window = editor.window().addAction("Stop", lambda: stopped.append(True))
    from_window.setShortcut(Qt.Key.Key_Escape)
    told = heard(editor)
    QTest.keyClick(field(editor), Qt.Key.Key_Escape)
    assert told == ["cancelled"]
    assert stopped == []


def test_everything_in_it_has_a_name(editor: MessageEditor) -> None:
    named: Callable[[QWidget], str] = QWidget.accessibleName
    assert named(editor) == named(field(editor)) == "Edit your message"
    assert [named(button(editor, name)) for name in ("editorCancelButton", "editorSendButton")] == ["Cancel", "Send"]
