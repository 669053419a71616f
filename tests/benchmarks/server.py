"""The fake provider as the benchmark uses it: what it says goes to a file, which is read afterwards."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fake_provider.process import ROOT, START_TIMEOUT_S, Event
from tests.fake_provider.tls_layer import CA_FILE

_LOOK_AGAIN_S = 0.01


class LoggedProvider:
    """
    The provider in its process, as a context manager.

    Its output is no pipe: a thread that read it here would wake up in the very moment of the close.
    """

    def __init__(self, *, tls: bool) -> None:
        self._tls = tls
        self._position = 0

    def __enter__(self) -> Self:
        flags = ["--tls"] if self._tls else []
        self._log = tempfile.NamedTemporaryFile("w+", encoding="utf-8", suffix=".jsonl")
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-m", "tests.fake_provider", *flags],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=self._log,
        )
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while not (ready := self.take_events("ready")):
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                raise RuntimeError("the fake provider did not start")
            time.sleep(_LOOK_AGAIN_S)
        self._port: int = ready[0]["port"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._log.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """What makes a client use it, and trust it."""
        scheme = "https" if self._tls else "http"
        address = {"OPENAI_BASE_URL": f"{scheme}://127.0.0.1:{self._port}/v1"}
        return {**address, "SSL_CERT_FILE": str(CA_FILE)} if self._tls else address

    def take_events(self, *kinds: str) -> list[Event]:
        """Return those of these kinds that were said since the last call, as far as whole lines are written."""
        with Path(self._log.name).open(encoding="utf-8") as log:
            log.seek(self._position)
            text = log.read()
        whole = text[: text.rfind("\n") + 1]
        self._position += len(whole.encode())
        lines = [json.loads(line) for line in whole.splitlines()]
        return [
            Event(index, line.pop("event"), line.pop("t_ns"), line)
            for index, line in enumerate(lines)
            if line["event"] in kinds
        ]
