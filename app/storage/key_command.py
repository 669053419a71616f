"""A command of the user's that prints a key, such as `pass show openai`. Run without a shell; its output is no log."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading

from app.domain.errors import KeyUnavailable

LIMIT_S = 10.0
_LONGEST_LINE_BYTES = 8192
_LAST_OUTPUT_S = 0.5  # between the command's end and the end of what it wrote

if sys.platform == "win32":
    _CREATION_FLAGS, _PROCESS_GROUP = subprocess.CREATE_NO_WINDOW, None
else:
    # A group of its own, so that all it started ends with it.
    _CREATION_FLAGS, _PROCESS_GROUP = 0, 0


class KeyCommand:
    """One run. `run` blocks; `kill` ends it from another thread, also before it has begun."""

    def __init__(self, command: str, *, limit_s: float = LIMIT_S) -> None:
        self._command = command
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = False
        self._lock = threading.Lock()
        self._output = b""

    def run(self) -> str:
        """
        Return the first line that it prints.

        Raises:
            KeyUnavailable: it can't be started, fails, prints nothing, or takes more than 10 s.
        """
        process = self._start()
        reader = threading.Thread(target=self._read, args=(process,), name="key-command", daemon=True)
        reader.start()
        try:
            exit_code = process.wait(self._limit_s)
        except subprocess.TimeoutExpired:
            self.kill()
            process.wait()
            raise KeyUnavailable(f"the command took more than {self._limit_s:g} s") from None
        reader.join(_LAST_OUTPUT_S)  # something that it started may hold its output open
        if exit_code != 0:
            raise KeyUnavailable(f"the command ended with exit code {exit_code}")
        line = self._output.partition(b"\n")[0]
        if not line.strip():
            raise KeyUnavailable("the command printed nothing")
        return line.decode(errors="replace")

    def kill(self) -> None:
        """End it and all that it started. Never blocks."""
        with self._lock:
            self._unwanted = True
            process = self._process
            if process is None or process.poll() is not None:
                return
            if sys.platform == "win32":
                process.kill()
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._unwanted:
                raise KeyUnavailable("the command was not wanted any more")
            try:
                self._process = subprocess.Popen(
                    # Windows splits the line by its own rules.
                    self._command if sys.platform == "win32" else shlex.split(self._command),
                    bufsize=0,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    creationflags=_CREATION_FLAGS,
                    process_group=_PROCESS_GROUP,
                )
            except (OSError, ValueError, IndexError) as error:  # not there; quotes that do not match; nothing
                raise KeyUnavailable(f"the command could not be started: {_reason(error)}") from error
            return self._process

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        """Keep the beginning, and read on so that it never waits for us."""
        assert process.stdout is not None
        with process.stdout as stdout:
            while block := stdout.read(_LONGEST_LINE_BYTES):
                if len(self._output) < _LONGEST_LINE_BYTES:
                    self._output += block


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
