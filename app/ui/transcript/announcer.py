"""Tells a screen reader what an answer says while it is being written, and how it ends."""

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from app.domain.conversation import Message, MessageStatus
from app.ui.receipt import status_line
from app.ui.transcript.narration import Narrator

LEAST_WAIT_MS = 250  # for the end of a sentence that has begun

Say = Callable[[str, bool], None]  # what, and whether it interrupts what is being read


class Announcer(QObject):
    """
    Costs nothing where no assistive technology listens.

    `say`: where announcements go; by default to whoever listens, in the name of `widget`.
    """

    def __init__(
        self,
        widget: QWidget,
        say: Say | None = None,
        *,
        is_heard: Callable[[], bool] = QAccessible.isActive,
        new_narrator: Callable[[], Narrator] = Narrator,
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._say = say or self._announce
        self._is_heard = is_heard
        self._new_narrator = new_narrator
        self._is_on = True
        self._narrators: dict[str, Narrator] = {}
        self._known: dict[str, int] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)

    def set_on(self, is_on: bool) -> None:
        """Whether the user wants announcements."""
        self._is_on = is_on
        if not is_on:
            self.forget()

    def skip(self, message_id: str, characters: int) -> None:
        """The answer begins with so many characters that were told before."""
        self._known[message_id] = characters

    def append(self, message_id: str, text: str) -> None:
        """Text that came to an answer on screen."""
        if not self._is_on or not self._is_heard():
            return
        if known := self._known.get(message_id, 0):
            self._known[message_id] = max(0, known - len(text))
            text = text[known:]
        narrator = self._narrators.get(message_id)
        if narrator is None:
            narrator = self._narrators[message_id] = self._new_narrator()
        narrator.feed(text)
        if not self._timer.isActive():
            self._wait(narrator)

    def end(self, message: Message) -> None:
        """An answer on screen has ended. Said at once: it is what the user waits for."""
        self._known.pop(message.id, None)
        narrator = self._narrators.pop(message.id, None)
        if not self._is_on or not self._is_heard():
            return
        outcome = _outcome(message)
        is_stop = message.status is not MessageStatus.COMPLETE
        self._say(narrator.finish(outcome) if narrator is not None and not is_stop else outcome, is_stop)

    def tell(self, text: str) -> None:
        """Something about an answer on screen that is no part of it."""
        if self._is_on and self._is_heard():
            self._say(text, False)

    def forget(self) -> None:
        """Another conversation is on screen."""
        self._timer.stop()
        self._narrators.clear()
        self._known.clear()

    def _wait(self, narrator: Narrator) -> None:
        self._timer.start(max(LEAST_WAIT_MS, math.ceil(narrator.waits_s * 1000)))

    def _on_due(self) -> None:
        for narrator in self._narrators.values():
            if narrator.waits_s:  # the timer was early
                self._wait(narrator)
            elif told := narrator.take():
                self._say(told, False)

    def _announce(self, text: str, is_urgent: bool) -> None:
        event = QAccessibleAnnouncementEvent(self._widget, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if is_urgent else politeness.Polite)
        QAccessible.updateAccessibility(event)


def _outcome(message: Message) -> str:
    match message.status:
        case MessageStatus.STOPPED:
            return f"Answer {status_line(message)[0].lower()}{status_line(message)[1:]}."
        case MessageStatus.FAILED:
            return f"Answer failed. {status_line(message).removeprefix('Failed: ')}"
    return "Answer finished."
