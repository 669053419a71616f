"""Texts that are on disk only: each has its place, comes before it is needed, and moves nothing when it comes."""

from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.domain.conversation import KnownMessage, Message, MessageId, MessageStatus, Role
from app.domain.row_shape import RowShape
from app.ui.transcript.message_rows import PAGES_ABOVE, PAGES_BELOW, SOUGHT_ROWS
from app.ui.transcript.on_disk import IDLE_MS
from app.ui.transcript.placeholders import SHOWN_AFTER_MS, Placeholders
from app.ui.transcript.row_notes import RowNotes
from tests.ui.transcript.window import NewMessage, Window

MANY = 2_000
END = 12  # whose texts are there from the beginning


class Disk:
    """Has all the texts; gives them when it is told to, or at once."""

    def __init__(self, window: Window, messages: Sequence[Message]) -> None:
        self.transcript = window.transcript
        self.window = window
        self.messages = list(messages)
        self.texts = {message.id: message for message in messages}
        self.wished: list[MessageId] = []
        self.given: set[MessageId] = set()
        self.is_quick = False
        self.transcript.on_disk.texts_wished.connect(self._on_wished)

    def show(self, notes: RowNotes | None = None) -> None:
        self.given = {message.id for message in self.messages[-END:]}
        known: list[KnownMessage] = [message.without_text() for message in self.messages[:-END]]
        self.transcript.show_messages([*known, *self.messages[-END:]], notes or RowNotes())

    def give(self) -> None:
        found = [self.texts[wished] for wished in self.wished if wished not in self.given]
        self.given.update(message.id for message in found)
        if found:
            self.transcript.on_disk.take(found)

    def _on_wished(self, message_ids: tuple[MessageId, ...]) -> None:
        self.wished = list(message_ids)
        if self.is_quick:
            self.window.qtbot.wait(0)
            self.give()

    def is_blank(self, row: int) -> bool:
        return self.messages[row].id not in {seen.message_id for seen in self.window.rows()}


@pytest.fixture
def texts(new_message: NewMessage) -> list[Message]:
    return [
        new_message(
            f"Message {number}. " + "Some more of it.\n\n" * (number % 5), Role.USER if number % 2 else Role.ASSISTANT
        )
        for number in range(MANY)
    ]


@pytest.fixture
def disk(window: Window, texts: list[Message]) -> Disk:
    return Disk(window, texts)


def placeholders(window: Window) -> Placeholders:
    found = window.transcript.viewport().findChild(Placeholders)
    assert isinstance(found, Placeholders)
    return found


def drag_bar(window: Window, share: float) -> None:
    bar = window.transcript.verticalScrollBar()
    bar.setValue(int(bar.maximum() * share))


def first_number(window: Window) -> int:
    """Of the message at the top."""
    return int(window.transcript.visible_text(window.rows()[0].message_id).split(".")[0].split()[1])


def test_a_conversation_opens_at_its_end_without_the_texts_above(window: Window, disk: Disk) -> None:
    disk.show()
    window.settle()
    assert window.rows()[-1].message_id == disk.messages[-1].id
    assert window.is_at_end
    assert not placeholders(window).isVisible()
    assert len(set(disk.wished) - disk.given) < 40, "only what is near is wished"


def test_what_is_in_sight_is_wished_first_then_what_is_near(window: Window, disk: Disk) -> None:
    disk.show()
    disk.wished.clear()
    drag_bar(window, 0.5)
    numbers = [disk.messages.index(disk.texts[wished]) for wished in disk.wished]
    seen = list(range(numbers[0], numbers[0] + len(numbers)))
    first = next(at for at, number in enumerate(numbers) if number != seen[at])
    below, above = numbers[:first], numbers[first:]
    assert above == list(range(numbers[0] - 1, numbers[0] - 1 - len(above), -1))
    assert len(below) > 2 * len(above) > 0
    assert PAGES_BELOW > PAGES_ABOVE


def test_blank_rows_are_quiet_and_get_lines_when_it_takes_long(window: Window, disk: Disk) -> None:
    disk.show()
    window.settle()
    drag_bar(window, 0.5)
    assert window.rows() == []
    assert not window.transcript.is_settled
    window.qtbot.wait(1)
    assert not placeholders(window).isVisible()
    empty = window.picture()
    window.qtbot.waitUntil(lambda: placeholders(window).isVisible())
    assert window.picture() != empty
    disk.give()
    window.settle()
    assert not placeholders(window).isVisible()
    assert window.rows()


def test_a_text_that_comes_soon_never_shows_lines(window: Window, disk: Disk) -> None:
    disk.show()
    for share in (0.2, 0.8, 0.5):
        drag_bar(window, share)
        disk.give()
        window.settle()
    window.qtbot.wait(SHOWN_AFTER_MS + 20)
    assert not placeholders(window).isVisible()


@pytest.mark.parametrize("depth_px", [20, 300])
def test_texts_that_come_in_above_move_nothing_that_is_read(window: Window, disk: Disk, depth_px: int) -> None:
    disk.show()
    window.settle()
    first_read = disk.messages[-END]
    while first_read.id not in {row.message_id for row in window.rows()} or window.row(first_read).y() < depth_px:
        window.wheel(+0.25)
    y = window.row(first_read).y()
    assert window.rows()[0].message_id == first_read.id, "what is above it has no text"
    disk.give()
    assert window.row(first_read).y() == y
    window.settle()
    assert window.row(first_read).y() == y
    assert window.rows()[0].y() <= 0 < y, "the row above is there"


def test_texts_that_come_in_below_move_nothing_that_is_read(window: Window, disk: Disk) -> None:
    disk.show()
    window.press(Qt.Key.Key_Home)
    disk.wished = disk.wished[:2]
    disk.give()
    window.qtbot.wait(1)
    top = [(row.message_id, row.y()) for row in window.rows()[:2]]
    disk.wished = [message.id for message in disk.messages[:40]]
    disk.give()
    window.settle()
    assert [(row.message_id, row.y()) for row in window.rows()[:2]] == top


def test_every_text_is_right_wherever_one_goes(window: Window, disk: Disk) -> None:
    disk.show()
    for share in (0.0, 0.31, 0.77, 0.05, 0.999, 0.5):
        drag_bar(window, share)
        window.transcript.set_receipt(disk.wished[0], "known before the text")
        disk.give()
        window.settle()
        assert window.rows()
        for row in window.rows():
            assert window.transcript.visible_text(row.message_id) == disk.texts[MessageId(row.message_id)].content
    window.press(Qt.Key.Key_Home)
    disk.give()
    window.settle()
    assert first_number(window) == 0
    assert window.rows()[0].y() == 0
    window.press(Qt.Key.Key_End)
    window.settle()
    assert window.rows()[-1].message_id == disk.messages[-1].id


def test_a_text_that_was_forgotten_is_wished_again_when_it_is_near(window: Window, disk: Disk) -> None:
    disk.show()
    window.press(Qt.Key.Key_Home)
    disk.give()
    window.settle()
    before = window.picture()
    bar = window.transcript.verticalScrollBar()
    window.press(Qt.Key.Key_End)
    window.qtbot.waitUntil(lambda: not window.active_timers())
    height = bar.maximum()
    forgotten = [message for message in disk.messages[:40] if message.id in disk.given]
    disk.given -= {message.id for message in forgotten}
    window.transcript.on_disk.take([message.without_text() for message in forgotten])
    assert bar.maximum() == height, "the rows keep their heights"
    window.press(Qt.Key.Key_Home)
    assert window.rows() == []
    disk.give()
    window.settle()
    assert window.picture() == before


def heights_told(window: Window) -> list[tuple[RowShape, dict[MessageId, int]]]:
    told: list[tuple[RowShape, dict[MessageId, int]]] = []
    window.transcript.on_disk.rows_measured.connect(lambda shape, heights: told.append((shape, heights)))
    return told


def test_heights_are_told_once_when_nothing_happens(window: Window, disk: Disk) -> None:
    told = heights_told(window)
    disk.show()
    window.settle()
    assert told == []
    window.qtbot.waitUntil(lambda: bool(told))
    ((shape, heights),) = told
    assert shape == window.transcript.on_disk.shape
    assert {row.message_id: row.height() for row in window.rows()}.items() <= heights.items()
    window.wheel(+1)
    window.qtbot.wait(IDLE_MS + 200)
    assert not any(set(again) & set(heights) for _, again in told[1:])


def test_the_height_of_what_is_being_written_is_not_told(window: Window, new_message: NewMessage) -> None:
    told = heights_told(window)
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([new_message("A question", Role.USER), live])
    window.transcript.append_text(live.id, "Some words")
    window.settle()
    window.transcript.on_disk.tell_heights()
    assert live.id not in told[-1][1]
    window.transcript.end_message(replace(live, content="Some words", status=MessageStatus.COMPLETE))
    window.settle()
    window.transcript.on_disk.tell_heights()
    assert told[-1][1] == {live.id: window.row(live).height()}


def test_known_heights_make_the_scroll_bar_exact_from_the_beginning(window: Window, texts: list[Message]) -> None:
    told = heights_told(window)
    few = texts[:120]
    window.transcript.show_messages(few)
    for percent in range(0, 101, 2):
        drag_bar(window, percent / 100)
        window.qtbot.wait(1)
    window.transcript.on_disk.tell_heights()
    heights = {message_id: height for _, measured in told for message_id, height in measured.items()}
    assert len(heights) == len(few)
    told.clear()
    disk = Disk(window, few)
    disk.show(RowNotes(heights))
    bar = window.transcript.verticalScrollBar()
    maximum = bar.maximum()
    assert maximum == sum(heights.values()) + 8 - window.transcript.viewport().height()
    for share in (0.5, 0.1, 0.9, 0.0):
        drag_bar(window, share)
        disk.give()
        window.settle()
        assert bar.maximum() == maximum
    window.transcript.on_disk.tell_heights()
    assert told == [], "they are known"


def test_another_zoom_or_width_is_another_shape(window: Window, disk: Disk) -> None:
    disk.show()
    shape = window.transcript.on_disk.shape
    window.transcript.set_zoom(150)
    zoomed = window.transcript.on_disk.shape
    assert zoomed.style != shape.style
    assert zoomed.column_width > shape.column_width
    window.transcript.set_zoom(100)
    assert window.transcript.on_disk.shape == shape
    window.transcript.resize(500, 600)
    narrow = window.transcript.on_disk.shape
    assert narrow.style == shape.style
    assert narrow.column_width < shape.column_width


def test_heights_are_told_in_the_shape_they_were_measured_in(window: Window, new_message: NewMessage) -> None:
    messages = [new_message("Words that wrap where it is narrow. " * 20) for _ in range(30)]
    window.transcript.show_messages(messages)
    window.qtbot.waitUntil(lambda: not window.active_timers())
    told = heights_told(window)
    window.transcript.resize(500, 600)
    window.transcript.on_disk.tell_heights()
    window.settle()
    window.transcript.on_disk.tell_heights()
    assert told
    for shape, heights in told:
        assert shape == window.transcript.on_disk.shape
        for row in window.rows():
            assert heights.get(MessageId(row.message_id), row.height()) == row.height()
    right = {row.height() for row in window.rows()}
    assert {height for _, heights in told for height in heights.values()} == right, "a height of the old width"


def test_heights_that_are_the_same_in_another_shape_are_told_in_it_too(window: Window, new_message: NewMessage) -> None:
    messages = [new_message("Short.") for _ in range(4)]
    window.transcript.show_messages(messages)
    window.qtbot.waitUntil(lambda: not window.active_timers())
    told = heights_told(window)
    window.transcript.resize(500, 600)
    window.qtbot.waitUntil(lambda: bool(told))
    assert set(told[0][1]) == {message.id for message in messages}


def test_the_height_of_what_is_laid_out_in_part_is_not_told(window: Window, new_message: NewMessage) -> None:
    told = heights_told(window)
    long = new_message("\n\n".join("A paragraph with narrow and wide letters: ill WWW. " * 9 for _ in range(200)))
    short = new_message("Short.")
    window.transcript.show_messages([long, short])
    window.qtbot.waitUntil(lambda: bool(told))
    assert set(told[0][1]) == {short.id}


def test_the_rest_of_a_conversation_comes_in_above_and_nothing_moves(window: Window, disk: Disk) -> None:
    transcript = window.transcript
    transcript.show_messages(disk.messages[-END:])
    transcript.set_receipt(disk.messages[-1].id, "a receipt")
    window.wheel(+3)
    window.settle()
    before, rows = window.picture(height=400), window.rows()
    known: list[KnownMessage] = [message.without_text() for message in disk.messages[:-END]]
    assert transcript.show_rest([*known, *disk.messages[-END:]], RowNotes())
    assert window.rows() == rows, "the focus would be lost with the widget"
    window.settle()
    assert window.picture(height=400) == before
    assert transcript.visible_receipt(disk.messages[-1].id) == "a receipt"
    window.press(Qt.Key.Key_Home)
    disk.given = {message.id for message in disk.messages[-END:]}
    disk.give()
    window.settle()
    assert first_number(window) == 0


def test_what_is_written_while_the_rest_comes_in_is_not_written_twice(
    window: Window, disk: Disk, new_message: NewMessage
) -> None:
    live = new_message(status=MessageStatus.GENERATING)
    window.transcript.show_messages([*disk.messages[-END:], live])
    window.transcript.append_text(live.id, "The first half")
    known: list[KnownMessage] = [message.without_text() for message in disk.messages[:-END]]
    assert window.transcript.show_rest([*known, *disk.messages[-END:], live], RowNotes())
    window.transcript.append_text(live.id, " and the second")
    window.settle()
    assert window.transcript.visible_text(live.id) == "The first half and the second"
    assert window.is_at_end


def test_rows_that_are_no_rest_are_not_taken_for_one(window: Window, disk: Disk) -> None:
    window.transcript.show_messages(disk.messages[-END:])
    assert not window.transcript.show_rest(disk.messages[:-1], RowNotes())
    assert not window.transcript.show_rest(disk.messages[-3:], RowNotes())
    assert [row.message_id for row in window.rows()][-1] == disk.messages[-1].id
    window.transcript.clear()
    assert not window.transcript.show_rest(disk.messages, RowNotes())


@pytest.fixture
def clipboard_text() -> Callable[[], str]:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("")
    return clipboard.text


@pytest.mark.parametrize("shift", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
def test_copying_everything_waits_for_what_is_on_disk(
    window: Window, disk: Disk, clipboard_text: Callable[[], str], shift: Qt.KeyboardModifier
) -> None:
    disk.show()
    window.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    window.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | shift)
    window.qtbot.wait(50)
    assert clipboard_text() == ""
    assert len(disk.wished) >= SOUGHT_ROWS
    disk.is_quick = True
    disk.give()
    window.qtbot.waitUntil(lambda: bool(clipboard_text()), timeout=20_000)
    for message in disk.messages:
        assert message.content.split("\n")[0].strip() in clipboard_text()
    QGuiApplication.clipboard().setText("")


def test_a_text_on_disk_is_found(window: Window, disk: Disk) -> None:
    disk.is_quick = True
    disk.show()
    window.transcript.reader.find.open()
    found = window.transcript._finder
    found.search("message 1234.", window.transcript._scroller.top)
    window.qtbot.waitUntil(lambda: found.count == 1 and not found.is_searching, timeout=20_000)
    window.qtbot.waitUntil(lambda: any(row.message_id == disk.messages[1234].id for row in window.rows()))
