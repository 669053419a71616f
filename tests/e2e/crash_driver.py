"""
A process that starts the real program again and again, to be killed each time.

Imports once, then forks a program for each line of stdin: JSON with `folder`, `base_url`, `model`, `marks`.
Prints the program's pid; reaps it when it has been killed. `marks` is a file into which the program notes,
for each delta, when it came (monotonic ns) and how many characters there were then.
"""

import asyncio
import json
import mmap
import os
import struct
import sys
import time
from pathlib import Path

import app.providers.client
import app.providers.openai_compatible  # noqa: F401 - both loaded before the fork
from app.engine.events import DeltaReceived, Event
from app.engine.threads import DaemonThreads
from app.main import begin, build
from app.providers.environment import EnvironmentEndpoint
from app.providers.sources import connect_endpoint
from app.storage.paths import DataFolder
from app.ui.application import new_application
from app.ui.event_loop import new_event_loop

MARK = struct.Struct("<qq")
MARKS_BYTES = MARK.size * 20_000


def program(job: dict[str, str]) -> None:
    """Start, send one message as soon as that is possible, and stream until killed."""
    qt = new_application()
    folder = DataFolder(Path(job["folder"]))
    folder.prepare()
    source = EnvironmentEndpoint.named_in(
        {"OPENAI_BASE_URL": job["base_url"], "BELAY_MODEL": job["model"]}, connect_endpoint
    )
    assert source is not None
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)
    marks = mmap.mmap(os.open(job["marks"], os.O_RDWR), MARKS_BYTES)

    async def session() -> None:
        running = build(qt, folder, (source,))
        count = characters = 0

        def note(event: Event) -> None:
            nonlocal count, characters
            if isinstance(event, DeltaReceived):
                characters += len(event.text)
                MARK.pack_into(marks, count * MARK.size, time.monotonic_ns(), characters)
                count += 1

        running.store.subscribe(note)
        running.window.show()
        begin(running)
        while not running.store.selected_model or not running.store.selected_model.model:
            await asyncio.sleep(0.001)
        running.workspace.composer.send_requested.emit("Write a 1000 word essay")
        await asyncio.Event().wait()

    loop.run_until_complete(session())


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if pid == 0:
            sys.stdin.close()
            program(job)
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        os.waitpid(pid, 0)
        sys.stdout.write("reaped\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
