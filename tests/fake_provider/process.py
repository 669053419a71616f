"""The fake provider and the fake proxy as tests see them: started, observed, ended."""

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fake_provider.schedule import Schedule
from tests.fake_provider.tls_layer import CA_FILE

ROOT = Path(__file__).parents[2]
CATCH_UP_S = 5.0
_CAUGHT_UP = "caught_up"
START_TIMEOUT_S = 10.0
_MISSING = object()


class NotSeen(AssertionError):
    """What was waited for did not happen; the message shows what did."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the child: `event["tokens_sent"]`."""

    index: int
    kind: str
    t_ns: int
    fields: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    @property
    def schedule(self) -> Schedule:
        """Of `close_seen` in an exchange and of `finished`."""
        return Schedule(self["t0_ns"], self["rate"], self["count"])

    def generated_before(self, t_ns: int) -> int:
        return self.schedule.generated_before(t_ns)

    def generated_after(self, t_ns: int) -> int:
        """Tokens generated from `t_ns` until this event: the waste, where `t_ns` is the click."""
        return self.generated_before(self.t_ns) - self.generated_before(min(t_ns, self.t_ns))


class ServerProcess:
    """
    A child that prints JSON lines, as a context manager.

    Any thread may ask; none needs an event loop. The child ends with the `with`, and also
    when this process dies.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        # -S: the child can do without installed packages, and starts sooner.
        self._command = [sys.executable, "-S", "-m", module, *arguments]
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self._output_ended = False
        self._asked = 0
        self.port = 0

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, name="fake provider's output", daemon=True)
        self._reader.start()
        try:
            self.port = self.wait_for("ready", START_TIMEOUT_S)["port"]
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def pid(self) -> int:
        return self._process.pid

    def events(self, kind: str | None = None) -> list[Event]:
        """All that the child has said when this is called. Waits until it has been read, as far as the child lives."""
        self._catch_up()
        with self._changed:
            return [event for event in self._events if kind in (None, event.kind) and event.kind != _CAUGHT_UP]

    def _catch_up(self) -> None:
        assert self._process.stdin is not None
        self._asked += 1
        try:
            self._process.stdin.write(f"{self._asked}\n")
            self._process.stdin.flush()
            self.wait_for(_CAUGHT_UP, CATCH_UP_S, number=self._asked)
        except (OSError, ValueError, NotSeen):
            return  # it has ended, or was stopped: there is no more to read

    def find(
        self,
        kind: str,
        predicate: Callable[[Event], bool] | None = None,
        *,
        after: Event | None = None,
        **fields: object,
    ) -> Event | None:
        """The first of that kind, with those fields, for which `predicate` holds, if it is here yet. Never blocks."""
        with self._changed:
            return self._find(kind, 0 if after is None else after.index + 1, predicate, fields)

    def wait_for(
        self,
        kind: str,
        timeout_s: float = 5.0,
        after: Event | None = None,
        predicate: Callable[[Event], bool] | None = None,
        **fields: object,
    ) -> Event:
        """
        Like `find`, but later than `after`, and blocking.

        Raises:
            NotSeen: not within `timeout_s`, or the child has ended.
        """
        deadline = time.monotonic() + timeout_s
        first = 0 if after is None else after.index + 1
        with self._changed:
            while (event := self._find(kind, first, predicate, fields)) is None:
                first = max(first, len(self._events))
                left_s = deadline - time.monotonic()
                if self._output_ended or left_s <= 0:
                    raise NotSeen(self._explanation(kind, fields, timeout_s))
                self._changed.wait(left_s)
            return event

    def _find(
        self, kind: str, first: int, predicate: Callable[[Event], bool] | None, fields: dict[str, object]
    ) -> Event | None:
        for event in itertools.islice(self._events, first, None):
            agrees = event.kind == kind and all(event.fields.get(name, _MISSING) == fields[name] for name in fields)
            if agrees and (predicate is None or predicate(event)):
                return event
        return None

    def _explanation(self, kind: str, fields: dict[str, object], timeout_s: float) -> str:
        wanted = " ".join([repr(kind), *(f"{name}={value!r}" for name, value in fields.items())])
        why = f"the process ended ({self._process.poll()})" if self._output_ended else f"not within {timeout_s} s"
        seen = "\n".join(f"  {event.kind} {event.fields}" for event in self._events[-30:])
        return f"{wanted}: {why}. Seen so far:\n{seen or '  nothing'}"

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            kind, t_ns, fields = _parsed(line)
            with self._changed:
                self._events.append(Event(len(self._events), kind, t_ns, fields))
                self._changed.notify_all()
        with self._changed:
            self._output_ended = True
            self._changed.notify_all()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()


class FakeProvider(ServerProcess):
    """
    The provider. `default` is the behaviour of models whose name says nothing, such as `rate=300&count=100`.

    `flags` are those of `python -m tests.fake_provider`.
    """

    def __init__(self, default: str | None = None, *, tls: bool = False, flags: str = "") -> None:
        defaults = [] if default is None else [f"--default={default}"]
        arguments = [*defaults, *(["--tls"] if tls else []), *flags.split()]
        super().__init__("tests.fake_provider", *arguments)
        self._scheme = "https" if tls or "--certificate" in flags else "http"
        self.ca_file = CA_FILE

    @property
    def base_url(self) -> str:
        return self.base_url_at("127.0.0.1")

    def base_url_at(self, host: str) -> str:
        """By another name, such as localhost: another host to a client, the same one to the socket."""
        return f"{self._scheme}://{host}:{self.port}/v1"


class FakeProxy(ServerProcess):
    """The proxy. `flags` are those of `python -m tests.fake_provider.proxy`."""

    def __init__(self, *, flags: str = "") -> None:
        super().__init__("tests.fake_provider.proxy", *flags.split())
        self._scheme = "socks5" if "--socks" in flags.split() else "http"

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"


def _parsed(line: str) -> tuple[str, int, dict[str, Any]]:
    """A line of a traceback becomes an event `stderr`."""
    try:
        fields = json.loads(line)
        return fields.pop("event"), fields.pop("t_ns"), fields
    except (ValueError, KeyError, AttributeError, TypeError):
        return "stderr", time.monotonic_ns(), {"text": line.rstrip("\n")}
