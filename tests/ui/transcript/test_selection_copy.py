"""What is copied is there as it reads, plain and rich, or as Markdown; a lot of it never stops the window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest

from app.domain.conversation import MessageStatus, Role
from app.ui.transcript.selection_copy import RENDERED_CHARACTERS
from tests.ui.transcript.window import NewMessage, Window

CONTROL = Qt.KeyboardModifier.ControlModifier
CONTROL_SHIFT = CONTROL | Qt.KeyboardModifier.ShiftModifier
TEXT = (
    "# Title\n\nSome **bold** and *slanted* words, `code` and [a link](https://example.com/x).\n\n"
    "- one\n- two\n\n> a quote\n\n```py\nx = 1 < 2\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
)


def copy(window: Window, *, as_markdown: bool = False) -> tuple[str, str]:
    """Copies by key. Text and rich text as other programs get them."""
    QGuiApplication.clipboard().clear()
    window.press(Qt.Key.Key_C, CONTROL_SHIFT if as_markdown else CONTROL)
    window.qtbot.waitUntil(lambda: not window.transcript.reader.is_copying)
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


def select_all(window: Window) -> None:
    window.press(Qt.Key.Key_A, CONTROL)


def test_a_word_processor_gets_the_looks_and_an_editor_the_text(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message(TEXT)])
    select_all(window)
    text, html = copy(window)
    assert "**" not in text
    assert "`" not in text
    assert text.startswith("Title\n\nSome bold and slanted words, code and a link.")
    assert "x = 1 < 2" in text
    for tag in ("<h1>", "<strong>", "<em>", "<code>", 'href="https://example.com/x"', "<li>", "<blockquote>", "<td>"):
        assert tag in html, tag
    assert "x = 1 &lt; 2" in html
    pasted = QTextDocument()
    pasted.setHtml(html)
    assert "Some bold and slanted words" in pasted.toPlainText()


def test_a_message_copied_as_markdown_is_what_was_written(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("**The** question", Role.USER), new_message(TEXT)])
    select_all(window)
    assert copy(window, as_markdown=True) == (f"**The** question\n\n{TEXT}", "")


def test_a_part_copied_as_markdown_keeps_its_marks(window: Window, new_message: NewMessage) -> None:
    answer = new_message("Some **bold** words\n\n- one\n- two")
    window.transcript.show_messages([answer])
    window.settle()
    start, end = QPoint(20, window.row(answer).y() + 28), QPoint(800, window.row(answer).y() + 28)
    viewport = window.transcript.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert copy(window, as_markdown=True)[0] == "Some **bold** words"
    assert copy(window)[0] == "Some bold words"


def test_nothing_selected_leaves_the_clipboard_alone(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("text")])
    QGuiApplication.clipboard().setText("before")
    for modifiers in (CONTROL, CONTROL_SHIFT):
        window.press(Qt.Key.Key_C, modifiers)
    assert QGuiApplication.clipboard().text() == "before"


def test_control_characters_are_not_copied(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("a \x1b[31mred\x1b[0m word")])
    select_all(window)
    text, html = copy(window)
    assert text == "a red word"
    assert "\x1b" not in html


def test_markup_in_a_text_is_text_in_the_rich_text_too(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("<script>x</script> & <b>", Role.USER), new_message("a <i>tag</i>")])
    select_all(window)
    text, html = copy(window)
    assert text == "<script>x</script> & <b>\n\na <i>tag</i>"
    assert "<script" not in html
    assert "<i>" not in html


def test_what_is_copied_is_told_when_it_is_there(window: Window, new_message: NewMessage) -> None:
    told: list[str] = []
    window.transcript.copied.connect(told.append)
    window.transcript.show_messages([new_message("a **word**")])
    select_all(window)
    copy(window)
    assert told == ["a word"]


def test_a_lot_is_copied_between_events(window: Window, new_message: NewMessage) -> None:
    """Messages that nobody has looked at are read for it, a little at a time."""
    window.transcript.show_messages([new_message(f"number **{number}**. {TEXT}") for number in range(80)])
    select_all(window)
    QGuiApplication.clipboard().clear()
    window.press(Qt.Key.Key_C, CONTROL)
    assert window.transcript.reader.is_copying
    window.qtbot.waitUntil(lambda: not window.transcript.reader.is_copying, timeout=20_000)
    text = QGuiApplication.clipboard().text()
    assert all(f"number {number}. # Title" in text for number in range(80))


def test_a_selection_beyond_all_measure_is_copied_as_written(window: Window, new_message: NewMessage) -> None:
    line = "some **words**\n\n"
    text = line * (RENDERED_CHARACTERS // len(line) + 1)
    window.transcript.show_messages([new_message(text), new_message("the **end**")])
    select_all(window)
    assert copy(window) == (f"{text.rstrip()}\n\nthe **end**", "")


def test_another_conversation_ends_a_copy_under_way(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message(TEXT) for _ in range(80)])
    select_all(window)
    QGuiApplication.clipboard().setText("before")
    window.press(Qt.Key.Key_C, CONTROL)
    window.transcript.show_messages([new_message("another conversation")])
    assert not window.transcript.reader.is_copying
    window.qtbot.wait(50)
    assert QGuiApplication.clipboard().text() == "before"


@pytest.mark.parametrize("as_markdown", [False, True])
def test_an_answer_can_be_copied_while_it_is_written(
    window: Window, new_message: NewMessage, *, as_markdown: bool
) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    window.transcript.append_text(live.id, "The **first** paragraph.\n\nThe **sec")
    select_all(window)
    text, _ = copy(window, as_markdown=as_markdown)
    assert text == ("The **first** paragraph.\n\nThe **sec" if as_markdown else "The first paragraph.\n\nThe sec")
