"""A screen reader hears the answer on screen, at a pace, unless the user does not want it or nobody listens."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.errors import StreamBroken
from app.ui.transcript import announcer as announcer_module
from app.ui.transcript.announcer import Announcer
from app.ui.transcript.narration import Narrator

Heard = list[tuple[str, bool]]


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def new_announcer(qtbot: QtBot, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Announcer]:
    monkeypatch.setattr(announcer_module, "LEAST_WAIT_MS", 1)

    def make(*, is_heard: bool = True, clock: Callable[[], float] | None = None) -> Announcer:
        widget = QWidget()
        qtbot.addWidget(widget)
        made_clock = clock or Clock()
        return Announcer(
            widget,
            lambda text, urgent: heard.append((text, urgent)),
            is_heard=lambda: is_heard,
            new_narrator=lambda: Narrator(monotonic=made_clock),
        )

    return make


def ended(status: MessageStatus, stop_reason: str | None = None) -> Message:
    return Message(
        id=MessageId("answer"),
        conversation_id=ConversationId("c"),
        parent_id=None,
        role=Role.ASSISTANT,
        status=status,
        stop_reason=stop_reason,
        fault=StreamBroken("x").fault if status is MessageStatus.FAILED else None,
    )


def test_finished_sentences_are_announced_while_the_answer_is_written(
    qtbot: QtBot, new_announcer: Callable[..., Announcer], heard: Heard
) -> None:
    announcer = new_announcer()
    announcer.append("answer", "One **sta")
    announcer.append("answer", "r**. Tw")
    qtbot.waitUntil(lambda: heard == [("One star.", False)])
    announcer.end(ended(MessageStatus.COMPLETE))
    assert heard[1:] == [("Tw Answer finished.", False)]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (ended(MessageStatus.STOPPED, "user"), "Answer stopped."),
        (ended(MessageStatus.STOPPED, "network"), "Answer stopped: the connection was lost."),
        (ended(MessageStatus.FAILED), f"Answer failed. {StreamBroken.title} — {StreamBroken.advice}"),
    ],
)
def test_an_answer_that_is_cut_short_is_announced_before_anything_else(
    new_announcer: Callable[..., Announcer], heard: Heard, message: Message, told: str
) -> None:
    announcer = new_announcer()
    announcer.append("answer", "One. Two. ")
    announcer.end(message)
    assert heard == [(told, True)]


def test_announcements_keep_two_seconds_between_them(
    qtbot: QtBot, new_announcer: Callable[..., Announcer], heard: Heard
) -> None:
    clock = Clock()
    announcer = new_announcer(clock=clock)
    announcer.append("answer", "One. Two")
    qtbot.waitUntil(lambda: len(heard) == 1)
    announcer.append("answer", " is. Three")
    qtbot.wait(60)
    assert len(heard) == 1


def test_words_that_were_told_before_are_not_told_again(
    qtbot: QtBot, new_announcer: Callable[..., Announcer], heard: Heard
) -> None:
    announcer = new_announcer()
    announcer.skip("answer", len("Old words. "))
    announcer.append("answer", "Old ")
    announcer.append("answer", "words. New words. And")
    qtbot.waitUntil(lambda: heard == [("New words.", False)])


def test_nothing_is_announced_to_nobody_or_against_the_users_wish(
    qtbot: QtBot, new_announcer: Callable[..., Announcer], heard: Heard
) -> None:
    unheard, unwanted = new_announcer(is_heard=False), new_announcer()
    unwanted.set_on(False)
    for announcer in (unheard, unwanted):
        announcer.append("answer", "One. Two. ")
        qtbot.wait(30)
        announcer.end(ended(MessageStatus.COMPLETE))
    assert heard == []


def test_what_waited_for_its_turn_is_announced_when_it_comes_although_nothing_follows(
    qtbot: QtBot, new_announcer: Callable[..., Announcer], heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.transcript.narration.INTERVAL_S", 0.15)
    announcer = new_announcer(clock=time.monotonic)
    announcer.append("answer", "One. Two")
    qtbot.waitUntil(lambda: len(heard) == 1)
    announcer.append("answer", " is. Three")
    qtbot.waitUntil(lambda: heard[1:] == [("Two is.", False)], timeout=1_000)


def test_qt_takes_the_announcements(qtbot: QtBot) -> None:
    """Offscreen there is nobody to hear them: Qt must not complain of them."""
    widget = QWidget()
    qtbot.addWidget(widget)
    QAccessible.setActive(True)
    try:
        announcer = Announcer(widget)
        announcer.append("answer", "One. ")
        announcer.end(ended(MessageStatus.STOPPED, "user"))
    finally:
        QAccessible.setActive(False)
