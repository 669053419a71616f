"""The question that is being written otherwise: one at a time, in its own place."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import Theme
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.editor import MessageEditor
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroller import Scroller


class Editing(QObject):
    """
    Keeps the editor over its row, and the row as high as the editor.

    Where the row is out of sight, so is the editor; it keeps the focus and what was written, and typing
    brings it back. A text that was changed and not sent is there again when its message is edited again.
    """

    submitted = Signal(str, str)  # the message's id, the text

    def __init__(
        self,
        area: QWidget,
        viewport: QWidget,
        conversation: ConversationLayout,
        rows: RowPool,
        scroller: Scroller,
        theme: Theme,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._viewport = viewport
        self._conversation = conversation
        self._rows = rows
        self._scroller = scroller
        self._theme = theme
        self._monotonic = monotonic
        self._editor: MessageEditor | None = None
        self._message_id = ""
        self._wanted = ""
        self._came_from: QWidget | None = None
        self._drafts: dict[str, str] = {}
        self._sends_with_ctrl = False

    def set_send_keys(self, *, with_ctrl: bool) -> None:
        """Whether Enter sends, or Ctrl+Enter."""
        self._sends_with_ctrl = with_ctrl
        if self._editor is not None:
            self._editor.set_send_keys(with_ctrl=with_ctrl)

    @property
    def message_id(self) -> str:
        """Of the message that is being edited, empty if none is."""
        return self._message_id

    def begin(self, message_id: str) -> None:
        """Show the editor with the message's text. Another one that was open is closed, and its text kept."""
        self._wanted = ""
        number = self._conversation.row_of(message_id)
        if number is None or message_id == self._message_id:
            return
        if not self._conversation.is_read(number):
            self._wanted = message_id  # until its text has come
            self._scroller.reveal_row(number)
            return
        if not self._message_id:
            self._came_from = QApplication.focusWidget()
        self._close()
        self._message_id = message_id
        editor = self._shown_editor()
        shown = self._conversation.shown(number)
        editor.begin(shown.whole_text, self._conversation.layout(number).bubble_font)
        if (draft := self._drafts.get(message_id)) is not None:
            editor.change(draft)
        self._scroller.hold_still(True)
        self._fit_row()
        self._scroller.reveal_row(number)
        editor.show()
        editor.focus_text()

    def cancel(self) -> None:
        """Forget what was written."""
        self.discard(self._message_id)

    def discard(self, message_id: str) -> None:
        """What was written for this message is not needed any more: it was sent."""
        if message_id and message_id == self._message_id:
            self._end()
        self._drafts.pop(message_id, None)

    def note_rows_changed(self) -> None:
        """Other messages are in the rows now, or others than before among them."""
        self._wanted = ""
        if not self._message_id:
            return
        if self._conversation.row_of(self._message_id) is None:
            self._end()
        else:
            self._fit_row()

    def place(self) -> None:
        """Where the row is now."""
        wanted = self._conversation.row_of(self._wanted) if self._wanted else None
        if wanted is not None and self._conversation.is_read(wanted):
            self.begin(self._wanted)
        number = self._conversation.row_of(self._message_id) if self._message_id else None
        if self._editor is None or number is None:
            return
        layout = self._conversation.layout(number)
        self._editor.set_font(layout.bubble_font)
        height = layout.shown.editor_px
        row = self._rows.seen.get(number)
        if row is not None:
            x, y = row.column_x, row.y() + layout.editor_top
        else:
            is_above = not self._rows.seen or number < min(self._rows.seen)
            x, y = self._editor.x(), -height if is_above else self._viewport.height()
        self._editor.setGeometry(x, y, layout.width, height)
        self._editor.raise_()

    def _shown_editor(self) -> MessageEditor:
        if self._editor is None:
            self._editor = MessageEditor(self._theme, self._monotonic, self._viewport)
            self._editor.submitted.connect(self._on_submitted)
            self._editor.cancelled.connect(self.cancel)
            self._editor.resized.connect(self._on_resized)
            self._editor.typed.connect(self._on_typed)
            self._editor.set_send_keys(with_ctrl=self._sends_with_ctrl)
        return self._editor

    def _end(self) -> None:
        """Close the editor; the focus goes back to where it came from, if it was in the editor."""
        had_focus = self._editor is not None and self._editor.has_focus
        self._close()
        came_from, self._came_from = self._came_from, None
        if not had_focus:
            return
        if came_from is not None and came_from.isVisible():
            came_from.setFocus()
        else:
            self._area.setFocus()

    def _close(self) -> None:
        if not self._message_id or self._editor is None:
            return
        if self._editor.is_changed:
            self._drafts[self._message_id] = self._editor.text()
        number = self._conversation.row_of(self._message_id)
        self._message_id = ""
        self._scroller.hold_still(False)
        if self._editor.has_focus:
            self._area.setFocus()  # else Qt would give it to the next button
        self._editor.hide()
        if number is not None:
            self._set_row_height(number, 0)

    def _fit_row(self) -> None:
        number = self._conversation.row_of(self._message_id)
        if number is not None and self._editor is not None:
            layout = self._conversation.layout(number)
            self._set_row_height(number, max(self._editor.height_for(layout.width), 1))

    def _set_row_height(self, number: int, editor_px: int) -> None:
        shown = self._conversation.shown(number)
        if shown.editor_px != editor_px:
            shown.editor_px = editor_px
            self._conversation.refresh(number)
            if (row := self._rows.seen.get(number)) is not None:
                row.refresh()
            self._scroller.place()

    def _on_submitted(self, text: str) -> None:
        self.submitted.emit(self._message_id, text)

    def _on_resized(self) -> None:
        if self._message_id:
            self._fit_row()

    def _on_typed(self) -> None:
        number = self._conversation.row_of(self._message_id) if self._message_id else None
        if number is not None and number not in self._rows.seen:
            self._scroller.reveal_row(number)
