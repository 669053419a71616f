"""Where in the transcript the context begins, if older messages do not fit the model's."""

from app.domain.conversation import MessageId
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.scroller import Scroller


class ContextDivider:
    """Knows where the line is; the row's layout makes room for it."""

    def __init__(self, conversation: ConversationLayout, scroller: Scroller) -> None:
        self._conversation = conversation
        self._scroller = scroller
        self._message_id: MessageId | None = None

    def begin_at(self, message_id: MessageId | None) -> None:
        """Put the line above this message; None takes it away."""
        old, self._message_id = self._message_id, message_id
        for each in {old, message_id} - {None}:
            row = self._conversation.row_of(each) if each is not None else None
            if row is not None and self._conversation.shown(row).begins_context is not (each == message_id):
                self._conversation.shown(row).begins_context = each == message_id
                self._conversation.refresh(row)
                self._scroller.note_changed(row)
