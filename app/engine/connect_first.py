"""A provider that is not connected yet can be asked all the same: it is connected first."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from msgspec import Struct

from app.domain.abort import AbortSignal
from app.domain.completion import ChatProvider, Chunk, CompletionRequest
from app.domain.errors import ProviderError
from app.domain.model import ModelInfo, ModelRef, ProviderId
from app.domain.provider import ModelSource


class ReadyModel(Struct, frozen=True):
    """A model, and whom to ask for its answers."""

    ref: ModelRef
    provider: ChatProvider


class Attempt(Struct, eq=False):
    """
    One source being connected.

    `is_for_itself`: somebody asked for the connection; else it is there for `waiters` only, messages that want to
    be sent, and ends with the last of them. `error` is why it failed.
    """

    source: ModelSource
    is_for_itself: bool
    waiters: int = 0
    error: ProviderError | None = None
    task: "asyncio.Task[None] | None" = None


class ConnectFirst:
    """A ChatProvider in the place of one that is not connected."""

    def __init__(self, connected: Callable[[ProviderId], Awaitable[ChatProvider]], provider_id: ProviderId) -> None:
        self._connected = connected
        self._provider_id = provider_id

    async def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        """As ChatProvider says; a cancel while it is being connected ends that too, if nobody else waits for it."""
        provider = await self._connected(self._provider_id)
        async with aclosing(provider.stream(request, signal)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def list_models(self) -> tuple[ModelInfo, ...]:
        return await (await self._connected(self._provider_id)).list_models()

    async def warm(self) -> None:
        await (await self._connected(self._provider_id)).warm()

    async def aclose(self) -> None:
        """Nothing is held here."""
