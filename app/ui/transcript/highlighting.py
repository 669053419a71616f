"""The colours of code: line by line while it streams, the whole block on a worker thread when it is closed."""

import logging
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal

from app.markdown.blocks import Code
from app.markdown.syntax import PLAIN, LexingFailed, language_of
from app.ui.transcript.budget import Budget
from app.ui.transcript.code_colors import CodeColors
from app.ui.transcript.highlight_worker import (
    Done,
    HighlightWorker,
    Job,
    Load,
    Loaded,
    LoadLanguage,
    Whole,
    load_language,
)

if TYPE_CHECKING:  # Pygments comes with it
    from app.markdown.highlight import Language

log = logging.getLogger(__name__)

LARGEST = 200_000  # characters; a larger block is read by lines only
LONGEST_NAME = 40
READ_BUDGET_S = 0.002  # of a frame, for one block
WAITING = 100  # what was asked for before these is forgotten, and asked for again by whoever still shows it
IN_HAND = 8  # so that the worker need not wait for the next frame
LIMIT_S = 20.0
MOST_HELD_UP = 2  # workers; then there are no new colours any more
FRAME_MS = 16


class Highlighting(QObject):
    """`ready` comes, once a frame at most, when the colours of some block can be had now."""

    ready = Signal()

    def __init__(
        self, parent: QObject | None = None, *, load: LoadLanguage = load_language, limit_s: float = LIMIT_S
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._limit_s = limit_s
        self._languages: dict[str, Language | None] = {}  # None: it is plain text, or nobody knows it
        self._blocks: WeakKeyDictionary[Code, CodeColors] = WeakKeyDictionary()
        self._reported: set[str] = set()
        self._waiting: list[Job] = []
        self._worker: HighlightWorker | None = None
        self._held_up: list[HighlightWorker] = []
        self._has_more = False
        # Looked for once a frame, while something is waited for, nothing comes to a window that is gone.
        self._look = QTimer(self)
        self._look.setInterval(FRAME_MS)
        self._look.timeout.connect(self._on_look_due)

    def colors(self, code: Code) -> CodeColors:
        """What is known of this block; the same object as long as the block has not changed but at its end."""
        known = self._blocks.get(code)
        if known is None or known.revision != code.revision:
            known = self._blocks[code] = CodeColors(code.revision)
        return known

    def prepare(self, code: Code, seen: range) -> CodeColors:
        """See to it that the lines that are seen have their colours, now or soon."""
        colors = self.colors(code)
        if colors.is_whole or colors.is_awaited:
            return colors
        name = language_of(code.info)[:LONGEST_NAME]
        if name in PLAIN:
            return colors
        if name not in self._languages:
            self._ask(Load(name))
            return colors
        language = self._languages[name]
        if language is None:
            return colors
        if code.is_closed and not colors.was_asked_for:
            colors.was_asked_for = True
            if sum(map(len, code.lines)) + len(code.lines) <= LARGEST:
                colors.is_awaited = True
                self._ask(Whole(name, language, list(code.lines), colors))
                return colors
        self._read_lines(language, code, colors, seen)
        return colors

    def _read_lines(self, language: "Language", code: Code, colors: CodeColors, seen: range) -> None:
        if colors.has_failed or not language.reads_lines:
            return
        try:
            is_read = colors.read(language, code, seen, Budget(READ_BUDGET_S))
        except LexingFailed as failure:
            colors.has_failed = True
            self._report(language.name, failure)
            return
        if not is_read:
            colors.version += 1
            self._has_more = True
            self._look_soon()

    def _report(self, name: str, failure: LexingFailed) -> None:
        """Once for a language."""
        if name not in self._reported:
            self._reported.add(name)
            log.info("code stays as it is language=%s reason=%s", name, failure)

    def _ask(self, job: Job) -> None:
        if isinstance(job, Load) and (job in self._waiting or self._is_in_hand(job)):
            return
        self._waiting.append(job)
        if len(self._waiting) > WAITING:
            _forget(self._waiting.pop(0))
        self._employ()
        self._look_soon()

    def _is_in_hand(self, job: Job) -> bool:
        return self._worker is not None and job in self._worker.in_hand

    def _look_soon(self) -> None:
        if not self._look.isActive():
            self._look.start()

    def _employ(self) -> None:
        if not self._waiting:
            return
        if self._worker is None:
            self._held_up = [worker for worker in self._held_up if worker.is_alive]
            if len(self._held_up) >= MOST_HELD_UP:
                for job in self._waiting:
                    self._drop(job)
                self._waiting.clear()
                return
            self._worker = HighlightWorker(self._load)
        while self._waiting and len(self._worker.in_hand) < IN_HAND:
            self._worker.take(self._waiting.pop(0))

    def _on_look_due(self) -> None:
        has_news = self._take_done() or self._has_more
        self._has_more = False
        self._employ()
        if self._worker is None or not self._worker.in_hand:
            self._look.stop()
        if has_news:
            self.ready.emit()

    def _take_done(self) -> bool:
        worker = self._worker
        if worker is None:
            return False
        done = worker.done()
        for each in done:
            self._keep(each)
        if worker.busy_s > self._limit_s:
            self._give_up(worker)
            return True
        return bool(done)

    def _keep(self, done: Done) -> None:
        if isinstance(done, Loaded):
            self._languages[done.job.name] = done.language
            return
        colors = done.job.colors
        colors.is_awaited = False
        if isinstance(done.result, LexingFailed):
            self._report(done.job.language.name, done.result)
        else:
            colors.take_whole(done.result)

    def _give_up(self, worker: HighlightWorker) -> None:
        """It cannot be stopped, but another one can go on without it."""
        culprit, *others = worker.dismiss()
        self._drop(culprit)
        self._report(culprit.name, LexingFailed("hangs"))
        self._waiting = [*others, *self._waiting]
        self._held_up.append(worker)
        self._worker = None

    def _drop(self, job: Job) -> None:
        """It will never be done. What can be read by lines is."""
        if isinstance(job, Load):
            self._languages[job.name] = None
        else:
            job.colors.is_awaited = False
            job.colors.version += 1
        self._has_more = True


def _forget(job: Job) -> None:
    """It may be asked for again."""
    if isinstance(job, Whole):
        job.colors.is_awaited = job.colors.was_asked_for = False
