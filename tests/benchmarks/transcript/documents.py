"""What is shown: answers of one construct each, and a conversation. The same at every call."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role

_TEXT = (
    "a line of text that grows word by word while someone reads and thinks about what it says in the "
    "end 漢字 🙂 café **bold** *slanted* `code` and more of the same"
)
_WORDS = [*_TEXT.split(), "[a link](https://example.org/page)"]
_CREATED_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Construct(StrEnum):
    MIXED = "mixed"
    PARAGRAPH = "one paragraph"
    FENCE = "one fence"
    LIST = "one list"
    TABLE = "one table"
    QUOTE = "one quote"


def document(construct: Construct, characters: int) -> str:
    """Markdown of exactly that length."""
    make = _MAKERS[construct]
    chance = random.Random(construct)  # a str seeds by its characters
    parts: list[str] = []
    length = 0
    while length < characters:
        parts.append(make(chance, len(parts)))
        length += len(parts[-1])
    return "".join(parts)[:characters]


def conversation(count: int) -> list[Message]:
    """Questions of a line and answers of about 2 KB, in turns."""
    answers = [document(Construct.MIXED, 1_200 + 400 * (number % 5)) for number in range(40)]
    return [_message(number, answers) for number in range(count)]


def _message(number: int, answers: list[str]) -> Message:
    is_question = number % 2 == 0
    return Message(
        id=MessageId(f"message-{number:06}"),
        conversation_id=ConversationId("benchmark"),
        parent_id=MessageId(f"message-{number - 1:06}") if number else None,
        role=Role.USER if is_question else Role.ASSISTANT,
        content=f"Question {number}: what about this?" if is_question else f"{number}. {answers[number % 40]}",
        status=MessageStatus.COMPLETE,
        model=None if is_question else "small-model",
        created_at_ms=_CREATED_MS + number * 1000,
    )


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(words))


def _mixed(chance: random.Random, number: int) -> str:
    makers: tuple[Callable[[], str], ...] = (
        lambda: f"\n\n## Part {number}\n\n{_sentence(chance, 60)}.",
        lambda: f"\n\n{_sentence(chance, 90)}.\n",
        lambda: "\n\n```python\n" + "".join(f"value_{i} = call({i}, 'text')  # why\n" for i in range(12)) + "```\n",
        lambda: "\n\n" + "".join(f"- item {i} with {_sentence(chance, 6)}\n" for i in range(6)),
        lambda: "\n\n| a | b |\n|---|--:|\n" + "".join(f"| {_sentence(chance, 3)} | {i * i} |\n" for i in range(6)),
        lambda: f"\n\n> {_sentence(chance, 30)}\n> {_sentence(chance, 20)}\n",
    )
    return makers[number % len(makers)]()


_MAKERS: dict[Construct, Callable[[random.Random, int], str]] = {
    Construct.MIXED: _mixed,
    Construct.PARAGRAPH: lambda chance, number: f"{_sentence(chance, 12)}. ",
    Construct.FENCE: lambda chance, number: (
        "```python\n" if not number else f"    result_{number} = compute({number}, name='x')  # {number}\n"
    ),
    Construct.LIST: lambda chance, number: f"{'  ' * (number % 3)}- {_sentence(chance, 9)}\n",
    Construct.TABLE: lambda chance, number: (
        "| what | how much | why |\n|:--|--:|:-:|\n"
        if not number
        else f"| {_sentence(chance, 3)} | {number * 7} | {_sentence(chance, 4)} |\n"
    ),
    Construct.QUOTE: lambda chance, number: f"> {_sentence(chance, 14)}\n" + (">\n" if number % 5 == 4 else ""),
}
