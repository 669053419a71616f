"""What of a conversation a model gets to see."""

from collections.abc import Sequence

from app.domain.completion import Turn
from app.domain.conversation import Message, Role

GO_ON = "Continue your last message exactly where it stops. Repeat nothing of it, and say nothing about it."


def turns_of(branch: Sequence[Message]) -> tuple[Turn, ...]:
    """Return the branch as turns. An answer without text (stopped or failed before its first word) is left out."""
    return tuple(Turn(message.role, message.content) for message in branch if message.content.strip())


def turns_to_continue(branch: Sequence[Message], partial: str, *, is_asked: bool) -> tuple[Turn, ...]:
    """
    Return the branch as turns, with the beginning of the answer that is to go on.

    `is_asked`: by a turn of the user's that is kept nowhere. Most servers take an answer at the end for a
    whole one; llama.cpp goes on writing it, and a small model does nothing else as well.
    """
    begun = (*turns_of(branch), Turn(Role.ASSISTANT, partial))
    return (*begun, Turn(Role.USER, GO_ON)) if is_asked else begun
