"""Formulas set in type: asked for while laying out, made on a worker thread, kept."""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter

from app.ui.transcript.formula_outline import FormulaOutline
from app.ui.transcript.formula_worker import Asked, FormulaWorker, Typesetter, load_typesetter

KEPT = 500
WAITING = 200  # what was asked for before these is forgotten, and asked for again by whoever still shows it
IN_HAND = 4  # so that the worker need not wait for the next frame
LIMIT_S = 5.0
MOST_HELD_UP = 2  # workers; then nothing is set any more
FRAME_MS = 16
# The letters of the formula font are smaller than the text's of the same size.
_TEXT_SCALE = 1.12
_DISPLAY_SCALE = 1.22


class FormulaPicture(NamedTuple):
    """A formula in type. Measures in logical pixels: `width`, and how far it reaches above and below its baseline."""

    outline: FormulaOutline
    px: float

    @property
    def width(self) -> float:
        return self.outline.width * self.px

    @property
    def ascent(self) -> float:
        return self.outline.ascent * self.px

    @property
    def descent(self) -> float:
        return self.outline.descent * self.px

    def paint(self, painter: QPainter, baseline: QPointF, color: QColor) -> None:
        """Sharp at any scale: it is drawn as outlines. `baseline` is its left end."""
        self.outline.paint(painter, baseline, self.px, color)


class Formulas(QObject):
    """`ready` comes, once a frame at most, when some that were asked for can be had now, or turn out to be no TeX."""

    ready = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        load: Callable[[], Typesetter] = load_typesetter,
        limit_s: float = LIMIT_S,
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._limit_s = limit_s
        self._known: OrderedDict[Asked, FormulaOutline | None] = OrderedDict()  # None: it is no TeX
        self._waiting: OrderedDict[Asked, None] = OrderedDict()
        self._worker: FormulaWorker | None = None
        self._held_up: list[FormulaWorker] = []
        # Looked for once a frame, while something is waited for, nothing comes to a window that is gone.
        self._look = QTimer(self)
        self._look.setInterval(FRAME_MS)
        self._look.timeout.connect(self._on_look_due)

    def picture(self, tex: str, px: float, *, is_display: bool) -> FormulaPicture | None:
        """The formula set for text of `px` pixels; None until it is ready, and for ever if it is no TeX."""
        asked = Asked(tex.strip(), is_display)
        if asked not in self._known:
            self._ask(asked)
            return None
        self._known.move_to_end(asked)
        outline = self._known[asked]
        if outline is None:
            return None
        return FormulaPicture(outline, px * (_DISPLAY_SCALE if is_display else _TEXT_SCALE))

    def has_failed(self, tex: str) -> bool:
        """It is no TeX: its source is all there is to show."""
        kinds = (Asked(tex.strip(), is_display) for is_display in (True, False))
        return any(kind in self._known and self._known[kind] is None for kind in kinds)

    def _ask(self, asked: Asked) -> None:
        if asked in self._waiting or (self._worker is not None and asked in self._worker.in_hand):
            return
        self._waiting[asked] = None
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        self._employ()
        if not self._look.isActive():
            self._look.start()

    def _employ(self) -> None:
        if self._worker is None:
            self._held_up = [worker for worker in self._held_up if worker.is_alive]
            if len(self._held_up) >= MOST_HELD_UP:
                self._fail_all()
                return
            self._worker = FormulaWorker(self._load)
        while self._waiting and len(self._worker.in_hand) < IN_HAND:
            self._worker.take(self._waiting.popitem(last=False)[0])

    def _on_look_due(self) -> None:
        has_news = self._take_made()
        self._employ()
        if self._worker is None or not self._worker.in_hand:
            self._look.stop()
        if has_news:
            self.ready.emit()

    def _take_made(self) -> bool:
        worker = self._worker
        if worker is None:
            return False
        made = worker.made()
        for asked, outline in made:
            self._keep(asked, outline)
        if worker.busy_s > self._limit_s:
            self._give_up(worker)
            return True
        return bool(made)

    def _give_up(self, worker: FormulaWorker) -> None:
        """It cannot be stopped, but another one can go on without it."""
        culprit, *others = worker.dismiss()
        self._keep(culprit, None)
        self._waiting = OrderedDict.fromkeys([*others, *self._waiting])
        self._held_up.append(worker)
        self._worker = None

    def _fail_all(self) -> None:
        for asked in self._waiting:
            self._keep(asked, None)
        self._waiting.clear()

    def _keep(self, asked: Asked, outline: FormulaOutline | None) -> None:
        self._known[asked] = outline
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
