"""Settings › Providers: what is set up, what a new one is begun from, and the form."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from app.domain.errors import AuthenticationFailed, KeyMissing, KeyringLocked, ProviderUnreachable
from app.domain.keys import MAX_KEY_CHARACTERS, KeyringState
from app.domain.model import BUILT_IN, ENVIRONMENT, ModelInfo, ProviderId
from app.domain.network import ProxyMode, ProxySetting
from app.domain.provider import AuthStyle, ProviderPhase, ProviderState, Secret
from app.domain.provider_config import KeyPlace, LocalServer, Preset, ProviderConfig
from app.domain.settings import Settings
from app.engine.events import ConnectionTested
from app.ui.icons import Icons
from app.ui.settings.dialog import MIN_SIZE
from app.ui.settings.page import Page
from app.ui.settings.providers_page import ProvidersPage
from app.ui.theme import Theme
from tests.ui.settings.conftest import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

KEY = "sk-0123456789"
OPENAI = Preset(id="openai", name="OpenAI", base_url="https://api.openai.com/v1", key_url="https://openai.com/keys")
AZURE = Preset(id="azure", name="Azure", base_url="https://RESOURCE.openai.azure.com/v1", auth=AuthStyle.API_KEY,
               headers=(("x-version", "1"),))  # fmt: skip
OLLAMA = Preset(id="ollama", name="Ollama", base_url="http://localhost:11434/v1", needs_key=False, is_local=True)
GONE = Preset(id="gone", name="Gone", base_url="https://gone.example.org/v1", is_addable=False)
ANY = Preset(id="", name="Any OpenAI-compatible address", base_url="", needs_key=False)
SERVER = LocalServer("http://localhost:1234/v1", "LM Studio", "lm-studio", ("a", "b"))
FIRST = ProviderConfig(id=ProviderId("a"), name="First", base_url="https://first.example.org/v1", preset="openai",
                       key_place=KeyPlace.KEYRING)  # fmt: skip
SECOND = ProviderConfig(id=ProviderId("b"), name="Second", base_url="http://localhost:5001/v1")
THIRD = ProviderConfig(id=ProviderId("c"), name="Third", base_url="https://third.example.org/v1",
                       key_place=KeyPlace.ENVIRONMENT, key_name="THIRD_KEY", is_enabled=False)  # fmt: skip


class Bench(Hand):
    """The page in a window, and all that it asked for."""

    def __init__(self, hand: Hand, page: ProvidersPage) -> None:
        super().__init__(hand.dialog)
        self.page = page
        self.asked: list[tuple[str, Any]] = []
        for name in ("adopt", "remove", "enable", "move", "refresh", "unlock", "find", "page", "save", "test"):
            signal = getattr(page, f"{name}_requested")
            signal.connect(lambda *values, name=name: self.asked.append((name, values)))

    def show(self, *configs: ProviderConfig, states: Sequence[ProviderState] = (), hosts: tuple[str, ...] = ()) -> None:
        self.page.show_settings(Settings(providers=configs, plain_http_hosts=hosts))
        self.page.show_providers(states, KeyringState.READY)
        QApplication.sendPostedEvents()

    def row(self, provider_id: str) -> Any:
        return self.find(f"provider-{provider_id}")

    def in_row(self, provider_id: str, name: str) -> Any:
        return self.row(provider_id).findChild(QWidget, name)

    def words(self, provider_id: str) -> str:
        return f"{self.row(provider_id).accessibleName()}. {self.row(provider_id).accessibleDescription()}"

    def begin_new(self, name: str) -> None:
        self.click("addProviderButton")
        self.write("presetSearch", name)
        QTest.keyClick(self.find("presetSearch"), Qt.Key.Key_Return)

    def sentence(self, field: str) -> str:
        """What is said below a field."""
        return str(self.find(field).accessibleDescription())

    def result(self) -> list[str]:
        found = [self.find("connectionTitle"), self.find("connectionDetail")]
        return [label.text() for label in found if label.isVisible()]

    def saved(self) -> tuple[ProviderConfig, Secret | None]:
        [(_, (config, key))] = [each for each in self.asked if each[0] == "save"]
        return config, key

    def answer(self, name: str) -> None:
        """Press a button of the question in front."""
        [button] = [each for each in self.dialog.findChildren(QWidget, name) if each.isVisible()]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(opened: Callable[[Sequence[Page]], Hand], theme: Theme, icons: Icons) -> Bench:
    page = ProvidersPage(theme, icons, (OPENAI, AZURE, OLLAMA, GONE, ANY))
    return Bench(opened([page]), page)


# The list


def test_without_any_it_says_what_to_do(bench: Bench) -> None:
    bench.show()
    assert any(line.startswith("None is set up yet") for line in bench.texts())


@pytest.mark.parametrize(
    ("config", "state", "keyring", "words"),
    [
        (FIRST, ProviderState(id=FIRST.id, name="", phase=ProviderPhase.READY), KeyringState.READY,
         "Ready  ·  Key in your keyring"),
        (FIRST, ProviderState(id=FIRST.id, name=""), KeyringState.LOCKED, "Not started  ·  Keyring locked"),
        (FIRST, ProviderState(id=FIRST.id, name="", phase=ProviderPhase.READY), KeyringState.LOCKED,
         "Ready  ·  Key in your keyring"),
        (FIRST, ProviderState(id=FIRST.id, name="", phase=ProviderPhase.FAILED, fault=KeyMissing().fault),
         KeyringState.READY, "This provider needs an API key  ·  Key missing"),
        (FIRST, ProviderState(id=FIRST.id, name="", phase=ProviderPhase.FAILED, fault=KeyringLocked().fault),
         KeyringState.READY, "Your keyring is locked  ·  Keyring locked"),
        (SECOND, ProviderState(id=SECOND.id, name="", phase=ProviderPhase.FAILED, fault=ProviderUnreachable().fault),
         KeyringState.MISSING, "Can't reach the provider  ·  No key needed"),
        (THIRD, None, KeyringState.READY, "Switched off  ·  Key from variable THIRD_KEY"),
    ],
)  # fmt: skip
def test_each_says_how_it_is_and_where_its_key_is(
    bench: Bench, config: ProviderConfig, state: ProviderState | None, keyring: KeyringState, words: str
) -> None:
    bench.page.show_settings(Settings(providers=(config,)))
    bench.page.show_providers([state] if state else [], keyring)
    assert bench.words(config.id).endswith(f". {words}")


@pytest.mark.parametrize(("place", "words"), [(None, "Key missing"), (KeyPlace.SESSION, "Key for this session only")])
def test_where_a_key_is_now_counts_more_than_where_it_was_to_be(
    bench: Bench, place: KeyPlace | None, words: str
) -> None:
    bench.page.show_settings(Settings(providers=(FIRST,)))
    bench.page.show_providers([ProviderState(id=FIRST.id, name="")], KeyringState.READY, {FIRST.id: place})
    assert bench.words(FIRST.id).endswith(f"Not started  ·  {words}")


def test_those_that_nobody_set_up_are_explained_and_have_no_buttons(bench: Bench) -> None:
    others = [ProviderState(id=ENVIRONMENT, name="Environment"), ProviderState(id=BUILT_IN, name="Built-in model")]
    bench.show(SECOND, states=others)
    assert "OPENAI_BASE_URL" in bench.words(ENVIRONMENT)
    assert "comes with Belay" in bench.words(BUILT_IN)
    assert bench.in_row(BUILT_IN, "editProviderButton") is None
    QTest.keyClick(bench.row(BUILT_IN), Qt.Key.Key_Delete)
    assert bench.asked == []


def test_buttons_and_keys_move_and_the_ends_stay_ends(bench: Bench) -> None:
    bench.show(FIRST, SECOND)
    assert not bench.in_row("a", "moveUpButton").isEnabled()
    assert not bench.in_row("b", "moveDownButton").isEnabled()
    QTest.mouseClick(bench.in_row("a", "moveDownButton"), Qt.MouseButton.LeftButton)
    QTest.keyClick(bench.row("b"), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(bench.row("a"), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert bench.asked == [("move", ("a", 1)), ("move", ("b", 0))]


def test_a_moved_row_keeps_the_focus(bench: Bench) -> None:
    bench.show(FIRST, SECOND)
    bench.row("a").setFocus()
    bench.show(SECOND, FIRST)
    assert bench.dialog.focusWidget() is bench.row("a")
    assert bench.row("a").y() > bench.row("b").y()


def test_the_switch_asks_and_removing_asks_first(bench: Bench) -> None:
    bench.show(FIRST)
    bench.in_row("a", "enableProviderSwitch").click()
    assert bench.asked == [("enable", ("a", False))]
    bench.in_row("a", "removeProviderButton").click()
    assert any("Its key is removed from your keyring, too" in line for line in bench.texts())
    bench.answer("cancelButton")
    assert bench.asked == [("enable", ("a", False))]
    QTest.keyClick(bench.row("a"), Qt.Key.Key_Delete)
    bench.answer("confirmButton")
    assert bench.asked[1:] == [("remove", ("a",))]


def test_a_locked_keyring_is_opened_by_a_click_only(bench: Bench) -> None:
    bench.show(FIRST)
    assert not bench.find("unlockKeyringButton").isVisible()
    bench.page.show_providers([], KeyringState.LOCKED)
    QApplication.sendPostedEvents()
    assert bench.asked == []
    bench.click("unlockKeyringButton")
    assert bench.asked == [("unlock", ())]


def test_markup_in_a_name_is_shown_as_it_is_and_a_long_one_is_cut(bench: Bench) -> None:
    long = ProviderConfig(id=ProviderId("x"), name="<b>bold</b> " + "very long " * 50, base_url="https://x.example/v1")
    bench.dialog.resize(MIN_SIZE)
    bench.show(long)
    labels = [label for label in bench.row("x").findChildren(QLabel) if label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    name = next(label for label in labels if label.text().startswith("<b>bold"))
    assert name.text().endswith("…")
    assert "very long very long" in name.toolTip()
    address = next(label for label in labels if label.text() == "x.example/v1")
    assert not address.toolTip(), "what is there in whole needs none"
    assert bench.row("x").geometry().right() <= bench.dialog.width()


# What to begin from


def test_the_choice_is_searched_and_ends_with_any_address(bench: Bench) -> None:
    bench.show()
    bench.click("addProviderButton")
    rows = bench.find("presetList")

    def shown() -> list[str]:
        items = [rows.item(number) for number in range(rows.count()) if not rows.item(number).isHidden()]
        return [item.data(Qt.ItemDataRole.AccessibleTextRole).split(".")[0] for item in items]

    assert shown() == ["OpenAI", "Azure", "Ollama", "Any OpenAI-compatible address"]
    bench.write("presetSearch", "olla")
    assert shown() == ["Ollama", "Any OpenAI-compatible address"]


def test_a_server_that_was_found_is_taken_by_a_click(bench: Bench) -> None:
    bench.show()
    bench.click("addProviderButton")
    bench.click("findServersButton")
    assert "Looking…" in bench.texts()
    assert bench.asked == [("find", ())]
    bench.page.show_servers(())
    assert "Nothing found" in bench.texts()
    bench.page.show_servers((SERVER,))
    assert "Found LM Studio at http://localhost:1234/v1" in bench.texts()
    rows = bench.find("presetList")
    place = rows.visualItemRect(rows.item(0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert bench.asked[1:] == [("adopt", (SERVER,))]
    assert bench.find("addProviderButton").isVisible()


def test_escape_goes_back_before_it_closes(bench: Bench) -> None:
    bench.show()
    bench.begin_new("openai")
    QTest.keyClick(bench.find("providerName"), Qt.Key.Key_Escape)
    assert bench.find("addProviderButton").isVisible()
    QTest.keyClick(bench.find("addProviderButton"), Qt.Key.Key_Escape)
    assert not bench.dialog.isVisible()


# The form


def test_a_preset_fills_in_and_the_key_goes_beside_the_set_up_not_into_it(bench: Bench) -> None:
    bench.show()
    bench.begin_new("azure")
    bench.write("providerAddress", "https://mine.openai.azure.com/v1")
    bench.find("providerKey").setText(f"  {KEY}\n")
    bench.click("saveProviderButton")
    config, key = bench.saved()
    assert (config.name, config.base_url, config.preset) == ("Azure", "https://mine.openai.azure.com/v1", "azure")
    assert (config.auth, config.headers, config.key_place) == (AuthStyle.API_KEY, AZURE.headers, KeyPlace.KEYRING)
    assert key is not None
    assert key.reveal() == KEY
    assert KEY not in repr(config)
    assert bench.find("addProviderButton").isVisible()


def test_without_a_keyring_a_key_is_for_this_session_and_the_form_says_so(bench: Bench) -> None:
    bench.page.show_settings(Settings())
    bench.page.show_providers([], KeyringState.MISSING)
    bench.begin_new("openai")
    assert bench.find("keyPlace").text() == "Until Belay is closed"
    bench.choose("keyPlace", "In your keyring")
    assert any(line.startswith("No keyring was found") for line in bench.texts())


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("api.example.org", "The address must begin with https:// or http://"),
        ("https://", "The address names no server"),
        ("https://me:secret@example.org/v1", "The address must not hold a name or a password"),
        ("ftp://example.org", "The address must begin with https:// or http://"),
        ("", ""),
        ("http://nas.example.org/v1", "nas.example.org is asked without encryption."),
        ("https://example.org/v1", ""),
    ],
)
def test_the_address_is_checked_while_it_is_written(bench: Bench, address: str, sentence: str) -> None:
    bench.show()
    bench.begin_new("any")
    bench.write("providerAddress", address)
    assert bench.sentence("providerAddress") == sentence


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(bench: Bench) -> None:
    bench.show()
    bench.begin_new("any")
    bench.click("saveProviderButton")
    assert bench.dialog.focusWidget() is bench.find("providerAddress")
    bench.write("providerAddress", "https://example.org/v1")
    bench.find("providerKey").setText("k" * (MAX_KEY_CHARACTERS + 1))
    bench.click("saveProviderButton")
    assert any("1,280 characters" in line for line in bench.texts())
    bench.find("providerKey").setText("a key")
    bench.click("saveProviderButton")
    bench.find("providerKey").setText("")
    bench.choose("keyPlace", "From a variable")
    bench.click("saveProviderButton")
    assert "Name the variable that has the key" in bench.texts()
    bench.write("providerKeyVariable", "MY_KEY")
    bench.click("moreButton")
    bench.find("providerBody").setPlainText("[1]")
    bench.click("saveProviderButton")
    assert bench.dialog.focusWidget() is bench.find("providerBody")
    assert "object" in bench.sentence("providerBody")
    assert bench.asked == []
    bench.find("providerBody").setPlainText('{"top_k": 3}')
    bench.click("saveProviderButton")
    config, key = bench.saved()
    assert (config.name, config.key_place, config.key_name, key) == (
        "example.org", KeyPlace.ENVIRONMENT, "MY_KEY", None
    )  # fmt: skip


def test_more_is_folded_and_all_of_it_is_saved(bench: Bench) -> None:
    bench.show(FIRST)
    bench.in_row("a", "editProviderButton").click()
    bench.click("moreButton")
    bench.find("providerHeaders").setPlainText("X-One: 1\n\nX-Two: a: b\n")
    bench.find("providerBody").setPlainText('{"seed": 1}')
    bench.find("providerCaFile").setText("/etc/ca.pem")
    bench.choose("providerAuth", "x-api-key: …")
    bench.choose("providerProxy", "A proxy of its own")
    bench.click("saveProviderButton")
    assert bench.dialog.focusWidget() is bench.find("providerProxyAddress"), "it has no address yet"
    bench.write("providerProxyAddress", "socks5://localhost:1080")
    bench.write("providerModel", "m-1")
    bench.click("saveProviderButton")
    config, key = bench.saved()
    assert key is None, "the key that is kept is left as it is"
    assert (config.headers, config.body) == ((("X-One", "1"), ("X-Two", "a: b")), '{"seed": 1}')
    assert (config.ca_file, config.auth, config.default_model) == ("/etc/ca.pem", AuthStyle.X_API_KEY, "m-1")
    assert config.proxy == ProxySetting(ProxyMode.MANUAL, "socks5://localhost:1080")
    assert (config.id, config.name, config.key_place) == (FIRST.id, FIRST.name, FIRST.key_place)


def test_a_proxys_password_is_refused_but_one_from_before_is_kept(bench: Bench) -> None:
    old = ProxySetting(ProxyMode.MANUAL, "http://ann:secret@proxy:8080")
    bench.show(replace(FIRST, proxy=old))
    bench.in_row("a", "editProviderButton").click()
    bench.click("moreButton")
    assert "can be read in Belay's settings file" in bench.sentence("providerProxyAddress")
    bench.write("providerProxyAddress", "http://ann:other@proxy:8080")
    bench.click("saveProviderButton")
    assert "HTTPS_PROXY" in bench.sentence("providerProxyAddress")
    assert bench.asked == []
    bench.write("providerProxyAddress", old.address)
    bench.write("providerModel", "m-1")
    bench.click("saveProviderButton")
    assert bench.saved()[0].proxy == old


@pytest.mark.parametrize("header", ["Authorization: x", "no colon\u00e9: x", "a b: c"])
def test_a_header_that_cannot_be_sent_is_refused_here(bench: Bench, header: str) -> None:
    bench.show(FIRST)
    bench.in_row("a", "editProviderButton").click()
    bench.click("moreButton")
    bench.find("providerHeaders").setPlainText(header)
    bench.click("moreButton")
    assert not bench.find("providerHeaders").isVisible()
    bench.click("saveProviderButton")
    assert bench.asked == []
    assert bench.find("providerHeaders").isVisible(), "the fold opens at what is wrong"


def test_another_server_is_asked_for_its_own_key(bench: Bench) -> None:
    bench.show(FIRST)
    QTest.keyClick(bench.row("a"), Qt.Key.Key_Return)
    assert any(line.startswith("The key is kept") for line in bench.texts())
    bench.write("providerAddress", "https://first.example.org/v2")
    assert any(line.startswith("The key is kept") for line in bench.texts()), "another path is the same server"
    bench.write("providerAddress", "https://other.example.org/v1")
    assert any(line.startswith("This is another server: enter its key") for line in bench.texts())


def test_a_variable_is_named_again_for_another_server(bench: Bench) -> None:
    bench.show(THIRD)
    bench.in_row("c", "editProviderButton").click()
    assert bench.find("providerKeyVariable").text() == "THIRD_KEY"
    bench.write("providerAddress", "https://other.example.org/v1")
    assert bench.find("providerKeyVariable").text() == ""
    bench.write("providerAddress", THIRD.base_url)
    assert bench.find("providerKeyVariable").text() == "THIRD_KEY"


def test_a_key_is_never_shown_again_and_hidden_while_it_is_written(bench: Bench) -> None:
    bench.show()
    bench.begin_new("openai")
    bench.write("providerKey", KEY)
    edit = bench.find("providerKey")
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    [reveal] = edit.actions()
    reveal.trigger()
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    bench.click("cancelProviderButton")
    bench.begin_new("openai")
    assert (edit.text(), edit.echoMode()) == ("", QLineEdit.EchoMode.Password)


def test_the_page_for_a_key_is_asked_for(bench: Bench) -> None:
    bench.show()
    bench.begin_new("openai")
    bench.click("getKeyButton")
    assert bench.asked == [("page", (OPENAI.key_url,))]
    bench.click("cancelProviderButton")
    bench.begin_new("ollama")
    assert not bench.find("getKeyButton").isVisible()


# The test of the connection


def test_a_test_is_told_in_place_and_fills_in_the_models(bench: Bench) -> None:
    bench.show()
    bench.begin_new("openai")
    bench.write("providerKey", KEY)
    bench.click("testConnectionButton")
    [(_, (config, key))] = bench.asked
    assert key.reveal() == KEY
    assert not bench.find("testConnectionButton").isEnabled()
    bench.page.show_test(ConnectionTested(ProviderId("another"), None))
    assert not bench.find("testConnectionButton").isEnabled(), "another provider's test is none of ours"
    fault = AuthenticationFailed("Incorrect API key").fault
    bench.page.show_test(ConnectionTested(config.id, fault))
    assert bench.result() == [fault.title, "Check the key. Incorrect API key"]
    bench.click("testConnectionButton")
    models = tuple(ModelInfo(id=f"m-{number}") for number in range(12))
    bench.page.show_test(ConnectionTested(config.id, None, models, 419.6))
    assert bench.result()[0] == "It answers: 12 models, 420 ms"
    bench.write("providerModel", "m-11")
    assert bench.find("providerModel").completer().completionCount() == 1


def test_a_result_of_what_was_changed_meanwhile_is_not_shown(bench: Bench) -> None:
    bench.show()
    bench.begin_new("openai")
    bench.click("testConnectionButton")
    [(_, (config, _key))] = bench.asked
    bench.write("providerKey", KEY)
    bench.page.show_test(ConnectionTested(config.id, None))
    assert not any(line.startswith("It answers") for line in bench.result())
    assert bench.find("testConnectionButton").isEnabled()


def test_nothing_jumps_when_the_result_comes(bench: Bench) -> None:
    bench.dialog.resize(860, 620)
    bench.show()
    bench.begin_new("openai")
    foot = bench.find("testConnectionButton").parentWidget()
    QApplication.sendPostedEvents()
    before = foot.geometry()
    bench.click("testConnectionButton")
    [(_, (config, _key))] = bench.asked
    bench.page.show_test(ConnectionTested(config.id, AuthenticationFailed("words " * 20).fault))
    QApplication.sendPostedEvents()
    foot.parentWidget().layout().activate()
    assert foot.geometry() == before


# Without encryption


def test_consent_is_asked_once_for_a_host_that_is_not_encrypted(bench: Bench) -> None:
    bench.show()
    bench.begin_new("any")
    bench.write("providerAddress", "http://nas.example.org:8080/v1")
    bench.click("saveProviderButton")
    assert "Speak to nas.example.org without encryption?" in bench.texts()
    bench.answer("cancelButton")
    assert bench.asked == []
    assert bench.changes == []
    bench.click("saveProviderButton")
    bench.answer("confirmButton")
    assert bench.changes == [("plain_http_hosts", ("nas.example.org",))]
    assert [name for name, _ in bench.asked] == ["save"]
    bench.show(hosts=("nas.example.org",))
    bench.begin_new("any")
    bench.write("providerAddress", "http://nas.example.org:9090/v1")
    bench.click("testConnectionButton")
    assert [name for name, _ in bench.asked] == ["save", "test"]


def test_this_computer_needs_no_consent(bench: Bench) -> None:
    bench.show()
    bench.begin_new("ollama")
    bench.click("testConnectionButton")
    assert [name for name, _ in bench.asked] == ["test"]


# By keyboard, and for those who do not see


def test_tab_reaches_everything_in_the_list_and_in_the_form(bench: Bench) -> None:
    bench.show(FIRST, SECOND)

    def reached(steps: int) -> set[str]:
        names = set()
        for _ in range(steps):
            QTest.keyClick(bench.dialog.focusWidget(), Qt.Key.Key_Tab)
            names.add(bench.dialog.focusWidget().objectName())
        return names

    bench.find("addProviderButton").setFocus()
    assert {"provider-a", "provider-b", "editProviderButton", "removeProviderButton", "enableProviderSwitch",
            "moveDownButton", "moveUpButton", "addProviderButton"} <= reached(20)  # fmt: skip
    bench.in_row("a", "editProviderButton").click()
    assert {"backButton", "providerName", "providerAddress", "providerKey", "keyPlace", "providerModel", "moreButton",
            "testConnectionButton", "cancelProviderButton", "saveProviderButton"} <= reached(24)  # fmt: skip


def test_everything_that_takes_the_focus_has_a_name(bench: Bench) -> None:
    bench.show(FIRST, SECOND, THIRD)
    bench.in_row("a", "editProviderButton").click()
    focusable = [each for each in bench.page.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [each.objectName() for each in focusable if not each.accessibleName()] == []


def test_the_form_fits_into_the_smallest_window(bench: Bench) -> None:
    bench.dialog.resize(MIN_SIZE)
    bench.show(FIRST)
    bench.in_row("a", "editProviderButton").click()
    QApplication.sendPostedEvents()
    for name in ("providerName", "keyPlace", "saveProviderButton", "testConnectionButton"):
        corner = bench.find(name).mapTo(bench.dialog, bench.find(name).rect().bottomRight())
        assert bench.dialog.rect().contains(corner), name


def test_enter_in_a_field_saves_and_on_a_button_presses_it(bench: Bench) -> None:
    bench.show(SECOND)
    bench.in_row("b", "editProviderButton").click()
    cancel = bench.find("cancelProviderButton")
    cancel.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    assert bench.asked == []
    assert bench.find("addProviderButton").isVisible()
    bench.in_row("b", "editProviderButton").click()
    bench.write("providerName", "Another")
    QTest.keyClick(bench.find("providerName"), Qt.Key.Key_Return)
    config, _key = bench.saved()
    assert (config.id, config.name) == (SECOND.id, "Another")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [(FIRST, "Its key is removed from your keyring, too."), (SECOND, "Conversations and their answers stay.")],
)
def test_removing_says_what_becomes_of_the_key(bench: Bench, config: ProviderConfig, sentence: str) -> None:
    bench.show(config)
    bench.in_row(config.id, "removeProviderButton").click()
    [line] = [line for line in bench.texts() if line.endswith("Conversations and their answers stay.")]
    assert line.startswith(sentence)


def test_one_whose_key_is_being_kept_is_not_said_to_be_off(bench: Bench) -> None:
    bench.show(FIRST)
    assert "Switched off" not in bench.words("a")


def test_the_list_of_models_is_shown_by_the_arrow_key_and_one_is_taken(bench: Bench) -> None:
    models = tuple(ModelInfo(id=name) for name in ("big", "small"))
    bench.show(FIRST, states=[ProviderState(id=FIRST.id, name="First", models=models)])
    bench.in_row("a", "editProviderButton").click()
    bench.write("providerModel", "zzz")
    QTest.keyClick(bench.find("providerModel"), Qt.Key.Key_Down)
    popup = bench.find("providerModel").completer().popup()
    assert popup.isVisible()
    assert popup.model().rowCount() == 2, "all of them, whatever is written"
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert bench.find("providerModel").text() == "big"
    bench.click("refreshModelsButton")
    assert bench.asked == [("refresh", ("a",))]


def test_looking_at_more_while_a_test_runs_changes_nothing(bench: Bench) -> None:
    bench.show()
    bench.begin_new("openai")
    bench.click("testConnectionButton")
    [(_, (config, _key))] = bench.asked
    bench.click("moreButton")
    bench.page.show_test(ConnectionTested(config.id, None))
    assert bench.result()[0].startswith("It answers")


def test_what_a_preset_knows_is_open_to_see(bench: Bench) -> None:
    bench.show()
    bench.begin_new("azure")
    assert bench.find("providerHeaders").toPlainText() == "x-version: 1"
