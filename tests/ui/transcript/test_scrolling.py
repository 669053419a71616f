"""The view follows the end only while it is there; what is read never moves by itself."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt

from app.domain.conversation import Message, MessageStatus, Role
from app.ui.palette import LIGHT
from tests.ui.transcript.costs import Looks
from tests.ui.transcript.window import NewMessage, Window

CHARACTERS_IN_A_LINE = 130
PARAGRAPH = "Some words that fill a line or two of the column, and then some more of them to be sure. " * 3 + "\n\n"


@pytest.fixture(name="live")
def _live(window: Window, new_message: NewMessage) -> Message:
    """A conversation of several screens, with an answer being written at its end. Returns that."""
    messages = []
    for number in range(20):
        messages.append(new_message(f"Question {number}", Role.USER))
        messages.append(new_message(PARAGRAPH * 3 + "```\ncode\n```"))
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([*messages, live])
    window.transcript.append_text(live.id, PARAGRAPH * 8)
    window.settle()
    return live


def test_a_conversation_opens_at_its_end(window: Window, live: Message) -> None:
    assert window.is_at_end
    assert window.rows()[-1].message_id == live.id
    assert not window.button_is_shown("jumpToLatestButton")


def test_the_end_is_followed_while_the_view_is_there(window: Window, live: Message) -> None:
    for _ in range(30):
        window.transcript.append_text(live.id, PARAGRAPH)
        bottom = window.rows()[-1].geometry().bottom()
        assert window.is_at_end
        assert bottom < window.transcript.viewport().height()


def test_one_notch_up_keeps_the_text_in_place_while_more_streams_in(window: Window, live: Message) -> None:
    window.wheel(+1)
    window.settle()
    before = window.picture(height=400)
    for _ in range(200):
        window.transcript.append_text(live.id, "some more words\n\n```\ncode\n```\n\n")
    window.settle()
    assert window.picture(height=400) == before
    assert not window.is_at_end


def test_the_pill_leads_back_to_the_end_and_follows_it(window: Window, live: Message) -> None:
    window.wheel(+3)
    window.click(window.button("jumpToLatestButton"))
    assert window.is_at_end
    assert not window.button_is_shown("jumpToLatestButton")
    window.transcript.append_text(live.id, PARAGRAPH * 4)
    assert window.is_at_end


def test_scrolling_down_to_the_end_follows_again(window: Window, live: Message) -> None:
    window.wheel(+2)
    assert window.button_is_shown("jumpToLatestButton")
    window.wheel(-4)
    assert window.is_at_end
    assert not window.button_is_shown("jumpToLatestButton")


def test_what_one_has_just_asked_is_scrolled_to(window: Window, live: Message, new_message: NewMessage) -> None:
    window.wheel(+5)
    window.transcript.add_message(new_message("And now?", Role.USER))
    assert window.is_at_end


def test_scrolling_up_through_messages_never_seen_moves_all_by_the_same(window: Window, live: Message) -> None:
    viewport = window.transcript.viewport()
    for _ in range(60):
        before = {row.message_id: row.y() for row in window.rows()}
        window.wheel(+1)
        after = {row.message_id: row.y() for row in window.rows()}
        moved = {after[name] - before[name] for name in before.keys() & after.keys()}
        assert len(moved) == 1
        assert 0 < moved.pop() < viewport.height()


def test_scrolling_up_in_a_message_never_seen_moves_its_text_by_exactly_the_wheel(
    window: Window, new_message: NewMessage
) -> None:
    # Narrow and wide letters, so that every estimated height is wrong.
    window.transcript.show_messages([new_message(f"{'i' * 900}\n\n{'漢字' * 90}\n\n{'W' * 300}\n\n" * 30)])
    window.settle()
    step = 84
    for _ in range(25):
        before = window.picture()
        window.wheel(+1)
        window.settle()
        after = window.picture()
        height = before.height() - step
        # The first is at the very end, where the round button appears.
        assert after.copy(0, step, 300, height) == before.copy(0, 0, 300, height)


def test_what_there_was_no_time_for_is_scrolled_in_the_next_frames_and_nothing_jumps(
    window: Window, live: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.transcript.scroller.Budget", lambda _s: Looks(2))
    window.wheel(+10)
    window.settle()
    frames = 0
    for _ in range(20):
        row = window.rows()[0]
        y, message_id = row.y(), row.message_id
        window.wheel(+5)
        before = {row.message_id: row.y() for row in window.rows()}
        while not window.transcript.is_settled:
            window.qtbot.wait(1)
            after = {row.message_id: row.y() for row in window.rows()}
            assert len({after[name] - before[name] for name in before.keys() & after.keys()}) == 1
            frames += after != before
            before = after
        if message_id in before:
            assert before[message_id] - y == 5 * 84
    assert frames, "there was time for all of it"


def test_down_again_by_as_much_shows_the_same(window: Window, live: Message) -> None:
    window.wheel(+30)
    window.settle()
    before = window.picture()
    window.wheel(+7)
    window.wheel(-7)
    window.settle()
    assert window.picture() == before


def test_a_resize_keeps_the_line_that_is_read(window: Window, live: Message) -> None:
    window.wheel(+12)
    window.settle()
    before = window.picture()
    message_id, mark = window.mark_at_top()
    for width in (700, 500, 1000, 640):
        window.transcript.resize(width, 600)
        window.settle()
        margin = window.picture().copy(width - 30, 0, 20, 600)
        assert {margin.pixelColor(x, y).name() for x in range(0, 20, 4) for y in range(600)} == {LIGHT.background}
        assert window.mark_at_top()[0] == message_id
        assert 0 <= mark - window.mark_at_top()[1] < CHARACTERS_IN_A_LINE
    window.transcript.resize(900, 600)
    window.settle()
    assert window.picture() == before


def test_the_end_stays_in_sight_when_the_window_is_resized(window: Window, live: Message) -> None:
    for width in (500, 900, 620):
        window.transcript.resize(width, 480)
        window.settle()
        assert window.is_at_end


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Home])
def test_keys_scroll(window: Window, live: Message, key: Qt.Key) -> None:
    before = window.transcript.verticalScrollBar().value()
    window.press(key)
    assert window.transcript.verticalScrollBar().value() < before
    window.press(Qt.Key.Key_End)
    assert window.is_at_end


def test_home_is_the_very_top(window: Window, live: Message) -> None:
    window.press(Qt.Key.Key_Home)
    assert window.transcript.verticalScrollBar().value() == 0
    assert window.rows()[0].y() == 0


def test_a_page_down_leaves_the_last_line_in_sight(window: Window, live: Message) -> None:
    window.press(Qt.Key.Key_Home)
    before = window.transcript.verticalScrollBar().value()
    window.press(Qt.Key.Key_PageDown)
    moved = window.transcript.verticalScrollBar().value() - before
    assert 0 < moved < window.transcript.viewport().height()


def test_the_scroll_bar_reaches_every_place(window: Window, live: Message) -> None:
    bar = window.transcript.verticalScrollBar()
    for share in (0.0, 0.3, 0.7, 0.99, 1.0):
        bar.setValue(int(bar.maximum() * share))
        window.settle()
        assert window.rows()
    assert window.is_at_end


def test_removing_messages_above_keeps_what_is_read(window: Window, live: Message) -> None:
    window.wheel(+10)
    window.settle()
    before = window.picture(height=300)
    window.transcript.remove_messages(["message-1", "message-2", "message-3", "message-6"])
    window.settle()
    assert window.picture(height=300) == before


def test_a_short_conversation_stands_at_the_top(window: Window, new_message: NewMessage) -> None:
    window.transcript.show_messages([new_message("Hello", Role.USER), new_message("Hello.")])
    assert window.rows()[0].y() == 0
    window.wheel(+3)
    window.wheel(-3)
    assert window.rows()[0].y() == 0
    assert window.is_at_end


def test_rows_near_are_laid_out_before_they_are_scrolled_to(window: Window, live: Message) -> None:
    window.wheel(+30)
    window.settle()
    window.qtbot.waitUntil(lambda: not window.active_timers())
    height = window.transcript.verticalScrollBar().maximum()
    page = window.transcript.viewport().height()
    for down in (page - 80, -2 * (page - 80)):
        window.wheel(-down / 84)
        assert window.transcript.is_settled
        assert window.transcript.verticalScrollBar().maximum() == height, "heights were known"


def test_nothing_goes_on_when_nothing_happens(window: Window, live: Message) -> None:
    window.transcript.end_message(replace(live, status=MessageStatus.COMPLETE))
    for turn in (+30, -10, +3):
        window.wheel(turn)
        window.qtbot.waitUntil(lambda: not window.active_timers())
    window.qtbot.wait(100)
    assert window.active_timers() == []


def test_laying_out_what_is_near_moves_nothing_that_is_read(
    window: Window, new_message: NewMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.transcript.scroller.SCROLL_BUDGET_S", 5.0)  # all at once, before the others
    # Narrow and wide letters, so that every estimated height is wrong.
    message = new_message(f"{'i' * 900}\n\n{'漢字' * 90}\n\n{'W' * 300}\n\n" * 30)
    window.transcript.show_messages([message, message_after(new_message)])
    window.settle()
    window.wheel(+20)
    before = window.picture(height=400)
    for _ in range(30):
        window.qtbot.wait(3)
        assert window.picture(height=400) == before


def message_after(new_message: NewMessage) -> Message:
    return new_message(PARAGRAPH * 12)


def test_a_stroke_sideways_scrolls_what_is_wider_than_the_column_and_nothing_else(
    window: Window, new_message: NewMessage
) -> None:
    wide = "```\n" + "x" * 300 + "\n```\n\n| " + " | ".join("wide column" for _ in range(14)) + " |\n|" + "---|" * 14
    window.transcript.show_messages([new_message(f"{wide}\n\n{PARAGRAPH * 20}")])
    window.press(Qt.Key.Key_Home)
    window.settle()
    for y in (60, 140):
        before = window.picture()
        window.wheel(-3, at=QPoint(400, y), sideways=True)
        after = window.picture()
        assert after != before
        assert window.transcript.verticalScrollBar().value() == 0
        window.wheel(+9, at=QPoint(400, y), sideways=True)
        assert window.picture() == before
    before = window.picture()
    window.wheel(-3, at=QPoint(400, 300), sideways=True)
    assert window.picture() == before, "a paragraph has nothing to the side, and the text stays where it is"
