"""What is done with messages in the real window, and what a screen reader finds there."""

import asyncio

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.domain.conversation import MessageId, MessageStatus, Role
from app.domain.model import ModelRef, ProviderId
from app.storage.paths import DataFolder
from app.ui.transcript.row import Row
from app.ui.transcript.view import Transcript
from tests.e2e.conftest import Play, User
from tests.world import choose_model

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus on the offscreen platform

ROLES: dict[type[QWidget], set[QAccessible.Role]] = {
    Transcript: {QAccessible.Role.List},
    Row: {QAccessible.Role.ListItem},
    QAbstractItemView: {QAccessible.Role.List},
    QAbstractButton: {QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.ButtonMenu},
    QLineEdit: {QAccessible.Role.EditableText},
    QPlainTextEdit: {QAccessible.Role.EditableText},
}


def ask_model(user: User, model: str) -> None:
    """Choose a behaviour of the fake for the next answers."""
    store = user.app.store
    assert store.selected_model is not None
    choose_model(store, ModelRef(store.selected_model.provider_id, model))


async def ask(user: User, text: str, model: str = "rate=3000&count=12") -> MessageId:
    ask_model(user, model)
    await asyncio.sleep(0.31)  # the guard against a click that was meant for Stop
    user.type_and_send(text)
    return user.answer().id


async def stopped(user: User, text: str = "Tell me", at_least: int = 20) -> MessageId:
    """An answer that was stopped after some of its words."""
    answer = await ask(user, text, "rate=300&count=5000")
    await user.until(lambda: len(user.text_on_screen(answer)) >= at_least)
    user.click("stopButton")
    await user.settled()
    return answer


def button(user: User, message_id: MessageId, name: str) -> QAbstractButton:
    row = next(row for row in user.app.window.findChildren(Row) if row.message_id == message_id and row.isVisible())
    found = next(each for each in row.findChildren(QAbstractButton, name) if each.isVisible())
    assert isinstance(found, QAbstractButton)
    return found


def press(user: User, message_id: MessageId, name: str) -> None:
    QTest.mouseClick(button(user, message_id, name), Qt.MouseButton.LeftButton)


def edit(user: User, message_id: MessageId, text: str) -> None:
    press(user, message_id, "editMessageButton")
    field = user.find("editorInput")
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def said(user: User) -> list[str]:
    """The questions on screen."""
    return [message.content for message in user.branch() if message.role is Role.USER]


def test_an_edited_question_is_answered_and_the_old_one_is_a_version_away(play: Play) -> None:
    async def scenario(user: User) -> None:
        first = await ask(user, "One")
        await user.settled()
        old = user.branch()[0].id
        edit(user, old, "Two")
        assert not user.find("messageEditor").isVisible()
        second = user.answer().id
        assert said(user) == ["Two"]
        await user.settled()
        user.assert_agrees(second)
        press(user, user.branch()[0].id, "previousVersionButton")
        assert said(user) == ["One"]
        assert user.answer().id == first
        assert user.text_on_screen(first) == user.app.store.text_of(first)
        await user.until(lambda: leaf_on_disk(user) == first, "the branch is remembered")

    play(scenario)


def leaf_on_disk(user: User) -> str:
    query = user.app.database.submit(lambda db: db.execute("SELECT leaf_id FROM conversation").fetchone()[0])
    return str(query.result())


def test_an_edit_while_an_answer_streams_ends_that_one_first(play: Play) -> None:
    """Edge case 12."""

    async def scenario(user: User) -> None:
        first = await ask(user, "One", "rate=300&count=5000")
        await user.until(lambda: len(user.text_on_screen(first)) > 50)
        edit(user, user.branch()[0].id, "Two")
        second = user.answer().id
        assert user.app.store.generating() == (second,)
        old = user.app.store.message(first)
        assert old is not None
        assert (old.status, old.stop_reason) == (MessageStatus.STOPPED, "superseded")
        await user.until(lambda: len(user.text_on_screen(second)) > 50)
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(second)
        assert user.on_disk(first) == ("stopped", user.app.store.text_of(first), "superseded")

    play(scenario)


def test_an_edit_that_is_refused_loses_nothing(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask(user, "One")
        await user.settled()
        choose_model(user.app.store, ModelRef(ProviderId("nobody"), "m"))
        edit(user, user.branch()[0].id, "Two")
        assert user.find("editorInput").toPlainText() == "Two"
        assert user.find("messageEditor").isVisible()
        assert user.app.workspace.banner.isVisible()
        assert said(user) == ["One"]

    play(scenario)


def test_a_stopped_answer_goes_on_where_it_stopped(play: Play) -> None:
    async def scenario(user: User) -> None:
        first = await stopped(user)
        kept = user.app.store.text_of(first)
        ask_model(user, "rate=3000&count=12")
        press(user, first, "continueButton")
        again = user.answer().id
        await user.settled()
        message = user.assert_agrees(again)
        assert message.status is MessageStatus.COMPLETE
        assert message.content.startswith(kept)
        assert len(message.content) > len(kept)
        assert user.on_disk(first) == ("stopped", kept, "user")

    play(scenario)


def test_the_focus_stays_in_the_composer_while_answers_come_and_go(play: Play) -> None:
    """R-22."""

    async def scenario(user: User) -> None:
        field = user.find("composerInput")
        first = await stopped(user)
        assert field.hasFocus()
        user.app.workspace.sidebar.new_requested.emit()
        assert field.hasFocus()
        user.app.workspace.sidebar.open_requested.emit(user.conversation)
        assert field.hasFocus()
        press(user, first, "copyMessageButton")
        assert field.hasFocus()
        await ask(user, "Two")
        await user.settled()
        assert field.hasFocus()
        QApplication.clipboard().clear()

    play(scenario)


def interactive(window: QWidget) -> list[QWidget]:
    """What takes the focus or a click, and every message."""
    shown = [widget for widget in window.findChildren(QWidget) if widget.isVisible()]
    takes_focus = [widget for widget in shown if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return list(dict.fromkeys([*takes_focus, *(each for each in shown if isinstance(each, QAbstractButton | Row))]))


def assert_everything_is_named(window: QWidget) -> None:
    for widget in interactive(window):
        found = QAccessible.queryAccessibleInterface(widget)
        assert found is not None, widget
        if isinstance(widget, QLabel):
            continue  # its text is its name
        assert found.text(QAccessible.Text.Name), f"no name: {widget} {widget.objectName()}"
        wanted = next((roles for kind, roles in ROLES.items() if isinstance(widget, kind)), None)
        assert wanted is not None, f"what is it? {widget}"
        assert found.role() in wanted, f"{found.role()}: {widget} {widget.objectName()}"


def test_everything_in_the_window_has_a_name_and_a_fitting_role(play: Play) -> None:
    """R-22, with a message in every state, and each of the smaller windows."""

    async def scenario(user: User) -> None:
        window = user.app.window
        size = window.size()
        window.resize(1100, 2000)
        assert_everything_is_named(window)
        await stopped(user)
        await ask(user, "Two", "no-such-model")
        await user.settled()
        await ask(user, "Three", "rate=300&count=20&reasoning=10")
        await user.settled()
        press(user, user.answer().id, "retryMessageButton")
        await user.settled()
        live = await ask(user, "Four", "rate=300&count=5000")
        await user.until(lambda: len(user.text_on_screen(live)) > 20)
        states = {message.status for message in user.branch() if message.role is Role.ASSISTANT}
        assert states == set(MessageStatus)
        user.app.workspace.transcript.message_actions.editing.begin(user.branch()[0].id)
        user.app.workspace.transcript.reader.find.open()
        assert_everything_is_named(window)
        user.click("stopButton")
        await user.settled()
        press(user, user.answer().id, "deleteMessageButton")
        user.click("settingsButton")
        user.app.workspace.transcript.message_actions.details_requested.emit(live)
        dialogs = [each for each in window.findChildren(QDialog) if each.isVisible()]
        assert len(dialogs) == 3
        for dialog in dialogs:
            assert_everything_is_named(dialog)
            dialog.close()
        window.resize(size)  # or it would be saved at the end

    play(scenario)


def test_the_details_of_a_message_can_be_read(play: Play) -> None:
    async def scenario(user: User) -> None:
        answer = await ask(user, "One")
        await user.settled()
        user.app.workspace.transcript.message_actions.details_requested.emit(answer)
        dialog = next(each for each in user.app.window.findChildren(QDialog, "detailsDialog") if each.isVisible())
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        for name in ("Written", "Provider", "Model", "Status", "First token", "Tokens"):
            assert name in texts
        assert "Complete" in texts
        close = dialog.findChild(QPushButton, "closeButton")
        assert isinstance(close, QPushButton)
        QTest.mouseClick(close, Qt.MouseButton.LeftButton)

    play(scenario)


def test_the_window_stands_where_it_stood_when_it_was_closed(play: Play, folder: DataFolder) -> None:
    place = QRect(60, 50, 620, 480)

    async def close_it(user: User) -> None:
        user.app.window.setGeometry(place)
        user.app.window.close()
        await user.until(lambda: folder.settings.exists() and "window_geometry" in folder.settings.read_text())

    async def look(user: User) -> None:
        assert user.app.window.geometry().size() == place.size()

    play(close_it)
    play(look)
