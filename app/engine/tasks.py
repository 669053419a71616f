"""Every asyncio task of the app is held here until it ends, and its failure is heard."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)

RETRY_AT_QUIT_S = 0.02


class Tasks:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = asyncio.Event()

    @property
    def is_closing(self) -> bool:
        """Whether the program is quitting: nothing is begun that can be left."""
        return self._closing.is_set()

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run `work` and hold it. An exception it raises is logged as a bug."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    async def before_retry(self, wait_s: float) -> None:
        """Wait before something is tried again; when the program is quitting only RETRY_AT_QUIT_S."""
        if self._closing.is_set():
            await asyncio.sleep(RETRY_AT_QUIT_S)
            return
        try:
            async with asyncio.timeout(wait_s):
                await self._closing.wait()
        except TimeoutError:
            return

    async def close(self, *, grace_s: float) -> None:
        """Wait `grace_s` for what runs, then cancel the rest and wait for it."""
        self._closing.set()
        until_s = time.monotonic() + grace_s
        while self._tasks and (left_s := until_s - time.monotonic()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left_s)  # what ends may have begun something more
        late = set(self._tasks)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=grace_s)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task failed name=%s", task.get_name(), exc_info=error)
