"""asyncio on Qt's loop: in order, in time, from any thread, and nothing left behind."""

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.ui.event_loop import QuickEventLoop, new_event_loop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[QuickEventLoop]:
    made = new_event_loop(qapp)
    assert isinstance(made, QuickEventLoop)
    asyncio.set_event_loop(made)
    yield made
    made.close()
    asyncio.set_event_loop(None)


def test_callbacks_run_in_the_order_they_were_made(loop: QuickEventLoop) -> None:
    seen: list[int] = []

    async def scenario() -> None:
        for number in range(100):
            loop.call_soon(seen.append, number)
        await asyncio.sleep(0.01)

    loop.run_until_complete(scenario())
    assert seen == list(range(100))


def test_timers_fire_in_the_order_of_their_times(loop: QuickEventLoop) -> None:
    seen: list[int] = []

    async def scenario() -> None:
        for delay_ms in (30, 10, 20, 5, 25):
            loop.call_later(delay_ms / 1000, seen.append, delay_ms)
        began_s = loop.time()
        await asyncio.sleep(0.05)
        assert loop.time() - began_s >= 0.05, "a timer never fires early"

    loop.run_until_complete(scenario())
    assert seen == [5, 10, 20, 25, 30]


def test_cancelled_timers_do_not_pile_up(loop: QuickEventLoop) -> None:
    """Stock qasync keeps a Qt timer armed for each: a 600 s read timeout leaks one per read."""

    async def scenario() -> None:
        kept = loop.call_later(600, lambda: None)
        for _ in range(10_000):
            loop.call_later(600, lambda: None).cancel()
        assert len(loop._timers) < 500
        assert kept in loop._timers
        kept.cancel()

    loop.run_until_complete(scenario())


def test_a_cancelled_callback_does_not_run(loop: QuickEventLoop) -> None:
    seen: list[str] = []

    async def scenario() -> None:
        loop.call_soon(seen.append, "no").cancel()
        loop.call_later(0.001, seen.append, "no").cancel()
        await asyncio.sleep(0.01)

    loop.run_until_complete(scenario())
    assert seen == []


def test_another_thread_wakes_a_sleeping_loop(loop: QuickEventLoop) -> None:
    async def scenario() -> None:
        woken = asyncio.Event()
        threading.Timer(0.02, lambda: loop.call_soon_threadsafe(woken.set)).start()
        async with asyncio.timeout(5):
            await woken.wait()

    loop.run_until_complete(scenario())


def test_sockets_are_read_and_written_and_descriptors_used_again(loop: QuickEventLoop) -> None:
    async def scenario() -> None:
        for _ in range(20):
            left, right = socket.socketpair()
            reader, writer = await asyncio.open_connection(sock=left)
            other_reader, other_writer = await asyncio.open_connection(sock=right)
            writer.write(b"x" * 1_000_000 + b"\n")
            line = await other_reader.readexactly(1_000_001)
            assert len(line) == 1_000_001
            other_writer.write(b"back\n")
            assert await reader.readline() == b"back\n"
            for end in (writer, other_writer):
                end.close()
                await end.wait_closed()

    loop.run_until_complete(scenario())


def test_a_nested_qt_loop_does_not_run_tasks_inside_tasks(loop: QuickEventLoop) -> None:
    """A native dialog runs one: what is ready waits until the outer callback has returned."""
    depth = 0
    deepest = 0

    def callback() -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)
        nested = QEventLoop()
        QTimer.singleShot(5, nested.quit)
        loop.call_soon(noted.append, "later")
        nested.exec()
        assert noted == []
        depth -= 1

    noted: list[str] = []

    async def scenario() -> None:
        loop.call_soon(callback)
        await asyncio.sleep(0.05)

    loop.run_until_complete(scenario())
    assert deepest == 1
    assert noted == ["later"]


def test_an_exception_in_a_callback_is_told_and_the_loop_goes_on(loop: QuickEventLoop) -> None:
    told: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: told.append(context))
    seen: list[int] = []

    async def scenario() -> None:
        loop.call_soon(lambda: 1 // 0)
        loop.call_soon(seen.append, 1)
        await asyncio.sleep(0.01)

    loop.run_until_complete(scenario())
    assert seen == [1]
    assert isinstance(told[0]["exception"], ZeroDivisionError)


def test_async_generators_left_open_are_closed(loop: QuickEventLoop) -> None:
    closed: list[bool] = []

    async def endless() -> AsyncGenerator[int, None]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    async def scenario() -> None:
        generator = endless()
        await anext(generator)
        del generator
        await asyncio.sleep(0.01)

    loop.run_until_complete(scenario())
    assert closed == [True]
