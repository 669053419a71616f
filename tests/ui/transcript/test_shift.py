"""What is painted moves along with the text, and the screen shows what would be painted anew."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication

from app.domain.conversation import Message, MessageStatus, Role
from app.ui.transcript.row import Row
from tests.ui.transcript.window import NewMessage, Window

PARAGRAPH = "Some words that fill a line or two of the column, and then some more of them to be sure. " * 3 + "\n\n"
CODE = "```\n" + "value = call(1)\n" * 40 + "```\n\n"
ANSWER = f"{PARAGRAPH}{CODE}> quoted\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"


@pytest.fixture(name="live")
def _live(window: Window, new_message: NewMessage) -> Message:
    """Several screens, all laid out, with an answer being written at the end. Returns that."""
    live = new_message(status=MessageStatus.GENERATING)
    messages = [message for n in range(3) for message in (new_message(f"Question {n}", Role.USER), new_message(ANSWER))]
    window.transcript.show_messages([*messages, live])
    window.transcript.append_text(live.id, PARAGRAPH * 3)
    window.settle()
    return live


def on_screen(window: Window) -> QImage:
    transcript = window.transcript
    QApplication.processEvents()
    QApplication.sendPostedEvents()  # what timers have changed after that is painted, and no timer runs
    screen = transcript.screen().grabWindow(transcript.winId())
    return screen.toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(window: Window) -> QImage:
    return window.transcript.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def nothing(_window: Window, _live: Message) -> None:
    pass


def find(window: Window, _live: Message) -> None:
    window.transcript.reader.find.open()
    window.transcript.reader.find.look_for("words")
    window.qtbot.waitUntil(lambda: not window.transcript.reader.find.is_searching)


def select(window: Window, _live: Message) -> None:
    window.transcript.reader.select_all()


def focus(window: Window, _live: Message) -> None:
    window.transcript.reader.focus.to_message(-1)


@pytest.mark.parametrize("before", [nothing, find, select, focus])
def test_the_screen_shows_what_would_be_painted_anew(
    window: Window, live: Message, before: Callable[[Window, Message], None]
) -> None:
    before(window, live)
    for notches in (+1, +1, +0.25, +3, -0.5, +12, -2, +0.1, -1):
        window.wheel(notches)
        assert on_screen(window) == painted_anew(window)
        window.transcript.append_text(live.id, "some more words\n\n")
        assert on_screen(window) == painted_anew(window)


def test_scrolling_paints_what_comes_into_sight_and_what_is_covered(
    painted: list[QRect], window: Window, live: Message
) -> None:
    window.wheel(+10)
    window.settle()
    window.wheel(+1)
    window.settle()
    assert window.button_is_shown("jumpToLatestButton")
    painted.clear()
    window.wheel(+0.25)
    QApplication.processEvents()
    viewport = window.transcript.viewport()
    assert 0 < sum(part.width() * part.height() for part in painted) < 0.1 * viewport.width() * viewport.height()


def test_following_the_end_paints_what_is_new(painted: list[QRect], window: Window, live: Message) -> None:
    window.transcript.append_text(live.id, "More.\n\n")
    QApplication.processEvents()
    painted.clear()
    for _ in range(10):
        window.transcript.append_text(live.id, "One more line.\n\n")
        QApplication.processEvents()
    assert 0 < sum(part.height() for part in painted) < 10 * 0.4 * window.transcript.viewport().height()


@pytest.fixture(name="painted")
def _painted(monkeypatch: pytest.MonkeyPatch) -> list[QRect]:
    """The parts of rows that are painted from now on. To be asked for before there are rows."""
    parts: list[QRect] = []
    paint = Row.paintEvent

    def note(row: Row, event: QPaintEvent) -> None:
        parts.extend(event.region())  # type: ignore[arg-type]  # 6.11: the stub knows no __iter__, the class does
        paint(row, event)

    monkeypatch.setattr(Row, "paintEvent", note)
    return parts
