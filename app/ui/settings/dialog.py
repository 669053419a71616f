"""The settings window: its pages, the list that leads to them, and the search above the list."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from app.domain.settings import Settings
from app.engine.events import Event
from app.ui.settings.navigation import Navigation
from app.ui.settings.page import Page, mark, scrolled
from app.ui.settings.search import Hit, search
from app.ui.text import FIND_KEYS, SETTINGS

MIN_SIZE = QSize(640, 460)


class SettingsDialog(QDialog):
    """Open it with `open()`. A change is a wish, applied by others at once: there is no OK and no Cancel."""

    change_requested = Signal(str, object)  # a field of Settings, and its new value

    def __init__(self, pages: Sequence[Page], size: QSize = MIN_SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        self.setWindowTitle(SETTINGS)
        self.setMinimumSize(MIN_SIZE)
        self.resize(size.expandedTo(MIN_SIZE))
        self.pages = tuple(pages)
        self._hits: tuple[Hit, ...] = ()
        self._areas: list[QWidget] = []
        self._stack = QStackedWidget()
        self.navigation = Navigation([page.title for page in pages])
        for page in pages:
            page.change_requested.connect(self.change_requested)
            self._areas.append(page if page.scrolls_itself else scrolled(page))
            self._stack.addWidget(self._areas[-1])
        self.navigation.page_requested.connect(self._on_page_requested)
        self.navigation.search_changed.connect(self._on_search_changed)
        self.navigation.entered.connect(self._on_entered)
        find = QShortcut(QKeySequence(FIND_KEYS), self)
        find.activated.connect(self.navigation.focus_search)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self._stack, 1)
        self.go_to(pages[0].key)
        self.navigation.focus_list()

    @property
    def page(self) -> Page:
        """The one in sight."""
        return self.pages[self._stack.currentIndex()]

    def go_to(self, key: str) -> None:
        """Show a page by its key. Nothing for a key that is none."""
        for number, page in enumerate(self.pages):
            if page.key == key:
                self.navigation.show_current(number)
                self._on_page_requested(number)

    def show_settings(self, settings: Settings) -> None:
        for page in self.pages:
            page.show_settings(settings)

    def take(self, event: Event) -> None:
        """Show what happened."""
        for page in self.pages:
            page.take(event)

    def _on_page_requested(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.pages[number].begin()

    def _on_search_changed(self, query: str) -> None:
        self._hits = search(self.pages, query) if query.strip() else ()
        found = {id(finding) for hit in self._hits for finding in hit.findings}
        for page in self.pages:
            for finding in page.findings:
                mark(finding.row, is_found=id(finding) in found)
        shown = [hit.page for hit in self._hits] if query.strip() else list(self.pages)
        self.navigation.show_only([page in shown for page in self.pages])

    def _on_entered(self) -> None:
        """Enter in the search: to the first setting found on the page in sight."""
        hit = next((hit for hit in self._hits if hit.page is self.page), None)
        if hit is None:
            self.navigation.focus_list()
            return
        first = next((each for each in hit.findings if each.row.isVisibleTo(hit.page)), None)
        area = self._areas[self._stack.currentIndex()]
        control = first.control if first is not None else _first_control(hit.page)
        if control is not None:
            control.setFocus(Qt.FocusReason.TabFocusReason)
        if first is not None and isinstance(area, QScrollArea):
            area.ensureWidgetVisible(first.row)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # there is no button that Enter in a field could mean
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        self._keep_size()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._keep_size()
        super().closeEvent(event)

    def _keep_size(self) -> None:
        self.change_requested.emit("settings_width", self.width())
        self.change_requested.emit("settings_height", self.height())


def _first_control(page: Page) -> QWidget | None:
    controls = (each for each in page.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((each for each in controls if each.isVisibleTo(page) and each.isEnabled()), None)
