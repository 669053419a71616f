"""
Whatever happens, in whatever order: screen, memory and disk agree, and nothing received is missing.

A machine drives the engine step by step. The loop runs only when a rule says so; the disk is done
with its work before each of the loop's steps, or, while it is stalled, does nothing.
"""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.abort import AbortReason
from app.domain.completion import Chunk, Delta, Finish, FinishReason, ReasoningDelta, ResponseStarted
from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.errors import ProviderUnreachable
from app.domain.model import ModelRef
from app.engine.events import ConversationModelChanged, Event, ModelSelected, SaveFailed
from app.storage.database import Database
from tests.world import (
    SHAPE,
    FedProvider,
    OtherProcess,
    Screen,
    ScriptedSource,
    World,
    assert_same_everywhere,
    build_world,
    close_world,
    in_memory,
)

T = TypeVar("T")

NEVER_S = 3600.0  # the journal is flushed by a rule, not by its timer
MOST_CONVERSATIONS = 3
MOST_STEPS = 500  # of the loop, until everything that has ended is saved
PIECES = ("a", " b", "ü", "🙂", "\n```\n", "e\u0301", "long " * 40)
WHICH = st.integers(0, 11)
FAILING = "CREATE TRIGGER disk_full BEFORE UPDATE OF content ON message BEGIN SELECT RAISE(ABORT, 'full'); END"


class Turnstile:
    """Lets the database thread work only while the loop waits for it, so that each run is the same as the last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._go = threading.Event()
        self.is_stalled = False
        self._close_behind()

    def let_through(self) -> None:
        """Have all that waits for the disk done, unless it is stalled."""
        if not self.is_stalled:
            self._go.set()
            self._go = threading.Event()
            self._close_behind()

    def open(self) -> None:
        """For good: from now on the disk works when it likes."""
        self.is_stalled = False
        self._go.set()

    def _close_behind(self) -> None:
        go, reached = self._go, threading.Event()

        def wait() -> None:
            reached.set()
            go.wait(60)

        self._database._submit(wait)  # without a transaction, which would hold the lock
        assert reached.wait(60)


class Belay(RuleBasedStateMachine):
    """The engine, the window's model, and what must be true of them."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0)
        self.folder = Path(tempfile.mkdtemp(prefix="belay-"))
        self.loop = asyncio.new_event_loop()
        self.provider = FedProvider()
        self.count = 0
        self.kept: dict[MessageId, tuple[str, str]] = {}  # what a restart read of answers that a crash cut
        self.flushed: dict[MessageId, tuple[str, str]] = {}
        self.ended_elsewhere: set[MessageId] = set()
        self.outcomes: dict[MessageId, tuple[str, str | None]] = {}
        self.open(self.folder / "belay-0.db")

    # Steps

    def open(self, path: Path) -> None:
        self.path = path
        self.world = build_world(path, (), flush_interval_s=NEVER_S, real=self.provider)
        self.disk = Turnstile(self.world.database)
        self.other = OtherProcess(path)
        self.screen = Screen(self.world.store)
        self.write_fails = self.has_failed = False
        self.world.store.subscribe(self.on_event)

        async def begin(world: World) -> None:
            await world.connect()
            world.library.load()
            await self.until(lambda: set(world.store.conversations) == set(self.other.conversations()))
            for conversation_id in world.store.conversations:
                world.library.open(conversation_id, SHAPE)
            await self.until(lambda: all(map(world.store.is_loaded, world.store.conversations)))
            for conversation_id in world.store.conversations:
                self.screen.show_loaded(in_memory(world.store.members(conversation_id)))

        self.loop.run_until_complete(begin(self.world))

    async def steps(self, count: int) -> None:
        """Let the loop take steps; a disk that is not stalled is always faster than the loop."""
        for _ in range(count):
            if self.has_failed:
                self.mend_disk()
            self.disk.let_through()
            await asyncio.sleep(0)

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(MOST_STEPS):
            if holds():
                return
            await self.steps(1)
        raise AssertionError("what was waited for never came")

    def do(self, action: Callable[[], T], steps: int = 0) -> T:
        """Act on the loop, as the window does, then let it take steps."""

        async def act() -> T:
            result = action()
            await self.steps(steps)
            return result

        self.disk.let_through()
        return self.loop.run_until_complete(act())

    def on_event(self, event: Event) -> None:
        if isinstance(event, SaveFailed):
            self.has_failed = self.write_fails

    def mend_disk(self) -> None:
        self.write_fails = self.has_failed = False
        self.other.execute("DROP TRIGGER IF EXISTS disk_full")

    # What there is to choose from

    def conversations(self) -> list[ConversationId]:
        """In the order they were begun, also after a restart."""
        known = self.world.store.conversations
        return sorted(known, key=lambda found: int(known[found].title.split()[1]))

    def messages(self) -> list[Message]:
        return [message for found in self.conversations() for message in in_memory(self.world.store.members(found))]

    def answers(self) -> list[Message]:
        return [message for message in self.messages() if message.role is Role.ASSISTANT]

    def questions(self) -> list[Message]:
        return [message for message in self.messages() if message.role is Role.USER]

    def cut_short(self) -> list[Message]:
        return [found for found in self.answers() if found.status in (MessageStatus.STOPPED, MessageStatus.FAILED)]

    def has_answers(self) -> bool:
        return bool(self.answers())

    def texts(self) -> dict[MessageId, tuple[str, str]]:
        """Of what is generating: answer and reasoning."""
        store = self.world.store
        return {found: (store.text_of(found), store.reasoning_of(found)) for found in store.generating()}

    def feed(self, which: int, step: Chunk | Exception, steps: int) -> None:
        """Hand one chunk to an answer's stream: mostly one that is being written, ended ones too."""
        generating = [answer for answer in self.answers() if answer.status is MessageStatus.GENERATING]
        answers = generating if generating and which else self.answers()[::-1]
        model = answers[which % len(answers)].model
        assert model is not None
        self.do(lambda: self.provider.feed(model, step), steps)

    def next_model(self, pieces: int, conversation_id: ConversationId | None) -> None:
        """Choose a model of its own for the next answer, with that many pieces to give at once."""
        self.count += 1
        model = f"stream-{self.count}"
        ref = ModelRef(ScriptedSource.id, model)
        self.world.store.apply(ModelSelected(ref))
        if conversation_id is not None:
            self.world.store.apply(ConversationModelChanged(conversation_id, ref))
            self.do(lambda: self.world.library.save_model(conversation_id), 1)
        for piece in range(pieces):
            kind = ReasoningDelta if piece == 0 and pieces > 2 else Delta
            self.provider.feed(model, kind(f"{piece}of{self.count} "))

    # Rules: what the user does

    @initialize()
    def first_question(self) -> None:
        self.ask(MOST_CONVERSATIONS, 0, 1)

    @rule(where=st.integers(0, MOST_CONVERSATIONS), pieces=st.integers(0, 4), steps=st.integers(0, 5))
    def ask(self, where: int, pieces: int, steps: int) -> None:
        known = self.conversations()
        conversation_id = known[where % len(known)] if len(known) == MOST_CONVERSATIONS or where < len(known) else None
        self.next_model(pieces, conversation_id)
        self.do(lambda: self.world.engine.send(f"question {self.count}", conversation_id), steps)

    @precondition(has_answers)
    @rule(which=WHICH, pieces=st.integers(0, 4), steps=st.integers(0, 5))
    def ask_again(self, which: int, pieces: int, steps: int) -> None:
        answers = self.answers()
        chosen = answers[which % len(answers)]
        self.next_model(pieces, chosen.conversation_id)
        assert self.do(lambda: self.world.engine.regenerate(chosen.id), steps) is not None

    @precondition(lambda self: bool(self.questions()))
    @rule(which=WHICH, pieces=st.integers(0, 4), steps=st.integers(0, 5))
    def ask_otherwise(self, which: int, pieces: int, steps: int) -> None:
        questions = self.questions()
        chosen = questions[which % len(questions)]
        self.next_model(pieces, chosen.conversation_id)
        assert self.do(lambda: self.world.engine.edit(chosen.id, f"question {self.count}"), steps) is not None

    @precondition(lambda self: bool(self.cut_short()))
    @rule(which=WHICH, pieces=st.integers(0, 4), steps=st.integers(0, 5))
    def go_on(self, which: int, pieces: int, steps: int) -> None:
        answers = self.cut_short()
        chosen = answers[which % len(answers)]
        self.next_model(pieces, chosen.conversation_id)
        if chosen.content:  # what the new answer begins with counts as received
            thoughts = f"{chosen.reasoning.rstrip()}\n\n" if chosen.reasoning else ""
            self.provider.received[f"stream-{self.count}"] = chosen.content, thoughts
        assert self.do(lambda: self.world.engine.continue_reply(chosen.id), steps) is not None

    @precondition(has_answers)
    @rule(which=WHICH)
    def show_branch(self, which: int) -> None:
        chosen = self.answers()[which % len(self.answers())]
        self.do(lambda: self.world.engine.show_branch(chosen.id), 1)
        assert chosen.id in {shown.id for shown in self.world.store.branch(chosen.conversation_id)}

    @precondition(has_answers)
    @rule(which=WHICH, clicks=st.integers(1, 2), steps=st.integers(0, 2))
    def stop(self, which: int, clicks: int, steps: int) -> None:
        chosen = self.answers()[::-1][which % len(self.answers())]
        for _ in range(clicks):
            before, result = self.do(lambda: (self.world.memory(chosen.id), self.world.engine.stop(chosen.id)))
            message = self.world.memory(chosen.id)
            if before.status is MessageStatus.GENERATING:
                assert (result.success, result.reason, result.immediate_abort) == (True, "user", True)
                assert (message.status, message.stop_reason) == (MessageStatus.STOPPED, "user")
            else:
                assert (result.success, result.reason) == (False, "Not generating")
            assert not self.do(lambda: self.world.active.stop(chosen.id, AbortReason.QUIT)).success
        self.do(lambda: None, steps)

    @rule()
    def stop_all(self) -> None:
        generating, stopped = self.do(lambda: (len(self.world.store.generating()), self.world.engine.stop_all()))
        assert stopped == generating
        assert self.world.store.generating() == ()

    @precondition(lambda self: bool(self.messages()))
    @rule(which=WHICH)
    def delete_message(self, which: int) -> None:
        messages = self.messages()
        self.do(lambda: self.world.engine.delete_message(messages[which % len(messages)].id), 1)

    @precondition(lambda self: len(self.world.store.conversations) > 1)
    @rule(which=WHICH)
    def delete_conversation(self, which: int) -> None:
        known = self.conversations()
        self.do(lambda: self.world.engine.delete_conversation(known[which % len(known)]), 1)

    # Rules: what the provider does

    @precondition(has_answers)
    @rule(which=WHICH, piece=st.sampled_from(PIECES), steps=st.integers(0, 3), is_flushed=st.booleans())
    def chunk(self, which: int, piece: str, steps: int, is_flushed: bool) -> None:
        self.count += 1
        self.feed(which, Delta(f"{piece}{self.count}"), steps)
        if is_flushed:
            self.flush()

    @precondition(has_answers)
    @rule(which=WHICH, piece=st.sampled_from(PIECES), steps=st.integers(0, 3), is_flushed=st.booleans())
    def reasoning_chunk(self, which: int, piece: str, steps: int, is_flushed: bool) -> None:
        self.count += 1
        self.feed(which, ReasoningDelta(f"{piece}{self.count}"), steps)
        if is_flushed:
            self.flush()

    @precondition(has_answers)
    @rule(which=WHICH)
    def headers(self, which: int) -> None:
        self.feed(which, ResponseStarted(), 1)

    @precondition(has_answers)
    @rule(which=WHICH, tokens=st.sampled_from((None, 0, 41)), steps=st.integers(0, 3))
    def finish(self, which: int, tokens: int | None, steps: int) -> None:
        self.feed(which, Finish(FinishReason.STOP, tokens, tokens), steps)

    @precondition(has_answers)
    @rule(which=WHICH, error=st.sampled_from((ProviderUnreachable, ZeroDivisionError)), steps=st.integers(0, 3))
    def error(self, which: int, error: type[Exception], steps: int) -> None:
        self.feed(which, error("gone"), steps)

    # Rules: what time, the disk and others do

    @rule(steps=st.integers(1, 8), is_flushed=st.booleans())
    def time_passes(self, steps: int, is_flushed: bool) -> None:
        self.do(lambda: None, steps)
        if is_flushed:
            self.flush()

    @rule()
    def a_frame_is_painted(self) -> None:
        self.screen.frame()

    @rule()
    def flush(self) -> None:
        """It ends what was ended elsewhere and has something to write, and nothing else."""
        self.disk.let_through()
        rows = {found for conversation in self.other.conversations() for found in self.other.messages(conversation)}

        def flush() -> tuple[dict[MessageId, tuple[str, str]], dict[MessageId, tuple[str, str]]]:
            before = self.texts()
            self.world.journal.flush()
            return before, self.texts()

        before, after = self.do(flush)
        has_more = {found for found, text in before.items() if text != self.flushed.get(found, ("", ""))}
        assert before.keys() - after.keys() == has_more & self.ended_elsewhere
        self.flushed |= {found: text for found, text in after.items() if found in rows}

    @rule()
    def flush_fails(self) -> None:
        self.disk.let_through()
        with self.other.lock():
            self.loop.call_soon(self.world.journal.flush)
            self.loop.run_until_complete(asyncio.sleep(0))

    @rule()
    def another_process_stops_everything(self) -> None:
        self.ended_elsewhere |= self.other.stop_everything()

    @precondition(lambda self: not self.write_fails)
    @rule()
    def the_write_of_the_next_end_fails(self) -> None:
        self.write_fails = True
        self.other.execute(FAILING)

    @rule()
    def the_disk_stalls(self) -> None:
        self.disk.let_through()
        self.disk.is_stalled = True

    @precondition(lambda self: self.disk.is_stalled)
    @rule()
    def the_disk_goes_on(self) -> None:
        self.disk.is_stalled = False

    @rule()
    def everything_settles(self) -> None:
        self.settle()
        self.check()

    @rule(just_before=st.sampled_from(("", "a flush", "another process", "a flush and another process")))
    def crash(self, just_before: str) -> None:
        """What is on disk now is all that the next start finds; what waits for the disk is gone."""
        if "flush" in just_before:
            self.flush()
        if "another process" in just_before:
            self.another_process_stops_everything()
        self.disk.let_through()
        before = {
            found.id: found
            for conversation in self.other.conversations()
            for found in self.other.messages(conversation).values()
        }
        self.count += 1
        left = self.folder / f"belay-{self.count}.db"
        for ending in ("", "-wal"):
            shutil.copyfile(f"{self.path}{ending}", f"{left}{ending}")
        self.drop()
        cleaner = OtherProcess(left)
        cleaner.execute("DROP TRIGGER IF EXISTS disk_full")
        cleaner.close()
        self.open(left)
        after = {message.id: message for message in self.messages()}
        assert set(after) == set(before)
        for message_id, message in after.items():
            self.check_after_crash(before[message_id], message)
        self.check()

    @rule()
    def quit_and_start_again(self) -> None:
        self.disk.open()
        self.loop.run_until_complete(self.close_engine())
        self.world.database.submit(lambda _: None).result(10)
        self.check()
        shown = {message.id: message for message in self.messages()}
        self.mend_disk()
        self.shut()
        self.open(self.path)
        assert {message.id: message for message in self.messages()} == shown
        self.check()

    # What must be true

    @invariant()
    def an_outcome_stays(self) -> None:
        """Memory leaves a last status only for the one that the disk had first."""
        for message in self.answers():
            if message.status.is_terminal:
                now = (message.status, message.stop_reason)
                first = self.outcomes.setdefault(message.id, now)
                assert now == first or (message.id in self.ended_elsewhere and now == ("stopped", "external"))

    def check(self) -> None:
        assert_same_everywhere(self.world.store, self.screen, self.other)
        for message in self.answers():
            received = self.kept.get(message.id) or self.provider.received.get(message.model or "", ("", ""))
            assert (
                self.world.store.text_of(message.id),
                self.world.store.reasoning_of(message.id),
            ) == received, "what was received is missing"
            if message.id in self.ended_elsewhere and message.status.is_terminal:
                assert (message.status, message.stop_reason) == ("stopped", "external"), "the first end stands"

    def check_after_crash(self, before: Message, after: Message) -> None:
        assert after.status.is_terminal
        if before.status is MessageStatus.GENERATING:
            assert (after.status, after.stop_reason) == ("stopped", "crash")
        else:
            assert (after.status, after.stop_reason) == (before.status, before.stop_reason)
        if after.role is Role.ASSISTANT:
            received = self.provider.received.get(after.model or "", ("", ""))
            at_least = self.flushed.get(after.id, ("", ""))
            found = (after.content, after.reasoning)
            for whole, kept, flushed in zip(received, found, at_least, strict=True):
                assert whole.startswith(kept), "what was kept is no prefix"
                assert kept.startswith(flushed), "what was flushed is lost"
            if before.content or before.reasoning:
                assert found == (before.content, before.reasoning), "what was saved is lost"
            self.kept[after.id] = found
            self.outcomes[after.id] = (after.status, after.stop_reason)

    def settle(self) -> None:
        """Go on until every answer that has ended is saved."""
        self.disk.is_stalled = False
        store, active, accounting = self.world.store, self.world.active, self.world.accounting
        self.loop.run_until_complete(
            self.until(lambda: set(active.ids()) == set(store.generating()) and not accounting.is_counting)
        )
        self.do(lambda: None, 4)

    # The end

    def drop(self) -> None:
        """Forget the engine as a crash does. What its tasks and its disk still do, they do to the old file."""
        tasks = [task for task in asyncio.all_tasks(self.loop) if not task.done()]
        for task in tasks:
            task.cancel()
        self.disk.open()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks))
        self.shut()

    async def close_engine(self) -> None:
        closing = asyncio.ensure_future(self.world.engine.close())
        while not closing.done():
            if self.has_failed:
                self.mend_disk()
            await asyncio.sleep(0)
        await closing

    def shut(self) -> None:
        self.world.journal.close()
        self.world.database.close()
        self.other.close()

    def teardown(self) -> None:
        try:
            self.do(self.world.engine.stop_all)
            self.settle()
            self.check()
            assert self.other.journal() == set()
        finally:
            self.disk.open()
            self.mend_disk()
            self.loop.run_until_complete(close_world(self.world))
            self.other.close()
            self.loop.close()
            self.patch.undo()
            shutil.rmtree(self.folder)


Belay.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestBelay = Belay.TestCase
