"""A person sets up a provider in the settings and uses it: the real window, the real engine, a server beside it."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.conversation import MessageStatus
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import Secret
from app.domain.provider_config import KeyPlace, ProviderConfig
from app.domain.settings import ColorScheme
from app.storage.paths import DataFolder
from app.storage.settings_file import load_settings
from tests.e2e.conftest import Play, User
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.report import fingerprint

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

KEY, OTHER_KEY = Secret("sk-first-0123456789"), Secret("sk-second-9876543210")
MODEL = "fake-short"


class Hand:
    """Uses the settings of the window as a person does."""

    def __init__(self, user: User) -> None:
        self.user = user
        user.click("settingsButton")

    @property
    def dialog(self) -> Any:
        return self.user.find("settingsDialog")

    def find(self, name: str) -> Any:
        found = self.dialog.findChild(QWidget, name)
        assert found is not None, name
        return found

    def go_to(self, section: str) -> None:
        rows = self.find("settingsNavigation")
        [item] = rows.findItems(section, Qt.MatchFlag.MatchExactly)
        rows.setCurrentItem(item)

    def click(self, name: str) -> None:
        assert self.find(name).isEnabled(), name
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def write(self, name: str, text: str) -> None:
        field = self.find(name)
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Backspace)
        QTest.keyClicks(field, text)

    def choose(self, name: str, label: str) -> None:
        QTest.keyClick(self.find(name), Qt.Key.Key_Space)
        menu: Any = QApplication.activePopupWidget()
        [action] = [action for action in menu.actions() if action.text() == label]
        menu.setActiveAction(action)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    def confirm(self) -> None:
        [button] = [each for each in self.dialog.findChildren(QWidget, "confirmButton") if each.isVisible()]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def in_row(self, config: ProviderConfig, name: str) -> Any:
        return self.find(f"provider-{config.id}").findChild(QWidget, name)

    def row_says(self, config: ProviderConfig) -> str:
        return str(self.find(f"provider-{config.id}").accessibleDescription())

    def fill_in(self, server: FakeProvider, name: str, key: Secret) -> None:
        """A new provider by hand; its key for this session only, so that no keyring of this computer is touched."""
        self.go_to("Providers")
        self.click("addProviderButton")
        self.write("presetSearch", "any openai-compatible")
        QTest.keyClick(self.find("presetSearch"), Qt.Key.Key_Return)
        self.write("providerName", name)
        self.write("providerAddress", server.base_url)
        self.choose("keyPlace", "Until Belay is closed")
        self.write("providerKey", key.reveal())
        self.write("providerModel", MODEL)

    @property
    def configs(self) -> tuple[ProviderConfig, ...]:
        return self.user.app.providers.configs

    def named(self, name: str) -> ProviderConfig:
        return next(config for config in self.configs if config.name == name)

    async def save(self, name: str) -> ProviderConfig:
        self.click("saveProviderButton")
        await self.user.until(lambda: any(config.name == name for config in self.configs), name)
        return self.named(name)

    async def add(self, server: FakeProvider, name: str, key: Secret = KEY) -> ProviderConfig:
        self.fill_in(server, name, key)
        return await self.save(name)


def keys_seen(server: FakeProvider) -> set[str]:
    return {event["headers"].get("authorization", "") for event in server.events("request")}


def sent(key: Secret) -> str:
    return fingerprint(f"Bearer {key.reveal()}")


async def pick(user: User, query: str) -> None:
    """Choose a model from the picker, by keyboard."""
    user.find("modelPicker").click()
    await user.until(lambda: user.find("modelPopup").isVisible(), "the popup")
    QTest.keyClicks(user.find("modelSearch"), query)
    QTest.keyClick(user.find("modelSearch"), Qt.Key.Key_Return)


def test_a_provider_is_set_up_tested_chosen_and_answers(play: Play, provider: FakeProvider, folder: DataFolder) -> None:
    async def scenario(user: User) -> None:
        hand = Hand(user)
        with FakeProvider() as server:
            hand.fill_in(server, "Workshop", KEY)
            hand.click("testConnectionButton")
            await user.until(lambda: hand.find("connectionTitle").text().startswith("It answers"), "the result")
            assert keys_seen(server) == {sent(KEY)}
            asked = [event for event in server.events("request") if event["path"] == "/v1/chat/completions"]
            assert len(asked) == 1
            config = await hand.save("Workshop")
            assert config.key_place is KeyPlace.SESSION
            await user.until(lambda: "Ready" in hand.row_says(config), "its models are listed")
            hand.dialog.close()
            await pick(user, "workshop fake-short")
            user.type_and_send("hi")
            await user.until(lambda: user.app.store.conversations, "sent")
            await user.settled()
            answer = user.assert_agrees(user.answer().id)
            assert answer.status is MessageStatus.COMPLETE
            assert (answer.provider, answer.model) == (config.id, MODEL)
        assert KEY.reveal() not in folder.settings.read_text(encoding="utf-8")

    play(scenario)


def test_a_wrong_server_is_told_in_place_and_can_be_saved_all_the_same(play: Play, provider: FakeProvider) -> None:
    async def scenario(user: User) -> None:
        hand = Hand(user)
        with FakeProvider(flags="--models-fault=status:401") as server:
            hand.fill_in(server, "Wrong", KEY)
            hand.click("testConnectionButton")
            await user.until(lambda: hand.find("testConnectionButton").isEnabled(), "the result")
            assert hand.find("connectionTitle").text() == "The provider rejected your API key"
            assert KEY.reveal() not in hand.find("connectionDetail").text()
            await hand.save("Wrong")

    play(scenario)


def test_another_address_asks_for_its_key_and_never_gets_the_old_one(play: Play, provider: FakeProvider) -> None:
    """S10, by hand."""

    async def scenario(user: User) -> None:
        hand = Hand(user)
        config = await hand.add(provider, "Workshop")
        with FakeProvider() as other:
            hand.in_row(config, "editProviderButton").click()
            hand.write("providerAddress", other.base_url)
            assert "This is another server" in hand.find("providerKey").parent().parent().findChild(
                QWidget, "fieldSentence").text()  # fmt: skip
            hand.click("testConnectionButton")
            await user.until(lambda: hand.find("testConnectionButton").isEnabled(), "the result")
            assert hand.find("connectionTitle").text() == "This provider needs an API key"
            assert other.events("request") == []
            hand.write("providerKey", OTHER_KEY.reveal())
            hand.click("testConnectionButton")
            await user.until(lambda: hand.find("connectionTitle").text().startswith("It answers"), "the result")
            await hand.save("Workshop")
            assert keys_seen(other) == {sent(OTHER_KEY)}
        assert sent(OTHER_KEY) not in keys_seen(provider)

    play(scenario)


def test_order_and_switches_survive_a_restart_and_what_is_off_is_not_offered(
    play: Play, provider: FakeProvider, folder: DataFolder
) -> None:
    async def first(user: User) -> None:
        hand = Hand(user)
        one = await hand.add(provider, "One")
        two = await hand.add(provider, "Two")
        await user.until(lambda: {one.id, two.id} <= set(user.app.store.providers), "both")
        QTest.keyClick(hand.find(f"provider-{two.id}"), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert [config.name for config in hand.configs] == ["Two", "One"]
        hand.in_row(one, "enableProviderSwitch").click()
        await user.until(lambda: one.id not in user.app.store.providers, "gone from the picker")
        assert "Switched off" in hand.row_says(one)

    async def second(user: User) -> None:
        hand = Hand(user)
        hand.go_to("Providers")
        assert [config.name for config in hand.configs] == ["Two", "One"]
        two, one = hand.configs
        await user.until(lambda: two.id in user.app.store.providers, "there")
        assert "Key missing" in hand.row_says(two), "it was for one session"
        assert one.id not in user.app.store.providers
        hand.in_row(one, "enableProviderSwitch").click()
        await user.until(lambda: one.id in user.app.store.providers, "back")

    play(first)
    assert [config.name for config in load_settings(folder.settings).providers] == ["Two", "One"]
    play(second)


def test_removing_asks_and_takes_everything(play: Play, provider: FakeProvider, folder: DataFolder) -> None:
    async def scenario(user: User) -> None:
        hand = Hand(user)
        config = await hand.add(provider, "Workshop")
        await user.until(lambda: config.id in user.app.store.providers, "there")
        hand.in_row(config, "removeProviderButton").click()
        assert config.id in user.app.store.providers, "not before the answer"
        hand.confirm()
        await user.until(lambda: config.id not in user.app.store.providers, "gone")
        assert not hand.configs

    play(scenario)
    assert load_settings(folder.settings).providers == ()


def test_a_change_applies_at_once_and_is_there_at_the_next_start(
    play: Play, provider: FakeProvider, folder: DataFolder
) -> None:
    async def first(user: User) -> None:
        user.type_and_send("a question to come back to")
        await user.until(lambda: user.app.store.conversations, "sent")
        await user.settled()
        hand = Hand(user)
        hand.choose("setting_sends_with_ctrl", "Ctrl+Enter")
        hand.choose("setting_opens_last_conversation", "The last conversation")
        hand.go_to("Appearance")
        hand.click("colorSchemeDark")
        assert user.app.theme.palette.is_dark
        hand.choose("setting_zoom_percent", "150 %")
        hand.dialog.resize(700, 500)
        hand.dialog.close()
        QTest.keyClicks(user.find("composerInput"), "x")
        QTest.keyClick(user.find("composerInput"), Qt.Key.Key_Return)
        assert user.app.workspace.composer.text() == "x\n"

    async def second(user: User) -> None:
        await user.until(lambda: user.app.workspace.conversation_id, "the last conversation")
        hand = Hand(user)
        assert (hand.dialog.width(), hand.dialog.height()) == (700, 500)
        hand.go_to("Appearance")
        assert hand.find("setting_zoom_percent").text() == "150 %"

    play(first, model="rate=2000&count=10")
    kept = load_settings(folder.settings)
    assert (kept.color_scheme, kept.zoom_percent, kept.sends_with_ctrl) == (ColorScheme.DARK, 150, True)
    play(second)


def test_diagnostics_are_gathered_by_the_program_itself(play: Play, provider: FakeProvider) -> None:
    async def scenario(user: User) -> None:
        hand = Hand(user)
        hand.go_to("Diagnostics")
        await user.until(lambda: hand.find("diagnosticsText").toPlainText(), "the text")
        text = hand.find("diagnosticsText").toPlainText()
        for expected in ("Belay", "openai", "SQLite", "Environment", "no proxy", "offscreen"):
            assert expected in text
        assert "sk-canary" not in text
        hand.go_to("Data")
        await user.until(lambda: "0 messages" in hand.find("dataAmount").text(), "the sizes")

    play(scenario)


def test_settings_that_can_not_be_read_are_set_aside_and_told(
    play: Play, provider: FakeProvider, folder: DataFolder
) -> None:
    folder.settings.write_text("{ this is no JSON")

    async def scenario(user: User) -> None:
        assert user.app.workspace.banner.isVisible()
        assert user.app.workspace.banner.accessibleDescription().startswith("Your settings could not be read")
        Hand(user).choose("setting_opens_last_conversation", "The last conversation")

    play(scenario)
    assert load_settings(folder.settings).opens_last_conversation
    [kept] = folder.root.glob("settings.json.set-aside-*")
    assert kept.read_text() == "{ this is no JSON"


def test_add_provider_in_the_list_of_models_leads_to_the_choice(play: Play, provider: FakeProvider) -> None:
    async def scenario(user: User) -> None:
        user.find("modelPicker").click()
        await user.until(lambda: user.find("modelPopup").isVisible(), "the popup")
        button: Any = user.find("modelPopup").findChild(QWidget, "addProviderButton")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert user.find("settingsDialog").findChild(QWidget, "presetSearch").isVisible()

    play(scenario)


def test_a_missing_key_leads_from_the_banner_to_its_field(play: Play, provider: FakeProvider) -> None:
    async def scenario(user: User) -> None:
        config = ProviderConfig(
            id=ProviderId("mine"), name="Mine", base_url=provider.base_url, key_place=KeyPlace.SESSION
        )
        user.app.providers.add(config)
        user.app.models.select(ModelRef(config.id, MODEL))
        await user.until(lambda: user.find("bannerRemedy").isVisible(), "the banner")
        user.click("bannerRemedy")
        key = user.find("settingsDialog").findChild(QWidget, "providerKey")
        assert key.isVisible()
        assert user.find("settingsDialog").focusWidget() is key

    play(scenario)
