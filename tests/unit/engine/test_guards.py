"""
The proof that the tests can fail: each guard of the engine, taken away, breaks what the tests say.

Each scenario holds with its guard in place, and no longer without it.
"""

import asyncio
import inspect
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.abort import AbortReason
from app.domain.completion import Delta, Finish, FinishReason
from app.domain.conversation import MessageId, MessageStatus
from app.domain.model import ModelRef
from app.engine.chat import Sent
from app.engine.events import DeltaReceived, Event, GenerationEnded, ModelSelected, SaveFailed
from app.engine.generation import Generation
from app.engine.journal import Journal
from app.engine.store import ChatStore
from app.storage import messages
from tests.world import (
    FedProvider,
    OtherProcess,
    Screen,
    ScriptedSource,
    World,
    assert_same_everywhere,
    build_world,
    close_world,
)

WAIT_S = 2.0
END = Finish(FinishReason.STOP, 1, 1)
BROKEN = (AssertionError, KeyError, sqlite3.IntegrityError, TimeoutError)


class Stage:
    """One world, its screen, and somebody else at its database. The journal is flushed by hand."""

    def __init__(self, path: Path) -> None:
        self.provider = FedProvider()
        self.world: World = build_world(path, (), flush_interval_s=3600, real=self.provider)
        self.screen = Screen(self.world.store)
        self.other = OtherProcess(path)

    async def send(self, *steps: Delta | Finish) -> Sent:
        await self.world.connect()
        self.world.store.apply(ModelSelected(ModelRef(ScriptedSource.id, "stream")))
        sent = self.world.engine.send("hi")
        for step in steps:
            self.provider.feed("stream", step)
        text = "".join(step.text for step in steps if isinstance(step, Delta))
        await self.until(lambda: not steps or self.provider.received.get("stream", ("", ""))[0] == text)
        return sent

    async def on_disk(self) -> None:
        await self.world.database.run(lambda _: None)

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not holds():
                await asyncio.sleep(0.001)

    async def settled(self) -> None:
        await self.until(lambda: not (len(self.world.active) or self.world.accounting.is_counting))
        await self.on_disk()

    async def assert_agrees(self, message_id: MessageId) -> None:
        await self.settled()
        assert len(self.world.ends(message_id)) == 1
        assert_same_everywhere(self.world.store, self.screen, self.other)
        assert self.world.memory(message_id).content == self.provider.received["stream"][0]

    async def close(self) -> None:
        self.other.close()
        await close_world(self.world)


Scenario = Callable[[Stage], Awaitable[None]]
Mutation = Callable[[pytest.MonkeyPatch], None]


async def guards(scenario: Scenario, without: Mutation, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenario holds; `without` the guard it does not."""
    monkeypatch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0.01)
    monkeypatch.setattr("app.engine.chat.CLOSE_GRACE_S", 0.05)
    for name, is_whole in (("with.db", True), ("without.db", False)):
        stage = Stage(folder / name)
        try:
            with monkeypatch.context() as patch:
                if is_whole:
                    await scenario(stage)
                    continue
                without(patch)
                with pytest.raises(BROKEN):
                    await scenario(stage)
        finally:
            await stage.close()


def changed(function: Callable[..., Any], old: str, new: str) -> Callable[..., Any]:
    """The function with another text, in the same module."""
    made: Callable[..., Any] = _run_changed(function, "", old, new)[function.__name__]
    return made


def changed_method(method: Callable[..., Any], old: str, new: str) -> Callable[..., Any]:
    """The same for a method."""
    made: Callable[..., Any] = vars(_run_changed(method, "class Changed:\n", old, new)["Changed"])[method.__name__]
    return made


def _run_changed(function: Callable[..., Any], before: str, old: str, new: str) -> dict[str, Any]:
    source = inspect.getsource(function)
    assert source.count(old) == 1, "the guard reads otherwise now: change this test with it"
    names = dict(vars(inspect.getmodule(function)))
    exec(before + source.replace(old, new), names)
    return names


async def test_the_one_who_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Generation._decide`: without the test-and-set a second abort says that it stopped the answer."""

    async def two_stops(stage: Stage) -> None:
        sent = await stage.send(Delta("a"))
        first = stage.world.active.stop(sent.message_id, AbortReason.USER)
        second = stage.world.active.stop(sent.message_id, AbortReason.QUIT)
        assert (first.success, second.success) == (True, False)
        await stage.assert_agrees(sent.message_id)

    await guards(
        two_stops, lambda patch: patch.setattr(Generation, "_decide", lambda self: True), tmp_path, monkeypatch
    )


async def test_what_keeps_a_late_chunk_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Generation._take`: without its look at `_ended` a Stop from inside a listener is followed by more pieces."""

    async def stop_inside_a_listener(stage: Stage) -> None:
        taken: list[str] = []
        journal = stage.world.journal
        append = journal.append

        def note_and_append(message_id: MessageId, text: str) -> None:
            taken.append(text)
            append(message_id, text)

        monkeypatch.setattr(journal, "append", note_and_append)

        def stop_at_a(event: Event) -> None:
            if isinstance(event, DeltaReceived) and event.text == "a":
                stage.world.engine.stop(event.message_id)

        stage.world.store.subscribe(stop_at_a)
        await stage.world.connect()
        stage.world.store.apply(ModelSelected(ModelRef(ScriptedSource.id, "stream")))
        for step in (Delta("a"), Delta("b"), END):
            stage.provider.feed("stream", step)
        sent = stage.world.engine.send("hi")
        await stage.assert_agrees(sent.message_id)
        assert taken == ["a"]

    without = changed_method(Generation._take, "if self._ended:", "if False:")
    await guards(
        stop_inside_a_listener, lambda patch: patch.setattr(Generation, "_take", without), tmp_path, monkeypatch
    )


async def test_the_stores_terminal_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ChatStore._end`: without the terminal check a late end replaces the one that was shown."""

    async def a_late_end(stage: Stage) -> None:
        sent = await stage.send(Delta("a"))
        stage.world.engine.stop(sent.message_id)
        stage.world.store.apply(GenerationEnded(message_id=sent.message_id, status=MessageStatus.COMPLETE))
        await stage.assert_agrees(sent.message_id)

    without = changed_method(ChatStore._end, " or message.status.is_terminal", "")
    await guards(a_late_end, lambda patch: patch.setattr(ChatStore, "_end", without), tmp_path, monkeypatch)


async def completed_here_after_it_was_stopped_elsewhere(stage: Stage) -> None:
    sent = await stage.send(Delta("a"))
    await stage.on_disk()
    assert stage.other.stop_everything() == {sent.message_id}
    stage.provider.feed("stream", END)
    await stage.until(lambda: stage.world.ends(sent.message_id))
    await stage.assert_agrees(sent.message_id)
    assert stage.world.on_disk(sent.message_id) == ("stopped", "a", "external"), "the disk's first end stands"
    assert not any(isinstance(event, SaveFailed) for event in stage.world.events)


async def test_the_condition_on_the_last_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`AND status = 'generating'` in `finish_message`: without it the trigger refuses the write, again and again."""
    without = changed(messages.finish_message, " AND status = 'generating'", "")
    await guards(
        completed_here_after_it_was_stopped_elsewhere,
        lambda patch: patch.setattr(messages, "finish_message", without),
        tmp_path,
        monkeypatch,
    )


async def test_the_trigger_below_that_condition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`message_status_is_final`: without it another program's careless write changes an end that was shown."""
    sentence = "DROP TRIGGER message_status_is_final"

    async def ended_again_by_another(stage: Stage) -> None:
        sent = await stage.send(Delta("a"), END)
        await stage.settled()
        if is_dropped:
            stage.other.execute(sentence)
        refused = False
        try:
            stage.other.end_as(sent.message_id, MessageStatus.STOPPED)
        except sqlite3.IntegrityError:
            refused = True
        assert refused
        await stage.assert_agrees(sent.message_id)

    is_dropped = False

    def drop(patch: pytest.MonkeyPatch) -> None:
        nonlocal is_dropped
        is_dropped = True

    await guards(ended_again_by_another, drop, tmp_path, monkeypatch)


async def test_the_condition_and_the_trigger_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without both, a completion overwrites the Stop of another process."""
    without = changed(messages.finish_message, " AND status = 'generating'", "")

    async def without_the_trigger(stage: Stage) -> None:
        stage.other.execute("DROP TRIGGER message_status_is_final")
        await completed_here_after_it_was_stopped_elsewhere(stage)

    await guards(
        without_the_trigger,
        lambda patch: patch.setattr(messages, "finish_message", without),
        tmp_path,
        monkeypatch,
    )


async def test_the_journals_condition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`WHERE EXISTS … generating` in `append_journal`: without it another process's Stop is never noticed."""

    async def stopped_elsewhere(stage: Stage) -> None:
        sent = await stage.send(Delta("a"))
        await stage.on_disk()
        stage.other.stop_everything()
        stage.world.journal.flush()
        assert stage.world.memory(sent.message_id).status is MessageStatus.STOPPED
        await stage.assert_agrees(sent.message_id)

    without = changed(
        messages.append_journal,
        "\" SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM message WHERE id = ?1 AND status = 'generating')\"",
        '" SELECT ?1, ?2, ?3, ?4"',
    )
    await guards(
        stopped_elsewhere, lambda patch: patch.setattr(messages, "append_journal", without), tmp_path, monkeypatch
    )


async def test_the_wait_for_the_messages_own_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`entry.recorded.done()` in `Journal.flush`: without it a row not yet written looks like a Stop from outside."""

    async def flushed_before_it_was_recorded(stage: Stage) -> None:
        goes_on = asyncio.Event()
        loop = asyncio.get_running_loop()
        stalled = asyncio.create_task(
            stage.world.database.run_plain(
                lambda: asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result(WAIT_S)
            )
        )
        await asyncio.sleep(0)
        try:
            sent = await stage.send(Delta("a"))
            stage.world.journal.flush()
            assert stage.world.memory(sent.message_id).status is MessageStatus.GENERATING
        finally:
            goes_on.set()
            await stalled
        stage.world.engine.stop(sent.message_id)
        await stage.assert_agrees(sent.message_id)

    without = changed_method(
        Journal.flush, "entry.pending and entry.recorded.done() and entry.recorded.exception() is None", "entry.pending"
    )
    await guards(
        flushed_before_it_was_recorded, lambda patch: patch.setattr(Journal, "flush", without), tmp_path, monkeypatch
    )


async def test_what_could_not_be_flushed_stays_queued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`return` after a failed append in `Journal.flush`: without it the text is forgotten, and a crash loses it."""

    async def crash_after_a_flush_that_failed(stage: Stage) -> None:
        sent = await stage.send(Delta("a"))
        await stage.on_disk()
        with stage.other.lock():
            stage.world.journal.flush()
        stage.provider.feed("stream", Delta("b"))
        await stage.until(lambda: stage.world.store.text_of(sent.message_id) == "ab")
        stage.world.journal.flush()
        await stage.world.database.run(messages.settle_orphans)  # as the next start would
        assert stage.world.on_disk(sent.message_id) == ("stopped", "ab", "crash")

    without = changed_method(
        Journal.flush, "            return\n        for", "            refused = set()\n        for"
    )
    await guards(
        crash_after_a_flush_that_failed, lambda patch: patch.setattr(Journal, "flush", without), tmp_path, monkeypatch
    )


async def test_the_journals_text_after_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`settle_orphans` reads the journal: without it a crash loses the whole answer."""

    async def crash(stage: Stage) -> None:
        sent = await stage.send(Delta("a"))
        await stage.on_disk()
        stage.world.journal.flush()
        await stage.world.database.run(messages.settle_orphans)
        assert stage.world.on_disk(sent.message_id) == ("stopped", "a", "crash")

    without = changed(messages.settle_orphans, 'parts[row["kind"]].append(row["text"])', "pass")
    await guards(crash, lambda patch: patch.setattr(messages, "settle_orphans", without), tmp_path, monkeypatch)


def cancel_the_reporter(patch: pytest.MonkeyPatch) -> None:
    """As if one task did both: what the signal cancels is what reports."""
    start = Generation.start

    def start_as_one(self: Generation) -> None:
        start(self)
        name = f"report-{self.message_id[-6:]}"
        (report,) = (task for task in asyncio.all_tasks() if task.get_name() == name)
        self.signal.on_abort(report.cancel)

    patch.setattr(Generation, "start", start_as_one)


async def test_two_tasks_at_the_first_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that reports is never cancelled: cancelled before its first step, it never enters its `try`."""

    async def stopped_at_once(stage: Stage) -> None:
        sent = await stage.send()
        stage.world.engine.stop(sent.message_id)
        await stage.settled()
        assert_same_everywhere(stage.world.store, stage.screen, stage.other)

    await guards(stopped_at_once, cancel_the_reporter, tmp_path, monkeypatch)


async def test_two_tasks_at_the_last_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that reports is never cancelled: else a write that failed once is never tried again."""

    async def the_first_write_fails(stage: Stage) -> None:
        stage.other.execute(
            "CREATE TRIGGER disk_full BEFORE UPDATE OF content ON message BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        sent = await stage.send(Delta("a"))
        stage.world.engine.stop(sent.message_id)
        await stage.on_disk()
        stage.other.execute("DROP TRIGGER disk_full")
        await stage.assert_agrees(sent.message_id)
        assert stage.world.on_disk(sent.message_id) == ("stopped", "a", "user")

    await guards(the_first_write_fails, cancel_the_reporter, tmp_path, monkeypatch)
