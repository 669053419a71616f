"""The window's place on the desktop: where it stood, how it comes to the front, what is told while it is away."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.notices import Notices, Show


class Presence(QObject):
    conversation_requested = Signal(str)  # its notice was clicked

    def __init__(
        self,
        window: QWidget,
        store: ChatStore,
        bridge: StoreBridge,
        preferences: Preferences,
        show_notice: Show | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._notices = Notices(window, store, bridge, preferences, show_notice)
        self._notices.clicked.connect(self._on_notice_clicked)

    def note_closing(self) -> None:
        """Remember where the window stands."""
        geometry = bytes(self._window.saveGeometry().toBase64().data()).decode()
        self._preferences.change(
            window_geometry=geometry, window_width=self._window.width(), window_height=self._window.height()
        )

    def come_to_front(self) -> None:
        """Show the window, wherever it is."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _on_notice_clicked(self, conversation_id: str) -> None:
        self.come_to_front()
        self.conversation_requested.emit(conversation_id)
