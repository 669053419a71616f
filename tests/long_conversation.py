"""A conversation of many messages, on disk."""

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, Role, new_id
from app.storage.database import Database
from app.storage.messages import NewTurn, insert_turn


def text_of(number: int) -> str:
    """Every one of its own; about 250 characters, an answer several paragraphs."""
    sentence = f"This is what message {number} says, in words of which no other message has number {number}. "
    return "\n\n".join([sentence.strip()] * (3 if number % 2 else 1))


def write_conversation(database: Database, count: int, *, title: str = "Long", characters: int = 0) -> Conversation:
    """Question and answer in turn, one branch. `characters`: each text is filled up to so many."""
    conversation = Conversation(id=ConversationId(new_id()), title=title, created_at_ms=1, updated_at_ms=1)
    messages: list[Message] = []
    for number in range(count):
        messages.append(
            Message(
                id=MessageId(new_id()),
                conversation_id=conversation.id,
                parent_id=messages[-1].id if messages else None,
                role=Role.ASSISTANT if number % 2 else Role.USER,
                content=text_of(number).ljust(characters, "."),
                model="m" if number % 2 else None,
                created_at_ms=number,
            )
        )
    database.submit(insert_turn, NewTurn(tuple(messages), conversation)).result()
    return conversation
