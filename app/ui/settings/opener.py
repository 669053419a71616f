"""
Opens the settings, one dialog at a time, at the page that is asked for, and has what they change done.

Dialog and pages are loaded late (`ui/late_imports`): 40 modules that no window needs to be painted.
"""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QWidget

from app.domain.model import ModelRef
from app.domain.settings import Settings
from app.engine.events import Event
from app.ui.settings.fittings import Fittings

if TYPE_CHECKING:
    from app.ui.settings.dialog import SettingsDialog
    from app.ui.settings.own_prices import Prices
    from app.ui.settings.providers_page import ProvidersPage


class SettingsOpener(QObject):
    def __init__(self, parent: QWidget, fittings: Fittings) -> None:
        super().__init__(parent)
        self._window = parent
        self._fittings = fittings
        self._preferences = fittings.controls.preferences
        self._dialog: SettingsDialog | None = None
        self._preferences.subscribe(self._on_settings_changed)
        fittings.bridge.event_happened.connect(self._on_event)

    def open_first(self) -> None:
        """Open the dialog at its first page: for a key, a button or a row of a menu."""
        self.open()

    def add_provider(self) -> None:
        """Open the dialog where a new provider is begun."""
        self.open("providers")
        if page := self._providers_page():
            page.begin_new()

    def ask_price(self, ref: ModelRef) -> None:
        """Ask what a model costs, over the window."""
        prices: Prices = importlib.import_module("app.ui.settings.own_prices").Prices(self._fittings.controls, self)
        prices.ask(ref, self._window).finished.connect(prices.deleteLater)

    def open(self, page: str = "", provider_id: str = "") -> None:
        """
        Open the dialog, or bring the open one to the front.

        `page` is the key of one, "" for the first; with `provider_id` it is the one where that provider is set up.
        """
        if self._dialog is None:
            self._dialog = self._new_dialog()
            self._dialog.go_to(page or ("providers" if provider_id else ""))
            self._dialog.open()
        else:
            self._dialog.raise_()
            if page or provider_id:
                self._dialog.go_to(page or "providers")
        if provider_id and (providers := self._providers_page()):
            providers.edit(provider_id)

    def _providers_page(self) -> "ProvidersPage | None":
        """Return the page on screen, if it is that one."""
        kind: type[ProvidersPage] = importlib.import_module("app.ui.settings.providers_page").ProvidersPage
        page = self._dialog.page if self._dialog is not None else None
        return page if isinstance(page, kind) else None

    def _new_dialog(self) -> "SettingsDialog":
        sections = importlib.import_module("app.ui.settings.pages").settings_sections(self._fittings)
        settings = self._preferences.current
        size = QSize(settings.settings_width, settings.settings_height)
        new_dialog: type[SettingsDialog] = importlib.import_module("app.ui.settings.dialog").SettingsDialog
        dialog = new_dialog(sections, size, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.change_requested.connect(self._on_change_requested)
        dialog.finished.connect(self._on_finished)
        dialog.show_settings(settings)
        return dialog

    def _on_change_requested(self, field: str, value: object) -> None:
        self._preferences.change(**{field: value})

    def _on_settings_changed(self, settings: Settings) -> None:
        self._fittings.theme.follow(settings.color_scheme)
        if self._dialog is not None:
            self._dialog.show_settings(settings)

    def _on_event(self, event: Event) -> None:
        if self._dialog is not None:
            self._dialog.take(event)

    def _on_finished(self) -> None:
        self._dialog = None
