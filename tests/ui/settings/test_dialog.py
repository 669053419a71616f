"""The settings window: a list of pages, a search above it, and no way that needs a mouse."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.settings import Settings
from app.ui.icons import Icons
from app.ui.settings.about_page import AboutPage
from app.ui.settings.appearance_page import AppearancePage
from app.ui.settings.data_page import DataPage
from app.ui.settings.dialog import MIN_SIZE, SettingsDialog
from app.ui.settings.general_page import general_page
from app.ui.settings.page import Page, Section
from app.ui.theme import Theme
from tests.ui.settings.conftest import Hand, sections_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

Open = Callable[[Sequence[Page]], Hand]


def pages(theme: Theme, icons: Icons) -> list[Page]:
    data = DataPage(str(Path("/data/of <b>mine</b>")))
    return [general_page(theme, icons), AppearancePage(theme, icons), data, AboutPage("1.2.3")]


@pytest.fixture
def hand(opened: Open, theme: Theme, icons: Icons) -> Hand:
    return opened(pages(theme, icons))


def marked(hand: Hand) -> list[str]:
    """The labels of the settings that are marked as found."""
    rows = [row for row in hand.dialog.findChildren(QWidget) if row.property("found")]
    return [row.findChildren(QLabel)[0].text() for row in rows]


@pytest.mark.parametrize(
    ("query", "sections", "rows"),
    [
        ("dark", ["Appearance"], ["Colours"]),
        ("MOTION", ["Appearance"], ["Reduce motion"]),
        ("font", ["Appearance"], ["Size of the text in conversations"]),  # a synonym: no label says it
        ("new line", ["General"], ["Send a message with"]),
        ("general keyboard", ["General"], ["Send a message with"]),
        ("about", ["About"], []),
        ("accessibility", ["General", "Appearance"], ["Tell screen readers what is answered", "Reduce motion"]),
        ("there is no such thing", [], []),
    ],
)
def test_a_search_leaves_the_pages_that_have_it_and_marks_the_settings(
    hand: Hand, query: str, sections: list[str], rows: list[str]
) -> None:
    hand.write("settingsSearch", query)
    assert hand.sections() == sections
    assert sorted(marked(hand)) == sorted(rows)
    assert ("No setting found" in hand.texts()) is (sections == [])
    hand.find("settingsSearch").clear()
    assert hand.sections() == ["General", "Appearance", "Data", "About"]
    assert marked(hand) == []


def test_enter_in_the_search_goes_to_what_was_found(hand: Hand) -> None:
    hand.write("settingsSearch", "zoom")
    assert hand.dialog.page.key == "appearance"
    QTest.keyClick(hand.find("settingsSearch"), Qt.Key.Key_Return)
    assert hand.dialog.focusWidget() is hand.find("setting_zoom_percent")
    assert hand.dialog.isVisible()


def test_escape_clears_the_search_first_and_closes_then(hand: Hand) -> None:
    hand.write("settingsSearch", "zoom")
    QTest.keyClick(hand.find("settingsSearch"), Qt.Key.Key_Escape)
    assert hand.find("settingsSearch").text() == ""
    assert hand.dialog.isVisible()
    QTest.keyClick(hand.find("settingsSearch"), Qt.Key.Key_Escape)
    assert not hand.dialog.isVisible()


def test_the_arrow_keys_go_through_the_pages_from_the_search_too(hand: Hand) -> None:
    search = hand.find("settingsSearch")
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert hand.dialog.page.key == "appearance"
    assert hand.dialog.focusWidget() is search


def test_ctrl_f_goes_to_the_search(hand: Hand) -> None:
    hand.dialog.activateWindow()
    QTest.keyClick(hand.dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert hand.dialog.focusWidget() is hand.find("settingsSearch")


def test_tab_reaches_every_control_of_a_page(hand: Hand) -> None:
    hand.dialog.go_to("appearance")
    reached = set()
    hand.find("settingsNavigation").setFocus()
    for _ in range(12):
        QTest.keyClick(hand.dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.add(hand.dialog.focusWidget().objectName())
    assert {"settingsSearch", "settingsNavigation", "setting_zoom_percent", "setting_reduces_motion"} <= reached
    assert reached & {"colorSchemeSystem", "colorSchemeLight", "colorSchemeDark"}


def test_the_size_is_kept_and_never_below_the_smallest(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    dialog = SettingsDialog(sections_of(pages(theme, icons)), QSize(10, 10))
    qtbot.addWidget(dialog)
    asked: dict[str, object] = {}
    dialog.change_requested.connect(asked.__setitem__)
    dialog.open()
    assert dialog.size() == MIN_SIZE
    dialog.resize(900, 700)
    dialog.close()
    assert asked == {"settings_width": 900, "settings_height": 700}


def test_the_data_folder_is_shown_to_the_character_and_can_be_opened(hand: Hand, qtbot: QtBot) -> None:
    hand.dialog.go_to("data")
    assert "/data/of <b>mine</b>" in hand.texts()
    with qtbot.waitSignal(hand.dialog.page.open_folder_requested):  # type: ignore[attr-defined]  # it is a DataPage
        hand.click("openFolderButton")


def test_about_tells_the_version_and_the_licence(hand: Hand) -> None:
    hand.dialog.go_to("about")
    assert any("1.2.3" in line and "MIT" in line for line in hand.texts())


def test_no_label_takes_text_for_markup_and_every_control_has_a_name(hand: Hand) -> None:
    hand.dialog.show_settings(Settings())
    labels = [label for label in hand.dialog.findChildren(QLabel) if label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert all(each.accessibleName() and each.toolTip() for each in hand.dialog.findChildren(QPushButton))
    focusable = [each for each in hand.dialog.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert all(each.accessibleName() for each in focusable), [each.objectName() for each in focusable]


@pytest.mark.parametrize("key", ["general", "appearance", "data", "about"])
def test_every_page_fits_into_the_smallest_window(hand: Hand, key: str) -> None:
    hand.dialog.resize(MIN_SIZE)
    hand.dialog.go_to(key)
    QApplication.processEvents()
    page = hand.dialog.page
    assert page.minimumSizeHint().width() <= page.width()


def test_a_page_is_built_when_it_is_needed_and_the_others_one_by_one(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    built: list[str] = []

    def section(page: Page) -> Section:
        def build() -> Page:
            built.append(page.key)
            return page

        return Section(page.key, page.title, build)

    dialog = SettingsDialog([section(page) for page in pages(theme, icons)])
    qtbot.addWidget(dialog)
    dialog.show_settings(Settings(zoom_percent=150))
    dialog.go_to("data")
    dialog.open()
    assert built == ["data"]
    qtbot.waitUntil(lambda: len(built) == 4)
    assert built == ["data", "general", "appearance", "about"]
    assert dialog.page.key == "data", "the one in sight stays"
    zoom = dialog.findChild(QPushButton, "setting_zoom_percent")
    assert zoom is not None
    assert zoom.text() == "150 %", "a page that is built late shows what is set"
