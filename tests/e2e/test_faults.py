"""Bad input and faults: one clear sentence, nothing lost, and the way back works."""

import asyncio
import os
import signal
import sqlite3

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.domain.conversation import MessageStatus
from app.domain.model import BUILT_IN
from app.domain.provider import Endpoint, ProviderPhase, Secret
from app.providers.environment import EnvironmentEndpoint
from app.providers.local_model import LocalModel
from app.providers.sources import connect_endpoint
from app.storage.paths import DataFolder
from tests.e2e.conftest import Play, User
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text


def banner_of(user: User) -> str:
    return " ".join(label.text() for label in user.app.workspace.banner.findChildren(QLabel) if label.isVisible())


def test_an_endpoint_that_is_not_there_is_told_and_can_be_tried_again(play: Play, unused_tcp_port: int) -> None:
    gone = Endpoint(name="Environment", base_url=f"http://127.0.0.1:{unused_tcp_port}/v1", api_key=Secret(""))

    async def scenario(user: User) -> None:
        await user.until(user.app.workspace.banner.isVisible, "the banner")
        assert "Nothing answers at this address" in banner_of(user)
        user.find("composerInput").setPlainText("kept")
        user.click("sendButton")
        assert not user.find("sendButton").isEnabled()
        assert user.find("composerInput").toPlainText() == "kept"
        with FakeProvider(flags=f"--port {unused_tcp_port}"):
            user.click("bannerAction")
            await user.ready()
            assert not user.app.workspace.banner.isVisible()
            assert user.find("sendButton").isEnabled()

    play(scenario, sources=(EnvironmentEndpoint(gone, None, connect_endpoint),), wait_ready=False)


def test_an_unknown_model_fails_the_message_and_keeps_the_question(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert message.status is MessageStatus.FAILED
        assert message.fault is not None
        assert message.fault.title == "The provider does not know this model"
        assert user.branch()[0].content == "Write a 1000 word essay"
        assert user.find("sendButton").isVisible()

    play(scenario, model="no-such-model")


def test_a_stream_that_breaks_keeps_its_text_and_retry_answers_beside_it(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.settled()
        broken = user.assert_agrees(user.answer().id)
        assert (broken.status, broken.content) == (MessageStatus.FAILED, answer_text(30))
        user.app.workspace.transcript.message_actions.retry_requested.emit(broken.id)
        await user.settled()
        again = user.assert_agrees(user.answer().id)
        assert again.parent_id == broken.parent_id
        assert (again.status, again.content) == (MessageStatus.COMPLETE, answer_text(40))

    play(scenario, model="rate=3000&count=40&fault=cut_after:30&times=1")


def test_a_built_in_model_that_dies_is_told_and_can_be_started_again(play: Play) -> None:
    model = LocalModel(connect_endpoint)

    async def scenario(user: User) -> None:
        user.type_and_send("Tell me about ships")
        await user.until(lambda: user.app.store.text_of(user.answer().id), "text")
        assert model.pid is not None
        os.kill(model.pid, signal.SIGKILL)
        await user.until(
            lambda: user.app.store.providers[BUILT_IN].phase is ProviderPhase.FAILED, "the loss is noticed"
        )
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert message.status is MessageStatus.FAILED
        assert message.content
        assert "built-in model" in banner_of(user)
        user.click("bannerAction")
        await user.ready()
        user.app.workspace.transcript.message_actions.retry_requested.emit(message.id)
        await user.until(lambda: user.app.store.text_of(user.answer().id), "text again")
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(user.answer().id)

    play(scenario, sources=(model,))


def test_a_database_that_is_none_is_kept_and_told(play: Play, folder: DataFolder) -> None:
    """F6: set aside under another name, never overwritten."""
    folder.database.write_bytes(b"my shopping list")

    async def scenario(user: User) -> None:
        assert "could not be read" in banner_of(user)
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: user.app.store.text_of(user.answer().id))
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(user.answer().id)

    play(scenario)
    (kept,) = folder.root.glob("belay.db.set-aside-*")
    assert kept.read_bytes() == b"my shopping list"


def test_broken_settings_are_kept_and_told(play: Play, folder: DataFolder) -> None:
    folder.settings.write_text("{")

    async def scenario(user: User) -> None:
        assert "settings could not be read" in banner_of(user)

    play(scenario)
    (kept,) = folder.root.glob("settings.json.set-aside-*")
    assert kept.read_text() == "{"


def test_no_key_is_in_any_file(play: Play, folder: DataFolder) -> None:
    """S12: the canary key of these tests is in the environment of a provider, and nowhere else."""

    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.settled()
        assert user.answer().status is MessageStatus.FAILED
        fault = user.answer().fault
        assert fault is not None
        assert "rejected your API key" in fault.title

    play(scenario, model="fault=echo_key")
    for path in folder.root.rglob("*"):
        if path.is_file():
            assert b"canary" not in path.read_bytes(), path.name


def test_every_control_has_a_name(play: Play) -> None:
    """R-22: a screen reader can say what each control is."""

    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: user.app.store.text_of(user.answer().id))
        user.click("stopButton")
        await user.settled()
        await asyncio.sleep(0.05)
        nameless = [
            (type(button).__name__, button.objectName())
            for button in user.app.window.findChildren(QAbstractButton)
            if button.isVisibleTo(user.app.window) and not (button.accessibleName() or button.text())
        ]
        assert nameless == []
        for name in (
            "conversationList", "newConversationButton", "searchInput", "transcript", "composerInput",
            "sendButton", "stopButton", "modelPicker", "settingsButton",
        ):  # fmt: skip
            control: QWidget = user.find(name)
            assert control.accessibleName(), name

    play(scenario)


def test_a_conversation_is_renamed_and_deleted_from_the_sidebar(play: Play, folder: DataFolder) -> None:
    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: user.app.store.text_of(user.answer().id))
        conversation = user.conversation
        user.app.workspace.sidebar.rename_requested.emit(conversation, "Ships")
        assert user.app.window.windowTitle().startswith("Ships")
        user.app.workspace.sidebar.delete_requested.emit(conversation)
        await user.until(lambda: user.app.window.findChild(QWidget, "confirmButton"), "the question")
        user.click("confirmButton")
        await user.until(lambda: not user.app.store.conversations, "deleted")
        await user.settled()
        assert user.app.workspace.conversation_id is None
        assert user.find("sendButton").isVisible()

    play(scenario)
    left = sqlite3.connect(folder.database)
    assert left.execute("SELECT count(*) FROM message").fetchone() == (0,)
    left.close()


def test_what_was_typed_stays_with_its_conversation(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: user.app.store.text_of(user.answer().id))
        first = user.conversation
        field = user.find("composerInput")
        field.setPlainText("for the first")
        user.click("newConversationButton")
        assert field.toPlainText() == ""
        field.setPlainText("for the new one")
        user.app.workspace.sidebar.open_requested.emit(first)
        assert field.toPlainText() == "for the first"
        user.click("newConversationButton")
        assert field.toPlainText() == "for the new one"
        user.app.engine.stop_all()
        await user.settled()

    play(scenario)
