"""The thread on which lexers are loaded and whole blocks of code get their colours."""

import importlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.markdown.syntax import Colors, LexingFailed
from app.ui.transcript.code_colors import CodeColors

if TYPE_CHECKING:  # Pygments comes with it
    from app.markdown.highlight import Language

log = logging.getLogger(__name__)

LoadLanguage = Callable[[str], "Language | None"]


class Load(NamedTuple):
    """Wanted: the language of this name."""

    name: str


class Whole(NamedTuple):
    """Wanted: the colours of all lines."""

    name: str
    language: "Language"
    lines: Sequence[str]
    colors: CodeColors  # that they are for; not touched here


class Loaded(NamedTuple):
    job: Load
    language: "Language | None"


class Read(NamedTuple):
    job: Whole
    result: Sequence[Colors] | LexingFailed


Job = Load | Whole
Done = Loaded | Read


def load_language(name: str) -> "Language | None":
    """Pygments takes 20 to 200 ms, of which a program without code knows nothing."""
    result: Language | None = importlib.import_module("app.markdown.highlight").language_named(name)
    return result


class HighlightWorker:
    """All but `_run` belongs to the thread that made it. Nobody waits for it: not at the end of the program either."""

    def __init__(self, load: LoadLanguage) -> None:
        self._load = load
        self._todo: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._since_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="highlighting", daemon=True)
        self._thread.start()
        self.in_hand: list[Job] = []

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def busy_s(self) -> float:
        """For how long it has been at one job."""
        since_s = self._since_s
        return time.monotonic() - since_s if since_s is not None else 0.0

    def take(self, job: Job) -> None:
        self.in_hand.append(job)
        self._todo.put(job)

    def done(self) -> list[Done]:
        """Since this was last asked."""
        result: list[Done] = []
        while not self._done.empty():
            done = self._done.get()
            self.in_hand.pop(0)  # jobs are done in their order
            result.append(done)
        return result

    def dismiss(self) -> list[Job]:
        """It ends when it can. Returns what it did not do, first what it is at."""
        while not self._todo.empty():
            self._todo.get()
        self._todo.put(None)
        return self.in_hand

    def _run(self) -> None:
        while (job := self._todo.get()) is not None:
            self._since_s = time.monotonic()
            self._done.put(Loaded(job, self._loaded(job.name)) if isinstance(job, Load) else _read(job))
            self._since_s = None
            del job  # and the block with it, while nothing is to be done

    def _loaded(self, name: str) -> "Language | None":
        try:
            return self._load(name)
        except Exception:  # whatever a broken installation raises: code stays plain, and the log says why
            log.exception("code of a language cannot be coloured")
            return None


def _read(job: Whole) -> Read:
    try:
        return Read(job, job.language.read_all(job.lines))
    except LexingFailed as failure:
        return Read(job, failure)
