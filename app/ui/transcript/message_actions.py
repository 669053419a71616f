"""Does what can be done with a message in the window, and says what else is wanted of it."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.ui.clipboard import put_on_clipboard
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.cells.cell import END, START
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.copying import cleaned_text
from app.ui.transcript.editing import Editing
from app.ui.transcript.message_action import KEYS, MessageAction, is_offered
from app.ui.transcript.message_menu import MessageMenu
from app.ui.transcript.row import Row
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.selection import LAST_CELL, Position, Selection
from app.ui.transcript.selection_copy import SelectionCopy
from app.ui.transcript.shown_message import ShownMessage


class MessageActions(QObject):
    """Takes a MessageAction with the id of a message; signals carry the id of the message they are about."""

    retry_requested = Signal(str)
    remedy_requested = Signal(str)
    continue_requested = Signal(str)
    delete_requested = Signal(str)
    edit_requested = Signal(str, str)  # a question's id, and what is to be asked in its place
    version_requested = Signal(str)  # the id of the version to show
    details_requested = Signal(str)
    copied = Signal(str)  # what is on the clipboard now

    def __init__(
        self,
        area: QWidget,
        viewport: QWidget,
        conversation: ConversationLayout,
        rows: RowPool,
        scroller: Scroller,
        theme: Theme,
        icons: Icons,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._conversation = conversation
        self._rows = rows
        self._scroller = scroller
        self._whole = Selection(conversation)
        self._plain_copy = SelectionCopy(self, conversation, self._whole)
        self._steps_to: tuple[str, MessageAction] | None = None
        self.menu = MessageMenu(area, theme, icons)
        self.editing = Editing(area, viewport, conversation, rows, scroller, theme)
        self._signals = {
            MessageAction.RETRY: self.retry_requested,
            MessageAction.REMEDY: self.remedy_requested,
            MessageAction.CONTINUE: self.continue_requested,
            MessageAction.DELETE: self.delete_requested,
            MessageAction.DETAILS: self.details_requested,
        }
        rows.chosen.connect(self.do)
        rows.menu_requested.connect(self._on_menu_requested)
        scroller.placed.connect(self._on_placed)
        self.menu.chosen.connect(self.do)
        self.editing.submitted.connect(self.edit_requested)
        self._plain_copy.copied.connect(self.copied)

    def do(self, action: str, message_id: str) -> None:
        """Nothing if the message is not here any more, or does not offer it."""
        shown = self._offering(MessageAction(action), message_id)
        if shown is None:
            return
        match action:
            case MessageAction.COPY:
                text = cleaned_text(shown.whole_text).text
                put_on_clipboard(text)
                self.copied.emit(text)
            case MessageAction.COPY_PLAIN:
                row = self._conversation.row_of(message_id) or 0
                self._whole.begin(Position(row, 0, START), Position(row, LAST_CELL, END))
                self._plain_copy.copy()
            case MessageAction.EDIT:
                self.editing.begin(message_id if shown.is_from_user else shown.message.parent_id or "")
            case MessageAction.PREVIOUS | MessageAction.NEXT:
                self._step(MessageAction(action), shown)
            case _:
                self._signals[MessageAction(action)].emit(message_id)

    def obey(self, key: int, message_id: str) -> bool:
        """A key was pressed on a message. False if it means nothing there."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.open_menu(message_id)
        action = next((action for action, its_key in KEYS.items() if its_key == key), None)
        if action is None or not message_id:
            return False
        self.do(action, message_id)
        return True

    def open_menu(self, message_id: str) -> bool:
        """By the keyboard, of this message or else of the one whose button has the focus. False if there is none."""
        row = self._seen_row(message_id) or self._focused_row()
        if row is not None:
            self._popup(row.message_id, row.menu_point(), by_keyboard=True)
        return row is not None

    def add_rows(self, menu: QMenu, point: QPoint) -> None:
        """What can be done with the message at this point of the viewport."""
        row = next((row for row in self._rows.seen.values() if row.geometry().contains(point)), None)
        number = self._conversation.row_of(row.message_id) if row is not None else None
        if number is not None:
            self.menu.add_to(menu, self._conversation.shown(number))

    def note_rows_changed(self) -> None:
        """Other messages are in the rows now."""
        self._plain_copy.cancel()
        self.editing.note_rows_changed()

    def _offering(self, action: MessageAction, message_id: str) -> ShownMessage | None:
        row = self._conversation.row_of(message_id)
        shown = self._conversation.shown(row) if row is not None else None
        return shown if shown is not None and is_offered(action, shown) else None

    def _seen_row(self, message_id: str) -> Row | None:
        return next((row for row in self._rows.seen.values() if row.message_id == message_id), None)

    def _focused_row(self) -> Row | None:
        focused = QApplication.focusWidget()
        return next((row for row in self._rows.seen.values() if focused and row.isAncestorOf(focused)), None)

    def _popup(self, message_id: str, at: QPoint, *, by_keyboard: bool) -> None:
        row = self._conversation.row_of(message_id)
        if row is not None:
            self.menu.popup(self._conversation.shown(row), at, by_keyboard=by_keyboard)

    def _step(self, action: MessageAction, shown: ShownMessage) -> None:
        """To the version before or after. A focus that is on the switch finds it again at the other version."""
        leads_to = shown.version_before if action is MessageAction.PREVIOUS else shown.version_after
        row = self._focused_row()
        self._steps_to = (leads_to, action) if row is not None and row.message_id == shown.message.id else None
        self.version_requested.emit(leads_to)

    def _on_menu_requested(self, message_id: str, at: QPoint, is_by_keyboard: bool) -> None:
        self._popup(message_id, at, by_keyboard=is_by_keyboard)

    def _on_placed(self) -> None:
        self.editing.place()
        if self._steps_to is None:
            return
        message_id, action = self._steps_to
        row = self._seen_row(message_id)
        if row is None:
            return  # its text has not come yet
        self._steps_to = None
        if self._area.hasFocus():
            row.focus_version_button(action)
