"""
A model's process that nobody asks anything is stopped, as a terminal does it, until it is asked again.

llama.cpp's server looks at its queue once a second for as long as it runs (`server_queue::start_loop`, max_wait_time),
and at its streams once a minute; its only way not to, `sleep_idle_seconds`, gives up the model and all it has read.
Stopped, it keeps both, and wakes nobody.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager

from app.domain.abort import AbortSignal
from app.domain.completion import ChatProvider, Chunk, CompletionRequest
from app.domain.model import ModelInfo

# By then the server has seen a Stop, and closed the connections that nobody uses: that takes it 5 s.
REST_AFTER_S = 20.0


class Resting:
    """A ChatProvider in front of the one that asks the process."""

    def __init__(
        self, asked: ChatProvider, *, rest: Callable[[], None], wake: Callable[[], None], after_s: float = REST_AFTER_S
    ) -> None:
        """`rest` stops the process, which runs now, and `wake` has it go on. Wants a running event loop."""
        self.asked = asked
        self._rest = rest
        self._wake = wake
        self._after_s = after_s
        self._users = 0
        self._timer: asyncio.TimerHandle | None = None
        self._rest_later()

    async def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        """See ChatProvider.stream."""
        with self._awake():
            async with aclosing(self.asked.stream(request, signal)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def list_models(self) -> tuple[ModelInfo, ...]:
        """See ChatProvider.list_models."""
        with self._awake():
            return await self.asked.list_models()

    async def warm(self) -> None:
        """See ChatProvider.warm."""
        with self._awake():
            await self.asked.warm()

    async def aclose(self) -> None:
        """See ChatProvider.aclose. The process is left awake: it is to end."""
        self._stop_timer()
        self._wake()
        await self.asked.aclose()

    @contextmanager
    def _awake(self) -> Iterator[None]:
        self._stop_timer()
        self._users += 1
        self._wake()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._rest_later()

    def _rest_later(self) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self._after_s, self._rest)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
