"""Privacy, Data, Shortcuts, Advanced and Diagnostics show what is so, and ask for what is clicked."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.diagnosis import Chapter, Diagnosis, Fact
from app.domain.network import ProxyMode, ProxySetting
from app.domain.settings import Settings
from app.engine.events import DiagnosisMade
from app.ui.actions import Actions
from app.ui.icons import Icons
from app.ui.settings.advanced_page import AdvancedPage
from app.ui.settings.data_page import DataPage
from app.ui.settings.diagnostics_page import DiagnosticsPage
from app.ui.settings.page import Page
from app.ui.settings.privacy_page import PrivacyPage
from app.ui.settings.shortcuts_page import ShortcutsPage
from app.ui.theme import Theme
from tests.ui.settings.conftest import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

MADE = Diagnosis(
    chapters=(Chapter("Versions", (Fact("Belay", "1.2.3"), Fact("Python", "3.11"))), Chapter("Last errors", ())),
    folder_bytes=1_234_567,
    database_bytes=4096,
    conversations=1,
    messages=12_345,
)


@pytest.fixture
def window(qtbot: Any) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window: QWidget) -> Actions:
    return Actions(window)


@pytest.fixture
def hand(opened: Callable[[Sequence[Page]], Hand], theme: Theme, icons: Icons, actions: Actions) -> Hand:
    hand = opened([
        PrivacyPage(theme, icons), DataPage("/data"), ShortcutsPage(actions.all()), AdvancedPage(theme, icons),
        DiagnosticsPage(),
    ])  # fmt: skip
    hand.dialog.show_settings(Settings())
    return hand


def gathered(hand: Hand, key: str) -> list[Any]:
    """What the page asked for when it came into sight."""
    asked: list[Any] = []
    page: Any = next(page for page in hand.dialog.pages if page.key == key)
    page.gather_requested.connect(asked.append)
    hand.dialog.go_to(key)
    return asked


@pytest.mark.parametrize("field", ["warms_connections", "finds_local_servers"])
def test_what_belay_does_by_itself_can_be_switched_off(hand: Hand, field: str) -> None:
    hand.click(f"setting_{field}")
    assert hand.changes == [(field, False)]


def test_a_host_that_was_allowed_can_be_taken_back(hand: Hand) -> None:
    assert any(line.startswith("You have allowed none") for line in hand.texts())
    hand.dialog.show_settings(Settings(plain_http_hosts=("nas", "printer")))
    assert {"nas", "printer"} <= set(hand.texts())
    hand.click("forgetHost-nas")
    assert hand.changes == [("plain_http_hosts", ("printer",))]


def test_data_says_how_much_there_is(hand: Hand) -> None:
    assert len(gathered(hand, "data")) == 1
    hand.dialog.take(DiagnosisMade(MADE))
    assert hand.find("dataAmount").text() == "1 conversation, 12,345 messages, 1.2 MB"


def test_shortcuts_lists_every_key_of_the_window_and_follows_the_setting(hand: Hand, actions: Actions) -> None:
    hand.dialog.go_to("shortcuts")
    shown = hand.texts()
    for action in actions.all():
        for keys in action.shortcuts():
            assert any(keys.toString() in line.split(", ") for line in shown), keys.toString()
    assert "Enter" in shown
    hand.dialog.show_settings(Settings(sends_with_ctrl=True))
    assert "Ctrl+Enter" in hand.texts()


def test_a_proxy_counts_when_it_is_an_address(hand: Hand) -> None:
    hand.dialog.go_to("advanced")
    assert not hand.find("proxyAddress").isVisible()
    hand.choose("proxyMode", "This one")
    assert hand.changes == [], "without an address it would cut off every provider"
    hand.write("proxyAddress", "ftp://proxy")
    QTest.keyClick(hand.find("proxyAddress"), Qt.Key.Key_Return)
    assert hand.changes == []
    assert "must begin with" in hand.find("proxyAddress").accessibleDescription()
    hand.write("proxyAddress", "socks5://localhost:1080")
    QTest.keyClick(hand.find("proxyAddress"), Qt.Key.Key_Return)
    wanted = ProxySetting(ProxyMode.MANUAL, "socks5://localhost:1080")
    assert hand.changes == [("proxy", wanted)]
    assert hand.dialog.isVisible()
    hand.choose("proxyMode", "None")
    assert hand.changes[1:] == [("proxy", ProxySetting(ProxyMode.NONE, "socks5://localhost:1080"))]


def test_a_proxys_password_is_refused_and_it_is_said_where_it_belongs(hand: Hand) -> None:
    hand.dialog.go_to("advanced")
    hand.choose("proxyMode", "This one")
    hand.write("proxyAddress", "http://ann:secret@proxy:8080")
    QTest.keyClick(hand.find("proxyAddress"), Qt.Key.Key_Return)
    assert hand.changes == []
    assert "HTTPS_PROXY" in hand.find("proxyAddress").accessibleDescription()
    hand.choose("proxyMode", "None")
    assert hand.changes == [("proxy", ProxySetting(ProxyMode.NONE, ""))], "nor is it kept beside"


def test_a_proxys_password_from_before_goes_on_working_and_is_told_of(hand: Hand) -> None:
    old = ProxySetting(ProxyMode.MANUAL, "http://ann:secret@proxy:8080")
    hand.dialog.show_settings(Settings(proxy=old))
    hand.dialog.go_to("advanced")
    assert "can be read in Belay's settings file" in hand.find("proxyAddress").accessibleDescription()
    hand.choose("proxyMode", "None")
    hand.choose("proxyMode", "This one")
    assert hand.changes[-1] == ("proxy", old)
    hand.write("proxyAddress", "http://proxy:8080")
    QTest.keyClick(hand.find("proxyAddress"), Qt.Key.Key_Return)
    assert hand.changes[-1] == ("proxy", ProxySetting(ProxyMode.MANUAL, "http://proxy:8080"))
    assert hand.find("proxyAddress").accessibleDescription() == ""


def test_diagnostics_are_gathered_when_they_are_looked_at_and_copied_as_they_are(hand: Hand) -> None:
    [facts] = gathered(hand, "diagnostics")
    names = {fact.name for fact in facts}
    assert {"Qt", "PySide6", "Platform plugin", "Screen", "Painted by"} <= names
    assert dict(facts)["Platform plugin"] == "offscreen"
    hand.dialog.take(DiagnosisMade(MADE))
    text = "Versions\n  Belay   1.2.3\n  Python  3.11\n\nLast errors\n"
    assert hand.find("diagnosticsText").toPlainText() == text
    hand.click("copyDiagnosticsButton")
    assert QGuiApplication.clipboard().text() == text


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("telemetry", "Privacy"), ("unencrypted", "Privacy"), ("ollama", "Privacy"), ("disk space", "Data"),
        ("Ctrl+K", "Shortcuts"), ("socks5", "Advanced"), ("self-signed", "Advanced"), ("bug report", "Diagnostics"),
    ],
)  # fmt: skip
def test_the_search_finds_it(hand: Hand, query: str, page: str) -> None:
    hand.write("settingsSearch", query)
    assert page in hand.sections()
    QTest.keyClick(hand.find("settingsSearch"), Qt.Key.Key_Return)
    QApplication.sendPostedEvents()
    assert hand.dialog.isVisible()


def test_everything_that_takes_the_focus_has_a_name(hand: Hand) -> None:
    hand.dialog.show_settings(Settings(plain_http_hosts=("nas",)))
    focusable = [each for each in hand.dialog.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [each.objectName() for each in focusable if not each.accessibleName()] == []
