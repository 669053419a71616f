"""One child process and the thread that owns it: what may block happens there, and the event loop is told."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from app.domain.errors import LocalModelFailed
from app.providers.local_model_faults import failure_of_exit

_GRACE_S = 1.0  # between hanging up, SIGTERM and SIGKILL; a healthy child needs 10 ms
_TAIL_BYTES = 8192
_TAIL_LINES = 20

if sys.platform == "win32":
    _CREATION_FLAGS = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    _PROCESS_GROUP = None
else:
    _CREATION_FLAGS = 0
    # A group of its own, so that Ctrl+C in the terminal reaches only the parent, which then ends the child
    # in order. Not a session of its own: Linux gives each session an equal share of the processor
    # (sched_autogroup), and the child's nice value would mean nothing to the window.
    _PROCESS_GROUP = 0

_T = TypeVar("_T")


class ChildProcess:
    """
    A child that says one line on stdout when it is ready, and that ends when its stdin does.

    `ready` becomes that line, empty if the child ended first. `ended` becomes the error that
    tells why it is no more, also when it was asked to end. Neither future ever raises.

    The thread that starts the child also waits for its end, because Linux ties
    PR_SET_PDEATHSIG to the thread that forked and not to its process.
    """

    def __init__(self, command: Callable[[], Sequence[str]], environment: Mapping[str, str], folder: Path) -> None:
        """
        Start it, in `folder` and with `environment`; returns at once.

        `command` is called on the thread and may block; an OSError or LocalModelFailed that it raises
        is why the child ended.
        """
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[bytes] = self._loop.create_future()
        self.ended: asyncio.Future[LocalModelFailed] = self._loop.create_future()
        self._command = command
        self._environment = environment
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = False
        self._stdin_lock = threading.Lock()
        self._stderr_tail = b""
        threading.Thread(target=self._live, name="child-process", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Of the child; None before it was started."""
        return self._process.pid if self._process else None

    def rest(self) -> None:
        """
        Have it run no more until `wake`, on Linux. Never blocks.

        If this process dies meanwhile, so does the child, by PR_SET_PDEATHSIG. Elsewhere there is no such thing, and
        one that can't be reached would be left over.
        """
        if sys.platform == "linux" and not self._unwanted:
            self._send(signal.SIGSTOP)

    def wake(self) -> None:
        """Have it go on. Nothing if it runs."""
        if sys.platform == "linux":
            self._send(signal.SIGCONT)

    def hang_up(self) -> None:
        """Close its stdin, which asks it to end. Never blocks."""
        self._unwanted = True
        if self._process is not None:
            self._close_stdin(self._process)
            self.wake()

    def kill(self) -> None:
        """End it now, or as soon as it has been started. Never blocks."""
        self._unwanted = True
        if self._process is not None:
            self._process.kill()

    async def wait(self) -> LocalModelFailed:
        """Return `ended`'s result. A cancel leaves the future alone, which awaiting it would not."""
        await asyncio.wait({self.ended})
        return self.ended.result()

    async def close(self) -> None:
        """Ask it to end, then insist, then kill it; returns when it is gone. A cancel kills it at once."""
        try:
            for step in (self.hang_up, self._terminate, self.kill):
                step()
                await asyncio.wait({self.ended}, timeout=_GRACE_S)
                if self.ended.done():
                    return
        except asyncio.CancelledError:
            self.kill()
            raise

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and not self.ended.done():
            self._process.send_signal(number)

    def _terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def _live(self) -> None:
        """Run the child from its start to its end; on the thread."""
        try:
            process = self._start()
        except LocalModelFailed as failure:
            self._tell(failure)
            return
        except OSError as error:
            self._tell(LocalModelFailed(f"The model's process could not be started: {error}"))
            return
        self._process = process
        if self._unwanted:  # said while it was being started, when there was nobody to hear it
            process.kill()
        reader = threading.Thread(target=self._read_stderr, args=(process,), name="child-stderr", daemon=True)
        reader.start()
        assert process.stdout is not None
        line = process.stdout.readline(_TAIL_BYTES)
        if line:
            self._call(_settle, self.ready, line)
        exit_code = process.wait()
        reader.join()
        process.stdout.close()
        self._close_stdin(process)
        self._tell(failure_of_exit(exit_code, self._last_lines()))

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            list(self._command()),
            # Unbuffered: a buffer's lock, held by a daemon thread, can abort the interpreter at its exit.
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            cwd=self._folder,
            creationflags=_CREATION_FLAGS,
            process_group=_PROCESS_GROUP,
        )

    def _close_stdin(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        with self._stdin_lock:  # the loop and the thread both come here
            process.stdin.close()

    def _read_stderr(self, process: "subprocess.Popen[bytes]") -> None:
        """Keep the end of what it says, and read on so that it never waits for us."""
        assert process.stderr is not None
        with process.stderr as stderr:
            while block := stderr.read(_TAIL_BYTES):
                self._stderr_tail = (self._stderr_tail + block)[-_TAIL_BYTES:]

    def _last_lines(self) -> list[str]:
        return self._stderr_tail.decode(errors="replace").splitlines()[-_TAIL_LINES:]

    def _tell(self, failure: LocalModelFailed) -> None:
        self._call(_settle, self.ready, b"")
        self._call(_settle, self.ended, failure)

    def _call(
        self, settle: Callable[["asyncio.Future[_T]", _T], None], future: "asyncio.Future[_T]", result: _T
    ) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(settle, future, result)


def _settle(future: "asyncio.Future[_T]", result: _T) -> None:
    if not future.done():  # who waited for it may have been cancelled
        future.set_result(result)
