"""Edge case 19: what was refused for now is asked for again, visibly, and Stop ends the wait."""

import asyncio
import time
from collections.abc import Callable

import pytest

from app.domain.abort import AbortReason
from app.domain.completion import Delta, ResponseStarted
from app.domain.conversation import MessageId, MessageStatus
from app.domain.errors import (
    AuthenticationFailed,
    ContextTooLong,
    ProviderError,
    ProviderOverloaded,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    StreamBroken,
)
from app.engine.events import Event, RetryBegun, RetryScheduled
from app.engine.retrying import MOST_ATTEMPTS, wait_before
from tests.unit.engine.conftest import Build
from tests.world import DONE, Step, World

SOON = RateLimited("slow down", retry_after_s=0.02)
LATER = RateLimited("slow down", retry_after_s=30.0)


@pytest.mark.parametrize("attempt", range(1, MOST_ATTEMPTS))
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_waits_double_around_a_second(attempt: int, chance: float) -> None:
    wait_s = wait_before(ProviderOverloaded(), attempt, chance)
    assert wait_s is not None
    assert 0.85 * 2 ** (attempt - 1) < wait_s < 1.15 * 2 ** (attempt - 1)


@pytest.mark.parametrize("asked_s", [0.0, 7.0, 60.0])
@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_what_the_provider_asks_for_is_waited_and_hardly_more(asked_s: float, chance: float) -> None:
    wait_s = wait_before(RateLimited("", asked_s), 1, chance)
    assert wait_s is not None
    assert asked_s <= wait_s <= asked_s + 0.5


@pytest.mark.parametrize(
    "error",
    [
        RateLimited("", 60.1),
        QuotaExhausted(),
        AuthenticationFailed(),
        ContextTooLong(),
        ProviderUnreachable(),
        StreamBroken(),
    ],
)
def test_other_refusals_and_long_waits_are_the_users_to_repeat(error: ProviderError) -> None:
    assert wait_before(error, 1, 0.5) is None


def test_the_fourth_refusal_is_the_last() -> None:
    assert wait_before(ProviderOverloaded(), MOST_ATTEMPTS - 1, 0.5) is not None
    assert wait_before(ProviderOverloaded(), MOST_ATTEMPTS, 0.5) is None


def told(world: World, message_id: MessageId) -> list[str]:
    mine = (event for event in world.events if getattr(event, "message_id", None) == message_id)
    return [type(event).__name__ for event in mine if isinstance(event, RetryScheduled | RetryBegun)]


async def begin(world: World, script: tuple[Step, ...]) -> MessageId:
    world.provider.script = script
    return world.engine.send("hi").message_id


async def scheduled(world: World) -> RetryScheduled:
    async with asyncio.timeout(5):
        while not (found := [event for event in world.events if isinstance(event, RetryScheduled)]):
            await asyncio.sleep(0.001)
    return found[0]


async def test_a_refusal_is_followed_by_the_answer(build: Build) -> None:
    world = await build()
    message_id = await begin(world, (SOON,))
    retry = await scheduled(world)
    world.provider.script = (ResponseStarted(), Delta("at last"), DONE)
    assert world.store.retries[message_id] is retry
    assert world.memory(message_id).status is MessageStatus.GENERATING
    assert (retry.attempt, retry.fault.title) == (2, "The provider asks to slow down")
    assert retry.at_ns - time.monotonic_ns() + 25_000_000 > 0
    await world.settled()
    world.assert_agrees(message_id)
    assert world.memory(message_id).content == "at last"
    assert told(world, message_id) == ["RetryScheduled", "RetryBegun"]
    assert world.store.retries == {}
    assert len(world.provider.asked) == 2


async def test_after_four_refusals_it_fails_with_the_last(build: Build) -> None:
    world = await build()
    message_id = await begin(world, (ResponseStarted(), SOON))
    await world.settled()
    message = world.memory(message_id)
    assert message.status is MessageStatus.FAILED
    assert message.fault == SOON.fault
    assert len(world.provider.asked) == MOST_ATTEMPTS
    assert world.store.retries == {}


async def test_nothing_is_asked_again_once_a_word_has_come(build: Build) -> None:
    world = await build()
    message_id = await begin(world, (ResponseStarted(), Delta("half"), SOON))
    await world.settled()
    message = world.memory(message_id)
    assert (message.status, message.content) == (MessageStatus.FAILED, "half")
    assert len(world.provider.asked) == 1
    assert told(world, message_id) == []


Ending = Callable[[World, MessageId], object]


def supersede(world: World, message_id: MessageId) -> None:
    world.provider.script = (DONE,)
    world.engine.send("something else", world.memory(message_id).conversation_id)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda world, message_id: world.engine.stop(message_id), AbortReason.USER),
        (supersede, AbortReason.SUPERSEDED),
        (lambda world, message_id: world.active.stop(message_id, AbortReason.QUIT), AbortReason.QUIT),
        (lambda world, message_id: world.engine.delete_message(message_id), None),
    ],
    ids=["stop", "supersede", "quit", "delete"],
)
async def test_the_wait_ends_in_the_call(build: Build, end: Ending, reason: AbortReason | None) -> None:
    world = await build()
    message_id = await begin(world, (LATER,))
    await scheduled(world)
    asked = len(world.provider.asked)
    end(world, message_id)
    assert message_id not in world.store.retries
    if reason is not None:
        assert world.memory(message_id).status is MessageStatus.STOPPED
        assert world.memory(message_id).stop_reason == reason
    await world.settled()
    left = [task for task in asyncio.all_tasks() if task.get_name().startswith("generation")]
    assert left == []
    assert len(world.provider.asked) == asked + (1 if end is supersede else 0)


async def test_listeners_hear_of_a_wait_before_they_hear_of_its_end(build: Build) -> None:
    world = await build()
    seen: list[bool] = []

    def on_event(event: Event) -> None:
        if isinstance(event, RetryScheduled | RetryBegun):
            seen.append(bool(world.store.retries))

    world.store.subscribe(on_event)
    await begin(world, (SOON,))
    await scheduled(world)
    world.provider.script = (DONE,)
    await world.settled()
    assert seen == [True, False]
