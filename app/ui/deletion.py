"""Asks before something is deleted for good."""

from PySide6.QtWidgets import QWidget

from app.domain.conversation import ConversationId, MessageId
from app.engine.chat import ChatEngine
from app.engine.store import ChatStore
from app.ui.dialogs import ask
from app.ui.text import DELETE


class Deletion:
    def __init__(self, window: QWidget, engine: ChatEngine, store: ChatStore) -> None:
        self._window = window
        self._engine = engine
        self._store = store

    def ask_for_message(self, message_id: str) -> None:
        """Ask, and on a yes delete a message with all that follows it."""
        ask(
            self._window,
            "Delete this message?",
            "What follows it is deleted too. This can't be undone.",
            DELETE,
            lambda: self._engine.delete_message(MessageId(message_id)),
            destructive=True,
        )

    def ask_for_conversation(self, conversation_id: str) -> None:
        """Ask, and on a yes delete a conversation with all its messages."""
        conversation = self._store.conversations.get(ConversationId(conversation_id))
        if conversation is None:
            return
        ask(
            self._window,
            "Delete this conversation?",
            f"“{conversation.title}” and all its messages are deleted. This can't be undone.",
            DELETE,
            lambda: self._engine.delete_conversation(conversation.id),
            destructive=True,
        )
