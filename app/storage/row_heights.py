"""SQL for the heights that messages had on screen, so that a conversation opens with a scroll bar that is right."""

from collections.abc import Mapping
from sqlite3 import Connection

from app.domain.conversation import MessageId
from app.domain.row_shape import RowShape

KEPT_SHAPES = 4  # of each message, the newest


def keep_heights(db: Connection, shape: RowShape, heights: Mapping[MessageId, int], at_ms: int) -> None:
    """Note heights of messages that have ended. Those that are not on disk are passed over."""
    db.executemany(
        "INSERT INTO row_height (message_seq, column_width, style, height, noted_at)"
        " SELECT seq, ?, ?, ?, ? FROM message WHERE id = ? AND status <> 'generating'"
        " ON CONFLICT DO UPDATE SET height = excluded.height, noted_at = excluded.noted_at",
        [(*shape, height, at_ms, message_id) for message_id, height in heights.items()],
    )
    db.executemany(
        "DELETE FROM row_height WHERE message_seq = (SELECT seq FROM message WHERE id = ?1)"
        " AND (column_width, style) NOT IN (SELECT column_width, style FROM row_height"
        " WHERE message_seq = (SELECT seq FROM message WHERE id = ?1) ORDER BY noted_at DESC LIMIT ?2)",
        [(message_id, KEPT_SHAPES) for message_id in heights],
    )
