"""Pages made of a table show what is set, and ask for what is clicked."""

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.settings import ColorScheme, Settings
from app.ui.icons import Icons
from app.ui.settings.appearance_page import AppearancePage
from app.ui.settings.general_page import general_page
from app.ui.settings.page import Page
from app.ui.theme import Theme
from tests.ui.settings.conftest import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

Open = Callable[[Sequence[Page]], Hand]


@pytest.fixture
def hand(opened: Open, theme: Theme, icons: Icons) -> Hand:
    hand = opened([general_page(theme, icons), AppearancePage(theme, icons)])
    hand.dialog.show_settings(Settings())
    return hand


def test_what_is_shown_asks_for_nothing(hand: Hand) -> None:
    hand.dialog.show_settings(Settings(color_scheme=ColorScheme.DARK, reduces_motion=True, zoom_percent=150))
    assert hand.changes == []
    assert hand.find("colorSchemeDark").isChecked()
    assert hand.find("setting_reduces_motion").isChecked()
    assert hand.find("setting_zoom_percent").text() == "150 %"


@pytest.mark.parametrize(
    ("page", "click", "change"),
    [
        ("general", "setting_announces_answers", ("announces_answers", False)),
        ("appearance", "setting_reduces_motion", ("reduces_motion", True)),
        ("appearance", "colorSchemeLight", ("color_scheme", ColorScheme.LIGHT)),
    ],
)
def test_a_click_asks_for_the_other_at_once(hand: Hand, page: str, click: str, change: tuple[str, object]) -> None:
    hand.dialog.go_to(page)
    hand.click(click)
    assert hand.changes == [change]


@pytest.mark.parametrize(
    ("page", "name", "label", "change"),
    [
        ("general", "setting_sends_with_ctrl", "Ctrl+Enter", ("sends_with_ctrl", True)),
        ("general", "setting_opens_last_conversation", "The last conversation", ("opens_last_conversation", True)),
        ("appearance", "setting_zoom_percent", "125 %", ("zoom_percent", 125)),
    ],
)
def test_a_choice_is_made_by_keyboard(hand: Hand, page: str, name: str, label: str, change: tuple[str, object]) -> None:
    hand.dialog.go_to(page)
    hand.choose(name, label)
    assert hand.changes == [change]
    assert label in hand.find(name).accessibleName()


def test_a_value_of_an_edited_file_that_is_no_option_is_shown_as_it_is(hand: Hand) -> None:
    hand.dialog.show_settings(Settings(zoom_percent=133))
    assert hand.find("setting_zoom_percent").text() == "133"


def test_a_switch_obeys_space_and_enter(hand: Hand) -> None:
    switch = hand.find("setting_announces_answers")
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    QTest.keyClick(switch, Qt.Key.Key_Return)
    assert hand.changes == [("announces_answers", False), ("announces_answers", True)]


def test_the_menu_of_a_choice_begins_at_what_is_set(hand: Hand) -> None:
    hand.dialog.go_to("appearance")
    hand.click("setting_zoom_percent")
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert menu.activeAction().text() == "100 %"  # type: ignore[attr-defined]  # it is a QMenu
    menu.close()
