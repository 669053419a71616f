"""The child ends with the test that started it, however that ends."""

import os
import sys
import threading


def exit_with_stdin() -> None:
    """End this process when its stdin does; needs a thread, as Windows cannot poll a pipe."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)
