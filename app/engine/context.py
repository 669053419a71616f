"""What of a conversation a model gets to see."""

from collections.abc import Sequence

from msgspec import Struct

from app.domain.completion import Turn
from app.domain.conversation import KnownMessage, Message, Role, UnreadMessage
from app.domain.model import ModelInfo, ModelRef
from app.domain.tokens import TokenCount
from app.engine.texts import Texts
from app.engine.token_counter import CountedText, TokenCounter
from app.providers.token_families import TOKENS_A_MESSAGE, TOKENS_A_REQUEST, family_of

GO_ON = "Continue your last message exactly where it stops. Repeat nothing of it, and say nothing about it."

ANSWER_TOKENS = 4_096  # kept free for the answer, and no more than
ANSWER_SHARE = 4  # one part in so many of the context
MESSAGES_A_SLICE = 50  # read and counted at once, from the end of the branch up
_BYTES_A_CHARACTER = 4  # in UTF-8, at most; no token is less than a byte


class ContextPlan(Struct, frozen=True):
    """`left_out` messages of a branch, the oldest that are no system prompt, are not sent. `count`: of all that is."""

    sent: tuple[KnownMessage, ...]
    left_out: int
    count: TokenCount


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


def room_for(info: ModelInfo) -> int | None:
    """Return how many tokens may be sent, so that the answer has room; None if nobody knows."""
    if info.context_tokens is None:
        return None
    answer = min(info.output_tokens or ANSWER_TOKENS, ANSWER_TOKENS, info.context_tokens // ANSWER_SHARE)
    return info.context_tokens - answer


class ContextPlanner:
    """Counts from the end of a branch up, and no further than the model reads."""

    def __init__(self, texts: Texts, counter: TokenCounter) -> None:
        self._texts = texts
        self._counter = counter

    async def plan(
        self, branch: Sequence[KnownMessage], ref: ModelRef, info: ModelInfo, draft: str = ""
    ) -> ContextPlan:
        """
        Decide what of a branch is sent, and count it with a draft that comes after it.

        The system prompt and the last message always are, whether they fit or not: the server has the last
        word. What is sent begins with a question, not with an answer whose question is left out.

        Raises:
            TextUnreadable: a text could not be read.
        """
        room = room_for(info)
        system = [message for message in branch if message.role is Role.SYSTEM]
        others = [message for message in branch if message.role is not Role.SYSTEM]
        fixed = [CountedText(draft)] if draft.strip() else []
        counts = await self._counter.count(fixed, ref.model)
        total = TOKENS_A_REQUEST + sum(count.tokens + TOKENS_A_MESSAGE for count in counts)
        for _, tokens in await self._measured(system, ref):
            total += tokens
        first = len(others)
        is_full = False
        while first and not is_full:
            part = others[max(0, first - MESSAGES_A_SLICE) : first]
            for _, tokens in reversed(await self._measured(part, ref)):
                is_last = first == len(others) and not fixed
                if room is not None and total + tokens > room and not is_last:
                    is_full = True
                    break
                total += tokens
                first -= 1
        if is_full:
            while first < len(others) - 1 and others[first].role is not Role.USER:
                total -= (await self._measured([others[first]], ref))[0][1]
                first += 1
        if not fixed and first == len(others) and not system:
            total = 0  # there is nothing yet
        is_exact = family_of(ref.model).factors is None
        return ContextPlan((*system, *others[first:]), first, TokenCount(total, is_exact))

    async def _measured(self, part: Sequence[KnownMessage], ref: ModelRef) -> list[tuple[KnownMessage, int]]:
        messages = await self._texts.read(part)
        texts = [CountedText(message.content, message.id) for message in messages]
        counts = await self._counter.count(texts, ref.model)
        # One without text is no turn: see turns_of.
        return [
            (message, count.tokens + TOKENS_A_MESSAGE if message.content.strip() else 0)
            for message, count in zip(messages, counts, strict=True)
        ]


def surely_fits(branch: Sequence[KnownMessage], info: ModelInfo) -> bool:
    """Whether one need not count: no token is shorter than a byte."""
    room = room_for(info)
    if room is None:
        return True
    return sum(_most_tokens(message) for message in branch) + TOKENS_A_REQUEST <= room


def _most_tokens(message: KnownMessage) -> int:
    if isinstance(message, UnreadMessage):
        return message.characters * _BYTES_A_CHARACTER + TOKENS_A_MESSAGE
    assert isinstance(message, Message)
    text = message.content
    return (len(text) if text.isascii() else len(text) * _BYTES_A_CHARACTER) + TOKENS_A_MESSAGE
