"""A message as it was handed to the transcript, and what came to it since."""

from collections.abc import Sequence

from app.domain.conversation import KnownMessage, Message, MessageHead, Role


class ShownMessage:
    """
    `text` and `reasoning` are pieces that are appended to and never changed. Of one that is not read yet
    they are on disk, and `message` has no more than the head knows.

    `versions`: the ids of all messages in its place, in the order written; empty if it is the only one.
    `waiting_line`: why nothing of it is here yet, if there is a reason to tell.
    `editor_px`: the height of the editor that stands in its place, 0 if there is none.
    `begins_context`: what is above it is not sent any more; a line says so.
    """

    __slots__ = (
        "begins_context", "editor_px", "is_read", "message", "reasoning", "receipt", "receipt_tooltip",
        "shows_reasoning", "text", "versions", "waiting_line",
    )  # fmt: skip

    def __init__(self, known: KnownMessage, versions: Sequence[str] = ()) -> None:
        self.take(known)
        self.receipt = ""
        self.receipt_tooltip = ""
        self.shows_reasoning = False
        self.waiting_line = ""
        self.versions = tuple(versions)
        self.editor_px = 0
        self.begins_context = False

    def take(self, known: KnownMessage) -> None:
        """Its text has been read, or forgotten."""
        self.is_read = isinstance(known, Message)
        self.message = known if isinstance(known, Message) else _without_text(known)
        self.text = [self.message.content] if self.message.content else []
        self.reasoning = [self.message.reasoning] if self.message.reasoning else []

    @property
    def version_number(self) -> int:
        """Counted from 1."""
        return self.versions.index(self.message.id) + 1 if self.message.id in self.versions else 1

    @property
    def version_before(self) -> str:
        """The id of the version written before this one, empty if this is the first."""
        return self.versions[self.version_number - 2] if self.version_number > 1 else ""

    @property
    def version_after(self) -> str:
        """The id of the version written after this one, empty if this is the last."""
        return self.versions[self.version_number] if self.version_number < len(self.versions) else ""

    @property
    def is_generating(self) -> bool:
        return not self.message.status.is_terminal

    @property
    def is_from_user(self) -> bool:
        return self.message.role is Role.USER

    @property
    def whole_text(self) -> str:
        assert self.is_read, "the text is on disk only"
        return "".join(self.text)

    def end(self, message: Message) -> bool:
        """
        Take the message as it ended, with what of it was not handed in yet.

        False if its text is another one than was shown.
        """
        self.message = message
        _complete(self.reasoning, message.reasoning)
        if not message.content or _complete(self.text, message.content):
            return True
        self.text = [message.content]
        return False


def _without_text(head: MessageHead) -> Message:
    return Message(
        id=head.id,
        conversation_id=head.conversation_id,
        parent_id=head.parent_id,
        role=head.role,
        status=head.status,
    )


def _complete(pieces: list[str], whole: str) -> bool:
    """Add what is missing. False if `whole` does not begin with the pieces."""
    known = "".join(pieces)
    if not whole.startswith(known):
        return False
    if len(whole) > len(known):
        pieces.append(whole[len(known) :])
    return True
