"""What a reader does with the text: selects, copies, finds, follows links, goes from message to message."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QMenu

from app.ui.clipboard import put_on_clipboard
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.cells.cell import START
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.find import Find
from app.ui.transcript.finder import Finder
from app.ui.transcript.focus_walk import FocusWalk
from app.ui.transcript.keyboard_selection import KeyboardSelection
from app.ui.transcript.marks import Marks
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.selection import Position, Selection
from app.ui.transcript.selection_copy import SelectionCopy
from app.ui.transcript.text_menu import COPY_MARKDOWN_KEYS, TextMenu
from app.ui.transcript.text_pointer import TextPointer
from app.ui.transcript.text_walk import TextWalk


class Reader(QObject):
    """Is handed the mouse and the keys by the view. `link_requested`: an address, and the text that stands for it."""

    copied = Signal(str)
    link_requested = Signal(str, str)

    def __init__(
        self,
        area: QAbstractScrollArea,
        theme: Theme,
        icons: Icons,
        conversation: ConversationLayout,
        rows: RowPool,
        scroller: Scroller,
        selection: Selection,
        finder: Finder,
        marks: Marks,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._conversation = conversation
        self._rows = rows
        self._scroller = scroller
        self._selection = selection
        self._finder = finder
        self._pointed_link = "", ""
        self._pointer = TextPointer(area.viewport(), rows, selection, conversation)
        self._keyboard = KeyboardSelection(self, TextWalk(conversation), selection, lambda: scroller.page_px)
        self._copy = SelectionCopy(self, conversation, selection)
        self._menu = TextMenu(area)
        self.focus = FocusWalk(area, conversation, rows, scroller, marks)
        self.find = Find(area, theme, icons, finder, conversation, rows, scroller, selection)
        self._connect()

    def _connect(self) -> None:
        self._pointer.selection_changed.connect(self._rows.repaint_all)
        self._pointer.selection_changed.connect(self._keyboard.forget_column)
        self._pointer.scroll_wanted.connect(self._scroller.scroll_by)
        self._pointer.link_requested.connect(self.link_requested)
        self.focus.link_requested.connect(self.link_requested)
        self._keyboard.moved.connect(self._on_caret_moved)
        self._copy.copied.connect(self.copied)
        self._menu.open_link_requested.connect(lambda: self.link_requested.emit(*self._pointed_link))
        self._menu.copy_address_requested.connect(lambda: self._copy_address(self._pointed_link[0]))
        self._menu.copy_requested.connect(self._copy.copy)
        self._menu.copy_markdown_requested.connect(self._copy.copy_as_markdown)
        self._menu.select_all_requested.connect(self.select_all)

    @property
    def is_copying(self) -> bool:
        """What is selected takes its time: it is not on the clipboard yet."""
        return self._copy.is_busy

    def note_replaced(self) -> None:
        """Another conversation is shown."""
        self.find.close()
        self.focus.clear()
        self._copy.cancel()
        self._selection.clear()

    def note_removed(self) -> None:
        """Rows have other numbers now."""
        self._copy.cancel()
        self._selection.clear()
        self._finder.note_renumbered()

    def note_put_above(self, rows: int) -> None:
        """So many rows were put above all others: what is selected stays."""
        self._copy.cancel()
        self._selection.note_put_above(rows)
        self.focus.forget_link()
        self._finder.note_renumbered()

    def note_cells_changed(self, row: int) -> None:
        """The row's text is told by other cells now."""
        ends = self._selection.ends
        if ends is not None and ends[0].row <= row <= ends[1].row:
            self._selection.clear()
        self._finder.note_grown(row)

    def copy(self) -> None:
        """What is selected, as it reads."""
        self._copy.copy()

    def select_all(self) -> None:
        self._selection.select_all()
        self._rows.repaint_all()

    def press(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.press(point, extends=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.button() is Qt.MouseButton.MiddleButton:
            self._pointer.press_link(point)

    def drag(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pointer.drag(event.position().toPoint())

    def release(self, event: QMouseEvent) -> None:
        self._pointer.release(event.position().toPoint())

    def open_menu(self, event: QContextMenuEvent, add_rows: Callable[[QMenu], None]) -> None:
        """By the mouse or by the menu key, which means the focused link. `add_rows`: what else can be done there."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._pointed_link = self.focus.link or ("", "")
        else:
            point = event.pos()
            self._pointed_link = self._pointer.link_at(point), self._pointer.text_of_link_at(point)
        self._menu.popup(
            event.globalPos(),
            has_link=bool(self._pointed_link[0]),
            has_selection=not self._selection.is_empty,
            add_rows=add_rows,
        )

    def obey(self, event: QKeyEvent) -> bool:
        """Do what the key means for a reader; False if it means nothing."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif QKeySequence(event.keyCombination()) == COPY_MARKDOWN_KEYS:
            self._copy.copy_as_markdown()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.focus.activate()
        elif event.key() == Qt.Key.Key_Escape:
            return self._let_go()
        else:
            return self._keyboard.obey(event, self._where_one_reads)
        return True

    def _let_go(self) -> bool:
        if self._selection.is_empty and not self.focus.is_somewhere:
            return False
        self._selection.clear()
        self.focus.clear()
        return True

    def _where_one_reads(self) -> Position | None:
        if not len(self._conversation):
            return None
        row = self.focus.row
        return Position(row, 0, START) if row is not None else self._scroller.top

    def _on_caret_moved(self, position: Position) -> None:
        self._scroller.reveal(position)
        self._rows.repaint_all()

    def _copy_address(self, href: str) -> None:
        put_on_clipboard(href)
        self.copied.emit(href)
