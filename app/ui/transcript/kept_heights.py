"""Heights that are worth keeping for the next time a conversation is shown."""

from collections.abc import Mapping

from app.domain.conversation import MessageId


class KeptHeights:
    """All are of one shape. Each is told once."""

    def __init__(self) -> None:
        self._told: dict[MessageId, int] = {}
        self._new: dict[MessageId, int] = {}

    def begin(self, known: Mapping[MessageId, int]) -> None:
        """Another conversation; what is known of it needs no telling."""
        self._told = dict(known)
        self._new.clear()

    def note(self, message_id: MessageId, height: int) -> None:
        if self._told.get(message_id) != height:
            self._new[message_id] = height

    def take(self) -> dict[MessageId, int]:
        """Return what was noted since."""
        result, self._new = self._new, {}
        self._told |= result
        return result

    def change_shape(self) -> None:
        """Nothing is known in the new one."""
        self.begin({})
