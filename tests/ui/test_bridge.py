"""Text comes once a frame, and no event overtakes the text before it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus, Role
from app.engine.events import (
    ConversationAdded,
    ConversationRenamed,
    DeltaReceived,
    GenerationEnded,
    MessageAdded,
    ReasoningReceived,
)
from app.engine.store import ChatStore
from app.ui.bridge import FRAME_MS, StoreBridge

CONVERSATION = ConversationId("c")
ANSWER = MessageId("a")


class Heard:
    """A store with one answer being written, its bridge, and what the bridge emitted."""

    def __init__(self) -> None:
        self.store = ChatStore()
        self.store.apply(ConversationAdded(Conversation(id=CONVERSATION, title="t", created_at_ms=0, updated_at_ms=0)))
        self.store.apply(
            MessageAdded(
                Message(
                    id=ANSWER,
                    conversation_id=CONVERSATION,
                    parent_id=None,
                    role=Role.ASSISTANT,
                    status=MessageStatus.GENERATING,
                )
            )
        )
        self.bridge = StoreBridge(self.store)
        self.all: list[object] = []
        self.bridge.text_appended.connect(lambda message_id, text: self.all.append(text))
        self.bridge.reasoning_appended.connect(lambda message_id, text: self.all.append(("thought", text)))
        self.bridge.event_happened.connect(lambda event: self.all.append(type(event).__name__))


@pytest.fixture
def heard(qtbot: QtBot) -> Iterator[Heard]:
    made = Heard()
    yield made
    made.bridge.close()


def test_the_deltas_of_a_frame_come_together(heard: Heard, qtbot: QtBot) -> None:
    for letter in "abc":
        heard.store.apply(DeltaReceived(ANSWER, letter))
    assert heard.all == []
    qtbot.waitUntil(lambda: heard.all == ["abc"])


def shown_after(ms: int, heard: Heard, qtbot: QtBot) -> list[object]:
    """What had come when a timer of that many milliseconds fired, however late it did."""
    shown: list[list[object]] = []
    timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer, interval=ms)
    timer.timeout.connect(lambda: shown.append(list(heard.all)))
    timer.start()
    qtbot.waitUntil(lambda: bool(shown))
    return shown[0]


def test_text_after_a_silence_does_not_wait_for_a_frame(heard: Heard, qtbot: QtBot) -> None:
    heard.store.apply(DeltaReceived(ANSWER, "a"))
    assert shown_after(FRAME_MS // 2, heard, qtbot) == ["a"]


def test_text_that_follows_at_once_waits_for_its_frame(heard: Heard, qtbot: QtBot) -> None:
    heard.store.apply(DeltaReceived(ANSWER, "a"))
    heard.bridge.flush()
    heard.store.apply(DeltaReceived(ANSWER, "b"))
    assert shown_after(2, heard, qtbot) == ["a"]
    qtbot.waitUntil(lambda: heard.all == ["a", "b"])


def test_an_end_comes_after_its_text_and_outside_the_call(heard: Heard, qtbot: QtBot) -> None:
    heard.store.apply(ReasoningReceived(ANSWER, "so "))
    heard.store.apply(DeltaReceived(ANSWER, "abc"))
    heard.store.apply(GenerationEnded(message_id=ANSWER, status=MessageStatus.STOPPED))
    assert heard.all == [], "laying out is not done inside the click"
    qtbot.waitUntil(lambda: heard.all == [("thought", "so "), "abc", "GenerationEnded"])


def test_no_other_event_overtakes_text_or_end(heard: Heard) -> None:
    heard.store.apply(DeltaReceived(ANSWER, "abc"))
    heard.store.apply(GenerationEnded(message_id=ANSWER, status=MessageStatus.STOPPED))
    heard.store.apply(ConversationRenamed(CONVERSATION, "new"))
    assert heard.all == ["abc", "GenerationEnded", "ConversationRenamed"]


def test_after_the_close_nothing_is_heard(heard: Heard, qtbot: QtBot) -> None:
    heard.store.apply(DeltaReceived(ANSWER, "abc"))
    heard.bridge.close()
    heard.bridge.close()
    heard.store.apply(DeltaReceived(ANSWER, "def"))
    qtbot.wait(40)
    assert heard.all == []
