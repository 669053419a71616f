"""A settings window around pages, and a hand to use it with."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.page import Page, Section


class Hand:
    """A shown settings window, what it asked for, and what a person does with it."""

    def __init__(self, dialog: SettingsDialog) -> None:
        self.dialog = dialog
        self.changes: list[tuple[str, object]] = []
        dialog.change_requested.connect(lambda field, value: self.changes.append((field, value)))

    def find(self, name: str) -> Any:
        found = self.dialog.findChild(QWidget, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def choose(self, name: str, label: str) -> None:
        """From the menu of a choice, by keyboard."""
        QTest.keyClick(self.find(name), Qt.Key.Key_Space)
        menu: Any = QApplication.activePopupWidget()
        [action] = [action for action in menu.actions() if action.text() == label]
        menu.setActiveAction(action)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    def write(self, name: str, text: str) -> None:
        field = self.find(name)
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Backspace)
        QTest.keyClicks(field, text)

    def sections(self) -> list[str]:
        """The pages that the list shows now."""
        rows: QListWidget = self.find("settingsNavigation")
        items = [rows.item(number) for number in range(rows.count())]
        return [item.text() for item in items if not item.isHidden()]

    def texts(self) -> list[str]:
        QApplication.sendPostedEvents()  # a label added to a shown page is shown by the next turn of the loop
        return [label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible()]


def sections_of(pages: Sequence[Page]) -> list[Section]:
    return [Section(page.key, page.title, partial(_itself, page)) for page in pages]


def _itself(page: Page) -> Page:
    return page


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[[Sequence[Page]], Hand]:
    def open_with(pages: Sequence[Page]) -> Hand:
        dialog = SettingsDialog(sections_of(pages))
        dialog.go_to("")
        assert dialog.pages, "all are built"
        qtbot.addWidget(dialog)
        dialog.open()
        return Hand(dialog)

    return open_with
