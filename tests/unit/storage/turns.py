"""A question with an answer that is being written."""

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus, Role, new_id
from app.storage.messages import NewTurn


def a_turn() -> NewTurn:
    conversation = Conversation(id=ConversationId(new_id()), title="t", created_at_ms=1, updated_at_ms=1)
    question = Message(
        id=MessageId(new_id()), conversation_id=conversation.id, parent_id=None, role=Role.USER, content="q"
    )
    answer = Message(
        id=MessageId(new_id()),
        conversation_id=conversation.id,
        parent_id=question.id,
        role=Role.ASSISTANT,
        status=MessageStatus.GENERATING,
    )
    return NewTurn((question, answer), conversation)
