"""The left side of the settings window: a search field, and the list of pages."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from app.ui.icons import paint_focus_ring
from app.ui.measures import ROW_HEIGHT_PX, ROW_RADIUS_PX
from app.ui.settings.page import plain

WIDTH_PX = 180
_LIST_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class Navigation(QFrame):
    page_requested = Signal(int)  # its number
    search_changed = Signal(str)
    entered = Signal()  # Enter in the search field

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("look", "side")
        self.setFixedWidth(WIDTH_PX)
        self._search = QLineEdit()
        self._search.setObjectName("settingsSearch")
        self._search.setPlaceholderText("Search settings")
        self._search.setAccessibleName("Search settings")
        self._search.setAccessibleDescription("Enter goes to the first setting found")
        self._search.setClearButtonEnabled(True)
        self._search.installEventFilter(self)
        self._search.textChanged.connect(self.search_changed)
        self._search.returnPressed.connect(self.entered)
        self._list = _Sections()
        self._list.setObjectName("settingsNavigation")
        self._list.setProperty("look", "navigation")
        self._list.setAccessibleName("Sections")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for title in titles:
            item = QListWidgetItem(title)
            item.setSizeHint(QSize(0, ROW_HEIGHT_PX))
            self._list.addItem(item)
        self._list.currentRowChanged.connect(self._on_row_changed)
        self._nothing = plain("No setting found", "muted")
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._nothing)
        column.addWidget(self._list, 1)

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def focus_list(self) -> None:
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_current(self, number: int) -> None:
        """Show that this page is in sight. Asks for nothing."""
        with QSignalBlocker(self._list):
            self._list.setCurrentRow(number)

    def show_only(self, wanted: Sequence[bool]) -> None:
        """Show these pages in the list; if the one in sight is none of them, the first of them comes into sight."""
        for number, is_wanted in enumerate(wanted):
            self._list.item(number).setHidden(not is_wanted)
        self._nothing.setVisible(not any(wanted))
        if any(wanted) and not wanted[self._list.currentRow()]:
            self._list.setCurrentRow(list(wanted).index(True))

    def _on_row_changed(self, number: int) -> None:
        if number >= 0:
            self.page_requested.emit(number)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list's keys work in the search field; Esc there clears it first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _LIST_KEYS:
                self._list.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
        return super().eventFilter(watched, event)


class _Sections(QListWidget):
    """Shows where the keyboard is: a style sheet can dress no row by the focus."""

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.currentItem() is not None:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outline = self.visualItemRect(self.currentItem()).toRectF()
            paint_focus_ring(painter, outline, ROW_RADIUS_PX, self.palette().color(QPalette.ColorRole.Accent).name())
