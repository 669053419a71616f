"""How the user likes to write, and to start: applied to the parts of the window at once and after each change."""

from PySide6.QtCore import QObject

from app.domain.settings import Settings
from app.engine.events import ConversationsListed, Event
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.open_conversation import OpenConversation
from app.ui.transcript.view import Transcript


class Habits(QObject):
    def __init__(
        self,
        store: ChatStore,
        bridge: StoreBridge,
        preferences: Preferences,
        composer: Composer,
        transcript: Transcript,
        open_conversation: OpenConversation,
    ) -> None:
        super().__init__(composer)
        self._store = store
        self._preferences = preferences
        self._composer = composer
        self._editing = transcript.message_actions.editing
        self._open = open_conversation
        bridge.event_happened.connect(self._on_event)
        preferences.subscribe(self._show)
        self._show(preferences.current)

    def _show(self, settings: Settings) -> None:
        self._composer.set_send_keys(with_ctrl=settings.sends_with_ctrl)
        self._editing.set_send_keys(with_ctrl=settings.sends_with_ctrl)

    def _on_event(self, event: Event) -> None:
        """The library was read, once: show the last conversation, unless the user has begun something already."""
        if not isinstance(event, ConversationsListed) or not self._preferences.current.opens_last_conversation:
            return
        if self._open.id is None and not self._composer.text() and event.conversations:
            self._open.show(event.conversations[0].id)
