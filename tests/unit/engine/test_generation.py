"""A generation ends exactly once, whatever happens and whenever it is stopped."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.domain.abort import AbortReason
from app.domain.completion import Delta, ReasoningDelta, ResponseStarted
from app.domain.conversation import MessageStatus
from app.domain.errors import ProviderUnreachable
from app.domain.usage import UsageSource
from app.engine.events import DeltaReceived, Event, SaveFailed
from app.storage.reading import read_messages
from tests.world import DONE, HANG, TICK, World

Build = Callable[..., Awaitable[World]]


async def fill_disk(world: World) -> None:
    """From now on no message can be inserted."""
    await world.database.run(
        lambda db: db.execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    )


async def free_disk(world: World) -> None:
    await world.database.run(lambda db: db.execute("DROP TRIGGER disk_full"))


async def test_a_stream_that_ends_well_is_complete(build: Build) -> None:
    world = await build(ResponseStarted(), Delta("a"), Delta("b"), DONE)
    sent = world.engine.send("hi")
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("complete", "ab", None)
    assert world.provider.closed == 1


async def test_how_long_a_model_thought_outlives_the_window(build: Build) -> None:
    world = await build(ResponseStarted(), ReasoningDelta("hm"), TICK, TICK, Delta("a"), Delta("b"), DONE)
    sent = world.engine.send("hi")
    await world.settled()
    timing = world.memory(sent.message_id).timing
    assert timing.first_token_ms is not None
    assert timing.answer_ms is not None
    assert timing.last_token_ms is not None
    assert timing.first_token_ms < timing.answer_ms < timing.last_token_ms
    (stored,) = await world.database.run(read_messages, [sent.message_id])
    assert stored.timing.thinking_ms == timing.thinking_ms == timing.answer_ms - timing.first_token_ms


async def test_a_stream_that_ends_without_a_finish_is_failed_and_keeps_its_text(build: Build) -> None:
    world = await build(Delta("a"))
    sent = world.engine.send("hi")
    await world.settled()
    world.assert_agrees(sent.message_id)
    message = world.memory(sent.message_id)
    assert (message.status, message.content) == (MessageStatus.FAILED, "a")
    assert message.fault is not None
    assert message.fault.title == "The reply was cut off"


async def test_an_error_midway_keeps_the_text(build: Build) -> None:
    world = await build(Delta("a"), ProviderUnreachable("gone"))
    sent = world.engine.send("hi")
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id)[:2] == ("failed", "a")


async def test_a_bug_in_the_provider_closes_the_message_and_keeps_its_text(
    build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    world = await build(Delta("a"), ZeroDivisionError("bug"))
    sent = world.engine.send("hi")
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id)[:2] == ("failed", "a")
    assert "generation hit a bug" in caplog.text


async def test_a_stop_before_the_first_step_sends_nothing(build: Build) -> None:
    """Edge case 1: the task has not started yet."""
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("hi")
    result = world.engine.stop(sent.message_id)
    assert (result.success, result.reason, result.immediate_abort) == (True, "user", True)
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("stopped", "", "user")
    assert world.provider.opened == 0
    question = world.store.branch(sent.conversation_id)[0]
    assert world.on_disk(question.id)[:2] == ("complete", "hi")


@pytest.mark.parametrize("ticks", range(24))
async def test_a_stop_at_any_tick_ends_once(build: Build, ticks: int) -> None:
    """Two stops and a quit, at every step of the loop: one end, the same everywhere, a prefix of the text."""
    world = await build(ResponseStarted(), Delta("a"), TICK, Delta("b"), TICK, Delta("c"), TICK, DONE)
    sent = world.engine.send("hi")
    for _ in range(ticks):
        await asyncio.sleep(0)
    first = world.engine.stop(sent.message_id)
    second = world.engine.stop(sent.message_id)
    world.active.stop(sent.message_id, AbortReason.QUIT)
    seen = world.memory(sent.message_id)
    await world.settled()
    world.assert_agrees(sent.message_id)
    message = world.memory(sent.message_id)
    assert not second.success
    assert "abc".startswith(message.content)
    assert message.content == seen.content, "text came after the stop"
    if first.success:
        assert (message.status, message.stop_reason) == (MessageStatus.STOPPED, "user")
    else:
        assert (message.status, message.content) == (MessageStatus.COMPLETE, "abc")
    assert world.provider.closed == world.provider.opened <= 1


async def test_a_stop_from_inside_a_listener_ends_once(build: Build) -> None:
    world = await build(Delta("a"), Delta("b"), Delta("c"), DONE)

    def stop_at_b(event: Event) -> None:
        if isinstance(event, DeltaReceived) and event.text == "b":
            world.engine.stop(event.message_id)

    world.store.subscribe(stop_at_b)
    sent = world.engine.send("hi")
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("stopped", "ab", "user")


async def test_the_window_knows_before_the_stop_returns(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("hi")
    while not world.store.text_of(sent.message_id):
        await asyncio.sleep(0)
    assert not world.ends(sent.message_id)
    world.engine.stop(sent.message_id)
    (end,) = world.ends(sent.message_id)
    assert end.status is MessageStatus.STOPPED
    assert world.active.is_aborted(sent.message_id)


async def test_reasoning_is_kept_as_its_own_part(build: Build) -> None:
    """Edge case 4: Stop while the model reasons."""
    world = await build(ReasoningDelta("because "), ReasoningDelta("so"), HANG)
    sent = world.engine.send("hi")
    while world.store.reasoning_of(sent.message_id) != "because so":
        await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.memory(sent.message_id).reasoning == "because so"


async def test_a_late_chunk_of_a_stopped_message_is_dropped(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("hi")
    while not world.store.text_of(sent.message_id):
        await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    world.store.apply(DeltaReceived(sent.message_id, "late"))
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.memory(sent.message_id).content == "a"


async def test_usage_is_estimated_where_the_provider_does_not_tell(build: Build) -> None:
    """R-02: a source with every count, and never 0 by default."""
    world = await build(Delta("one"), Delta(" two"), HANG)
    sent = world.engine.send("hi")
    while world.store.text_of(sent.message_id) != "one two":
        await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    usage = world.memory(sent.message_id).usage
    assert usage is not None
    assert (usage.completion_tokens, usage.source) == (2, UsageSource.ESTIMATED)
    await world.settled()


async def test_another_process_that_stops_the_message_is_obeyed(build: Build) -> None:
    """Edge case 22: seen at the next journal write."""
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("hi")
    await world.database.run(
        lambda db: (
            db.execute(
                "UPDATE message SET status = 'stopped', stop_reason = 'external' WHERE status = 'generating'"
            ).rowcount
        )
    )
    async with asyncio.timeout(5):
        while not world.ends(sent.message_id):
            await asyncio.sleep(0.001)
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("stopped", "a", "external")


async def test_the_disk_has_the_last_word_if_another_process_was_first(build: Build) -> None:
    """The answer completed here, but its message had been stopped on disk a moment before."""
    world = await build(Delta("a"), TICK, TICK, DONE, flush_interval_s=60)
    sent = world.engine.send("hi")
    world.database.submit(
        lambda db: (
            db.execute(
                "UPDATE message SET status = 'stopped', stop_reason = 'external' WHERE status = 'generating'"
            ).rowcount
        )
    )
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("stopped", "a", "external")


async def test_a_message_that_could_not_be_written_is_kept_and_tried_again(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edge case 27: the text stays in memory, the user is told, and it is saved as soon as it can be."""
    monkeypatch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0.01)
    world = await build(Delta("a"), HANG)
    await fill_disk(world)
    sent = world.engine.send("hi")
    while not world.store.text_of(sent.message_id):
        await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    async with asyncio.timeout(5):
        while sum(isinstance(event, SaveFailed) for event in world.events) < 3:
            await asyncio.sleep(0.001)
    await free_disk(world)
    await world.settled()
    world.assert_agrees(sent.message_id)
    assert world.on_disk(sent.message_id) == ("stopped", "a", "user")
    assert world.on_disk(world.store.branch(sent.conversation_id)[0].id)[:2] == ("complete", "hi")


async def test_a_question_outlives_its_deleted_answer_when_the_disk_was_full(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edge case 27: neither was on disk yet; the question still comes there, and the conversation goes on."""
    monkeypatch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0.01)
    world = await build(Delta("a"), HANG)
    await fill_disk(world)
    sent = world.engine.send("hi")
    while not world.store.text_of(sent.message_id):
        await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    world.engine.delete_message(sent.message_id)
    async with asyncio.timeout(5):
        while sum(isinstance(event, SaveFailed) for event in world.events) < 2:
            await asyncio.sleep(0.001)
    await free_disk(world)
    await world.settled()
    (question,) = world.store.branch(sent.conversation_id)
    assert world.on_disk(question.id) == ("complete", "hi", None)
    again = world.engine.send("and again", sent.conversation_id)
    world.engine.stop(again.message_id)
    await world.settled()
    world.assert_agrees(again.message_id)
