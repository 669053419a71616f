"""At the end nothing runs any more: neither what was begun, nor what that began as it ended."""

import asyncio

from app.engine.tasks import Tasks


async def test_what_a_task_begins_as_it_ends_is_waited_for_too() -> None:
    tasks, ended = Tasks(), []

    async def second() -> None:
        await asyncio.sleep(0.001)
        ended.append("second")

    async def first() -> None:
        await asyncio.sleep(0.001)
        tasks.start(second(), name="second")

    tasks.start(first(), name="first")
    await tasks.close(grace_s=5)
    assert ended == ["second"]


async def test_what_does_not_end_is_cancelled_after_the_grace() -> None:
    tasks = Tasks()
    task = tasks.start(asyncio.Event().wait(), name="for ever")  # type: ignore[arg-type]  # it returns True, never
    await tasks.close(grace_s=0.01)
    assert task.cancelled()
