"""SQL for the conversation table. Plain functions of a connection."""

from sqlite3 import Connection, Row

from app.domain.conversation import Conversation, ConversationId, MessageId
from app.domain.model import ModelRef, ProviderId


def insert_conversation(db: Connection, conversation: Conversation) -> None:
    db.execute(
        "INSERT INTO conversation (id, title, created_at, updated_at, leaf_id, provider, model)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (
            conversation.id,
            conversation.title,
            conversation.created_at_ms,
            conversation.updated_at_ms,
            conversation.leaf_id,
            conversation.model.provider_id if conversation.model else None,
            conversation.model.model if conversation.model else None,
        ),
    )


def list_conversations(db: Connection) -> tuple[Conversation, ...]:
    """Return all of them without their messages, newest first."""
    rows = db.execute("SELECT * FROM conversation ORDER BY updated_at DESC, seq DESC")
    return tuple(_conversation(row) for row in rows)


def rename_conversation(db: Connection, conversation_id: ConversationId, title: str) -> None:
    db.execute("UPDATE conversation SET title = ? WHERE id = ?", (title, conversation_id))


def delete_conversation(db: Connection, conversation_id: ConversationId) -> None:
    """Delete it with all its messages, the last first: SQLite follows no more than 1,000 children of children."""
    messages = db.execute("SELECT seq FROM message WHERE conversation_id = ? ORDER BY seq DESC", (conversation_id,))
    db.executemany("DELETE FROM message WHERE seq = ?", messages.fetchall())
    db.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))


def set_leaf(db: Connection, conversation_id: ConversationId, leaf_id: MessageId | None) -> None:
    db.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id))


def set_model(db: Connection, conversation_id: ConversationId, ref: ModelRef) -> bool:
    """Note which model answers in it from now on. False if it is not there."""
    done = db.execute(
        "UPDATE conversation SET provider = ?, model = ? WHERE id = ?", (ref.provider_id, ref.model, conversation_id)
    )
    return bool(done.rowcount)


def touch_conversation(db: Connection, conversation_id: ConversationId, leaf_id: MessageId, at_ms: int) -> None:
    """Note that `leaf_id` was added now."""
    db.execute(
        "UPDATE conversation SET leaf_id = ?, updated_at = max(updated_at, ?) WHERE id = ?",
        (leaf_id, at_ms, conversation_id),
    )


def _conversation(row: Row) -> Conversation:
    return Conversation(
        id=ConversationId(row["id"]),
        title=row["title"],
        created_at_ms=row["created_at"],
        updated_at_ms=row["updated_at"],
        leaf_id=row["leaf_id"],
        model=ModelRef(ProviderId(row["provider"]), row["model"]) if row["provider"] else None,
    )
