"""Reading in the real window: its keys, its menu, and what is kept of its settings."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.conversation import MessageStatus
from app.storage.paths import DataFolder
from app.ui.link_dialog import LinkDialog
from app.ui.transcript.pulse import Pulse
from app.ui.transcript.row import Row
from tests.e2e.conftest import Play, User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def press(user: User, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Wherever the focus is."""
    user.app.window.activateWindow()
    QTest.keyClick(QApplication.focusWidget() or user.app.window, key, modifiers)


async def ask_and_wait(user: User, text: str) -> None:
    user.type_and_send(text)
    await user.settled()


def framed_row(user: User) -> Row | None:
    focused = user.app.workspace.transcript.reader.focus.message_id
    rows = user.app.workspace.transcript.viewport().findChildren(Row)
    return next((row for row in rows if focused and row.isVisible() and row.message_id == focused), None)


def test_find_is_opened_from_the_composer_and_gives_the_focus_back(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask_and_wait(user, "Hello")
        bar, field = user.find("findBar"), user.find("findInput")
        press(user, Qt.Key.Key_F, CONTROL)
        assert bar.isVisible()
        assert field.hasFocus()
        QTest.keyClicks(field, "hello")
        await user.until(lambda: user.find("findCount").text() == "1 of 1")
        press(user, Qt.Key.Key_F3)
        press(user, Qt.Key.Key_Escape)
        assert not bar.isVisible()
        assert user.find("composerInput").hasFocus()

    play(scenario, model="rate=300&count=3")


def test_esc_in_find_does_not_stop_the_answer_and_outside_it_does(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.type_and_send("Hello")
        await user.until(lambda: user.app.workspace.transcript.visible_text(user.answer().id))
        press(user, Qt.Key.Key_F, CONTROL)
        press(user, Qt.Key.Key_Escape)
        assert not user.find("findBar").isVisible()
        assert user.answer().status is MessageStatus.GENERATING
        press(user, Qt.Key.Key_Escape)
        await user.settled()
        assert user.answer().status is MessageStatus.STOPPED

    play(scenario)


def test_zoom_by_keys_is_kept_for_the_next_start(play: Play, folder: DataFolder) -> None:
    async def enlarge(user: User) -> None:
        await ask_and_wait(user, "Hello")
        press(user, Qt.Key.Key_Plus, CONTROL)
        press(user, Qt.Key.Key_Equal, CONTROL)
        assert user.app.preferences.current.zoom_percent == 125
        press(user, Qt.Key.Key_Minus, CONTROL)
        assert user.app.preferences.current.zoom_percent == 110
        settings = Path(folder.settings)
        await user.until(lambda: settings.exists() and json.loads(settings.read_text())["zoom_percent"] == 110)

    async def look(user: User) -> None:
        assert user.app.preferences.current.zoom_percent == 110
        press(user, Qt.Key.Key_0, CONTROL)
        assert user.app.preferences.current.zoom_percent == 100

    play(enlarge, model="rate=300&count=3")
    play(look, model="rate=300&count=3")


def test_alt_and_arrows_go_from_message_to_message_wherever_the_focus_is(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask_and_wait(user, "One")
        question, answer = (message.id for message in user.branch())
        user.find("composerInput").setFocus()
        press(user, Qt.Key.Key_Up, ALT)
        row = framed_row(user)
        assert row is not None
        assert row.message_id == answer
        press(user, Qt.Key.Key_Up, ALT)
        row = framed_row(user)
        assert row is not None
        assert row.message_id == question
        press(user, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert row.isAncestorOf(focused), "the message's buttons are reached from it"

    play(scenario, model="rate=300&count=3")


def test_tab_leads_out_of_the_conversation_and_shift_tab_back_to_its_end(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask_and_wait(user, "One")
        transcript = user.app.workspace.transcript
        transcript.setFocus()
        visited: list[QWidget] = []
        while (focused := QApplication.focusWidget()) is not None and (
            focused is transcript or transcript.viewport().isAncestorOf(focused)
        ):
            visited.append(focused)
            assert len(visited) < 20
            press(user, Qt.Key.Key_Tab)
        assert user.find("composerInput").hasFocus()
        press(user, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert transcript.hasFocus()
        press(user, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert QApplication.focusWidget() is visited[-1]

    play(scenario, model="rate=300&count=3")


def test_tab_comes_by_the_messages_once_on_its_way_round_the_window(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask_and_wait(user, "One")
        transcript = user.app.workspace.transcript
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            user.find("composerInput").setFocus()
            visited: list[QWidget] = []
            for _ in range(60):
                press(user, key)
                focused = QApplication.focusWidget()
                assert focused is not None
                if focused.objectName() == "composerInput":
                    break
                visited.append(focused)
            inside = [transcript.viewport().isAncestorOf(widget) or widget is transcript for widget in visited]
            assert inside.count(True) > 3
            changes = sum(inside[number] != inside[number - 1] for number in range(1, len(inside)))
            assert changes <= 1, "all of it comes in one go, beside the composer"

    play(scenario, model="rate=300&count=3")


def test_a_link_in_an_answer_is_asked_about(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.app.workspace.transcript.link_requested.emit("https://example.com/x", "the docs")
        dialogs = user.app.window.findChildren(LinkDialog)
        assert [dialog.isVisible() for dialog in dialogs] == [True]
        dialogs[0].reject()

    play(scenario)


def test_reduced_motion_holds_the_waiting_dot_still(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.app.preferences.change(reduces_motion=True)
        user.type_and_send("Hello")
        await user.until(lambda: user.app.active)
        transcript = user.app.workspace.transcript
        pulse = transcript.findChild(Pulse)
        assert isinstance(pulse, Pulse)
        assert not pulse.is_running
        press(user, Qt.Key.Key_Escape)
        await user.settled()

    play(scenario, model="headers_after=5&count=3")
