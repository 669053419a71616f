"""SQL that sums up what answers took. Plain functions of a connection; each reads an index and no text."""

from sqlite3 import Connection, Row

from app.domain.conversation import ConversationId
from app.domain.usage_report import UsageSum

_SUMS = """
    count(*) AS answers,
    count(*) FILTER (WHERE status = 'stopped') AS stopped,
    count(*) FILTER (WHERE usage_source = 'estimated') AS estimated,
    coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
    coalesce(sum(cached_tokens), 0) AS cached_tokens,
    coalesce(sum(completion_tokens), 0) AS completion_tokens,
    sum(cost) AS cost,
    count(*) FILTER (WHERE cost IS NULL) AS unpriced
"""

# An answer of which nothing came and nothing was sent took nothing.
_TOOK_SOMETHING = "completion_tokens IS NOT NULL AND (completion_tokens > 0 OR prompt_tokens > 0)"


def usage_of_conversation(db: Connection, conversation_id: ConversationId) -> UsageSum:
    """Return what all answers of a conversation took, those of other branches too."""
    row = db.execute(
        f"SELECT {_SUMS} FROM message INDEXED BY message_usage WHERE conversation_id = ? AND {_TOOK_SOMETHING}",
        (conversation_id,),
    ).fetchone()
    return _sum(row)


def usage_between(db: Connection, from_ms: int, until_ms: int) -> list[tuple[str, str, UsageSum]]:
    """Return what answers begun in this time took, by provider and model."""
    rows = db.execute(
        f"SELECT provider, model, {_SUMS} FROM message INDEXED BY message_usage_by_day"
        f" WHERE created_at >= ? AND created_at < ? AND {_TOOK_SOMETHING}"
        " GROUP BY provider, model ORDER BY sum(completion_tokens) DESC",
        (from_ms, until_ms),
    )
    return [(row["provider"] or "", row["model"] or "", _sum(row)) for row in rows]


def _sum(row: Row) -> UsageSum:
    return UsageSum(
        answers=row["answers"],
        stopped=row["stopped"],
        estimated=row["estimated"],
        prompt_tokens=row["prompt_tokens"],
        cached_tokens=row["cached_tokens"],
        completion_tokens=row["completion_tokens"],
        cost=row["cost"],
        unpriced=row["unpriced"],
    )
