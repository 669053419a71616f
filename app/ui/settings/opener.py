"""Opens the settings, one dialog at a time, and passes its wishes on."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from app.domain.settings import ColorScheme
from app.engine.events import Event, ProviderChanged
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.icons import Icons
from app.ui.link_opener import open_folder
from app.ui.settings.dialog import SettingsDialog
from app.ui.theme import Theme


class SettingsOpener(QObject):
    def __init__(
        self,
        parent: QWidget,
        store: ChatStore,
        bridge: StoreBridge,
        preferences: Preferences,
        *,
        theme: Theme,
        icons: Icons,
        version: str,
        data_folder: Path,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._store = store
        self._preferences = preferences
        self._theme = theme
        self._icons = icons
        self._version = version
        self._data_folder = data_folder
        self._dialog: SettingsDialog | None = None
        bridge.event_happened.connect(self._on_event)

    def open(self) -> None:
        """Open the dialog, or bring the open one to the front."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        dialog = SettingsDialog(
            self._theme, self._icons, version=self._version, data_folder=self._data_folder, parent=self._window
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.color_scheme_requested.connect(self._on_color_scheme_requested)
        dialog.announcing_requested.connect(self._on_announcing_requested)
        dialog.reduced_motion_requested.connect(self._on_reduced_motion_requested)
        dialog.open_folder_requested.connect(self._on_open_folder_requested)
        dialog.finished.connect(self._on_finished)
        dialog.show_settings(self._preferences.current)
        dialog.show_providers(tuple(self._store.providers.values()))
        self._dialog = dialog
        dialog.open()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ProviderChanged) and self._dialog is not None:
            self._dialog.show_providers(tuple(self._store.providers.values()))

    def _on_color_scheme_requested(self, scheme: ColorScheme) -> None:
        self._theme.follow(scheme)
        self._preferences.change(color_scheme=scheme)

    def _on_announcing_requested(self, is_wanted: bool) -> None:
        self._preferences.change(announces_answers=is_wanted)

    def _on_reduced_motion_requested(self, is_wanted: bool) -> None:
        self._preferences.change(reduces_motion=is_wanted)

    def _on_open_folder_requested(self) -> None:
        open_folder(self._data_folder)

    def _on_finished(self) -> None:
        self._dialog = None
