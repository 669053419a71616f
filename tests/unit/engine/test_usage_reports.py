"""The report has a sum for each model on each of the last days, by the clock of this computer."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

import pytest

from app.domain.completion import Delta, Finish, FinishReason
from app.engine.events import UsageSummed
from app.engine.usage_reports import DAYS, UsageReports
from app.storage.database import Database
from tests.world import World, execute

Build = Callable[..., Awaitable[World]]


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/New_York"])
def _somewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def report(world: World) -> UsageSummed:
    UsageReports(database=world.database, store=world.store, tasks=world.tasks).read()
    async with asyncio.timeout(10):
        while not (found := [event for event in world.events if isinstance(event, UsageSummed)]):
            await asyncio.sleep(0.001)
    return found[-1]


async def set_written(database: Database, days_ago: int, hour: int, minute: int) -> None:
    """Have all answers be from that time, here."""
    at = datetime.now().astimezone().replace(hour=hour, minute=minute, second=0, microsecond=0)
    written_ms = int((at - timedelta(days=days_ago)).timestamp() * 1000)
    await database.run(execute, f"UPDATE message SET created_at = {written_ms}")


@pytest.mark.usefixtures("_somewhere")
@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (12, 0), (23, 59)])
async def test_a_day_begins_and_ends_at_midnight_here(build: Build, hour: int, minute: int) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 1000, 200))
    world.engine.send("hi")
    await world.settled()
    await set_written(world.database, 3, hour, minute)
    summed = await report(world)
    (day,) = summed.days
    assert summed.today - day.day == timedelta(days=3)
    assert (day.provider_id, day.model) == ("scripted", "m")
    assert (day.total.prompt_tokens, day.total.completion_tokens, day.total.answers) == (1000, 200, 1)


@pytest.mark.parametrize(("days_ago", "count"), [(0, 1), (DAYS - 1, 1), (DAYS, 0)])
async def test_the_last_days_are_counted_today_included(build: Build, days_ago: int, count: int) -> None:
    world = await build(Delta("a"), Finish(FinishReason.STOP, 1, 2))
    world.engine.send("hi")
    await world.settled()
    await set_written(world.database, days_ago, 12, 0)
    assert len((await report(world)).days) == count
