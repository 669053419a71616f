"""What of a conversation a model gets to see."""

from collections.abc import Sequence

from app.domain.completion import Turn
from app.domain.conversation import Message


def turns_of(branch: Sequence[Message]) -> tuple[Turn, ...]:
    """Return the branch as turns. An answer without text (stopped or failed before its first word) is left out."""
    return tuple(Turn(message.role, message.content) for message in branch if message.content.strip())
