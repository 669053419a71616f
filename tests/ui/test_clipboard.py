"""What is copied is there as text and as rich text, and outlives the program without harm."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.ui.clipboard import put_on_clipboard

ROOT = Path(__file__).parents[2]
COPY_AND_QUIT = """
import sys
from PySide6.QtWidgets import QApplication
from app.ui.clipboard import put_on_clipboard
app = QApplication(sys.argv)
put_on_clipboard("word", "<b>word</b>")
"""


def test_text_and_rich_text_are_there_at_once(qtbot: QtBot) -> None:
    put_on_clipboard("a word", "a <b>word</b>")
    data = QGuiApplication.clipboard().mimeData()
    assert data.formats() == ["text/plain", "text/html"]
    assert (data.text(), data.html()) == ("a word", "a <b>word</b>")


def test_plain_text_alone_says_nothing_of_rich_text(qtbot: QtBot) -> None:
    put_on_clipboard("a word")
    assert QGuiApplication.clipboard().mimeData().formats() == ["text/plain"]


def test_a_program_that_ends_with_rich_text_on_the_clipboard_ends_well() -> None:
    ended = subprocess.run([sys.executable, "-c", COPY_AND_QUIT], cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
