"""Tells through the desktop that an answer has ended while the window is away."""

import os
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.domain.conversation import ConversationId, Message, MessageStatus
from app.engine.events import Event, GenerationEnded
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.ui.application import APP_NAME
from app.ui.bridge import StoreBridge
from app.ui.dbus_notice import Clicked, Notice, show_and_wait

ICON = "io.github.belay_chat.Belay"
_TITLES = {MessageStatus.COMPLETE: "The answer is there", MessageStatus.FAILED: "The answer failed"}

Show = Callable[[Notice], Clicked | None]


class Notices(QObject):
    """
    One notice an answer, and none while the window is the active one.

    It names the conversation and says nothing of the answer: notices show on locked screens.
    """

    clicked = Signal(str)  # the conversation's id
    _clicked_in_thread = Signal(str, str)

    def __init__(
        self,
        window: QWidget,
        store: ChatStore,
        bridge: StoreBridge,
        preferences: Preferences,
        show: Show | None = None,
    ) -> None:
        """`show` is what shows one, in a thread of its own, by default the desktop's service on Linux."""
        super().__init__(window)
        self._window = window
        self._store = store
        self._preferences = preferences
        self._show = show or (_show_by_dbus if sys.platform.startswith("linux") else None)
        self._tray: QSystemTrayIcon | None = None
        self._told = ConversationId("")
        self._clicked_in_thread.connect(self._on_clicked)
        bridge.event_happened.connect(self._on_event)

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, GenerationEnded) or event.status not in _TITLES:
            return
        message = self._store.message(event.message_id)
        if message is not None and self._preferences.current.notifies and not self._window.isActiveWindow():
            self._tell(message)

    def _tell(self, message: Message) -> None:
        QApplication.alert(self._window)
        conversation = self._store.conversations.get(message.conversation_id)
        notice = Notice(_TITLES[message.status], conversation.title if conversation is not None else APP_NAME)
        if self._show is None:
            self._show_by_tray(notice, message.conversation_id)
            return
        threading.Thread(
            target=self._work, args=(self._show, notice, message.conversation_id), name="notice", daemon=True
        ).start()

    def _work(self, show: Show, notice: Notice, conversation_id: ConversationId) -> None:
        clicked = show(notice)
        if clicked is not None:
            self._clicked_in_thread.emit(conversation_id, clicked.activation_token)

    def _show_by_tray(self, notice: Notice, conversation_id: ConversationId) -> None:
        """Windows and macOS show notices through an icon beside the clock, there for as long as it is of use."""
        if self._tray is None:
            self._tray = QSystemTrayIcon(QGuiApplication.windowIcon(), self)
            self._tray.messageClicked.connect(lambda: self._on_clicked(self._told, ""))
        self._told = conversation_id
        self._tray.show()
        self._tray.showMessage(notice.title, notice.text, QGuiApplication.windowIcon())

    def _on_clicked(self, conversation_id: str, activation_token: str) -> None:
        if activation_token:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation_token
        if self._tray is not None:
            self._tray.hide()
        self.clicked.emit(conversation_id)


def _show_by_dbus(notice: Notice) -> Clicked | None:
    return show_and_wait(notice, application=APP_NAME, icon=ICON, desktop_entry=ICON)
