"""SQL that reads messages: the heads of a conversation without any text, and the texts of a few."""

import json
from collections.abc import Sequence
from sqlite3 import Connection, Row
from typing import NamedTuple

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role, UnreadMessage
from app.domain.errors import Fault, Remedy
from app.domain.row_shape import RowShape
from app.domain.usage import Timing, Usage, UsageSource

HEADS_A_SLICE = 1_000  # read in 3-4 ms: whoever waits for the database thread waits no longer

_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in MessageStatus}

# Heights measured at another width are scaled: less room, more lines.
_HEADS = """
    SELECT seq, id, parent_id, role, status, characters, coalesce(
        (SELECT height FROM row_height WHERE message_seq = seq AND column_width = ?1 AND style = ?2),
        (SELECT height * column_width / ?1 FROM row_height WHERE message_seq = seq AND style = ?2 LIMIT 1)
    )
    FROM message LEFT JOIN message_size ON message_size.message_seq = seq
    WHERE conversation_id = ?3 AND seq > ?4 ORDER BY seq LIMIT ?5
"""

# From the leaf up, as far as one sees at first.
_END = """
    WITH RECURSIVE branch (seq, parent_id, depth, total) AS (
        SELECT message.seq, parent_id, 1, characters
        FROM message JOIN message_size ON message_seq = message.seq WHERE id = ?1
        UNION ALL
        SELECT message.seq, message.parent_id, depth + 1, total + characters
        FROM branch JOIN message ON message.id = branch.parent_id JOIN message_size ON message_seq = message.seq
        WHERE depth < ?2 AND total < ?3
    )
    SELECT message.* FROM branch JOIN message ON message.seq = branch.seq ORDER BY depth DESC
"""


class HeadsSlice(NamedTuple):
    """Some of a conversation's messages in the order they were written; `last_seq` is None after the last of all."""

    heads: list[UnreadMessage]
    heights: dict[MessageId, int]
    last_seq: int | None


def read_heads(
    db: Connection,
    conversation_id: ConversationId,
    shape: RowShape,
    after_seq: int = 0,
    limit: int = HEADS_A_SLICE,
) -> HeadsSlice:
    """Return the next messages of all branches, with the heights they had on screen. Touches no text."""
    cursor = db.cursor()
    cursor.row_factory = None  # plain tuples: half the time
    rows = cursor.execute(_HEADS, (*shape, conversation_id, after_seq, limit)).fetchall()
    heads = [
        UnreadMessage(
            id=message_id,
            conversation_id=conversation_id,
            parent_id=parent_id,
            role=_ROLES[role],
            status=_STATUSES[status],
            characters=characters,
        )
        for _, message_id, parent_id, role, status, characters, _ in rows
    ]
    heights = {row[1]: row[6] for row in rows if row[6] is not None}
    return HeadsSlice(heads, heights, rows[-1][0] if len(rows) == limit else None)


def read_end(db: Connection, leaf_id: MessageId, most: int, most_characters: int) -> list[Message]:
    """Return the last messages of a branch with their texts, until one of the limits is reached."""
    return [_message(row) for row in db.execute(_END, (leaf_id, most, most_characters))]


def read_messages(db: Connection, message_ids: Sequence[MessageId]) -> list[Message]:
    """Return messages with their texts, in no order. What is not there any more is left out."""
    places = ", ".join("?" * len(message_ids))
    return [_message(row) for row in db.execute(f"SELECT * FROM message WHERE id IN ({places})", message_ids)]


def _message(row: Row) -> Message:
    usage = (
        Usage(
            completion_tokens=row["completion_tokens"],
            source=UsageSource(row["usage_source"]),
            prompt_tokens=row["prompt_tokens"],
            cached_tokens=row["cached_tokens"],
            reasoning_tokens=row["reasoning_tokens"],
            cost=row["cost"],
        )
        if row["usage_source"]
        else None
    )
    return Message(
        id=MessageId(row["id"]),
        conversation_id=ConversationId(row["conversation_id"]),
        parent_id=row["parent_id"],
        role=Role(row["role"]),
        content=row["content"],
        reasoning=row["reasoning"],
        status=MessageStatus(row["status"]),
        stop_reason=row["stop_reason"],
        model=row["model"],
        provider=row["provider"],
        created_at_ms=row["created_at"],
        fault=_fault_from_json(row["error"]),
        usage=usage,
        timing=Timing(
            headers_ms=row["headers_ms"],
            first_token_ms=row["first_token_ms"],
            answer_ms=row["answer_ms"],
            last_token_ms=row["last_token_ms"],
            stop_click_ms=row["stop_click_ms"],
            socket_closed_ms=row["socket_closed_ms"],
            committed_ms=row["committed_ms"],
        ),
    )


def _fault_from_json(text: str | None) -> Fault | None:
    if text is None:
        return None
    stored = json.loads(text)
    remedy = stored.get("remedy")  # older rows have none, those of a newer Belay perhaps another
    known = Remedy(remedy) if remedy in set(Remedy) else Remedy.RETRY
    return Fault(stored["title"], stored["advice"], stored["detail"], known)
