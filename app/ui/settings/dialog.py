"""The settings window: its pages, the list that leads to them, and the search above the list."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from app.domain.settings import Settings
from app.engine.events import Event
from app.ui.settings.navigation import Navigation
from app.ui.settings.page import Page, Section, mark, scrolled
from app.ui.settings.search import Hit, search
from app.ui.text import FIND_KEYS, SETTINGS

MIN_SIZE = QSize(640, 460)
_BUILD_EVERY_MS = 16  # a frame


class SettingsDialog(QDialog):
    """Open it with `open()`. A change is a wish, applied by others at once: there is no OK and no Cancel."""

    change_requested = Signal(str, object)  # a field of Settings, and its new value

    def __init__(self, sections: Sequence[Section], size: QSize = MIN_SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        self.setWindowTitle(SETTINGS)
        self.setMinimumSize(MIN_SIZE)
        self.resize(size)
        self._sections = tuple(sections)
        self._settings = Settings()
        self._built: dict[int, Page] = {}
        self._hits: tuple[Hit, ...] = ()
        self._stack = QStackedWidget()
        self._placeholders = [QWidget() for _ in sections]
        for placeholder in self._placeholders:
            self._stack.addWidget(placeholder)
        self._building = QTimer(self)
        self._building.setSingleShot(True)
        self._building.setInterval(_BUILD_EVERY_MS)
        self._building.timeout.connect(self._build_next)
        self.navigation = Navigation([section.title for section in sections])
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
        self.navigation.focus_list()

    @property
    def page(self) -> Page:
        """The one in sight."""
        return self._page(max(0, self._stack.currentIndex()))

    @property
    def pages(self) -> tuple[Page, ...]:
        """All of them; those that were not needed yet are built now."""
        return tuple(self._page(number) for number in range(len(self._sections)))

    def go_to(self, key: str) -> None:
        """Show a page by its key, "" for the first one. Nothing for a key that is none."""
        for number, section in enumerate(self._sections):
            if section.key == key or (not key and number == 0):
                self.navigation.show_current(number)
                self._on_page_requested(number)

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings
        for page in self._built.values():
            page.show_settings(settings)

    def take(self, event: Event) -> None:
        """Show what happened. A page that is built later begins with what is so then."""
        for page in self._built.values():
            page.take(event)

    def _page(self, number: int) -> Page:
        if (built := self._built.get(number)) is not None:
            return built
        page = self._built[number] = self._sections[number].build()
        page.change_requested.connect(self.change_requested)
        page.show_settings(self._settings)
        current = self._stack.currentIndex()
        self._stack.insertWidget(number, page if page.scrolls_itself else scrolled(page))
        self._stack.removeWidget(self._placeholders[number])
        self._stack.setCurrentIndex(current)
        return page

    def _build_next(self) -> None:
        """One at a time, with a frame between them."""
        missing = [number for number in range(len(self._sections)) if number not in self._built]
        if missing:
            self._page(missing[0])
            self._building.start()

    def _on_page_requested(self, number: int) -> None:
        page = self._page(number)
        self._stack.setCurrentIndex(number)
        page.begin()

    def _on_search_changed(self, query: str) -> None:
        pages = self.pages
        self._hits = search(pages, query) if query.strip() else ()
        found = {id(finding) for hit in self._hits for finding in hit.findings}
        for page in pages:
            for finding in page.findings:
                mark(finding.row, is_found=id(finding) in found)
        shown = [hit.page for hit in self._hits] if query.strip() else list(pages)
        self.navigation.show_only([page in shown for page in pages])

    def _on_entered(self) -> None:
        """Enter in the search: to the first setting found on the page in sight."""
        hit = next((hit for hit in self._hits if hit.page is self.page), None)
        if hit is None:
            self.navigation.focus_list()
            return
        first = next((each for each in hit.findings if each.row.isVisibleTo(hit.page)), None)
        area = self._stack.currentWidget()
        control = first.control if first is not None else _first_control(hit.page)
        if control is not None:
            control.setFocus(Qt.FocusReason.TabFocusReason)
        if first is not None and isinstance(area, QScrollArea):
            area.ensureWidgetVisible(first.row)

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._building.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # There is no button that Enter in a field could mean; on a button it means that button.
            if isinstance(button := self.focusWidget(), QAbstractButton):
                button.click()
            return
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
