"""What several tests of the providers need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.unit.providers.small_servers import Listen, Serve


@pytest.fixture
async def listen() -> AsyncIterator[Listen]:
    """Start a server on this computer. Returns its port. All connections are closed at the end, whoever holds them."""
    serving: set[asyncio.Task[None] | None] = set()
    async with AsyncExitStack() as stack:

        async def start(serve: Serve, host: str = "127.0.0.1", port: int = 0) -> int:
            async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                serving.add(asyncio.current_task())
                stack.callback(writer.transport.abort)
                try:
                    await serve(reader, writer)
                except (OSError, asyncio.IncompleteReadError):
                    pass
                finally:
                    writer.close()

            server = await asyncio.start_server(serve_and_close, host, port)
            stack.callback(server.close)
            found: int = server.sockets[0].getsockname()[1]
            return found

        yield start
    tasks = [task for task in serving if task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # the transports let go of their sockets at the loop's next step
