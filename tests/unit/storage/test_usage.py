"""Sums of what answers took are right, and are read from an index."""

import pytest

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus, Role, new_id
from app.domain.usage import Usage, UsageSource
from app.domain.usage_report import UsageSum
from app.storage import messages, usage
from app.storage.database import Database
from app.storage.messages import NewTurn

DAY_MS = 86_400_000


async def add(
    database: Database,
    conversation_id: str,
    at_ms: int,
    took: Usage | None,
    *,
    model: str = "m",
    status: MessageStatus = MessageStatus.COMPLETE,
) -> MessageId:
    """An answer without its question."""
    conversation = Conversation(id=ConversationId(conversation_id), title="t", created_at_ms=1, updated_at_ms=1)
    answer = Message(
        id=MessageId(new_id()),
        conversation_id=conversation.id,
        parent_id=None,
        role=Role.ASSISTANT,
        status=MessageStatus.GENERATING,
        provider="p",
        model=model,
        created_at_ms=at_ms,
    )
    turn = NewTurn((answer,), conversation)
    recorded = database.submit(messages.insert_turn, turn)
    ended = Message(
        id=answer.id,
        conversation_id=conversation.id,
        parent_id=None,
        role=Role.ASSISTANT,
        status=status,
        content="text",
        usage=took,
        model=model,
        provider="p",
        created_at_ms=at_ms,
    )
    await database.run(messages.finish_message, ended, turn, recorded, None)
    return answer.id


def told(prompt: int, completion: int, cost: float | None = None, cached: int | None = None) -> Usage:
    return Usage(
        completion_tokens=completion,
        prompt_tokens=prompt,
        cached_tokens=cached,
        cost=cost,
        source=UsageSource.PROVIDER,
    )


def estimated(completion: int, prompt: int | None = None) -> Usage:
    return Usage(completion_tokens=completion, prompt_tokens=prompt, source=UsageSource.ESTIMATED)


async def test_a_conversation_is_summed_up_with_its_stopped_answers(database: Database) -> None:
    await add(database, "a", 1, told(100, 10, cost=0.5, cached=60))
    await add(database, "a", 2, told(50, 5, cost=0.25))
    await add(database, "a", 3, estimated(7), status=MessageStatus.STOPPED)
    await add(database, "b", 4, told(1000, 1000, cost=9.0))
    assert await database.read(usage.usage_of_conversation, ConversationId("a")) == UsageSum(
        answers=3,
        stopped=1,
        estimated=1,
        prompt_tokens=150,
        cached_tokens=60,
        completion_tokens=22,
        cost=0.75,
        unpriced=1,
    )


async def test_an_unknown_cost_is_none_and_free_is_nothing_to_pay(database: Database) -> None:
    await add(database, "unknown", 1, told(1, 1))
    await add(database, "free", 1, told(1, 1, cost=0.0))
    assert (await database.read(usage.usage_of_conversation, ConversationId("unknown"))).cost is None
    assert (await database.read(usage.usage_of_conversation, ConversationId("free"))).cost == 0.0
    assert await database.read(usage.usage_of_conversation, ConversationId("nobody")) == UsageSum()


async def test_a_day_is_summed_up_by_model(database: Database) -> None:
    await add(database, "a", DAY_MS, told(10, 1, cost=1.0), model="small")
    await add(database, "a", 2 * DAY_MS - 1, told(10, 100, cost=2.0), model="large")
    await add(database, "b", DAY_MS + 5, told(20, 2, cost=4.0), model="small")
    await add(database, "b", 2 * DAY_MS, told(9, 9, cost=9.0), model="small")
    await add(database, "b", DAY_MS - 1, told(9, 9, cost=9.0), model="small")
    found = await database.read(usage.usage_between, DAY_MS, 2 * DAY_MS)
    assert [(provider, model, each.answers, each.cost) for provider, model, each in found] == [
        ("p", "large", 1, 2.0),
        ("p", "small", 2, 5.0),
    ]


async def test_an_answer_that_took_nothing_is_not_counted(database: Database) -> None:
    """Stopped before anything was sent."""
    await add(database, "a", 1, estimated(0), status=MessageStatus.STOPPED)
    await add(database, "a", 1, estimated(0, prompt=12), status=MessageStatus.STOPPED)
    assert (await database.read(usage.usage_of_conversation, ConversationId("a"))).answers == 1


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT sum(cost), sum(prompt_tokens) FROM message WHERE conversation_id = ?", "message_usage"),
        ("SELECT sum(cost), model, status FROM message WHERE created_at > ?", "message_usage_by_day"),
    ],
)
async def test_no_row_is_read_for_a_sum(database: Database, statement: str, index: str) -> None:
    """Its last columns lie behind the text: a megabyte would be read for each."""
    explained = f"EXPLAIN QUERY PLAN {statement} AND completion_tokens IS NOT NULL"
    plan = await database.read(lambda db: [row["detail"] for row in db.execute(explained, (1,))])
    assert f"USING COVERING INDEX {index} " in plan[0]


async def test_a_count_replaces_an_estimate_only(database: Database) -> None:
    guessed = await add(database, "a", 1, estimated(3))
    known = await add(database, "b", 1, told(5, 5))
    for message_id in (guessed, known):
        await database.run(messages.note_usage, message_id, estimated(8, prompt=4))
    first = await database.read(usage.usage_of_conversation, ConversationId("a"))
    second = await database.read(usage.usage_of_conversation, ConversationId("b"))
    assert (first.completion_tokens, first.prompt_tokens) == (8, 4)
    assert (second.completion_tokens, second.prompt_tokens) == (5, 5)


def test_sums_add_up() -> None:
    one = UsageSum(answers=1, completion_tokens=2, cost=None, unpriced=1)
    two = UsageSum(answers=2, completion_tokens=3, cost=0.5)
    assert one + two == UsageSum(answers=3, completion_tokens=5, cost=0.5, unpriced=1)
    assert (one + one).cost is None
