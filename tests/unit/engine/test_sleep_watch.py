"""Edge case 17: after a sleep, an answer that shows no sign of life is stopped; one that goes on is left alone."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.domain.completion import Delta
from app.domain.conversation import MessageId, MessageStatus
from app.domain.errors import RateLimited
from app.engine import sleep_watch
from app.engine.events import RetryScheduled
from app.engine.sleep_watch import SleepWatch
from tests.world import HANG, TICK, World

Build = Callable[..., Awaitable[World]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sleep_watch, "TICK_S", 0.01)
    monkeypatch.setattr(sleep_watch, "GRACE_S", 0.05)


class Clock:
    """Stands still but for the jumps a test makes."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


async def text_comes(world: World, message_id: MessageId) -> None:
    async with asyncio.timeout(5):
        while not world.store.text_of(message_id):
            await asyncio.sleep(0)


@pytest.mark.parametrize("which", ["monotonic", "with sleep"])
async def test_a_silent_answer_is_stopped_after_a_sleep(build: Build, which: str) -> None:
    world = await build(Delta("a"), HANG)
    monotonic, wall = Clock(), Clock()
    watch = SleepWatch(world.store, world.active, monotonic_s=monotonic, with_sleep_s=wall)
    sent = world.engine.send("hi")
    await text_comes(world, sent.message_id)
    await asyncio.sleep(0.03)
    assert not world.ends(sent.message_id), "it did not sleep yet"
    (monotonic if which == "monotonic" else wall).now_s += 40
    async with asyncio.timeout(5):
        while not world.ends(sent.message_id):
            await asyncio.sleep(0.005)
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("stopped", "a", "network")
    watch.close()


async def test_an_answer_that_goes_on_is_left_alone(build: Build) -> None:
    world = await build(*(step for _ in range(20_000) for step in (Delta("a"), TICK)), HANG)
    wall = Clock()
    watch = SleepWatch(world.store, world.active, monotonic_s=Clock(), with_sleep_s=wall)
    sent = world.engine.send("hi")
    await text_comes(world, sent.message_id)
    wall.now_s += 40
    await asyncio.sleep(0.15)
    assert world.memory(sent.message_id).status is MessageStatus.GENERATING
    world.engine.stop(sent.message_id)
    await world.settled()
    watch.close()


async def test_an_answer_whose_server_says_not_now_after_the_sleep_waits_to_be_asked_again(build: Build) -> None:
    """That is a sign of life, too, and then there is no connection that could be dead."""
    world = await build(HANG)
    wall = Clock()
    watch = SleepWatch(world.store, world.active, monotonic_s=Clock(), with_sleep_s=wall)
    sent = world.engine.send("hi")
    await asyncio.sleep(0.03)
    wall.now_s += 40
    await asyncio.sleep(0.03)
    assert not world.ends(sent.message_id), "it has time to show a sign of life"
    fault = RateLimited().fault
    world.store.apply(RetryScheduled(message_id=sent.message_id, fault=fault, attempt=2, at_ns=0))
    await asyncio.sleep(0.1)
    assert not world.ends(sent.message_id)
    watch.close()


async def test_a_clock_that_is_set_back_stops_nothing(build: Build) -> None:
    """Edge case 23: durations come from the monotonic clock."""
    world = await build(Delta("a"), HANG)
    wall = Clock()
    watch = SleepWatch(world.store, world.active, monotonic_s=Clock(), with_sleep_s=wall)
    sent = world.engine.send("hi")
    await text_comes(world, sent.message_id)
    wall.now_s -= 86_400
    await asyncio.sleep(0.12)
    assert world.memory(sent.message_id).status is MessageStatus.GENERATING
    world.engine.stop(sent.message_id)
    await world.settled()
    watch.close()


async def test_nothing_is_watched_while_nothing_is_generated(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    watch = SleepWatch(world.store, world.active)
    looks = [watch._timer is not None]
    sent = world.engine.send("hi")
    looks.append(watch._timer is not None)
    world.engine.stop(sent.message_id)
    await world.settled()
    await asyncio.sleep(0.05)
    looks.append(watch._timer is not None)
    assert looks == [False, True, False]
    watch.close()
