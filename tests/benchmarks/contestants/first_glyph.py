"""The moment an answer's first glyphs are painted."""

import asyncio
import time

from PySide6.QtGui import QPaintEvent, QRegion

from app.domain.conversation import MessageId
from app.ui.transcript.row import Row


class FirstGlyph:
    """
    Says when the row of an answer has painted the first of its text; one for the process, built before the window.

    It stands around `Row.paintEvent`: an event filter would be asked about every event there is, in Python.
    """

    def __init__(self) -> None:
        self._answer: MessageId | None = None
        self._painted_ns = 0
        self._painted = asyncio.Event()
        paint = Row.paintEvent

        def paint_and_look(row: Row, event: QPaintEvent) -> None:
            paint(row, event)
            if self._answer is not None and row.message_id == self._answer:
                self._look(row, event.region())

        Row.paintEvent = paint_and_look  # type: ignore[method-assign,assignment]  # in the benchmark's process only

    def watch(self, answer: MessageId) -> None:
        """Look out for the text of this answer from now on."""
        self._painted.clear()
        self._answer = answer

    async def painted(self) -> int:
        """Wait for it. Returns when it was, in monotonic ns."""
        await self._painted.wait()
        return self._painted_ns

    def _look(self, row: Row, region: QRegion) -> None:
        """A row that waits shows a dot. What counts is text, in the part that was painted."""
        now_ns = time.monotonic_ns()
        text = row.text_area()
        if not row.is_waiting and not text.isEmpty() and region.intersects(text):
            self._painted_ns = now_ns
            self._answer = None
            self._painted.set()
