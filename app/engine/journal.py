"""Streaming text on its way to disk: a row every 50 ms, folded into the message at the end."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Literal

from msgspec import Struct, field

from app.domain.conversation import Message, MessageId
from app.domain.errors import StorageError
from app.storage import messages
from app.storage.database import Database
from app.storage.messages import JournalRow, NewTurn, RecordedEnd

log = logging.getLogger(__name__)

FLUSH_INTERVAL_S = 0.05

Kind = Literal["content", "reasoning"]


class _Entry(Struct):
    """One message's queue. Until `recorded` is done its row is not on disk, and a refusal would mean nothing."""

    recorded: Future[None]
    on_refused: Callable[[], None]
    pending: list[tuple[Kind, str]] = field(default_factory=list)
    next_seq: int = 0


class Journal:
    """
    Appends what is streamed, from the UI thread and without waiting.

    After kill -9 at most the last FLUSH_INTERVAL_S of text is missing. An append that finds
    its message ended by somebody else is refused, and the message's owner is told.
    """

    def __init__(self, database: Database, *, flush_interval_s: float = FLUSH_INTERVAL_S) -> None:
        self._database = database
        self._flush_interval_s = flush_interval_s
        self._entries: dict[MessageId, _Entry] = {}
        self._timer: asyncio.TimerHandle | None = None

    def record(self, turn: NewTurn) -> Future[None]:
        """Hand new messages to the database thread and return at once."""
        return self._database.submit(messages.insert_turn, turn)

    def begin(self, message_id: MessageId, recorded: Future[None], on_refused: Callable[[], None]) -> None:
        """Take text for a message whose row is on its way to disk. `on_refused`: somebody else ended it."""
        self._entries[message_id] = _Entry(recorded, on_refused)

    def append(self, message_id: MessageId, text: str, kind: Kind = "content") -> None:
        """Queue text for the next flush."""
        if (entry := self._entries.get(message_id)) is None:
            return
        entry.pending.append((kind, text))
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._flush_interval_s, self._on_timer)

    def finish(
        self, message: Message, turn: NewTurn, recorded: Future[None], leaf_id: MessageId | None
    ) -> Future[RecordedEnd | None]:
        """
        Hand the ended message to the database thread and return at once.

        The whole text goes with it, so what was queued here is not needed any more.
        """
        self._entries.pop(message.id, None)
        return self._database.submit(messages.finish_message, message, turn, recorded, leaf_id)

    def note_committed(self, message_id: MessageId, committed_ms: float) -> None:
        """Add to a saved message when it was saved. For the receipt only: a failure loses that one figure."""
        self._database.submit(messages.note_committed, message_id, committed_ms)

    def flush(self) -> None:
        """Write what is queued, now. What can't be written (somebody holds the lock, disk full) stays queued."""
        rows: list[JournalRow] = []
        for message_id, entry in self._entries.items():
            if entry.pending and entry.recorded.done() and entry.recorded.exception() is None:
                rows += _rows(message_id, entry)
        if not rows:
            return
        try:
            refused = self._database.run_here(messages.append_journal, rows)
        except StorageError as error:
            log.info("journal append postponed error=%s", type(error).__name__)
            return
        for message_id in {row.message_id for row in rows}:
            entry = self._entries[message_id]
            entry.pending.clear()
            entry.next_seq = max(row.seq for row in rows if row.message_id == message_id) + 1
        for message_id in refused:
            self._entries.pop(message_id).on_refused()

    def _on_timer(self) -> None:
        self._timer = None
        self.flush()
        if any(entry.pending for entry in self._entries.values()):
            self._timer = asyncio.get_running_loop().call_later(self._flush_interval_s, self._on_timer)

    def close(self) -> None:
        """Stop the timer. Messages must have ended before."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _rows(message_id: MessageId, entry: _Entry) -> list[JournalRow]:
    """Join neighbours of one kind: a flush writes one row, two where reasoning turns into the answer."""
    rows: list[JournalRow] = []
    texts: list[str] = []
    for position, (kind, text) in enumerate(entry.pending):
        texts.append(text)
        if position + 1 == len(entry.pending) or entry.pending[position + 1][0] != kind:
            rows.append(JournalRow(message_id, entry.next_seq + len(rows), kind, "".join(texts)))
            texts = []
    return rows
