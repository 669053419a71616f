"""How long it is until a provider that asked to wait is asked again, told second by second."""

import math
import time

from PySide6.QtCore import QObject, QTimer

from app.engine.events import Event, GenerationEnded, RetryBegun, RetryScheduled
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.open_conversation import OpenConversation
from app.ui.transcript.view import Transcript

_NS_PER_S = 1_000_000_000


class Countdown(QObject):
    """Stands where the answer will be. A screen reader hears of it once, not every second."""

    def __init__(
        self, store: ChatStore, bridge: StoreBridge, open_conversation: OpenConversation, transcript: Transcript
    ) -> None:
        super().__init__(transcript)
        self._store = store
        self._open = open_conversation
        self._transcript = transcript
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._refresh)
        bridge.event_happened.connect(self._on_event)
        open_conversation.changed.connect(self._refresh)

    def _on_event(self, event: Event) -> None:
        match event:
            case RetryScheduled(message_id=message_id):
                self._refresh()
                if message_id in self._open.generating():
                    self._transcript.announcer.tell(_sentence(event, time.monotonic_ns()))
            case RetryBegun(message_id):
                self._transcript.waiting_line.put(message_id, "")
            case GenerationEnded(message_id=message_id):
                self._transcript.waiting_line.put(message_id, "")

    def _refresh(self) -> None:
        now_ns = time.monotonic_ns()
        retries = [self._store.retries[each] for each in self._open.generating() if each in self._store.retries]
        for retry in retries:
            self._transcript.waiting_line.put(retry.message_id, _sentence(retry, now_ns))
        if retries:
            until_ns = min((retry.at_ns - now_ns) % _NS_PER_S for retry in retries)
            self._timer.start(math.ceil(until_ns / 1e6) + 1)  # when the number is another one


def _sentence(retry: RetryScheduled, now_ns: int) -> str:
    left_s = math.ceil((retry.at_ns - now_ns) / _NS_PER_S)
    when = f"trying again in {left_s} s" if left_s > 0 else "trying again"
    return f"{retry.fault.title} · {when}"
