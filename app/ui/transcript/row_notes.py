"""What is known of messages beside themselves when they are shown."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from app.domain.conversation import KnownMessage, MessageId, Role


class RowNotes(Struct, frozen=True):
    """
    `heights`: those that rows had before, in the shape they have now, as far as they are known.

    `versions`: for a message that is not the only one in its place, the ids of all of them, in the order written.

    `receipts`: with their tooltips, of messages whose text is in memory.
    """

    heights: Mapping[MessageId, int] = field(default_factory=dict)
    versions: Mapping[MessageId, Sequence[str]] = field(default_factory=dict)
    receipts: Mapping[MessageId, tuple[str, str]] = field(default_factory=dict)


NO_NOTES = RowNotes()


def said(messages: Iterable[KnownMessage]) -> list[KnownMessage]:
    """Without what only the model gets to see: each has a row."""
    system = Role.SYSTEM
    return [message for message in messages if message.role is not system]
