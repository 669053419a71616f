"""A conversation and the tree of messages in it."""

import secrets
import time
from enum import StrEnum
from typing import NewType

from msgspec import Struct, field

from app.domain.errors import Fault
from app.domain.model import ModelRef
from app.domain.usage import Timing, Usage

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)

TITLE_LENGTH = 60


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """
    Where a message is in its life.

    GENERATING is the only status a message leaves. One found GENERATING at
    start-up belongs to a process that died and becomes STOPPED (reason crash).
    """

    GENERATING = "generating"
    COMPLETE = "complete"
    STOPPED = "stopped"  # on request; the text so far is kept
    FAILED = "failed"  # by a fault; the text so far is kept

    @property
    def is_terminal(self) -> bool:
        return self is not MessageStatus.GENERATING


class MessageHead(Struct, frozen=True, kw_only=True):
    """
    Where a message stands in the tree, and how it ended: all that is known of each message of an open conversation.

    `parent_id` is the turn it answers; two answers to one turn are siblings.
    """

    id: MessageId
    conversation_id: ConversationId
    parent_id: MessageId | None
    role: Role
    status: MessageStatus = MessageStatus.COMPLETE


class UnreadMessage(MessageHead, frozen=True, kw_only=True):
    """One whose text is on disk only. It has no `content`, so that nobody can take it for an empty one."""

    characters: int = 0  # of content and reasoning


class Message(MessageHead, frozen=True, kw_only=True):
    """
    One turn with its text.

    While it is GENERATING, `content` and `reasoning` are empty here and grow in the store.
    """

    content: str = ""
    reasoning: str = ""
    stop_reason: str | None = None
    model: str | None = None
    provider: str | None = None
    created_at_ms: int = 0
    fault: Fault | None = None
    usage: Usage | None = None
    timing: Timing = field(default_factory=Timing)

    def without_text(self) -> UnreadMessage:
        """What memory keeps of it when nobody looks at it. Only for one that is on disk."""
        return UnreadMessage(
            id=self.id,
            conversation_id=self.conversation_id,
            parent_id=self.parent_id,
            role=self.role,
            status=self.status,
            characters=len(self.content) + len(self.reasoning),
        )


KnownMessage = Message | UnreadMessage


class Conversation(Struct, frozen=True, kw_only=True):
    """
    What the sidebar lists. `leaf_id` is the last message of the branch on screen.

    `model` is the one that answers here, None for a conversation from before this was kept.
    """

    id: ConversationId
    title: str
    created_at_ms: int
    updated_at_ms: int
    leaf_id: MessageId | None = None
    model: ModelRef | None = None


def new_id() -> str:
    """Return 32 hex digits: 48 bits of milliseconds, then 80 random bits, so that ids sort roughly by age."""
    return f"{now_ms() & 0xFFFFFFFFFFFF:012x}{secrets.token_hex(10)}"


def now_ms() -> int:
    """Milliseconds of wall-clock time: for showing, never for measuring."""
    return time.time_ns() // 1_000_000


def title_from(text: str) -> str:
    """The first words of the first line, at most TITLE_LENGTH characters, cut at a word."""
    line = next((stripped for raw in text.splitlines() if (stripped := " ".join(raw.split()))), "")
    if len(line) <= TITLE_LENGTH:
        return line or "New conversation"
    cut = line[: TITLE_LENGTH - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_LENGTH // 2 else cut).rstrip(" ,.;:–-") + "…"
