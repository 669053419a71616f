"""A contestant as the benchmark sees it: started, given orders, ended."""

import json
import os
import select
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Self

from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.orders import Answer
from tests.benchmarks.server import LoggedProvider
from tests.fake_provider.process import ROOT

_START_LIMIT_S = 60.0
_END_LIMIT_S = 10.0
_LAST_BYTES_SHOWN = 2000
# A configuration of the user's must not reach the clients, nor a proxy the traffic.
_FOREIGN = ("OPENAI_", "BELAY_", "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def foreign(name: str) -> bool:
    """Whether a variable of the environment would change what is measured."""
    return name.startswith(_FOREIGN)


class ContestantFailed(Exception):
    """It ended, or did not answer; the message holds the end of its stderr."""


class Contestant:
    """A process that carries out one order at a time, as a context manager. Between them it sleeps."""

    def __init__(self, name: Name, server: LoggedProvider) -> None:
        self.name = name
        self._server = server

    def __enter__(self) -> Self:
        clean = {name: value for name, value in os.environ.items() if not foreign(name)}
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.contestants", self.name, str(self._server.pid)],
            cwd=ROOT,
            env={**clean, **self._server.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def until_ready(self) -> None:
        """
        Raises:
            ContestantFailed: it does not start.
        """
        self._answer(_START_LIMIT_S)

    def order(self, do: str, *, limit_s: float = 30.0, **details: object) -> Answer:
        """
        Raises:
            ContestantFailed: no answer within `limit_s`.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self._process.stdin.flush()
        return self._answer(limit_s)

    def _answer(self, limit_s: float) -> Answer:
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], limit_s)
        line = self._process.stdout.readline() if readable else ""
        if not line:
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace")[-_LAST_BYTES_SHOWN:]
            raise ContestantFailed(f"{self.name}: {'it ended' if readable else f'no answer in {limit_s} s'}\n{said}")
        answer: Answer = json.loads(line)
        return answer
