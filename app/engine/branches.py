"""The tree of messages: which follow which, and which stand beside each other."""

from collections.abc import Collection, Iterable

from app.domain.conversation import MessageHead, MessageId


def with_descendants(members: Iterable[MessageHead], message_id: MessageId) -> tuple[MessageId, ...]:
    """A message and all that follows it, on whatever branch. `members` are in the order written: parents come first."""
    found = {message_id: None}
    for member in members:
        if member.parent_id in found:
            found[member.id] = None
    return tuple(found)


def newest_leaf(members: Iterable[MessageHead], message_id: MessageId) -> MessageId:
    """Return the end of the branch below a message that was written last; itself if nothing follows it."""
    return with_descendants(members, message_id)[-1]


def leaf_beside(
    members: Collection[MessageHead], message: MessageHead, gone: Collection[MessageId]
) -> MessageId | None:
    """Return where to be when a message and all below it are gone: at the newest end beside it, else at its parent."""
    beside = [other.id for other in members if other.parent_id == message.parent_id and other.id not in gone]
    return newest_leaf(members, beside[-1]) if beside else message.parent_id


def versions(members: Collection[MessageHead]) -> dict[MessageId, tuple[MessageId, ...]]:
    """Return, for each message that is not the only one in its place, all of them in the order written."""
    if len({member.parent_id for member in members}) == len(members):
        return {}  # nobody has a rival: 10,000 of them are asked about when a conversation is opened
    children: dict[MessageId | None, list[MessageId]] = {}
    for member in members:
        children.setdefault(member.parent_id, []).append(member.id)
    rivals = [tuple(each) for each in children.values() if len(each) > 1]
    return {message_id: each for each in rivals for message_id in each}
