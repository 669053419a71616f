"""Which model answers: chosen in the real window, kept over a restart; and a model file of the user's, run for real."""

import asyncio
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.domain.conversation import Message, MessageId, MessageStatus
from app.domain.errors import Fault
from app.domain.model import BUILT_IN, ENVIRONMENT, ModelInfo, ModelRef, ProviderId
from app.domain.provider import Connected, LossListener, ProviderPhase
from app.domain.provider_config import ProviderConfig
from app.domain.settings import LocalModelSettings
from app.engine import built_in
from app.providers.bundled import find_weights
from app.providers.local_model import LocalModel
from app.providers.sources import connect_endpoint
from app.storage.paths import DataFolder
from app.storage.settings_file import load_settings
from tests.e2e.conftest import Play, User
from tests.fake_provider.process import FakeProvider
from tests.world import DONE, ScriptedProvider, ScriptedSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups on the offscreen platform

STOPPED_WITHIN_S = 0.1
OWN = "My own model"


class TwoModels(ScriptedSource):
    """A provider that is there at once, with two models."""

    id = ENVIRONMENT
    name = "Two"

    async def connect(self, on_lost: LossListener) -> Connected:
        return Connected(self._provider, (ModelInfo(id="small"), ModelInfo(id="large")), "small")


def two_models() -> tuple[TwoModels, ...]:
    return (TwoModels(ScriptedProvider((DONE,))),)


def choose(user: User, query: str) -> None:
    """As a person does by keyboard: Ctrl+M, a few letters, Enter."""
    user.app.workspace._actions.choose_model.trigger()
    popup: Any = QApplication.activePopupWidget()
    assert popup.objectName() == "modelPopup"
    QTest.keyClicks(popup.findChild(object, "modelSearch"), query)
    QTest.keyClick(popup.findChild(object, "modelSearch"), Qt.Key.Key_Return)
    assert QApplication.activePopupWidget() is None


async def ask(user: User, text: str) -> MessageId:
    await asyncio.sleep(0.31)  # the guard against a click that was meant for Stop
    user.type_and_send(text)
    await user.settled()
    return user.app.store.branch(user.app.workspace.conversation_id)[-1].id  # type: ignore[arg-type]  # one is open


async def ask_the_model(user: User, text: str) -> Message:
    """Ask the real one, which may go on for long: have its first words, and stop it."""
    await asyncio.sleep(0.31)
    user.type_and_send(text)
    await user.until(lambda: len(user.app.store.text_of(user.answer().id)) > 1, "it answers")
    user.press_escape()
    await user.settled()
    return user.assert_agrees(user.answer().id)


def note(user: User) -> str:
    """The quiet line below the field."""
    labels = user.app.workspace.composer.findChildren(QLabel)
    return next((label.text() for label in labels if label.text()), "")


def test_each_conversation_keeps_its_model_over_a_restart(play: Play) -> None:
    kept: list[str] = []

    async def first_day(user: User) -> None:
        await ask(user, "One")
        kept.append(user.app.workspace.conversation_id or "")
        user.app.workspace.sidebar.new_requested.emit()
        choose(user, "large")
        assert user.find("modelPicker").text() == "large"
        await ask(user, "Two")
        user.app.workspace.sidebar.open_requested.emit(kept[0])
        assert user.find("modelPicker").text() == "small"
        user.app.workspace.sidebar.new_requested.emit()
        assert user.find("modelPicker").text() == "large", "a new one begins with the last choice"

    async def second_day(user: User) -> None:
        await user.until(lambda: len(user.app.store.conversations) == 2)
        assert user.find("modelPicker").text() == "large"
        user.app.workspace.sidebar.open_requested.emit(kept[0])
        await user.until(lambda: user.app.store.is_loaded(user.app.workspace.conversation_id))  # type: ignore[arg-type]  # one is open
        assert user.find("modelPicker").text() == "small"
        answer = user.app.store.message(await ask(user, "Again"))
        assert answer is not None
        assert (answer.model, answer.provider) == ("small", ENVIRONMENT)

    play(first_day, sources=two_models())
    play(second_day, sources=two_models())


def test_a_model_whose_provider_is_gone_is_stood_in_for_with_a_quiet_word(play: Play) -> None:
    async def first_day(user: User) -> None:
        await ask(user, "One")

    async def second_day(user: User) -> None:
        await user.until(lambda: user.app.store.conversations)
        user.app.workspace.sidebar.open_requested.emit(user.conversation)
        await user.until(lambda: user.app.store.is_loaded(user.conversation))
        assert note(user) == "small is not available here any more: m will answer."
        await ask(user, "Two")
        assert note(user) == "", "it answers here from now on"

    play(first_day, sources=two_models())
    play(second_day, sources=(ScriptedSource(ScriptedProvider((DONE,))),))


@pytest.fixture
def own_file(tmp_path: Path, folder: DataFolder) -> Path:
    path = tmp_path / f"{OWN}.gguf"
    shutil.copyfile(find_weights(), path)
    return path


def on_this_computer() -> tuple[LocalModel, ...]:
    return (LocalModel(connect_endpoint),)


def is_ready(user: User) -> bool:
    return user.app.store.providers[BUILT_IN].phase is ProviderPhase.READY


def run_file(user: User, path: Path) -> None:
    """Choose it on the page, as the user does once the file dialog has told which one."""
    user.app.workspace._settings.open("local")
    dialog = user.app.workspace._settings._dialog
    assert dialog is not None
    dialog.page.propose(str(path))  # type: ignore[attr-defined]  # it is that page


def test_a_file_of_the_users_is_chosen_answers_and_comes_back_after_a_restart(
    play: Play, own_file: Path, folder: DataFolder
) -> None:
    async def first_day(user: User) -> None:
        run_file(user, own_file)
        facts = user.find("candidateFacts")
        await user.until(lambda: "135M parameters" in facts.text(), "the file was looked at")
        assert " are free." in user.find("candidateMemory").text() or not Path("/proc/meminfo").exists()
        user.click("runModelFile")
        await user.until(lambda: user.app.store.selected_model == ModelRef(BUILT_IN, OWN), "it runs")
        assert "runs on this computer" in user.app.store.providers[BUILT_IN].note
        user.find("settingsDialog").close()
        answer = await ask_the_model(user, "What is 2+2?")
        assert (answer.model, answer.fault) == (OWN, None)

    async def second_day(user: User) -> None:
        assert user.find("modelPicker").text() == OWN

    async def third_day(user: User) -> None:
        await user.until(lambda: user.app.store.providers[BUILT_IN].phase is ProviderPhase.FAILED)
        assert user.app.workspace.banner.isVisible()
        assert "can't be read" in note(user)
        own_file.with_suffix(".moved").rename(own_file)
        user.app.models.connect(BUILT_IN)  # Retry
        await user.until(lambda: is_ready(user))
        assert not user.app.workspace.banner.isVisible()

    play(first_day, sources=on_this_computer())
    assert load_settings(folder.settings).local_model == LocalModelSettings(file=str(own_file))
    play(second_day, sources=on_this_computer())
    own_file.rename(own_file.with_suffix(".moved"))
    play(third_day, sources=on_this_computer(), wait_ready=False)


def test_an_unloaded_model_is_loaded_by_the_next_message_and_stop_ends_the_load(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_in, "SECONDS_A_MINUTE", 0.3)

    async def scenario(user: User) -> None:
        store = user.app.store
        await ask_the_model(user, "What is 2+2?")
        settings = replace(user.app.preferences.current.local_model, idle_minutes=1)
        user.app.preferences.change(local_model=settings)
        await user.until(lambda: store.providers[BUILT_IN].phase is ProviderPhase.IDLE, "unloaded")
        user.app.preferences.change(local_model=replace(settings, idle_minutes=0))
        await asyncio.sleep(0.31)
        user.type_and_send("And 3+3?")
        await user.until(lambda: store.providers[BUILT_IN].phase is ProviderPhase.STARTING)
        assert note(user) == "Built-in model is starting…"
        began_s = asyncio.get_running_loop().time()
        user.press_escape()
        assert user.answer().status is MessageStatus.STOPPED
        await user.until(lambda: store.providers[BUILT_IN].phase is ProviderPhase.IDLE)
        assert asyncio.get_running_loop().time() - began_s < STOPPED_WITHIN_S
        await user.settled()
        user.assert_agrees(user.answer().id)
        answer = await ask_the_model(user, "And 3+3?")
        assert (answer.content != "", answer.fault) == (True, None)

    play(scenario, sources=on_this_computer())


def test_a_child_that_is_killed_while_it_answers_is_told_and_retry_starts_it_again(play: Play) -> None:
    async def scenario(user: User) -> None:
        built_in_source = user.app.models.sources[0]
        assert isinstance(built_in_source, LocalModel)
        user.type_and_send("Write a very long story about the sea.")
        await user.until(lambda: len(user.app.store.text_of(user.answer().id)) > 20, "it answers")
        assert built_in_source.pid is not None
        os.kill(built_in_source.pid, signal.SIGKILL)
        await user.until(lambda: user.answer().status is MessageStatus.FAILED)
        await user.settled()
        failed = user.assert_agrees(user.answer().id)
        assert failed.content
        assert failed.fault is not None
        await user.until(lambda: user.app.store.providers[BUILT_IN].phase is ProviderPhase.FAILED)
        assert note(user) == "The system ended the built-in model"
        assert user.app.engine.regenerate(failed.id) is not None
        await user.until(lambda: len(user.app.store.text_of(user.answer().id)) > 20, "it answers again")
        assert is_ready(user)
        user.press_escape()
        await user.settled()

    play(scenario, sources=on_this_computer())


def test_the_banner_says_one_line_of_what_a_process_left(play: Play) -> None:
    async def scenario(user: User) -> None:
        user.app.workspace.show_fault(Fault("It ended", "Try again.", "exit code 1.\nline of llama.cpp\nanother"))
        shown = " ".join(label.text() for label in user.app.workspace.banner.findChildren(QLabel))
        assert "exit code 1." in shown
        assert "llama.cpp" not in shown

    play(scenario, sources=two_models())


def test_the_last_conversation_on_screen_at_the_start_connects_the_provider_of_its_model(
    play: Play, provider: FakeProvider
) -> None:
    fake = ProviderId("fake")
    model = "rate=3000&count=3"

    async def first_day(user: User) -> None:
        config = ProviderConfig(id=fake, name="Fake", base_url=provider.base_url, default_model=model)
        user.app.providers.add(config)
        user.app.workspace.model_picker.model_requested.emit(ModelRef(fake, model))
        await user.until(lambda: user.app.store.providers[fake].phase is ProviderPhase.READY)
        await ask(user, "One")
        user.app.workspace.sidebar.new_requested.emit()
        choose(user, "small")
        user.app.preferences.change(opens_last_conversation=True)

    async def second_day(user: User) -> None:
        await user.until(lambda: user.app.workspace.conversation_id is not None)
        await user.until(lambda: user.app.store.selected_model == ModelRef(ENVIRONMENT, "small"))
        await user.until(lambda: user.find("modelPicker").accessibleName() == f"Model: {model}")
        await user.until(lambda: user.app.store.providers[fake].phase is ProviderPhase.READY, "connected")

    play(first_day, sources=two_models())
    play(second_day, sources=two_models())
