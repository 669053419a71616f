"""Who has no terminal is told too why the program can't run."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.errors import DatabaseTooNew
from app.ui.cannot_start import CannotStartDialog


def test_it_says_what_and_what_to_do_and_closes(qtbot: QtBot) -> None:
    dialog = CannotStartDialog(DatabaseTooNew("<b>schema 9</b>").fault)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.finished):
        dialog.open()
        shown = [label.text() for label in dialog.findChildren(QLabel)]
        assert shown[0] == "These conversations were written by a newer Belay."
        assert shown[1].startswith("Update Belay")
        assert shown[2] == "<b>schema 9</b>"
        QTest.mouseClick(dialog.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
