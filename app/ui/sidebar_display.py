"""Shows in the sidebar which conversations there are, which is on screen, and which are being answered."""

from PySide6.QtCore import QObject

from app.engine.events import (
    ConversationAdded,
    ConversationDeleted,
    ConversationRenamed,
    ConversationsListed,
    Event,
    GenerationEnded,
    MessageAdded,
    MessagesDeleted,
)
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.open_conversation import OpenConversation
from app.ui.sidebar import Sidebar


class SidebarDisplay(QObject):
    def __init__(
        self, sidebar: Sidebar, store: ChatStore, bridge: StoreBridge, open_conversation: OpenConversation
    ) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar
        self._store = store
        self._open = open_conversation
        bridge.event_happened.connect(self._on_event)
        open_conversation.changed.connect(self._on_conversation_changed)

    def _on_event(self, event: Event) -> None:
        match event:
            case GenerationEnded() | MessagesDeleted():
                self._show_generating()
            case MessageAdded(message):
                self._sidebar.put_conversation(self._store.conversations[message.conversation_id])
                self._show_generating()
            case ConversationsListed():
                self._sidebar.set_conversations(tuple(self._store.conversations.values()))
            case ConversationAdded(conversation):
                self._sidebar.put_conversation(conversation)
            case ConversationRenamed(conversation_id):
                self._sidebar.put_conversation(self._store.conversations[conversation_id])
                self._on_conversation_changed()
            case ConversationDeleted(conversation_id):
                self._sidebar.remove_conversation(conversation_id)

    def _on_conversation_changed(self) -> None:
        self._sidebar.set_current(self._open.id)

    def _show_generating(self) -> None:
        busy = (self._store.message(message_id) for message_id in self._store.generating())
        self._sidebar.set_generating({message.conversation_id for message in busy if message is not None})
