"""The heights that messages had on screen, of the open conversations."""

from collections.abc import Mapping

from app.domain.conversation import ConversationId, MessageId
from app.domain.row_shape import RowShape


class RowHeights:
    """Of each conversation those in one shape, the one it was last shown in."""

    def __init__(self) -> None:
        self._known: dict[ConversationId, tuple[RowShape, dict[MessageId, int]]] = {}

    def of(self, conversation_id: ConversationId, shape: RowShape) -> dict[MessageId, int]:
        """Return what is known in this shape."""
        known_shape, heights = self._known.get(conversation_id, (shape, {}))
        return heights if known_shape == shape else {}

    def note(self, conversation_id: ConversationId, shape: RowShape, heights: Mapping[MessageId, int]) -> None:
        """What was measured in another shape is forgotten."""
        self._known[conversation_id] = shape, {**self.of(conversation_id, shape), **heights}

    def forget(self, conversation_id: ConversationId) -> None:
        self._known.pop(conversation_id, None)
