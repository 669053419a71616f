"""What does not fit the model's context is left out from the top, visibly; what fits is sent whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from app.domain.completion import Delta, ResponseStarted
from app.domain.context_use import ContextUse
from app.domain.conversation import Conversation, ConversationId, Message, MessageId, Role, new_id
from app.domain.model import ModelInfo, ModelRef, Price
from app.domain.tokens import Vocabulary
from app.engine.context import MESSAGES_A_SLICE, room_for, surely_fits
from app.engine.context_meter import ContextMeter
from app.engine.events import ContextMeasured, ConversationAdded, MessageAdded
from app.providers.token_families import TOKENS_A_MESSAGE, TOKENS_A_REQUEST
from app.storage.messages import NewTurn, insert_turn
from tests.world import DONE, ScriptedProvider, ScriptedSource, Step, World, build_world, close_world, tokenizer

SENTENCE = "The tide was going out, and the boats leaned over in the mud. "
REF = ModelRef(ScriptedSource.id, "gpt-4o")
Build = Callable[..., Awaitable[World]]


def o200k(text: str) -> int:
    return sum(tokenizer(Vocabulary.O200K).count(text))


def info(context_tokens: int | None) -> ModelInfo:
    return ModelInfo(id="gpt-4o", context_tokens=context_tokens, price=Price(input=1.0, output=1.0))


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    built: list[World] = []

    async def builder(*script: Step, context_tokens: int | None = None) -> World:
        source = ScriptedSource(ScriptedProvider(script), info(context_tokens), address="https://far.example/v1")
        world = build_world(tmp_path / f"{len(built)}.db", (), flush_interval_s=0.002, sources=(source,))
        built.append(world)
        await world.connect()
        return world

    yield builder
    for world in built:
        await close_world(world)


async def converse(world: World, *texts: str, system: str = "") -> ConversationId:
    """Questions and answers in turn, in memory and on disk."""
    conversation = Conversation(id=ConversationId(new_id()), title="t", created_at_ms=1, updated_at_ms=1)
    world.store.apply(ConversationAdded(conversation))
    roles = [Role.USER if number % 2 == 0 else Role.ASSISTANT for number in range(len(texts))]
    turns = [*([(Role.SYSTEM, system)] if system else []), *zip(roles, texts, strict=True)]
    messages: list[Message] = []
    for role, text in turns:
        parent_id = messages[-1].id if messages else None
        messages.append(
            Message(
                id=MessageId(new_id()), conversation_id=conversation.id, parent_id=parent_id, role=role, content=text
            )
        )
        world.store.apply(MessageAdded(messages[-1]))
    await world.database.run(insert_turn, NewTurn(tuple(messages), conversation))
    return conversation.id


async def asked(world: World, conversation_id: ConversationId, text: str) -> list[str]:
    """The texts of the request."""
    sent = world.engine.send(text, conversation_id)
    async with asyncio.timeout(10):
        while not world.ends(sent.message_id):
            await asyncio.sleep(0.001)
    provider = world.models.ready(REF).provider
    assert isinstance(provider, ScriptedProvider)
    return [turn.content for turn in provider.asked[-1].turns]


async def test_what_fits_is_sent_whole(build: Build) -> None:
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=4000)
    texts = [SENTENCE * 10] * 4
    conversation_id = await converse(world, *texts)
    assert await asked(world, conversation_id, "and now?") == [*texts, "and now?"]


@pytest.mark.parametrize("context_tokens", [1700, 2000, 2300, 2600])
async def test_the_oldest_are_left_out_and_what_is_sent_begins_with_a_question(
    build: Build, context_tokens: int
) -> None:
    """Wherever the room ends: before a question, or before an answer."""
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=context_tokens)
    texts = [f"{number} {SENTENCE * 20}" for number in range(10)]
    conversation_id = await converse(world, *texts)
    sent = await asked(world, conversation_id, "and now?")
    assert sent[-1] == "and now?"
    assert sent[:-1] == texts[-len(sent) + 1 :], "without a gap"
    assert 2 < len(sent) < 10
    assert int(sent[0].split()[0]) % 2 == 0, "a question first"
    tokens = sum(o200k(text) + TOKENS_A_MESSAGE for text in sent) + TOKENS_A_REQUEST
    room = room_for(info(context_tokens))
    assert room == context_tokens * 3 // 4
    assert tokens <= room
    assert tokens + 2 * (o200k(texts[0]) + TOKENS_A_MESSAGE) > room, "no more than need be"


async def test_the_system_prompt_stays(build: Build) -> None:
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=1000)
    conversation_id = await converse(world, *([SENTENCE * 20] * 8), system="Be brief.")
    sent = await asked(world, conversation_id, "and now?")
    assert sent[0] == "Be brief."
    assert sent[-1] == "and now?"
    assert len(sent) < 6


async def test_a_question_that_does_not_fit_is_sent_alone(build: Build) -> None:
    """The server has the last word: it says ContextTooLong, with the numbers."""
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=500)
    conversation_id = await converse(world, "short", "short")
    assert await asked(world, conversation_id, SENTENCE * 200) == [SENTENCE * 200]


async def test_of_an_unknown_context_nothing_is_left_out(build: Build) -> None:
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=None)
    texts = [SENTENCE * 400] * 6
    conversation_id = await converse(world, *texts)
    assert await asked(world, conversation_id, "and now?") == [*texts, "and now?"]


async def test_no_text_is_read_that_does_not_fit(build: Build) -> None:
    """Of 400 messages on disk, the request reads the last few."""
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=2000)
    conversation_id = await converse(world, *([SENTENCE * 10] * 400))
    branch = world.store.branch(conversation_id)
    plan = await world.planner.plan(branch, REF, info(2000))
    assert plan.left_out > 350
    assert len(plan.sent) + plan.left_out == 400
    assert world.counter.kept_counts <= MESSAGES_A_SLICE


def test_short_ones_need_no_counting() -> None:
    message = Message(
        id=MessageId("m"), conversation_id=ConversationId("c"), parent_id=None, role=Role.USER, content="x" * 1000
    )
    assert surely_fits([message], info(2000))
    assert not surely_fits([message], info(1000)), "a token may be as short as a byte"
    assert surely_fits([message] * 1000, info(None))


@pytest.fixture
def measure(build: Build) -> Callable[..., Awaitable[ContextUse | None]]:
    async def once(world: World, conversation_id: ConversationId | None, draft: str) -> ContextUse | None:
        meter = ContextMeter(
            store=world.store,
            planner=world.planner,
            facts=world.facts,
            database=world.database,
            tasks=world.tasks,
            quiet_s=0.2,
            earliest_s=0.0,
        )
        told: list[ContextUse | None] = []

        def note(event: object) -> None:
            if isinstance(event, ContextMeasured):
                told.append(event.use)

        unsubscribe = world.store.subscribe(note)
        for length in range(len(draft)):  # a key at a time
            meter.want(conversation_id, draft[: length + 1])
            await asyncio.sleep(0.01)
        meter.want(conversation_id, draft)
        async with asyncio.timeout(10):
            while not told:
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.3)
        unsubscribe()
        meter.close()
        assert len(told) == 1, "once, after the last key"
        return told[-1]

    return once


async def test_the_meter_tells_what_the_next_message_would_send(
    build: Build, measure: Callable[..., Awaitable[ContextUse | None]]
) -> None:
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=10_000)
    conversation_id = await converse(world, SENTENCE, SENTENCE)
    use = await measure(world, conversation_id, "and now?")
    assert use is not None
    assert use.count.tokens == 2 * o200k(SENTENCE) + o200k("and now?") + 3 * TOKENS_A_MESSAGE + TOKENS_A_REQUEST
    assert use.count.is_exact
    assert (use.context_tokens, use.left_out, use.begins_with) == (10_000, 0, None)


async def test_the_meter_tells_where_the_context_begins(
    build: Build, measure: Callable[..., Awaitable[ContextUse | None]]
) -> None:
    world = await build(ResponseStarted(), Delta("a"), DONE, context_tokens=2000)
    conversation_id = await converse(world, *([SENTENCE * 20] * 10))
    use = await measure(world, conversation_id, "and now?")
    assert use is not None
    assert use.left_out
    assert world.store.branch(conversation_id)[use.left_out].id == use.begins_with
    sent = await asked(world, conversation_id, "and now?")
    assert len(sent) == 11 - use.left_out, "what it told is what was done"


async def test_the_meter_sums_up_what_the_conversation_has_cost(
    build: Build, measure: Callable[..., Awaitable[ContextUse | None]]
) -> None:
    world = await build(ResponseStarted(), Delta(SENTENCE), DONE, context_tokens=10_000)
    sent = world.engine.send("one")
    await world.settled()
    world.engine.send("two", sent.conversation_id)
    await world.settled()
    answers = [
        world.memory(head.id) for head in world.store.branch(sent.conversation_id) if head.role is Role.ASSISTANT
    ]
    costs = [answer.usage.cost for answer in answers if answer.usage is not None]
    assert len(costs) == 2
    use = await measure(world, sent.conversation_id, "")
    assert use is not None
    assert use.cost == pytest.approx(sum(cost or 0.0 for cost in costs))
    assert use.unpriced == 0
