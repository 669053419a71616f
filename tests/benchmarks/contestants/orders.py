"""Orders from the benchmark, one JSON line each on stdin; the answers, one each on stdout."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

SETTLE_S = 0.002  # after a handler: then a server that had a core has seen the close of a client that closes at once

Order = Mapping[str, Any]
Answer = dict[str, Any]


async def obey(orders: Mapping[str, Callable[[Order], Awaitable[Answer]]]) -> None:
    """
    Carry out orders until stdin ends. An order's `do` chooses who does it.

    A thread reads, and only between the orders: none competes with the client for the interpreter.
    """
    say({"ready": True})
    while (order := await asyncio.get_running_loop().run_in_executor(None, next_order)) is not None:
        say(await orders[order["do"]](order))


def stop_answer(
    *, click_ns: int, noticed_ns: int, started_ns: int, ended_ns: int, own_wait_ns: int, server_wait_ns: int
) -> Answer:
    """
    Return what a client says of one Stop.

    `noticed_ns`: its event loop took the click up; `started_ns` to `ended_ns`: its handler.
    The waits: see CoreWaits.since, asked SETTLE_S after the handler.
    """
    return {
        "click_ns": click_ns,
        "noticed_ns": noticed_ns,
        "started_ns": started_ns,
        "ended_ns": ended_ns,
        "own_wait_ns": own_wait_ns,
        "server_wait_ns": server_wait_ns,
    }


def next_order() -> Order | None:
    line = sys.stdin.readline()
    order: Order | None = json.loads(line) if line else None
    return order


def say(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
