"""The generations under way, by message: start, stop, is_aborted, cleanup."""

from typing import Protocol

from msgspec import Struct

from app.domain.abort import AbortReason, AbortSignal
from app.domain.conversation import MessageId

__all__ = ["AbortReason", "AbortSignal", "Abortable", "ActiveGenerations", "StopResult"]

INVALID_MESSAGE = "Invalid message"
NOT_GENERATING = "Not generating"


class StopResult(Struct, frozen=True):
    """
    What a Stop did.

    `immediate_abort` is True when the connection and the task were ended inside the call;
    `reason` is the abort's reason, or why there was nothing to stop.
    """

    success: bool
    reason: str
    immediate_abort: bool = False


class Abortable(Protocol):
    """What ActiveGenerations needs of a generation, so that tests can hold plain signals."""

    @property
    def signal(self) -> AbortSignal: ...

    def abort(self, reason: AbortReason, clicked_ns: int | None = None) -> bool: ...


class ActiveGenerations:
    """Who is answering now. Built in main; one per engine."""

    def __init__(self) -> None:
        self._by_message: dict[MessageId, Abortable] = {}

    def __len__(self) -> int:
        return len(self._by_message)

    def start(self, message_id: MessageId, generation: Abortable) -> None:
        """Hold a generation. An older one of the same message is ended first, as superseded."""
        if (older := self._by_message.get(message_id)) is not None:
            older.abort(AbortReason.SUPERSEDED)
        self._by_message[message_id] = generation

    def stop(self, message_id: MessageId, reason: AbortReason, clicked_ns: int | None = None) -> StopResult:
        """End a generation inside this call. `clicked_ns`: monotonic time of the click, for the receipt."""
        generation = self._by_message.get(message_id)
        if generation is None or not generation.abort(reason, clicked_ns):
            return StopResult(False, NOT_GENERATING)
        return StopResult(True, reason, immediate_abort=True)

    def is_aborted(self, message_id: MessageId) -> bool:
        generation = self._by_message.get(message_id)
        return generation is not None and generation.signal.aborted

    def cleanup(self, message_id: MessageId, generation: Abortable) -> None:
        """Let go of a generation that has ended. One that took its place stays."""
        if self._by_message.get(message_id) is generation:
            del self._by_message[message_id]

    def ids(self) -> tuple[MessageId, ...]:
        return tuple(self._by_message)
