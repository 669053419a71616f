"""The keys, the menu and the settings for reading what is on screen."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.settings import Settings
from app.domain.zoom import STANDARD_ZOOM, stepped_zoom, within_zoom
from app.engine.preferences import Preferences
from app.ui.actions import Actions
from app.ui.link_opener import LinkOpener
from app.ui.transcript.view import Transcript


class Reading(QObject):
    """Connects the window's actions with the transcript, and the transcript's links with the one who asks."""

    failed = Signal(object)  # a Fault

    def __init__(self, window: QWidget, actions: Actions, transcript: Transcript, preferences: Preferences) -> None:
        super().__init__(window)
        self._link_opener = LinkOpener(window)
        self._link_opener.failed.connect(self.failed)
        self._transcript = transcript
        self._preferences = preferences
        self._actions = actions
        reader = transcript.reader
        for action, wish in (
            (actions.find, reader.find.open),
            (actions.find_next, lambda: reader.find.step(+1)),
            (actions.find_previous, lambda: reader.find.step(-1)),
            (actions.previous_message, lambda: reader.focus.to_message(-1)),
            (actions.next_message, lambda: reader.focus.to_message(+1)),
            (actions.zoom_in, lambda: self._zoom_by(+1)),
            (actions.zoom_out, lambda: self._zoom_by(-1)),
            (actions.zoom_reset, lambda: self._zoom_to(STANDARD_ZOOM)),
        ):
            action.triggered.connect(wish)
        transcript.zoom_requested.connect(self._zoom_by)
        transcript.link_requested.connect(self._link_opener.ask)
        preferences.subscribe(self._show)
        self._show(preferences.current)

    def _zoom_by(self, steps: int) -> None:
        self._zoom_to(stepped_zoom(self._preferences.current.zoom_percent, steps))

    def _zoom_to(self, percent: int) -> None:
        self._preferences.change(zoom_percent=percent)

    def _show(self, settings: Settings) -> None:
        percent = within_zoom(settings.zoom_percent)
        self._transcript.set_zoom(percent)
        self._transcript.set_motion(not settings.reduces_motion)
        self._transcript.announcer.set_on(settings.announces_answers)
        self._actions.zoom_reset.setText(f"Actual size ({percent} %)" if percent != STANDARD_ZOOM else "Actual size")
