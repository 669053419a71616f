"""How the transcript looks: its theme, its size, and what moves in it."""

from msgspec.structs import replace
from PySide6.QtCore import QObject

from app.ui.theme import Theme
from app.ui.transcript.materials import Materials
from app.ui.transcript.pulse import Pulse
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.style import Style


class Appearance(QObject):
    """Follows the theme by itself."""

    def __init__(self, parent: QObject, theme: Theme, materials: Materials, rows: RowPool, scroller: Scroller) -> None:
        super().__init__(parent)
        self._theme = theme
        self._materials = materials
        self._rows = rows
        self._scroller = scroller
        self._zoom = 1.0
        self._pulse = Pulse(self)
        self._pulse.changed.connect(self._on_pulse_changed)
        theme.changed.connect(self._restyle)
        materials.formulas.ready.connect(scroller.refresh_cells)
        materials.highlighting.ready.connect(scroller.refresh_cells)

    def set_zoom(self, percent: int) -> None:
        if percent != round(self._zoom * 100):
            self._zoom = percent / 100
            self._restyle()

    def set_motion(self, is_wanted: bool) -> None:
        self._pulse.set_allowed(is_wanted)

    def note_placed(self, *, is_visible: bool) -> None:
        """Other rows may be in sight now."""
        is_waiting = any(row.is_waiting for row in self._rows.seen.values())
        self._pulse.set_running(is_waiting and is_visible)

    def _restyle(self) -> None:
        self._materials = replace(self._materials, style=Style(self._theme, self._zoom))
        self._scroller.restyle(self._materials)

    def _on_pulse_changed(self, opacity: float) -> None:
        for row in self._rows.seen.values():
            row.set_dot_opacity(opacity)
