"""SQL that writes messages and their journal. Plain functions of a connection."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from sqlite3 import Connection
from typing import Literal

from msgspec import Struct

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus
from app.domain.errors import Fault
from app.domain.usage import Usage, UsageSource, estimate_tokens
from app.storage.conversations import insert_conversation, touch_conversation

STOP_REASON_CRASH = "crash"
_COLUMNS = (
    "id, conversation_id, parent_id, role, status, stop_reason, content, reasoning, model, provider, created_at, error"
)


class JournalRow(Struct, frozen=True):
    message_id: MessageId
    seq: int
    kind: Literal["content", "reasoning"]
    text: str


class RecordedEnd(Struct, frozen=True):
    """How a message ended according to the disk: what counts if another process was first."""

    status: MessageStatus
    stop_reason: str | None


class NewTurn(Struct, frozen=True):
    """Messages that are written together, parents first, with their conversation if it is new too."""

    messages: tuple[Message, ...]
    conversation: Conversation | None = None


def insert_turn(db: Connection, turn: NewTurn) -> None:
    """Insert the messages and make the last of them the leaf. What is there already is left alone."""
    if turn.conversation is not None:
        insert_conversation(db, turn.conversation)
    for message in turn.messages:
        db.execute(
            f"INSERT INTO message ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (
                message.id,
                message.conversation_id,
                message.parent_id,
                message.role,
                message.status,
                message.stop_reason,
                message.content,
                message.reasoning,
                message.model,
                message.provider,
                message.created_at_ms,
                _fault_to_json(message.fault),
            ),
        )
        touch_conversation(db, message.conversation_id, message.id, message.created_at_ms)


def append_journal(db: Connection, rows: Iterable[JournalRow]) -> set[MessageId]:
    """Append streamed text. Returns the messages that somebody else has ended: their rows were not written."""
    refused: set[MessageId] = set()
    for row in rows:
        done = db.execute(
            "INSERT INTO journal (message_id, seq, kind, text)"
            " SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM message WHERE id = ?1 AND status = 'generating')",
            (row.message_id, row.seq, row.kind, row.text),
        ).rowcount
        if not done:
            refused.add(row.message_id)
    return refused


def finish_message(
    db: Connection, message: Message, turn: NewTurn, recorded: Future[None], leaf_id: MessageId | None
) -> RecordedEnd | None:
    """
    Write how a message ended, with its whole text, and drop its journal.

    If another process ended it first, its status stands and only the text is written. If the insert
    of its turn had failed (`recorded`, done before this is run), it is made up for here; `leaf_id` is then
    the branch on screen, which may have gone on.
    Returns what the disk now says; None if the message was deleted.
    """
    if recorded.exception() is not None:
        insert_turn(db, turn)
        db.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, message.conversation_id))
    usage, timing = message.usage, message.timing
    done = db.execute(
        "UPDATE message SET status = ?, stop_reason = ? WHERE id = ? AND status = 'generating'",
        (message.status, message.stop_reason, message.id),
    ).rowcount
    row = db.execute(
        "UPDATE message SET content = ?, reasoning = ?, digest = ?, prompt_tokens = ?, completion_tokens = ?,"
        " cached_tokens = ?, reasoning_tokens = ?, cost = ?, usage_source = ?, error = ?, headers_ms = ?,"
        " first_token_ms = ?, answer_ms = ?, last_token_ms = ?, stop_click_ms = ?, socket_closed_ms = ?"
        " WHERE id = ? RETURNING status, stop_reason",
        (
            message.content,
            message.reasoning,
            digest_of(message.content, message.reasoning),
            usage.prompt_tokens if usage else None,
            usage.completion_tokens if usage else None,
            usage.cached_tokens if usage else None,
            usage.reasoning_tokens if usage else None,
            usage.cost if usage else None,
            usage.source if usage else None,
            _fault_to_json(message.fault),
            timing.headers_ms,
            timing.first_token_ms,
            timing.answer_ms,
            timing.last_token_ms,
            timing.stop_click_ms,
            timing.socket_closed_ms,
            message.id,
        ),
    ).fetchone()
    if row is None:
        return None
    db.execute("DELETE FROM journal WHERE message_id = ?", (message.id,))
    if done:
        return RecordedEnd(message.status, message.stop_reason)
    return RecordedEnd(MessageStatus(row["status"]), row["stop_reason"])


def note_committed(db: Connection, message_id: MessageId, committed_ms: float) -> None:
    db.execute("UPDATE message SET committed_ms = ? WHERE id = ?", (committed_ms, message_id))


def note_usage(db: Connection, message_id: MessageId, usage: Usage) -> None:
    """Put a count in the place of an estimate; what a provider told stays."""
    db.execute(
        "UPDATE message SET prompt_tokens = ?, completion_tokens = ?, reasoning_tokens = ?, cost = ?"
        " WHERE id = ? AND usage_source = ?",
        (
            usage.prompt_tokens,
            usage.completion_tokens,
            usage.reasoning_tokens,
            usage.cost,
            message_id,
            UsageSource.ESTIMATED,
        ),
    )


def settle_orphans(db: Connection) -> int:
    """Settle messages left generating by a crash: stopped, with the journal's text. Returns how many."""
    orphans = db.execute(
        "SELECT id, status, content, reasoning FROM message"
        " WHERE status = 'generating' OR id IN (SELECT message_id FROM journal)"  # ended by another process meanwhile
    ).fetchall()
    for orphan in orphans:
        parts = {"content": [orphan["content"]], "reasoning": [orphan["reasoning"]]}
        for row in db.execute("SELECT kind, text FROM journal WHERE message_id = ? ORDER BY seq", (orphan["id"],)):
            parts[row["kind"]].append(row["text"])
        content, reasoning = "".join(parts["content"]), "".join(parts["reasoning"])
        db.execute(
            "UPDATE message SET content = ?, reasoning = ?, digest = ?, completion_tokens = ?, usage_source = ?"
            " WHERE id = ?",
            (
                content,
                reasoning,
                digest_of(content, reasoning),
                estimate_tokens(content + reasoning) if content or reasoning else 0,
                UsageSource.ESTIMATED,
                orphan["id"],
            ),
        )
    db.execute("DELETE FROM journal")
    return db.execute(
        "UPDATE message SET status = 'stopped', stop_reason = ? WHERE status = 'generating'", (STOP_REASON_CRASH,)
    ).rowcount


def delete_messages(
    db: Connection, message_ids: Sequence[MessageId], conversation_id: ConversationId, leaf_id: MessageId | None
) -> None:
    """
    Delete messages with all that follows them, and show the branch that ends at `leaf_id`.

    `message_ids` are in the order written. The last go first: SQLite follows no more than 1,000 children of children.
    """
    db.executemany("DELETE FROM message WHERE id = ?", [(message_id,) for message_id in reversed(message_ids)])
    db.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id))


def digest_of(content: str, reasoning: str) -> str:
    """32 hex digits that betray a flipped bit, which integrity_check misses in 98 of 100 cases."""
    hashed = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16)
    hashed.update(b"\0")
    hashed.update(reasoning.encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def _fault_to_json(fault: Fault | None) -> str | None:
    if fault is None:
        return None
    return json.dumps(fault._asdict(), ensure_ascii=False)
