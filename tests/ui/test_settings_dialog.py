"""The settings window shows what is so, and asks for what should be."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.errors import ProviderUnreachable
from app.domain.model import BUILT_IN, ENVIRONMENT
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import ColorScheme, Settings
from app.ui.icons import Icons
from app.ui.settings.dialog import SettingsDialog
from app.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, icons: Icons) -> SettingsDialog:
    dialog = SettingsDialog(theme, icons, version="1.2.3", data_folder=Path("/data/of <b>mine</b>"))
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def go_to(dialog: SettingsDialog, section: str) -> None:
    navigation = dialog.findChild(QListWidget, "settingsNavigation")
    assert isinstance(navigation, QListWidget)
    [item] = navigation.findItems(section, Qt.MatchFlag.MatchExactly)
    navigation.setCurrentItem(item)


def texts(dialog: SettingsDialog) -> list[str]:
    QApplication.sendPostedEvents()  # a label added to a shown page is shown by the next turn of the loop
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def button(dialog: SettingsDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_the_appearance_is_asked_for_at_once_and_showing_it_asks_for_nothing(dialog: SettingsDialog) -> None:
    asked: list[ColorScheme] = []
    dialog.color_scheme_requested.connect(asked.append)
    dialog.show_settings(Settings(color_scheme=ColorScheme.DARK))
    assert button(dialog, "colorSchemeDark").isChecked()
    assert asked == []
    QTest.mouseClick(button(dialog, "colorSchemeLight"), Qt.MouseButton.LeftButton)
    assert asked == [ColorScheme.LIGHT]
    assert not button(dialog, "colorSchemeDark").isChecked()


def test_switches_show_what_is_set_and_ask_for_the_other_when_clicked(dialog: SettingsDialog) -> None:
    asked: list[tuple[str, bool]] = []
    dialog.announcing_requested.connect(lambda is_wanted: asked.append(("announcing", is_wanted)))
    dialog.reduced_motion_requested.connect(lambda is_wanted: asked.append(("reduced motion", is_wanted)))
    dialog.show_settings(Settings(announces_answers=True, reduces_motion=False))
    switches = {name: dialog.findChild(QCheckBox, name) for name in ("announceSwitch", "reduceMotionSwitch")}
    assert [switch is not None and switch.isChecked() for switch in switches.values()] == [True, False]
    assert asked == []
    for switch in switches.values():
        assert switch is not None
        switch.click()
    assert asked == [("announcing", False), ("reduced motion", True)]


def test_providers_are_listed_with_how_they_are_and_where(dialog: SettingsDialog) -> None:
    go_to(dialog, "Providers")
    assert "There is no provider yet" not in texts(dialog), "nothing is known before show_providers"
    dialog.show_providers([], {})
    assert "There is no provider yet" in texts(dialog)
    failed = ProviderState(
        id=ENVIRONMENT, name="Environment", phase=ProviderPhase.FAILED, fault=ProviderUnreachable().fault
    )
    built_in = ProviderState(id=BUILT_IN, name="Built-in", phase=ProviderPhase.READY, note="A demo model.")
    dialog.show_providers([failed, built_in], {ENVIRONMENT: "https://example.org/v1"})
    shown = texts(dialog)
    for line in ("Can't reach the provider", "https://example.org/v1", "Built-in", "Ready", "A demo model."):
        assert line in shown
    assert any("OPENAI_BASE_URL" in line and "OPENAI_API_KEY" in line and "BELAY_MODEL" in line for line in shown)


def test_the_data_folder_is_shown_to_the_character_and_can_be_opened(dialog: SettingsDialog, qtbot: QtBot) -> None:
    go_to(dialog, "Data")
    assert "/data/of <b>mine</b>" in texts(dialog)
    with qtbot.waitSignal(dialog.open_folder_requested):
        QTest.mouseClick(button(dialog, "openFolderButton"), Qt.MouseButton.LeftButton)


def test_about_tells_the_version_and_the_licence(dialog: SettingsDialog) -> None:
    go_to(dialog, "About")
    assert any("1.2.3" in line and "MIT" in line for line in texts(dialog))


def test_no_label_takes_text_for_markup_and_every_button_has_a_name(dialog: SettingsDialog) -> None:
    dialog.show_providers([ProviderState(id=BUILT_IN, name="<b>Built-in</b>", note="<i>")], {})
    labels = [label for label in dialog.findChildren(QLabel) if label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert all(each.accessibleName() and each.toolTip() for each in dialog.findChildren(QPushButton))


def test_the_marks_follow_a_change_of_theme(dialog: SettingsDialog, theme: Theme) -> None:
    dialog.show_providers([ProviderState(id=BUILT_IN, name="Built-in", phase=ProviderPhase.READY)], {})
    go_to(dialog, "Providers")
    theme.follow(ColorScheme.DARK)
    assert "Built-in" in texts(dialog)
