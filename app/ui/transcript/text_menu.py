"""The menu of the text: what is selected, and the link one points at."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.theme import new_menu

COPY_MARKDOWN_KEYS = QKeySequence("Ctrl+Shift+C")


class TextMenu(QObject):
    open_link_requested = Signal()
    copy_address_requested = Signal()
    copy_requested = Signal()
    copy_markdown_requested = Signal()
    select_all_requested = Signal()

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area

    def popup(self, at: QPoint, *, has_link: bool, has_selection: bool, add_rows: Callable[[QMenu], None]) -> None:
        """`at` is on the screen; `add_rows` adds what else can be done there. Returns at once."""
        menu = new_menu(self._area)
        menu.setObjectName("textMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Text")
        if has_link:
            _add(menu, "openLink", "Open link…").triggered.connect(self.open_link_requested)
            _add(menu, "copyLinkAddress", "Copy link address").triggered.connect(self.copy_address_requested)
            menu.addSeparator()
        copy = _add(menu, "copy", "Copy", QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self.copy_requested)
        markdown = _add(menu, "copyAsMarkdown", "Copy as Markdown", COPY_MARKDOWN_KEYS)
        markdown.triggered.connect(self.copy_markdown_requested)
        for row in (copy, markdown):
            row.setEnabled(has_selection)
        menu.addSeparator()
        everything = _add(menu, "selectAll", "Select all", QKeySequence(QKeySequence.StandardKey.SelectAll))
        everything.triggered.connect(self.select_all_requested)
        add_rows(menu)
        menu.popup(at)


def _add(menu: QMenu, name: str, label: str, keys: QKeySequence | None = None) -> QAction:
    row = QAction(label, menu)
    row.setObjectName(f"{name}Action")
    if keys is not None:
        row.setShortcut(keys)
        row.setShortcutVisibleInContextMenu(True)
    menu.addAction(row)
    return row
