"""What comes to messages that are on the list already: more of their text, their end, what they took."""

from app.domain.conversation import Message
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.finder import Finder
from app.ui.transcript.scroller import Scroller


class Growth:
    """What is meant for a message that is not in this conversation is dropped."""

    def __init__(self, conversation: ConversationLayout, scroller: Scroller, finder: Finder) -> None:
        self._conversation = conversation
        self._scroller = scroller
        self._finder = finder

    def append_text(self, message_id: str, text: str) -> None:
        row = self._row_that_grows(message_id)
        if row is not None and text:
            self._conversation.shown(row).text.append(text)
            self._take_in(row)

    def append_reasoning(self, message_id: str, text: str) -> None:
        row = self._row_that_grows(message_id)
        if row is not None and text:
            self._conversation.shown(row).reasoning.append(text)
            self._take_in(row)

    def end_message(self, message: Message) -> None:
        row = self._conversation.row_of(message.id)
        if row is not None:
            self._conversation.end(row, message)
            self._finder.note_grown(row)
            self._scroller.note_changed(row)

    def set_receipt(self, message_id: str, text: str, tooltip: str) -> None:
        row = self._conversation.row_of(message_id)
        if row is not None:
            shown = self._conversation.shown(row)
            shown.receipt, shown.receipt_tooltip = text, tooltip
            self._conversation.refresh(row)
            self._scroller.note_changed(row)

    def _row_that_grows(self, message_id: str) -> int | None:
        row = self._conversation.row_of(message_id)
        return row if row is not None and self._conversation.shown(row).is_generating else None

    def _take_in(self, row: int) -> None:
        self._finder.note_grown(row)
        self._scroller.take_in(row)
