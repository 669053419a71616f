"""The child ends with the test that started it, however that ends, and says when it has heard a question."""

import os
import sys
import threading

from tests.fake_provider.report import say


def exit_with_stdin() -> None:
    """
    End this process when its stdin does; needs a thread, as Windows cannot poll a pipe.

    A number on a line of its own is said back: what was said before it has been read then.
    """
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    rest = b""
    while data := os.read(sys.stdin.fileno(), 4096):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            say("caught_up", number=int(line))
    os._exit(0)
