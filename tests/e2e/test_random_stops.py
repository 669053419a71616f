"""Stops at random moments around the end of an answer: however it falls, everybody tells the same story."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from app.domain.conversation import Message, MessageId, MessageStatus
from app.domain.model import ModelRef
from app.domain.provider import Endpoint, Secret
from app.domain.usage import UsageSource
from app.engine.events import DeltaReceived, Event, GenerationEnded, ModelSelected, ReasoningReceived
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.e2e.conftest import Play, User
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import tokens_in
from tests.world import ScriptedSource, World, build_world, close_world

STOPS = 2_000
AT_ONCE = 5
STOPS_IN_THE_WINDOW = 240
RATE = 3_000
COUNTS = (20, 40)
LEAST_SHARE = 0.1  # of either outcome, or the test is no test of the race


class Moments:
    """Tells when a chosen piece of an answer has come, and keeps the ends."""

    def __init__(self) -> None:
        self.ends: dict[MessageId, list[GenerationEnded]] = {}
        self._wanted: dict[MessageId, tuple[int, asyncio.Event]] = {}
        self._heard: Counter[MessageId] = Counter()

    def on_event(self, event: Event) -> None:
        if not isinstance(event, DeltaReceived | ReasoningReceived | GenerationEnded):
            return
        if isinstance(event, GenerationEnded):
            self.ends.setdefault(event.message_id, []).append(event)
        self._heard[event.message_id] += 1
        pieces, reached = self._wanted.get(event.message_id, (0, None))
        if reached is not None and (isinstance(event, GenerationEnded) or self._heard[event.message_id] >= pieces):
            reached.set()

    async def piece(self, message_id: MessageId, pieces: int) -> None:
        """Wait for that many pieces, or the end."""
        reached = asyncio.Event()
        self._wanted[message_id] = pieces, reached
        async with asyncio.timeout(20):
            await reached.wait()


async def a_moment_around_the_end(rng: random.Random, moments: Moments, message_id: MessageId, count: int) -> None:
    """Before, at or after the last piece: by the clock, or some steps of the loop after a piece near the end."""
    if rng.random() < 0.5:
        await moments.piece(message_id, 1)
        await asyncio.sleep(rng.uniform(0.5, 1.2) * count / RATE)
    else:
        await moments.piece(message_id, count - rng.randrange(COUNTS[0]))
        for _ in range(rng.randrange(12)):
            await asyncio.sleep(0)


async def once_counted(world: World, look: sqlite3.Connection, message_id: MessageId) -> tuple[Message, sqlite3.Row]:
    """Message and row, once the tokens of a stopped answer have been counted: on disk first, then in memory."""
    async with asyncio.timeout(20):
        while True:
            message = world.memory(message_id)
            row: sqlite3.Row = look.execute("SELECT * FROM message WHERE id = ?", (message_id,)).fetchone()
            if message.usage is not None and message.usage.completion_tokens == row["completion_tokens"]:
                return message, row
            await asyncio.sleep(0.001)


def assert_one_story(message: Message, end: GenerationEnded, row: sqlite3.Row, count: int, seed: int) -> None:
    """`row` is what another connection reads."""
    assert (row["status"], row["stop_reason"], row["content"]) == (message.status, message.stop_reason, message.content)
    assert (end.status, end.stop_reason) == (message.status, message.stop_reason)
    assert message.usage is not None
    assert (row["completion_tokens"], row["usage_source"]) == (message.usage.completion_tokens, message.usage.source)
    tokens = tokens_in(message.content, seed)  # raises if it is no exact prefix
    if message.status is MessageStatus.COMPLETE:
        assert message.stop_reason is None
        assert tokens == count
        assert (message.usage.source, message.usage.completion_tokens) == (UsageSource.PROVIDER, count)
    else:
        assert (message.status, message.stop_reason) == (MessageStatus.STOPPED, "user")
        assert tokens <= count


def assert_both_happened(outcomes: Counter[str], stops: int) -> None:
    assert sum(outcomes.values()) == stops
    assert set(outcomes) == {"stopped", "complete"}
    assert min(outcomes.values()) >= stops * LEAST_SHARE, outcomes


@pytest.fixture
async def world(tmp_path: Path, provider: FakeProvider) -> AsyncIterator[World]:
    real = OpenAICompatibleProvider(
        Endpoint(name="fake", base_url=provider.base_url, api_key=Secret("sk-test")), find_proxy=lambda *_: None
    )
    built = build_world(tmp_path / "belay.db", (), flush_interval_s=0.002, real=real)
    await built.connect()
    yield built
    await real.aclose()
    await close_world(built)


async def test_stops_around_the_end_never_disagree(world: World) -> None:
    """R-06: memory and disk, over STOPS stops of the real provider and engine."""
    moments = Moments()
    world.store.subscribe(moments.on_event)
    outcomes: Counter[str] = Counter()
    numbers = iter(range(STOPS))
    look = sqlite3.connect(world.database.path)
    look.row_factory = sqlite3.Row

    async def stop_one_after_the_other() -> None:
        for number in numbers:
            rng = random.Random(number)
            count, seed = rng.randint(*COUNTS), number
            model = f"rate={RATE}&count={count}&seed={seed}"
            world.store.apply(ModelSelected(ModelRef(ScriptedSource.id, model)))
            sent = world.engine.send(f"question {number}")
            await a_moment_around_the_end(rng, moments, sent.message_id, count)
            result = world.engine.stop(sent.message_id)
            seen = world.memory(sent.message_id)
            assert seen.status.is_terminal
            assert result.success is (seen.status is MessageStatus.STOPPED)
            async with asyncio.timeout(20):
                while sent.message_id in world.active.ids():
                    await asyncio.sleep(0.001)
            message = world.memory(sent.message_id)
            assert (message.status, message.content) == (seen.status, seen.content), "something came after the stop"
            (end,) = moments.ends[sent.message_id]
            message, row = await once_counted(world, look, sent.message_id)
            assert_one_story(message, end, row, count, seed)
            outcomes[message.status] += 1
            world.engine.delete_conversation(sent.conversation_id)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(stop_one_after_the_other())
    look.close()
    assert world.rows_of("journal") == 0
    assert_both_happened(outcomes, STOPS)


def test_stops_around_the_end_never_disagree_in_the_window(play: Play) -> None:
    """R-06 and edge case 10: a real click on Stop, and what is on screen, in memory and on disk."""
    outcomes: Counter[str] = Counter()

    async def scenario(user: User) -> None:
        store = user.app.store
        moments = Moments()
        store.subscribe(moments.on_event)
        look = sqlite3.connect(user.app.database.path)
        look.row_factory = sqlite3.Row

        def shows(answer: MessageId, text: str) -> bool:
            return user.app.workspace.transcript.visible_text(answer) == text

        for number in range(STOPS_IN_THE_WINDOW):
            rng = random.Random(number)
            count, seed = rng.randint(*COUNTS), number
            assert store.selected_model is not None
            model = f"rate={RATE}&count={count}&seed={seed}"
            store.apply(ModelSelected(ModelRef(store.selected_model.provider_id, model)))
            user.app.workspace.sidebar.new_requested.emit()
            user.app.workspace.composer.send_requested.emit(f"question {number}")
            answer = user.answer().id
            await a_moment_around_the_end(rng, moments, answer, count)
            if (stop := user.find("stopButton")).isVisible():
                user.click(stop.objectName())
            await user.settled()
            text = store.text_of(answer)
            await user.until(partial(shows, answer, text), "all of it on screen")
            message = user.assert_agrees(answer)
            (end,) = moments.ends[answer]
            row = look.execute("SELECT * FROM message WHERE id = ?", (answer,)).fetchone()
            assert_one_story(message, end, row, count, seed)
            assert ("Stopped" in user.receipt(answer)) is (message.status is MessageStatus.STOPPED)
            outcomes[message.status] += 1
        assert look.execute("SELECT count(*) FROM journal").fetchone()[0] == 0
        look.close()

    play(scenario)
    assert_both_happened(outcomes, STOPS_IN_THE_WINDOW)
