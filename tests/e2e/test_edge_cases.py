"""
The edge cases of Stop, in the real window. Those that are about text answers; the numbers are the product's list.

Covered elsewhere: 1, 2, 9, 16 in tests/unit/engine and beside this file. Later: 5 to 8 (tools, columns), 19
(the countdown), 21 (a second instance), 28 (attachments).
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from app.domain.completion import Delta
from app.domain.conversation import MessageId, MessageStatus, Role
from app.domain.errors import StreamStalled
from app.domain.model import ModelRef
from app.domain.usage import UsageSource
from app.engine.events import DeltaReceived, Event, FaultOccurred, GenerationEnded, SaveFailed
from app.providers.local_model import LocalModel
from app.providers.sources import connect_endpoint
from app.providers.stall_timer import StallTimer
from app.storage import messages
from app.storage.conversations import list_conversations
from app.storage.database import Database
from app.storage.paths import DataFolder
from app.ui.conversation_list import ItemRole
from tests.e2e.conftest import Play, User
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text, tokens_in
from tests.world import HANG, FedProvider, ScriptedProvider, ScriptedSource, Step, choose_model, load_messages

ROOT = Path(__file__).parents[2]
ON_DISK_WITHIN_MS = 500
LATENESS_S = 1.0  # what a busy machine may add to a process's end
NO_SPACE = "CREATE TRIGGER disk_full BEFORE UPDATE OF content ON message BEGIN SELECT RAISE(ABORT, 'disk full'); END"

reads_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def other_connection(folder: DataFolder) -> sqlite3.Connection:
    """What another process has."""
    return sqlite3.connect(folder.database, timeout=10, isolation_level=None)


def completions(provider: FakeProvider) -> int:
    return sum("completions" in event["path"] for event in provider.events("request"))


def scripted(*script: Step) -> tuple[ScriptedSource, ...]:
    return (ScriptedSource(ScriptedProvider(script)),)


def ask_model(user: User, model: str) -> None:
    """Choose a behaviour of the fake for the next answers."""
    store = user.app.store
    assert store.selected_model is not None
    choose_model(store, ModelRef(store.selected_model.provider_id, model))


def confirm(user: User) -> None:
    """Say yes to the question that is asked."""
    dialog = next(found for found in user.app.window.findChildren(QDialog) if found.isVisible())
    button = dialog.findChild(QPushButton, "confirmButton")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def has_badge(user: User, conversation_id: str) -> bool:
    model = user.find("conversationList").model()
    rows = [model.index(row, 0, QModelIndex()) for row in range(model.rowCount(QModelIndex()))]
    return any(
        index.data(ItemRole.CONVERSATION_ID) == conversation_id and bool(index.data(ItemRole.IS_GENERATING))
        for index in rows
    )


async def send_and_see(user: User, text: str = "Write a 1000 word essay", *, at_least: int = 100) -> MessageId:
    """Send, and wait until so many characters of the answer are on screen."""
    count = len(user.branch()) if user.app.workspace.conversation_id else 0
    user.app.workspace.composer.send_requested.emit(text)
    assert len(user.branch()) == count + 2
    answer = user.answer().id
    await user.until(lambda: len(user.text_on_screen(answer)) >= at_least, "text on screen")
    return answer


class Heartbeat:
    """The longest time the UI thread was not there for anyone."""

    def __init__(self) -> None:
        self.longest_gap_s = 0.0
        self._task = asyncio.get_running_loop().create_task(self._beat())

    async def _beat(self) -> None:
        last_s = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            now_s = time.monotonic()
            self.longest_gap_s = max(self.longest_gap_s, now_s - last_s)
            last_s = now_s

    async def stop(self) -> float:
        self._task.cancel()
        await asyncio.wait({self._task})
        return self.longest_gap_s


@pytest.mark.parametrize("script", ["Look:\n\n```python\nprint(1", "So $$\\int_0^1 x^", "| a | b |\n|---|"])
def test_in_the_middle_of_a_block(play: Play, script: str) -> None:
    """Edge case 3: a fence, a formula, a table: what is open is closed on screen only."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user, at_least=len(script))
        user.click("stopButton")
        await user.settled()
        assert user.assert_agrees(answer).content == script

    play(scenario, sources=scripted(*map(Delta, script), HANG))


def test_in_the_reasoning(play: Play) -> None:
    """Edge case 4: the reasoning so far is stored as its own part, and is there after a restart."""
    kept: list[str] = []

    async def first(user: User) -> None:
        user.type_and_send("Why?")
        await user.until(lambda: len(user.app.store.reasoning_of(user.answer().id)) > 40)
        user.click("stopButton")
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert (message.status, message.content) == (MessageStatus.STOPPED, "")
        kept.append(message.reasoning)
        assert len(message.reasoning) > 40

    async def second(user: User) -> None:
        await user.until(lambda: user.app.store.conversations)
        user.app.workspace.sidebar.open_requested.emit(user.conversation)
        await user.until(lambda: user.app.store.is_loaded(user.conversation))
        assert [user.answer().reasoning] == kept

    play(first, model="rate=300&reasoning=3000")
    play(second)


def test_in_the_same_frame_as_the_last_token(play: Play) -> None:
    """Edge case 10: complete wins only if the final chunk was processed before the click; never both."""
    count = 12
    ends: list[GenerationEnded] = []

    async def scenario(user: User) -> None:
        pieces = 0
        is_click_before_the_end = True

        def click_at_the_end(event: Event) -> None:
            nonlocal pieces
            if isinstance(event, DeltaReceived):
                pieces += 1
                if pieces == count and is_click_before_the_end:
                    user.click("stopButton")
            elif isinstance(event, GenerationEnded):
                ends.append(event)
                if event.status is MessageStatus.COMPLETE:
                    user.click("stopButton")

        user.app.store.subscribe(click_at_the_end)
        user.type_and_send("One")
        await user.until(lambda: ends)
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert (message.status, message.content) == (MessageStatus.STOPPED, answer_text(count))
        assert "Stopped" in user.receipt(message.id)

        pieces, is_click_before_the_end = 0, False
        user.app.workspace.sidebar.new_requested.emit()
        user.app.workspace.composer.send_requested.emit("Two")
        await user.until(lambda: len(ends) == 2)
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert (message.status, message.content) == (MessageStatus.COMPLETE, answer_text(count))
        assert message.usage is not None
        assert (message.usage.source, message.usage.completion_tokens) == (UsageSource.PROVIDER, count)
        assert user.receipt(message.id).startswith(f"{count} tokens · ")

    play(scenario, model=f"rate=1000&count={count}")
    assert len(ends) == 2


def test_against_an_error(play: Play) -> None:
    """Edge case 11: a Stop before the error is processed is a Stop; an error processed before it stays one."""
    count = 12
    ends: list[GenerationEnded] = []

    async def scenario(user: User) -> None:
        pieces = 0

        def click(event: Event) -> None:
            nonlocal pieces
            if isinstance(event, DeltaReceived):
                pieces += 1
                if pieces == count:  # the error is in the same packet, or the next
                    user.click("stopButton")
            elif isinstance(event, GenerationEnded):
                ends.append(event)
                if event.status is MessageStatus.FAILED:
                    user.click("stopButton")

        user.app.store.subscribe(click)
        user.type_and_send("One")
        await user.until(lambda: ends)
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert (message.status, message.stop_reason) == (MessageStatus.STOPPED, "user")

        pieces = -1_000
        user.app.workspace.sidebar.new_requested.emit()
        user.app.workspace.composer.send_requested.emit("Two")
        await user.until(lambda: len(ends) == 2)
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert (message.status, message.stop_reason) == (MessageStatus.FAILED, None)
        assert message.fault is not None
        assert message.content == answer_text(count)

    play(scenario, model=f"rate=3000&fault=error_after:{count}")
    assert len(ends) == 2


def test_an_error_beside_another_processs_stop_is_the_same_in_memory_and_on_disk(
    play: Play, folder: DataFolder
) -> None:
    """Edge cases 11 and 22: it failed here, and had been stopped in the database a moment before."""

    fed = FedProvider()

    async def scenario(user: User) -> None:
        fed.feed("m", Delta("a"))
        user.type_and_send("One")
        await user.until(lambda: user.app.store.text_of(user.answer().id))
        with closing(other_connection(folder)) as other:
            other.execute("UPDATE message SET status = 'stopped', stop_reason = 'external' WHERE status = 'generating'")
        fed.feed("m", StreamStalled("gone"))
        await user.settled()
        here = user.assert_agrees(user.answer().id)
        (_, there) = await user.app.database.run(load_messages, user.conversation)
        assert (here.status, here.stop_reason) == ("stopped", "external")
        assert here.fault == there.fault

    play(scenario, sources=(ScriptedSource(fed),))


def test_enter_while_generating_sends_nothing(play: Play, provider: FakeProvider) -> None:
    """Edge case 12: Stop has Send's place; what is written meanwhile stays where it is."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        user.type_and_send("and another thing")
        await asyncio.sleep(0.05)
        assert len(user.branch()) == 2
        assert user.app.store.generating() == (answer,)
        assert user.find("composerInput").toPlainText() == "and another thing"
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(answer)
        assert completions(provider) == 1

    play(scenario)


def test_retry_while_generating(play: Play) -> None:
    """Edge case 12: the old one is superseded on disk before the new one is there, beside the answer asked again."""

    async def scenario(user: User) -> None:
        ask_model(user, "rate=3000&count=10")
        user.type_and_send("One")
        first = user.answer().id
        await user.settled()
        ask_model(user, "rate=300&count=5000")
        await asyncio.sleep(0.31)  # the guard against a click that was meant for Stop
        second = await send_and_see(user, "Two")
        user.app.workspace.transcript.message_actions.retry_requested.emit(first)
        third = user.answer().id
        order = await user.app.database.run(
            lambda db: [tuple(row) for row in db.execute("SELECT id, status, stop_reason FROM message ORDER BY seq")]
        )
        assert order[3:] == [(second, "stopped", "superseded"), (third, "generating", None)]
        assert [message.role for message in user.branch()] == [Role.USER, Role.ASSISTANT]
        message = user.app.store.message(first)
        assert message is not None
        assert user.answer().parent_id == message.parent_id
        await user.until(lambda: len(user.text_on_screen(third)) > 100)
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(third)
        for answer in (first, second):
            assert user.on_disk(answer)[1] == user.app.store.text_of(answer)

    play(scenario)


@pytest.mark.parametrize("what", ["conversation", "answer", "question"])
def test_deleted_while_streaming(play: Play, provider: FakeProvider, folder: DataFolder, what: str) -> None:
    """Edge case 13: stopped first, late chunks dropped, no row comes back."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        asked_ns = time.monotonic_ns()
        if what == "conversation":
            user.app.workspace.sidebar.delete_requested.emit(user.conversation)
        else:
            chosen = answer if what == "answer" else user.branch()[0].id
            user.app.workspace.transcript.message_actions.delete_requested.emit(chosen)
        await asyncio.sleep(0.03)
        assert user.app.store.generating() == (answer,), "asking stops nothing yet"
        confirm(user)
        assert user.app.store.generating() == ()
        assert user.app.store.message(answer) is None
        await user.until(lambda: provider.find("close_seen", lambda event: event.t_ns > asked_ns), "the close")
        await user.settled()
        assert user.text_on_screen(answer) == ""
        assert user.find("stopButton").isHidden()

    play(scenario)
    with closing(other_connection(folder)) as other:
        left = [row[0] for row in other.execute("SELECT role FROM message ORDER BY seq")]
        assert left == (["user"] if what == "answer" else [])
        assert other.execute("SELECT count(*) FROM conversation").fetchone() == (what != "conversation",)
        assert other.execute("SELECT count(*) FROM journal").fetchone() == (0,)


def test_another_conversation_is_opened(play: Play) -> None:
    """Edge case 14: it goes on, with a badge in the list, and Stop belongs to what is on screen."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        conversation = user.conversation
        assert has_badge(user, conversation)
        user.app.workspace.sidebar.new_requested.emit()
        assert user.find("stopButton").isHidden()
        before = len(user.app.store.text_of(answer))
        await user.until(lambda: len(user.app.store.text_of(answer)) > before + 100, "it goes on")
        assert has_badge(user, conversation)
        user.press_escape()
        assert user.app.store.generating() == (answer,), "Esc stops only what is on screen"
        user.app.workspace.sidebar.open_requested.emit(conversation)
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(answer)
        assert not has_badge(user, conversation)

    play(scenario)


def test_a_conversation_opened_within_a_frame_shows_no_text_twice(play: Play) -> None:
    """Edge case 14: text that waits for the next frame is in the store already when its conversation is opened."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        conversation = user.conversation
        user.app.workspace.sidebar.new_requested.emit()
        is_open = False

        def open_it(event: Event) -> None:
            nonlocal is_open
            if isinstance(event, DeltaReceived) and not is_open:
                is_open = True
                user.app.workspace.sidebar.open_requested.emit(conversation)

        user.app.store.subscribe(open_it)
        await user.until(lambda: is_open and len(user.text_on_screen(answer)) > 300)
        tokens_in(user.text_on_screen(answer))  # raises if it is not what the model wrote
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(answer)

    play(scenario)


def test_the_window_is_closed_while_streaming(play: Play, folder: DataFolder) -> None:
    """Edge case 15: everything is on disk, with what was on screen."""
    seen: list[str] = []

    async def scenario(user: User) -> None:
        seen.append(user.text_on_screen(await send_and_see(user)))

    play(scenario)
    with closing(other_connection(folder)) as other:
        status, reason, text, asked_ms, committed_ms = other.execute(
            "SELECT status, stop_reason, content, stop_click_ms, committed_ms FROM message WHERE role = 'assistant'"
        ).fetchone()
    assert (status, reason) == ("stopped", "quit")
    assert text.startswith(seen[0])
    tokens_in(text)
    assert committed_ms - asked_ms < ON_DISK_WITHIN_MS


PROGRAM = """
import sys
import app.main as program
import app.start as start
from PySide6.QtCore import QTimer
from app.storage.paths import data_folder

begin = program.begin

def begin_and_send(running):
    begin(running)
    timer = QTimer(running.window)

    def send_when_ready():
        selected = running.store.selected_model
        if selected is not None and selected.model:
            timer.stop()
            running.workspace.composer.send_requested.emit("Write a 1000 word essay")

    timer.timeout.connect(send_when_ready)
    timer.start(5)

program.begin = begin_and_send
sys.exit(start.run(data_folder(sys.argv[1])))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_system_ends_the_program_while_streaming(
    tmp_path: Path, provider: FakeProvider, number: signal.Signals
) -> None:
    """Edge case 15 and F17: on disk within 500 ms, and the program ends by itself."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "OPENAI_BASE_URL": provider.base_url,
        "BELAY_MODEL": "rate=300&count=50000",
        "OPENAI_API_KEY": "",
    }
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        provider.wait_for("first_byte", 30)
        with closing(sqlite3.connect(tmp_path / "belay.db", timeout=10)) as look:
            deadline_s = time.monotonic() + 20
            while look.execute("SELECT count(*) FROM journal").fetchone()[0] < 3:
                assert time.monotonic() < deadline_s, "no text came"
                time.sleep(0.005)
            asked_s = time.monotonic()
            running.send_signal(number)
            while look.execute("SELECT count(*) FROM message WHERE status = 'generating'").fetchone()[0]:
                assert time.monotonic() - asked_s < ON_DISK_WITHIN_MS / 1000 + LATENESS_S, "not on disk"
                time.sleep(0.001)
            assert running.wait(10) == 0
            status, reason, text, asked_ms, committed_ms = look.execute(
                "SELECT status, stop_reason, content, stop_click_ms, committed_ms FROM message WHERE role = 'assistant'"
            ).fetchone()
            assert (status, reason) == ("stopped", "quit")
            assert tokens_in(text) > 0
            assert committed_ms - asked_ms < ON_DISK_WITHIN_MS
            assert look.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    finally:
        running.kill()
        running.wait()


@pytest.mark.parametrize("fault", ["stall_after:20", "pings_after:20", "half-open"])
def test_a_server_that_falls_silent(
    play: Play, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Edge cases 17 and 18: the limit on silence ends it; comments are silence; no second request by itself."""
    limits = StallTimer.__init__.__kwdefaults__
    assert limits is not None
    monkeypatch.setitem(limits, "between_s", 0.3)

    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        answer = user.answer().id
        await user.until(lambda: len(user.text_on_screen(answer)) > 60)
        if fault == "half-open":
            os.kill(provider.pid, signal.SIGSTOP)
        try:
            await user.settled()
        finally:
            os.kill(provider.pid, signal.SIGCONT)
        message = user.assert_agrees(answer)
        assert message.status is MessageStatus.FAILED
        assert message.fault is not None
        assert message.fault.title == StreamStalled.title
        assert tokens_in(message.content) >= 20 or fault == "half-open"
        assert user.find("stopButton").isHidden()
        assert completions(provider) == 1

    play(scenario, model="rate=300&count=50000" + ("" if fault == "half-open" else f"&fault={fault}"))


@pytest.mark.skipif(os.name != "posix", reason="SIGSTOP")
def test_a_stop_while_the_other_end_is_asleep(play: Play, provider: FakeProvider) -> None:
    """Edge cases 17 and 26: nobody is there to see the close, and the window is done at once."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        os.kill(provider.pid, signal.SIGSTOP)
        try:
            user.click("stopButton")
            message = user.app.store.message(answer)
            assert message is not None
            assert message.status is MessageStatus.STOPPED
            await user.settled()
            user.assert_agrees(answer)
        finally:
            os.kill(provider.pid, signal.SIGCONT)

    play(scenario)


def test_a_provider_that_goes_on_generating(play: Play) -> None:
    """Edge case 26: here it is over at once, and the next answer comes."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        user.click("stopButton")
        await user.settled()
        text = user.assert_agrees(answer).content
        ask_model(user, "rate=3000&count=20")
        user.app.workspace.composer.send_requested.emit("Two")
        await user.settled()
        assert user.answer().status is MessageStatus.COMPLETE
        assert user.app.store.text_of(answer) == text

    play(scenario, model="rate=3000&count=50000&fault=ignore_disconnect")


def test_stop_all_by_its_keys(play: Play) -> None:
    """Edge case 20: every conversation's answer, from wherever one is."""

    async def scenario(user: User) -> None:
        answers = []
        for number in range(3):
            user.app.workspace.sidebar.new_requested.emit()
            user.app.workspace.composer.send_requested.emit(f"Question {number}")
            answers.append(user.answer().id)
        await user.until(lambda: all(user.app.store.text_of(answer) for answer in answers))
        user.app.window.activateWindow()
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(user.app.window, Qt.Key.Key_Period, keys)
        assert user.app.store.generating() == ()
        await user.settled()
        for answer in answers:
            assert user.assert_agrees(answer).stop_reason == "user"

    play(scenario)


def test_another_process_sets_the_status(play: Play, provider: FakeProvider, folder: DataFolder) -> None:
    """Edge case 22: seen at the next write, obeyed, and told in the window."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        with closing(other_connection(folder)) as other:
            other.execute("UPDATE message SET status = 'stopped', stop_reason = 'external' WHERE id = ?", (answer,))
        set_ns = time.monotonic_ns()
        await user.until(lambda: not user.app.store.generating())
        assert time.monotonic_ns() - set_ns < (0.05 + LATENESS_S) * 1e9
        await user.until(lambda: provider.find("close_seen", lambda event: event.t_ns > set_ns), "the close")
        await user.settled()
        assert user.assert_agrees(answer).stop_reason == "external"
        await user.until(lambda: "another program" in user.receipt(answer))

    play(scenario)


def test_a_crash_after_another_process_set_the_status_loses_no_text(
    play: Play, folder: DataFolder, tmp_path: Path
) -> None:
    """Edge cases 16 and 22: the journal's text belongs to the message, whoever ended it."""
    left = tmp_path / "left.db"
    flushed: list[str] = []

    async def scenario(user: User) -> None:
        await send_and_see(user)
        with closing(other_connection(folder)) as other:
            other.execute("BEGIN IMMEDIATE")  # between two flushes
            flushed.append("".join(row[0] for row in other.execute("SELECT text FROM journal ORDER BY seq")))
            other.execute("UPDATE message SET status = 'stopped', stop_reason = 'external' WHERE status = 'generating'")
            other.execute("COMMIT")
            for ending in ("", "-wal"):  # as kill -9 would leave it now
                shutil.copyfile(f"{folder.database}{ending}", f"{left}{ending}")

    play(scenario)
    assert tokens_in(flushed[0]) > 0
    database = Database(left)
    try:
        database.submit(messages.settle_orphans).result()
        row = database.submit(
            lambda db: db.execute("SELECT status, content FROM message WHERE role = 'assistant'").fetchone()
        ).result()
    finally:
        database.close()
    assert row["status"] == "stopped"
    assert row["content"] == flushed[0]


@pytest.mark.parametrize("hours", [-30, 30])
def test_the_clock_jumps(play: Play, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """Edge case 23 and F9: durations come from the monotonic clock, the order of messages from their sequence."""
    jump_ns = 0
    wall_clock_ns = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: wall_clock_ns() + jump_ns)

    async def scenario(user: User) -> None:
        nonlocal jump_ns
        first = await send_and_see(user)
        jump_ns = hours * 3_600_000_000_000
        user.click("stopButton")
        await user.settled()
        timing = user.assert_agrees(first).timing
        assert timing.headers_ms is not None
        assert timing.first_token_ms is not None
        assert timing.last_token_ms is not None
        assert timing.stop_click_ms is not None
        assert timing.socket_closed_ms is not None
        assert timing.committed_ms is not None
        times = [timing.headers_ms, timing.first_token_ms, timing.last_token_ms, timing.socket_closed_ms]
        assert times == sorted(times)
        assert 0 < timing.headers_ms < timing.stop_click_ms < timing.committed_ms < 60_000
        second = await send_and_see(user, "Two")
        user.click("stopButton")
        await user.settled()
        user.assert_agrees(second)
        order = await user.app.database.run(load_messages, user.conversation)
        assert [message.id for message in order] == [message.id for message in user.branch()]
        assert [message.role for message in order] == [Role.USER, Role.ASSISTANT] * 2
        listed = await user.app.database.run(list_conversations)
        assert listed == tuple(user.app.store.conversations.values())

    play(scenario)


def test_one_request_an_answer(play: Play, provider: FakeProvider) -> None:
    """Edge case 24: no request for a title or a summary is made, so none outlives its answer."""

    async def scenario(user: User) -> None:
        ask_model(user, "rate=3000&count=20")
        user.type_and_send("One")
        await user.settled()
        assert user.answer().status is MessageStatus.COMPLETE
        ask_model(user, "rate=300&count=5000")
        await send_and_see(user, "Two")
        user.click("stopButton")
        await user.settled()
        await asyncio.sleep(0.2)
        assert completions(provider) == 2

    play(scenario)


def cpu_s(pid: int) -> float:
    """The processor time that a process has used, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


@reads_proc
def test_the_built_in_model_reads_a_long_prompt(play: Play) -> None:
    """Edge case 25: idle within a second, counted in its processor time; loaded still; the next answer comes."""
    model = LocalModel(connect_endpoint)

    async def scenario(user: User) -> None:
        pid = model.pid
        assert pid is not None
        start_s = cpu_s(pid)
        user.app.workspace.composer.send_requested.emit("The quick brown fox jumps over the lazy dog. " * 700)
        answer = user.answer().id
        await user.until(lambda: cpu_s(pid) > start_s + 0.5, "it reads")
        assert user.app.store.text_of(answer) == ""
        used_s = cpu_s(pid)
        user.click("stopButton")
        await user.settled()
        assert user.assert_agrees(answer).status is MessageStatus.STOPPED
        last_s = -1.0
        while cpu_s(pid) != last_s:
            last_s = cpu_s(pid)
            await asyncio.sleep(0.3)
        assert last_s - used_s < 1.0
        user.app.workspace.sidebar.new_requested.emit()
        user.app.workspace.composer.send_requested.emit("What is 2+2?")
        await user.until(lambda: user.app.store.text_of(user.answer().id), "the next answer")
        assert model.pid == pid
        user.click("stopButton")
        await user.settled()

    play(scenario, sources=(model,))


def test_the_database_is_locked_at_the_end(play: Play, folder: DataFolder) -> None:
    """Edge case 27 and F5: the window lives on, the text stays, and it is saved when the lock is gone."""

    async def scenario(user: User) -> None:
        answer = await send_and_see(user)
        with closing(other_connection(folder)) as other:
            other.execute("BEGIN IMMEDIATE")
            beat = Heartbeat()
            user.click("stopButton")
            text = user.app.store.text_of(answer)
            await asyncio.sleep(1.2)
            assert len(user.app.active) == 1, "not saved yet"
            assert user.text_on_screen(answer) == text
            assert await beat.stop() < 0.25
            other.execute("ROLLBACK")
        await user.settled()
        assert user.assert_agrees(answer).content == text

    play(scenario)


def test_the_disk_is_full_at_the_end(play: Play, folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edge case 27 and F3: the user is told, the text stays, and it is saved when there is room."""
    monkeypatch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0.05)

    async def scenario(user: User) -> None:
        with closing(other_connection(folder)) as other:
            other.execute(NO_SPACE)
            answer = await send_and_see(user)
            user.click("stopButton")
            text = user.app.store.text_of(answer)
            await user.until(user.app.workspace.banner.isVisible, "the banner")
            assert "could not be saved" in user.app.workspace.banner.accessibleDescription()
            assert user.text_on_screen(answer) == text
            other.execute("DROP TRIGGER disk_full")
        await user.settled()
        assert user.assert_agrees(answer).content == text

    play(scenario)


def test_a_write_that_failed_is_tried_once_more_at_the_quit(play: Play, folder: DataFolder) -> None:
    """Edge cases 15 and 27: the disk had no room at the Stop, has some at the quit, and no word is lost."""
    seen: list[str] = []

    async def scenario(user: User) -> None:
        failed: list[SaveFailed] = []
        user.app.store.subscribe(lambda event: failed.append(event) if isinstance(event, SaveFailed) else None)
        with closing(other_connection(folder)) as other:
            other.execute(NO_SPACE)
            answer = await send_and_see(user)
            user.click("stopButton")
            seen.append(user.app.store.text_of(answer))
            await user.until(lambda: failed)
            other.execute("DROP TRIGGER disk_full")

    play(scenario)
    with closing(other_connection(folder)) as other:
        found = other.execute("SELECT status, stop_reason, content FROM message WHERE role = 'assistant'").fetchone()
    assert found == ("stopped", "user", seen[0])


def test_a_delete_waits_for_a_lock_as_long_as_it_takes(
    play: Play, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edge case 13 and F5: what was deleted while somebody held the database does not come back."""
    monkeypatch.setattr("app.storage.database.BUSY_TIMEOUT_S", 0.1)
    monkeypatch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0.05)

    async def scenario(user: User) -> None:
        await send_and_see(user)
        faults: list[FaultOccurred] = []
        user.app.store.subscribe(lambda event: faults.append(event) if isinstance(event, FaultOccurred) else None)
        with closing(other_connection(folder)) as other:
            other.execute("BEGIN IMMEDIATE")
            user.app.engine.delete_conversation(user.conversation)
            await user.until(lambda: faults, "the user is told")
            assert user.app.workspace.banner.isVisible()
            other.execute("ROLLBACK")
        await user.settled()
        await asyncio.sleep(0.3)

    play(scenario)
    with closing(other_connection(folder)) as other:
        assert other.execute("SELECT count(*) FROM conversation").fetchone() == (0,)


def test_a_question_whose_answer_was_deleted_is_saved_all_the_same(
    play: Play, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edge cases 13 and 27, F15: the disk was full at the send and at the delete; nobody deleted the question."""
    monkeypatch.setattr("app.engine.generation.RETRY_SAVE_AFTER_S", 0.05)

    async def scenario(user: User) -> None:
        failed: list[SaveFailed] = []
        user.app.store.subscribe(lambda event: failed.append(event) if isinstance(event, SaveFailed) else None)
        with closing(other_connection(folder)) as other:
            other.execute(NO_SPACE.replace("UPDATE OF content", "INSERT"))
            user.type_and_send("Precious question")
            await user.until(lambda: failed)
            user.app.engine.delete_message(user.answer().id)
            await user.until(lambda: len(failed) > 1)
            other.execute("DROP TRIGGER disk_full")
        await user.settled()
        await asyncio.sleep(0.2)
        assert [message.content for message in user.branch()] == ["Precious question"]

    play(scenario)
    with closing(other_connection(folder)) as other:
        assert other.execute("SELECT content FROM message").fetchall() == [("Precious question",)]
