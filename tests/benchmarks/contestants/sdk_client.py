"""
A small Qt client on the openai package's typed stream and stock qasync, with one of three ways to stop.

* database polled, 50 ms: the click writes `status = 'stopped'` to SQLite and commits; a task of the client
  reads the status every 50 ms, and cancels the stream when it says so;
* flag polled, 10 ms: the same with an attribute instead of the database, every 10 ms;
* task.cancel(): the click cancels the task that streams, and asyncio does the rest.

All three close the stream as the package's documentation asks (`async with`), and show the text as cheaply as
Qt can: plain text, appended once per 16 ms.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import openai
import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tests.benchmarks.contestants.clicks import Clicks
from tests.benchmarks.contestants.core_waits import CoreWaits
from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.orders import Answer, Order, obey

DATABASE_POLL_S = 0.05
FLAG_POLL_S = 0.01
FRAME_MS = 16


class SdkClient(QWidget):
    """Streams one answer at a time. `on_stop` is what the click does; a poller asks `is_stopped` every `poll_s`."""

    def __init__(
        self,
        waits: CoreWaits,
        *,
        on_stop: Callable[["SdkClient"], None],
        is_stopped: Callable[["SdkClient"], bool] | None = None,
        poll_s: float = 0.0,
    ) -> None:
        super().__init__()
        self.task: asyncio.Task[None] | None = None
        self.flag = False
        self._is_stopped = is_stopped
        self._poll_s = poll_s
        self._waits = waits
        self._client = openai.AsyncOpenAI(api_key="none", max_retries=0)
        self._arrived: list[str] = []
        self._first_chunk = asyncio.Event()
        self._text = QPlainTextEdit(readOnly=True)
        self._button = QPushButton("Stop")
        self._button.clicked.connect(lambda: on_stop(self))
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addWidget(self._button)
        self.resize(1000, 700)
        self._frame = QTimer(self)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._clicks = Clicks(self._button, waits)

    async def stop(self, order: Order) -> Answer:
        """Stream the order's model, and be clicked `click_after_s` after the first chunk."""
        self._text.clear()
        self._first_chunk.clear()
        self.flag = False
        self._frame.start()
        self.task = asyncio.create_task(self._stream(order["model"]))
        poller = asyncio.create_task(self._poll(self.task))
        await self._first_chunk.wait()
        self._clicks.arm(order["click_after_s"])
        answer = await self._clicks.handled()
        with suppress(asyncio.CancelledError):
            await self.task
        poller.cancel()
        self._frame.stop()
        return answer

    async def _stream(self, model: str) -> None:
        completions = self._client.chat.completions
        async with await completions.create(
            model=model, stream=True, messages=[{"role": "user", "content": "Go on"}]
        ) as stream:
            async for chunk in stream:
                self._waits.sample()
                self._arrived.append(chunk.choices[0].delta.content or "")
                self._first_chunk.set()

    async def _poll(self, task: asyncio.Task[None]) -> None:
        while self._is_stopped is not None:
            await asyncio.sleep(self._poll_s)
            if self._is_stopped(self):
                task.cancel()
                return

    def _on_frame(self) -> None:
        arrived, self._arrived = self._arrived, []
        if arrived:
            self._text.moveCursor(QTextCursor.MoveOperation.End)
            self._text.insertPlainText("".join(arrived))


def run(name: Name, waits: CoreWaits) -> None:
    """Carry out orders to stop until stdin ends."""
    qt = QApplication([])
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder, closing(_database(Path(folder))) as db, closing(loop):
        client = _client(name, waits, db)
        client.show()
        loop.run_until_complete(obey({"stop": client.stop}))
        client.close()


def _client(name: Name, waits: CoreWaits, db: sqlite3.Connection) -> SdkClient:
    match name:
        case Name.POLL_DATABASE:
            return SdkClient(
                waits,
                on_stop=lambda _: _set_stopped(db),
                is_stopped=lambda _: _take_stopped(db),
                poll_s=DATABASE_POLL_S,
            )
        case Name.POLL_FLAG:
            return SdkClient(waits, on_stop=_set_flag, is_stopped=lambda client: client.flag, poll_s=FLAG_POLL_S)
        case _:
            return SdkClient(waits, on_stop=_cancel)


def _set_flag(client: SdkClient) -> None:
    client.flag = True


def _cancel(client: SdkClient) -> None:
    if client.task is not None:
        client.task.cancel()


def _database(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / "chat.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, status TEXT)")
    db.execute("INSERT INTO message VALUES (1, 'generating')")
    return db


def _set_stopped(db: sqlite3.Connection) -> None:
    db.execute("UPDATE message SET status = 'stopped' WHERE id = 1")


def _take_stopped(db: sqlite3.Connection) -> bool:
    """Whether the message was stopped; the next one is generating."""
    stopped: bool = db.execute("SELECT status = 'stopped' FROM message WHERE id = 1").fetchone()[0]
    if stopped:
        db.execute("UPDATE message SET status = 'generating' WHERE id = 1")
    return stopped
