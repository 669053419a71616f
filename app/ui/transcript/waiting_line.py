"""Why nothing of an answer is here yet, beside the dot that stands for it."""

from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.row_pool import RowPool


class WaitingLine:
    def __init__(self, conversation: ConversationLayout, rows: RowPool) -> None:
        self._conversation = conversation
        self._rows = rows

    def put(self, message_id: str, text: str) -> None:
        """
        Show it, "" for none. For a message that is not in this conversation, nothing.

        The row is painted anew and stays as it is: a screen reader is not told, it would hear of each second.
        """
        number = self._conversation.row_of(message_id)
        if number is None or self._conversation.shown(number).waiting_line == text:
            return
        self._conversation.shown(number).waiting_line = text
        if (row := self._rows.seen.get(number)) is not None:
            row.update()
