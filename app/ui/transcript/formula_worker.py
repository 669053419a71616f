"""The thread on which formulas are set in type."""

import importlib
import logging
import queue
import threading
import time
import weakref
from collections.abc import Callable
from typing import NamedTuple

from app.markdown.outlines import NotTypeset, Outlines
from app.ui.transcript.formula_outline import FormulaOutline

log = logging.getLogger(__name__)

Typesetter = Callable[[str, bool], Outlines]


class Asked(NamedTuple):
    tex: str
    is_display: bool


Made = tuple[Asked, FormulaOutline | None]  # None: it is no TeX


def load_typesetter() -> Typesetter:
    """Takes a third of a second, of which a program without formulas knows nothing."""
    module = importlib.import_module("app.markdown.typesetting")

    def typeset(tex: str, is_display: bool) -> Outlines:
        outlines = module.typeset(tex, is_display=is_display)
        assert isinstance(outlines, Outlines)
        return outlines

    return typeset


class _Bench:
    """What a worker's thread shares with the one that made it."""

    def __init__(self) -> None:
        self.todo: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()  # None: go home
        self.done: queue.SimpleQueue[Made] = queue.SimpleQueue()
        self.since_s: float | None = None


class FormulaWorker:
    """Nobody waits for its thread: that ends when the worker is gone, or with the program."""

    def __init__(self, load: Callable[[], Typesetter]) -> None:
        self._bench = _Bench()
        self._thread = threading.Thread(target=_work, args=(self._bench, load), name="formulas", daemon=True)
        self._thread.start()
        weakref.finalize(self, self._bench.todo.put, None)
        self.in_hand: list[Asked] = []

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def busy_s(self) -> float:
        """For how long it has been at one formula."""
        since_s = self._bench.since_s
        return time.monotonic() - since_s if since_s is not None else 0.0

    def take(self, asked: Asked) -> None:
        self.in_hand.append(asked)
        self._bench.todo.put(asked)

    def made(self) -> list[Made]:
        """Since this was last asked."""
        result: list[Made] = []
        while not self._bench.done.empty():
            made = self._bench.done.get()
            self.in_hand.remove(made[0])
            result.append(made)
        return result

    def dismiss(self) -> list[Asked]:
        """Its thread ends when it can. Returns what it did not make, first what it is at."""
        while not self._bench.todo.empty():
            self._bench.todo.get()
        self._bench.todo.put(None)
        return self.in_hand


def _work(bench: _Bench, load: Callable[[], Typesetter]) -> None:
    typeset = _loaded(load)
    while (asked := bench.todo.get()) is not None:
        bench.since_s = time.monotonic()
        try:
            outline = FormulaOutline(typeset(*asked))
        except NotTypeset:
            outline = None
        bench.since_s = None
        bench.done.put((asked, outline))


def _loaded(load: Callable[[], Typesetter]) -> Typesetter:
    try:
        return load()
    except Exception:  # whatever a broken installation raises: sources are shown instead, and the log says why
        log.exception("formulas cannot be set")
        return _no_typesetter


def _no_typesetter(tex: str, is_display: bool) -> Outlines:
    raise NotTypeset("there is nothing to set it with")
