"""The settings window: its pages, and the list that leads to them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from app.domain.model import ProviderId
from app.domain.provider import ProviderState
from app.domain.settings import Settings
from app.ui.icons import ROW_HEIGHT_PX, Icons
from app.ui.settings.pages import AboutPage, DataPage, GeneralPage, Page, ProvidersPage
from app.ui.text import SETTINGS
from app.ui.theme import Theme

_SIZE = QSize(640, 460)
_NAVIGATION_WIDTH_PX = 176


class SettingsDialog(QDialog):
    """Open it with `open()`. A change is a wish, applied by others at once: there is no OK and no Cancel."""

    color_scheme_requested = Signal(object)  # a ColorScheme
    announcing_requested = Signal(bool)
    reduced_motion_requested = Signal(bool)
    open_folder_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        version: str,
        data_folder: Path,
        licence: str = "MIT",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        self.setWindowTitle(SETTINGS)
        self.resize(_SIZE)
        self._general = GeneralPage(theme, icons)
        self._general.color_scheme_requested.connect(self.color_scheme_requested)
        self._general.announcing_requested.connect(self.announcing_requested)
        self._general.reduced_motion_requested.connect(self.reduced_motion_requested)
        self._providers = ProvidersPage(theme)
        self._data = DataPage(str(data_folder))
        self._data.open_folder_requested.connect(self.open_folder_requested)

        self._navigation = QListWidget()
        self._navigation.setObjectName("settingsNavigation")
        self._navigation.setProperty("look", "navigation")
        self._navigation.setAccessibleName("Sections")
        self._navigation.setFixedWidth(_NAVIGATION_WIDTH_PX)
        self._navigation.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages = QStackedWidget()
        self._add_page("General", self._general)
        self._add_page("Providers", self._providers)
        self._add_page("Data", self._data)
        self._add_page("About", AboutPage(version, licence))
        self._navigation.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._navigation.setCurrentRow(0)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(self._pages, 1)

    def show_settings(self, settings: Settings) -> None:
        self._general.show_settings(settings)

    def show_providers(
        self, states: Sequence[ProviderState], addresses: Mapping[ProviderId, str] | None = None
    ) -> None:
        """`addresses` are the base URLs of those providers that have one."""
        self._providers.show_providers(states, addresses or {})

    def _add_page(self, name: str, page: Page) -> None:
        item = QListWidgetItem(name)
        item.setSizeHint(QSize(0, ROW_HEIGHT_PX))
        self._navigation.addItem(item)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self._pages.addWidget(area)
