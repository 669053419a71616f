"""Belay itself: the real window, event loop, database and transcript, built as `app.session.run` builds them."""

import asyncio
import gc
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton

from app.domain.model import ENVIRONMENT, ModelRef
from app.domain.provider import ProviderPhase
from app.domain.redaction import Redactor
from app.engine.events import DeltaReceived, Event
from app.engine.threads import DaemonThreads
from app.main import App, begin, build, close, model_sources
from app.start import GC_THRESHOLD, SWITCH_INTERVAL_S
from app.storage.log_file import keep_log
from app.storage.paths import DataFolder
from app.ui.application import new_application
from app.ui.event_loop import new_event_loop
from tests.benchmarks.contestants.clicks import Clicks
from tests.benchmarks.contestants.core_waits import CoreWaits
from tests.benchmarks.contestants.first_glyph import FirstGlyph
from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.orders import Answer, Order, obey

ANSWERS_PER_CONVERSATION = 4
HEARTBEAT_MS = 2
_LOOK_AGAIN_S = 0.005


class Driver:
    """Does with the window what a person does, and watches the stream through the store's events."""

    def __init__(self, app: App, waits: CoreWaits, glyph: FirstGlyph) -> None:
        self._app = app
        self._glyph = glyph
        self._waits = waits
        self._workspace = app.workspace
        button: Any = app.window.findChild(QAbstractButton, "stopButton")
        self._clicks = Clicks(button, waits, app.workspace.composer.stop_requested)
        self._answers = 0
        self._deltas = 0
        self._first_delta = asyncio.Event()
        self._received_ns = 0
        self._thread_ns_at: list[int] = []
        self._mark_every: int | None = None
        app.store.subscribe(self._on_event)

    async def stop(self, order: Order) -> Answer:
        """Ask the order's model, and be clicked `click_after_s` after the first chunk."""
        await self._ask(order["model"], new_conversation=self._answers % ANSWERS_PER_CONVERSATION == 0)
        self._clicks.arm(order["click_after_s"])
        answer = await self._clicks.handled()
        await self._settled()
        return answer

    async def stream(self, order: Order) -> Answer:
        """Stream for `seconds`, and measure this thread meanwhile: its share of a core, and its heartbeat's gaps."""
        await self._ask(order["model"], new_conversation=True)
        await asyncio.sleep(1.0)
        beats_ns: list[int] = []
        heart = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=HEARTBEAT_MS)
        heart.timeout.connect(lambda: beats_ns.append(time.monotonic_ns()))
        heart.start()
        wall_ns, thread_ns, deltas = time.monotonic_ns(), time.thread_time_ns(), self._deltas
        await asyncio.sleep(order["seconds"])
        answer = {
            "wall_ns": time.monotonic_ns() - wall_ns,
            "thread_ns": time.thread_time_ns() - thread_ns,
            "tokens": self._deltas - deltas,
            "beats_ns": beats_ns,
        }
        heart.stop()
        self._clicks.arm(0.0)
        await self._settled()
        return answer

    async def long_answer(self, order: Order) -> Answer:
        """Receive an answer to its end. Returns this thread's CPU time at its start and every `mark_every` tokens."""
        self._mark_every = order["mark_every"]
        began_ns = time.monotonic_ns()
        await self._ask(order["model"], new_conversation=True)
        await self._settled()
        self._mark_every = None
        return {"thread_ns_at": self._thread_ns_at, "wall_ns": time.monotonic_ns() - began_ns}

    async def first_glyph(self, order: Order) -> Answer:
        """
        Ask, and watch the first of the answer come: into the store, onto the screen.

        `own_wait_ns` counts from `quiet_after_s` after the click, when nothing is done any more but waiting.
        """
        self._send(order["model"], new_conversation=self._answers % ANSWERS_PER_CONVERSATION == 0)
        await asyncio.sleep(order["quiet_after_s"])
        waited_ns = self._waits.own_ns()
        await self._first_delta.wait()
        painted_ns = await self._glyph.painted()
        answer = {
            "received_ns": self._received_ns,
            "painted_ns": painted_ns,
            "own_wait_ns": self._waits.own_ns() - waited_ns,
        }
        await self._settled()
        return answer

    async def _ask(self, model: str, *, new_conversation: bool) -> None:
        self._send(model, new_conversation=new_conversation)
        await self._first_delta.wait()

    def _send(self, model: str, *, new_conversation: bool) -> None:
        if new_conversation:
            self._workspace.sidebar.new_requested.emit()
        self._workspace.model_picker.model_requested.emit(ModelRef(ENVIRONMENT, model))
        self._answers += 1
        self._deltas = 0
        self._first_delta.clear()
        self._workspace.composer.send_requested.emit("Please write me an essay about the sea.")

    async def _settled(self) -> None:
        """Wait until every answer has ended and is on disk."""
        while len(self._app.active):
            await asyncio.sleep(_LOOK_AGAIN_S)

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, DeltaReceived):
            return
        if self._deltas == 0:
            self._received_ns = time.monotonic_ns()
            self._glyph.watch(event.message_id)
            self._first_delta.set()
            self._thread_ns_at = [time.thread_time_ns()]
        self._deltas += 1
        if self._mark_every is None:
            self._waits.sample()
        elif self._deltas % self._mark_every == 0:
            self._thread_ns_at.append(time.thread_time_ns())


def run(_: Name, waits: CoreWaits) -> None:
    """Carry out the Driver's orders until stdin ends."""
    qt = new_application()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = DataFolder(Path(name) / "data")
        folder.prepare()
        redactor = Redactor()
        keep_log(folder.log, redactor)
        glyph = FirstGlyph()
        app = build(qt, folder, model_sources(os.environ, redactor), redactor)
        gc.set_threshold(*GC_THRESHOLD)
        gc.freeze()
        loop.run_until_complete(_session(app, waits, glyph))
        loop.close()
        app.database.close()


async def _session(app: App, waits: CoreWaits, glyph: FirstGlyph) -> None:
    app.workspace.first_painted.connect(lambda: begin(app))
    app.window.show()
    while not any(state.phase is ProviderPhase.READY for state in app.store.providers.values()):
        await asyncio.sleep(_LOOK_AGAIN_S)
    driver = Driver(app, waits, glyph)
    orders = (driver.stop, driver.stream, driver.long_answer, driver.first_glyph)
    try:
        await obey({order.__name__: order for order in orders})
    finally:
        await close(app)
        app.window.close()
