"""What an answer took is counted honestly, whether its provider tells or not, and however it ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.completion import Delta, Finish, FinishReason, ReasoningDelta, ResponseStarted
from app.domain.conversation import MessageId, MessageStatus
from app.domain.errors import RateLimited
from app.domain.model import BUILT_IN, ModelInfo, ModelRef, Price
from app.domain.settings import OwnPrice
from app.domain.tokens import Vocabulary
from app.domain.usage import Usage, UsageSource
from app.engine.events import UsageCounted
from app.engine.prices import FREE, cost_of
from app.providers.token_families import TOKENS_A_MESSAGE, TOKENS_A_REQUEST
from app.storage.reading import read_messages
from tests.world import DONE, HANG, ScriptedProvider, ScriptedSource, Step, World, build_world, close_world, tokenizer

PRICE = Price(input=2.0, output=8.0, cached_input=0.5)
FAR = "https://api.example.com/v1"
STORY = "The quick brown fox jumps over the lazy dog, and nobody minds. "
Build = Callable[..., Awaitable[World]]


def o200k(text: str) -> int:
    return sum(tokenizer(Vocabulary.O200K).count(text))


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    """A world with one model, gpt-4o, somewhere on the network."""
    built: list[World] = []

    async def builder(*script: Step, price: Price | None = PRICE, address: str = FAR) -> World:
        provider = ScriptedProvider(script)
        source = ScriptedSource(provider, ModelInfo(id="gpt-4o", price=price), address=address)
        world = build_world(tmp_path / f"{len(built)}.db", (), flush_interval_s=0.002, sources=(source,))
        built.append(world)
        await world.connect()
        return world

    yield builder
    for world in built:
        await close_world(world)


async def usage_of(world: World, message_id: MessageId) -> Usage:
    """In memory, which the disk agrees with."""
    await world.settled()
    usage = world.memory(message_id).usage
    (on_disk,) = await world.database.read(read_messages, [message_id])
    assert on_disk.usage == usage
    assert usage is not None
    return usage


async def stop_when_written(world: World, message_id: MessageId, characters: int) -> None:
    async with asyncio.timeout(5):
        while len(world.store.text_of(message_id)) < characters:
            await asyncio.sleep(0)
    assert world.engine.stop(message_id).success


async def test_the_providers_word_is_kept_with_all_its_parts_and_priced(build: Build) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 1000, 200, 400, 150))
    usage = await usage_of(world, world.engine.send("hi").message_id)
    assert (usage.prompt_tokens, usage.completion_tokens) == (1000, 200)
    assert (usage.cached_tokens, usage.reasoning_tokens) == (400, 150)
    assert usage.source is UsageSource.PROVIDER
    assert usage.cost == pytest.approx((600 * 2.0 + 400 * 0.5 + 200 * 8.0) / 1e6)
    assert not [event for event in world.events if isinstance(event, UsageCounted)]


async def test_a_whole_answer_whose_provider_says_nothing_is_counted(build: Build) -> None:
    world = await build(ResponseStarted(), *(Delta(STORY) for _ in range(20)), DONE)
    usage = await usage_of(world, world.engine.send("tell me").message_id)
    assert usage.completion_tokens == o200k(STORY * 20)
    assert usage.prompt_tokens == o200k("tell me") + TOKENS_A_MESSAGE + TOKENS_A_REQUEST
    assert usage.source is UsageSource.ESTIMATED
    assert usage.cost == cost_of(usage, PRICE)


async def test_a_stopped_answer_is_counted_with_what_came_of_it(build: Build) -> None:
    """R-02: never 0 for a text; ≈, because what else the model wrote nobody told."""
    world = await build(ResponseStarted(), ReasoningDelta("Let me think."), *(Delta(STORY) for _ in range(5)), HANG)
    sent = world.engine.send("tell me")
    await stop_when_written(world, sent.message_id, 5 * len(STORY))
    usage = await usage_of(world, sent.message_id)
    assert usage.completion_tokens == o200k(STORY * 5) + o200k("Let me think.")
    assert usage.reasoning_tokens == o200k("Let me think.")
    assert usage.source is UsageSource.ESTIMATED
    assert usage.cost is not None
    assert usage.cost > 0


async def test_the_estimate_is_there_at_once_and_never_nothing(build: Build) -> None:
    """In the moment of the click, before anything is counted or saved."""
    world = await build(ResponseStarted(), *(Delta(STORY) for _ in range(5)), HANG)
    sent = world.engine.send("tell me")
    await stop_when_written(world, sent.message_id, 5 * len(STORY))
    usage = world.memory(sent.message_id).usage
    assert usage is not None
    assert usage.completion_tokens == pytest.approx(o200k(STORY * 5), rel=0.25)


async def test_what_a_continued_answer_began_with_is_not_counted_again(build: Build) -> None:
    world = await build(ResponseStarted(), *(Delta(STORY) for _ in range(5)), HANG)
    sent = world.engine.send("tell me")
    await stop_when_written(world, sent.message_id, 5 * len(STORY))
    await world.settled()
    again = world.engine.continue_reply(sent.message_id)
    assert again is not None
    await stop_when_written(world, again, 10 * len(STORY))
    usage = await usage_of(world, again)
    assert usage.completion_tokens == o200k(STORY * 5)
    assert usage.prompt_tokens is not None
    assert usage.prompt_tokens > o200k(STORY * 5), "what it began with was sent"


async def test_a_refused_request_takes_nothing(build: Build) -> None:
    world = await build(RateLimited("later"), RateLimited("later"))
    sent = world.engine.send("hi")
    async with asyncio.timeout(5):
        while not world.ends(sent.message_id) and sent.message_id not in world.store.retries:
            await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    usage = await usage_of(world, sent.message_id)
    assert usage.completion_tokens == 0
    assert usage.prompt_tokens is None
    assert usage.cost is None


async def test_an_unknown_price_is_no_price(build: Build) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 1000, 200), price=None)
    usage = await usage_of(world, world.engine.send("hi").message_id)
    assert usage.cost is None


async def test_what_runs_on_this_computer_is_free(build: Build) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 1000, 200), address="http://127.0.0.1:11434/v1")
    usage = await usage_of(world, world.engine.send("hi").message_id)
    assert usage.cost == 0.0
    assert world.facts.price(ModelRef(BUILT_IN, "anything")) == FREE


async def test_the_users_own_price_counts_first(build: Build) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 1000, 200))
    ref = ModelRef(ScriptedSource.id, "gpt-4o")
    own = Price(input=1.0, output=1.0)
    world.preferences.change(own_prices=(OwnPrice(provider_id=ref.provider_id, model=ref.model, price=own),))
    usage = await usage_of(world, world.engine.send("hi").message_id)
    assert usage.cost == pytest.approx(1200 / 1e6)


async def test_the_price_of_the_list_counts_before_the_catalogs(build: Build) -> None:
    world = await build(DONE, address="https://api.openai.com/v1")
    listed = ModelRef(ScriptedSource.id, "gpt-4o")
    assert world.facts.price(listed) == PRICE
    assert world.facts.info(listed).context_tokens == 128_000, "what the list does not say, the catalog does"
    unlisted = world.facts.price(ModelRef(ScriptedSource.id, "gpt-4o-mini"))
    assert unlisted is not None
    assert unlisted != PRICE


def test_cached_tokens_cost_what_the_price_says_of_them() -> None:
    usage = Usage(completion_tokens=0, prompt_tokens=1_000_000, cached_tokens=250_000, source=UsageSource.PROVIDER)
    assert cost_of(usage, PRICE) == pytest.approx(1.5 + 0.125)
    assert cost_of(usage, replace(PRICE, cached_input=None)) == pytest.approx(2.0)
    assert cost_of(replace(usage, prompt_tokens=None), PRICE) is None
    assert cost_of(replace(usage, cached_tokens=9_000_000), PRICE) == pytest.approx(0.5), "never below what was sent"


async def test_a_count_never_replaces_the_word_of_a_provider(build: Build) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 10, 7))
    sent = world.engine.send("hi")
    await world.settled()
    account_free = Usage(completion_tokens=1, source=UsageSource.ESTIMATED)
    world.store.apply(UsageCounted(MessageId("nobody"), account_free))
    assert (await usage_of(world, sent.message_id)).completion_tokens == 7
    assert world.memory(sent.message_id).status is MessageStatus.COMPLETE
