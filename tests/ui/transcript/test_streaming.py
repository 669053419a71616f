"""
What streams in is on screen at once, all of it, and costs the same at the end as at the beginning.

Work is counted, not timed: in functions called and characters laid out. `tests/benchmarks/transcript` has the times.
"""

import gc
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFont, QTextLayout
from PySide6.QtWidgets import QApplication

from app.domain.conversation import Message, MessageId, MessageStatus, Role
from app.ui.transcript.message_layout import MessageLayout
from tests.ui.transcript.costs import Looks, calls, cost_ratio
from tests.ui.transcript.window import NewMessage, Window

LOOKS_A_TURN = 2  # at the clock
CALLS_A_TURN = 100_000  # with these; all of a huge message takes 150,000 to 4,000,000
CHARACTERS_AT_ONCE = 6_000  # laid out between two looks; 100,000 without a blank take 2.5 s
CALLS_A_MESSAGE = 10  # that is not laid out
CHARACTERS_A_FRAME = 240  # at 3,000 tokens/s
FRAMES = 30  # not all are alike


@pytest.fixture
def live(window: Window, new_message: NewMessage) -> Message:
    message = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([new_message("A question", Role.USER), message])
    return message


def most_calls(window: Window) -> int:
    """In one turn of the event loop, while the rest is laid out."""
    most = 0
    while not window.transcript.is_settled:
        most = max(most, calls(QApplication.processEvents))
    return most


def test_the_text_on_screen_is_exactly_what_was_handed_in(window: Window, live: Message) -> None:
    pieces = ["Some ", "```", "py\r\n", "x = 1\n", "`", "``\nend \u202e<b>&amp;", "🙂", "\n\n", "``"]
    for number, piece in enumerate(pieces):
        window.transcript.append_text(live.id, piece)
        assert window.transcript.visible_text(live.id) == "".join(pieces[: number + 1])


def test_text_that_has_not_been_handed_in_at_the_end_is_shown(window: Window, live: Message) -> None:
    window.transcript.append_text(live.id, "The first half")
    window.transcript.end_message(ended(live, "The first half and the second"))
    assert window.transcript.visible_text(live.id) == "The first half and the second"


def test_late_text_is_dropped(window: Window, live: Message) -> None:
    window.transcript.append_text(live.id, "All of it")
    window.transcript.end_message(ended(live, "All of it"))
    window.transcript.append_text(live.id, " and too late")
    window.transcript.append_text("a message elsewhere", "nothing")
    assert window.transcript.visible_text(live.id) == "All of it"


def test_an_answer_looks_the_same_streamed_and_reopened(window: Window, live: Message) -> None:
    # The code has no language: colours are made elsewhere, and come when they are ready.
    text = "Some *words*. " * 40 + "\n\n```\nx = 1\n\ny = 2\n```\nmore\nlines\n\n~~~\nopen"
    for start in range(0, len(text), 7):
        window.transcript.append_text(live.id, text[start : start + 7])
    message = ended(live, text)
    window.transcript.end_message(message)
    window.settle()
    streamed = window.picture()
    window.transcript.show_messages([])
    window.transcript.show_messages([ended(live, "A question", Role.USER, "other"), message])
    window.settle()
    assert window.picture() == streamed


@pytest.mark.parametrize(
    ("opening", "unit"),
    [("", "some words and "), ("", "x"), ("```py\n", "value = call(1)\n"), ("```\n", "x"), ("", "line\n")],
    ids=["one paragraph", "one word", "one fence", "one line of code", "many lines"],
)
def test_a_frame_costs_the_same_along_100_000_characters(
    new_window: Callable[[], Window], new_message: NewMessage, opening: str, unit: str
) -> None:
    chunk = (unit * CHARACTERS_A_FRAME)[:CHARACTERS_A_FRAME]

    def frames_after(characters: int) -> Callable[[], None]:
        window, live = new_window(), new_message(status=MessageStatus.GENERATING)
        window.transcript.show_messages([new_message("A question", Role.USER), live])
        window.transcript.append_text(live.id, opening)
        for _ in range(characters // len(chunk)):
            window.transcript.append_text(live.id, chunk)
        window.settle()

        def frames() -> None:
            for _ in range(FRAMES):
                window.transcript.append_text(live.id, chunk)
                QApplication.processEvents()

        return frames

    assert cost_ratio(frames_after(100_000), frames_after(20_000)) < 1.3


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "```c\n" + "int line;\n" * 100_000,
        "word " * 200_000,
        "short\n\n" * 28_000,
        "```\n" + "x" * 500_000,
    ],
    ids=["no space", "100,000 lines of code", "1 MB paragraph", "28,000 paragraphs", "one long line of code"],
)
def test_a_huge_message_never_blocks_the_window(
    window: Window, new_message: NewMessage, text: str, monkeypatch: pytest.MonkeyPatch, laid_out: list[int]
) -> None:
    monkeypatch.setattr("app.ui.transcript.scroller.Budget", lambda _budget_s: Looks(LOOKS_A_TURN))
    assert calls(lambda: window.transcript.show_messages([new_message(text)])) < CALLS_A_TURN
    assert most_calls(window) < CALLS_A_TURN
    window.wheel(+5)

    def resize() -> None:
        window.transcript.resize(700, 500)
        QApplication.processEvents()

    assert calls(resize) < CALLS_A_TURN
    assert 0 < max(laid_out) < CHARACTERS_AT_ONCE


@pytest.fixture(name="laid_out")
def _laid_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters were laid out at once, each time."""
    lengths: list[int] = []

    class Noted(QTextLayout):
        def __init__(self, text: str, font: QFont) -> None:
            super().__init__(text, font)
            lengths.append(len(text))

    for module in ("lines", "code_pieces"):
        monkeypatch.setattr(f"app.ui.transcript.cells.{module}.QTextLayout", Noted)
    return lengths


def test_ten_thousand_messages_open_without_being_laid_out(
    window: Window, new_message: NewMessage, laid_out: list[int]
) -> None:
    messages = [new_message("Some words. " * 40 + "\n\nMore.\n\n```\ncode\n```\n") for _ in range(10_000)]

    def open_them() -> None:
        window.transcript.show_messages(messages)
        QApplication.processEvents()

    assert calls(open_them) < CALLS_A_MESSAGE * len(messages)
    assert 0 < len(laid_out) < 100
    assert len(window.rows()) < 20
    assert window.is_at_end


def test_receipts_of_ten_thousand_messages_cost_nothing_while_they_are_out_of_sight(
    window: Window, new_message: NewMessage
) -> None:
    messages = [new_message("Some words.", status=MessageStatus.STOPPED) for _ in range(10_000)]
    window.transcript.show_messages(messages)

    def set_receipts(count: int) -> None:
        for message in messages[:count]:
            window.transcript.set_receipt(message.id, "Stopped · 3 tokens")

    assert calls(lambda: set_receipts(9_900)) < 20 * 9_900
    assert window.transcript.visible_receipt(messages[0].id) == "Stopped · 3 tokens"


def layouts() -> int:
    """In memory, of all windows that a test ever had."""
    gc.collect()
    return sum(isinstance(found, MessageLayout) for found in gc.get_objects())


def test_only_rows_in_sight_have_widgets_however_far_one_scrolls(window: Window, new_message: NewMessage) -> None:
    of_other_windows = layouts()
    window.transcript.show_messages([new_message("Some words.\n\nMore.") for _ in range(500)])
    for _ in range(200):
        window.wheel(+4)
    assert window.transcript.verticalScrollBar().value() == 0
    assert len(window.transcript.viewport().children()) < 60
    assert layouts() - of_other_windows < 250


def test_nothing_is_read_as_html(window: Window, live: Message) -> None:
    window.transcript.append_text(live.id, "<b>bold</b>")
    window.settle()
    html = window.picture()
    window.transcript.show_messages([ended(live, "A question", Role.USER, "other"), ended(live, "bold")])
    window.settle()
    assert window.picture() != html


def ended(message: Message, content: str, role: Role = Role.ASSISTANT, message_id: str = "") -> Message:
    return replace(
        message, id=MessageId(message_id or message.id), content=content, role=role, status=MessageStatus.COMPLETE
    )
