"""The look: themes, the empty conversation, the sign that something is coming."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from app.domain.conversation import MessageStatus, Role
from app.domain.settings import ColorScheme
from app.ui.palette import DARK, LIGHT
from app.ui.theme import Theme
from tests.ui.transcript.window import NewMessage, Window


@pytest.fixture(autouse=True)
def _light_again(theme: Theme) -> Iterator[None]:
    yield
    theme.follow(ColorScheme.LIGHT)


def test_a_change_of_theme_dresses_what_is_on_screen_and_moves_nothing(
    window: Window, theme: Theme, new_message: NewMessage
) -> None:
    window.transcript.show_messages([new_message("Some words.\n\n```py\ncode\n```\n" * 9) for _ in range(20)])
    window.wheel(+15)
    window.settle()
    before, tops = window.picture(), [row.y() for row in window.rows()]
    assert before.pixelColor(3, 3) == QColor(LIGHT.background)
    theme.follow(ColorScheme.DARK)
    window.settle()
    assert window.picture().pixelColor(3, 3) == QColor(DARK.background)
    assert [row.y() for row in window.rows()] == tops
    theme.follow(ColorScheme.LIGHT)
    window.settle()
    assert window.picture() == before


def test_an_empty_conversation_says_its_word_as_plain_text(window: Window, new_message: NewMessage) -> None:
    window.transcript.set_empty_text("Ask <b>me</b>", ["A line", "Another"])
    window.transcript.clear()
    window.settle()
    labels = [label for label in window.transcript.findChildren(QLabel) if label.isVisible()]
    assert [label.text() for label in labels] == ["Ask <b>me</b>", "A line", "Another"]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert window.picture() != blank(window)
    window.transcript.add_message(new_message("Hello", Role.USER))
    assert not any(label.isVisible() for label in labels)
    window.transcript.clear()
    assert all(label.isVisible() for label in labels)


def test_loading_hides_the_welcome_and_says_so_only_if_it_takes_long(window: Window) -> None:
    window.transcript.set_empty_text("Welcome", [])
    window.transcript.clear()
    window.settle()
    window.transcript.set_loading(True)
    assert shown_words(window) == []
    window.qtbot.wait(300)
    assert "Opening…" in shown_words(window)
    window.transcript.set_loading(False)
    assert shown_words(window) == ["Welcome"]


def test_a_pulse_shows_before_the_first_word_and_rests_after_it(window: Window, new_message: NewMessage) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([live])
    pictures = set()
    for _ in range(8):
        window.qtbot.wait(60)
        dot = QPoint(window.row(live).x() + 71, 28)
        pictures.add(window.picture().pixelColor(dot).name())
    assert len(pictures) > 1
    window.transcript.append_text(live.id, "Word")
    window.qtbot.wait(60)
    still = window.picture()
    window.qtbot.wait(200)
    assert window.picture() == still


def test_a_bubble_hugs_its_text_on_the_right(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("Hi", Role.USER)])
    window.settle()
    picture = window.picture()
    bubble = QColor(LIGHT.bubble)
    columns = [x for x in range(picture.width()) if picture.pixelColor(x, 39) == bubble]
    assert 0 < columns[-1] - columns[0] < 80
    assert picture.width() - columns[-1] < 80


def test_the_box_of_a_hundred_thousand_lines_has_its_edges_everywhere(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("```c\n" + "int line;\n" * 100_000)])
    window.settle()
    bar = window.transcript.verticalScrollBar()
    for share in (0.2, 0.5, 0.9):
        bar.setValue(int(share * bar.maximum()))
        window.settle()
        picture = window.picture()
        left = next(x for x in range(picture.width()) if picture.pixelColor(x, 300) != QColor(LIGHT.background))
        assert picture.pixelColor(left, 300) == QColor(LIGHT.border)
        assert picture.pixelColor(left + 2, 300) == QColor(LIGHT.code_background)


def test_a_formula_takes_the_place_of_its_source_by_itself(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("The sum $\\sum_{k=1}^n k$ is known.")])
    ground = QColor(LIGHT.inline_code).rgb()

    def has_source() -> bool:
        picture = window.picture(100)
        return any(picture.pixel(x, y) == ground for x in range(picture.width()) for y in range(picture.height()))

    window.settle()
    window.qtbot.waitUntil(lambda: not has_source(), timeout=20_000)


def blank(window: Window) -> object:
    picture = window.picture()
    picture.fill(QColor(LIGHT.background))
    return picture


def shown_words(window: Window) -> list[str]:
    return [label.text() for label in window.transcript.findChildren(QLabel) if label.isVisible() and label.text()]
