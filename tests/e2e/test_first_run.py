"""On the first run a server of this computer is offered, once, and nothing is set up without a click."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.conversation import MessageStatus
from app.domain.model import BUILT_IN
from app.domain.provider_config import LocalServer
from app.domain.settings import Settings
from app.engine.events import LocalServersFound
from app.storage.paths import DataFolder
from app.storage.settings_file import load_settings, save_settings
from tests.e2e.conftest import Play, User
from tests.fake_provider.process import FakeProvider
from tests.world import ScriptedProvider, ScriptedSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform


class BuiltIn(ScriptedSource):
    """Stands where the built-in model stands: the only provider of a first run."""

    id = BUILT_IN


@pytest.fixture(autouse=True)
def _nothing_is_found_by_itself(folder: DataFolder) -> None:
    """What runs on the computer of whoever runs the tests must not matter."""
    save_settings(folder.settings, Settings(finds_local_servers=False))


def press(user: User, name: str) -> None:
    QTest.mouseClick(user.find("localServerOffer").findChild(QWidget, name), Qt.MouseButton.LeftButton)


def found(provider: FakeProvider) -> LocalServersFound:
    return LocalServersFound((LocalServer(provider.base_url, "Ollama", "ollama", ("fake-short", "fake-long")),))


def test_the_offered_server_is_used_by_one_click_and_answers(
    play: Play, provider: FakeProvider, folder: DataFolder
) -> None:
    async def scenario(user: User) -> None:
        offer = user.find("localServerOffer")
        assert not offer.isVisible()
        user.app.store.apply(found(provider))
        assert offer.isVisible()
        assert offer.accessibleDescription().startswith("Ollama runs on this computer. Use it?")
        assert not user.app.providers.configs, "not before the click"
        press(user, "bannerAction")
        assert not offer.isVisible()
        [config] = user.app.providers.configs
        assert (config.name, config.base_url) == ("Ollama", provider.base_url)
        user.type_and_send("hi")
        await user.until(lambda: user.app.store.conversations, "sent")
        await user.settled()
        answer = user.assert_agrees(user.answer().id)
        assert (answer.status, answer.provider, answer.model) == (MessageStatus.COMPLETE, config.id, "fake-short")
        user.app.store.apply(found(provider))
        assert not offer.isVisible(), "something is set up now"

    play(scenario, sources=(BuiltIn(ScriptedProvider()),))
    assert load_settings(folder.settings).model == "fake-short"


def test_an_offer_that_is_dismissed_does_not_come_again(play: Play, provider: FakeProvider) -> None:
    async def first(user: User) -> None:
        user.app.store.apply(found(provider))
        press(user, "bannerDismiss")
        assert not user.find("localServerOffer").isVisible()

    async def second(user: User) -> None:
        user.app.store.apply(found(provider))
        assert not user.find("localServerOffer").isVisible()
        other = LocalServer("http://localhost:1/v1", "LM Studio")
        user.app.store.apply(LocalServersFound((*found(provider).servers, other)))
        assert user.find("localServerOffer").isVisible(), "another one is"

    play(first, sources=(BuiltIn(ScriptedProvider()),))
    play(second, sources=(BuiltIn(ScriptedProvider()),))
