"""Orders from the benchmark, one JSON line each on stdin; the answers, one each on stdout."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

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


def next_order() -> Order | None:
    line = sys.stdin.readline()
    order: Order | None = json.loads(line) if line else None
    return order


def say(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
