"""What the window shows: lays the parts out, passes wishes to the engine and events to the parts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.conversation import ConversationId
from app.domain.errors import Fault
from app.engine.events import (
    ConversationRenamed,
    Event,
    FaultOccurred,
    GenerationEnded,
    MessageAdded,
    MessagesDeleted,
    SaveFailed,
)
from app.ui.actions import SIDEBAR_KEYS, Actions, MenuButton
from app.ui.application import APP_NAME
from app.ui.banner import Banner
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.context_display import ContextDisplay
from app.ui.context_gauge import ContextGauge
from app.ui.controls import Controls
from app.ui.countdown import Countdown
from app.ui.habits import Habits
from app.ui.icons import IconButton, Icons
from app.ui.local_server_offer import LocalServerOffer
from app.ui.main_window import MainWindow
from app.ui.message_wishes import MessageWishes
from app.ui.model_picker import ModelPicker
from app.ui.open_conversation import OpenConversation
from app.ui.readiness import Readiness
from app.ui.reading import Reading
from app.ui.remedies import Remedies
from app.ui.report_dialog import show_report
from app.ui.settings.fittings import Fittings
from app.ui.settings.opener import SettingsOpener
from app.ui.sidebar import Sidebar
from app.ui.sidebar_display import SidebarDisplay
from app.ui.sidebar_place import SidebarPlace
from app.ui.theme import Theme
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.view import Transcript
from app.ui.trouble import Trouble


class Workspace(QWidget):
    """Holds no state of the chat: what it shows is in the store."""

    first_painted = Signal()

    def __init__(
        self,
        controls: Controls,
        bridge: StoreBridge,
        window: MainWindow,
        *,
        theme: Theme,
        icons: Icons,
        formulas: Formulas,
        highlighting: Highlighting,
        version: str,
        data_folder: Path,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library, self._texts = controls.library, controls.texts
        self._preferences, self._store = controls.preferences, controls.store
        self._painted = False

        self.sidebar = Sidebar(theme, icons)
        self.transcript = Transcript(theme, icons, formulas, highlighting)
        self.transcript.setMinimumHeight(1)  # in the smallest window a notice is more worth than a line of it
        self.composer = Composer(theme, icons)
        self._sidebar_place = SidebarPlace(self.sidebar, self._preferences, self.composer)
        self.model_picker = ModelPicker(theme, icons)
        self.context_gauge = ContextGauge(theme)
        self.banner = Banner(theme, icons)
        self._sidebar_button = IconButton(theme, icons, "panel-left", "Show or hide the sidebar", shortcut=SIDEBAR_KEYS)
        self._sidebar_button.setObjectName("sidebarButton")
        self._actions = Actions(self)
        self._menu_button = MenuButton(theme, icons, self._actions)
        self._open = OpenConversation(self._store, bridge, self.transcript, self.composer)
        self._sidebar_display = SidebarDisplay(self.sidebar, self._store, bridge, self._open)
        self._readiness = Readiness(controls, bridge, self.model_picker, self.composer, self._open)
        self._offer = LocalServerOffer(controls, bridge, self._open, theme, icons)
        self._habits = Habits(self._store, bridge, self._preferences, self.composer, self.transcript, self._open)
        self._context = ContextDisplay(
            self.context_gauge, controls.meter, bridge, self.composer, self.transcript, self._open
        )
        self._reading = Reading(self, self._actions, self.transcript, self._preferences)
        self._wishes = MessageWishes(self, controls.engine, self._store, self._open, self.composer, self.transcript)
        self._settings = SettingsOpener(
            self, Fittings(controls, bridge, self._actions, theme, icons, version, data_folder)
        )
        remedies = Remedies(
            self, controls.providers, self._store,
            settings=self._settings, picker=self.model_picker, open_conversation=self._open,
        )  # fmt: skip
        self._trouble = Trouble(self.banner, bridge, self._readiness, remedies)
        self._wishes.help_with(remedies)
        Countdown(self._store, bridge, self._open, self.transcript)
        self._lay_out()
        self._connect(bridge)
        self.composer.writing_begun.connect(lambda: controls.warming.begin(self._open.id))
        self._connect_actions()

    def fill(self, window: MainWindow) -> None:
        """Take the place of its outline, and what was typed there."""
        typed = window.furnish(self)
        self.show()
        if typed:
            self.composer.set_text(typed)
        self.composer.focus_input()

    @property
    def conversation_id(self) -> ConversationId | None:
        """The conversation on screen, None for one that has no message yet."""
        return self._open.id

    def show_conversation(self, conversation_id: str) -> None:
        """Put it on screen, if it is still there."""
        if ConversationId(conversation_id) in self._store.conversations:
            self._open.show(ConversationId(conversation_id))

    def show_crash(self, report: str) -> None:
        """Say that the last session crashed, and offer what is known of it."""
        advice = "Your conversations are complete up to that moment. You can read a report of what Belay was doing."
        fault = Fault("Belay ended unexpectedly the last time", advice)
        self.show_fault(fault, "Show report", lambda: show_report(self, report))

    def show_fault(
        self, fault: Fault, action_text: str | None = None, action: Callable[[], object] | None = None
    ) -> None:
        """Say what went wrong in the banner, with the one button that helps, if there is one."""
        self._trouble.tell(fault, action_text, action)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.addWidget(self._sidebar_button)
        bar.addWidget(self.model_picker)
        bar.addWidget(self.context_gauge)
        bar.addStretch(1)
        bar.addWidget(self._menu_button)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.banner)
        column.addWidget(self._offer)
        column.addWidget(self.transcript, 1)
        column.addWidget(self.composer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(column, 1)

    def _connect(self, bridge: StoreBridge) -> None:
        bridge.event_happened.connect(self._on_event)
        self._open.changed.connect(self._on_conversation_changed)
        self._open.load_requested.connect(self._library.open)
        self.transcript.on_disk.texts_wished.connect(self._texts.want)
        self.transcript.on_disk.rows_measured.connect(self._library.keep_heights)
        self.sidebar.new_requested.connect(self._on_new_requested)
        self.sidebar.open_requested.connect(self._open.show)
        self.sidebar.rename_requested.connect(self._library.rename)
        self.sidebar.delete_requested.connect(self._wishes.delete_conversation)
        self.model_picker.providers_requested.connect(lambda: self._settings.open("providers"))
        self.model_picker.add_requested.connect(self._settings.add_provider)
        self.model_picker.price_requested.connect(self._settings.ask_price)
        self.sidebar.settings_requested.connect(self._settings.open_first)
        self._wishes.refused.connect(self.show_fault)
        self._reading.failed.connect(self.show_fault)
        self._sidebar_button.clicked.connect(self._sidebar_place.toggle)
        for used in (self.sidebar.new_requested, self.sidebar.open_requested):
            used.connect(self._sidebar_place.note_use)

    def _connect_actions(self) -> None:
        for action, wish in (
            (self._actions.new_conversation, self._on_new_requested),
            (self._actions.search, self._on_search_requested),
            (self._actions.choose_model, self.model_picker.open),
            (self._actions.settings, self._settings.open_first),
            (self._actions.sidebar, self._sidebar_place.toggle),
            (self._actions.stop_all, self._wishes.stop_all),
            (self._actions.stop, self._wishes.stop),
            (self._actions.quit, self._window.close),
        ):
            action.triggered.connect(wish)

    # What the user wants

    def _on_new_requested(self) -> None:
        self._open.show(None)

    def _on_search_requested(self) -> None:
        self._sidebar_place.set_visible(True)
        self.sidebar.focus_search()

    # What happened

    def _on_event(self, event: Event) -> None:
        match event:
            case GenerationEnded() | MessagesDeleted() | MessageAdded():
                self._refresh_generating()
            case SaveFailed(fault=fault) | FaultOccurred(fault=fault):
                self.show_fault(fault)
            case ConversationRenamed():
                self._on_conversation_changed()

    def _on_conversation_changed(self) -> None:
        """Another conversation is on screen, or it has another name."""
        conversation = self._store.conversations.get(self._open.id) if self._open.id else None
        self._actions.stop.setEnabled(bool(self._open.generating()))
        self._window.setWindowTitle(f"{conversation.title} – {APP_NAME}" if conversation else APP_NAME)

    def _refresh_generating(self) -> None:
        self._actions.stop.setEnabled(bool(self._open.generating()))
        self._actions.stop_all.setEnabled(bool(self._store.generating()))

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._sidebar_place.fit(event.size().width())
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def focusNextPrevChild(self, forward: bool) -> bool:
        is_moved = super().focusNextPrevChild(forward)
        self.transcript.reader.focus.pass_by(forward=forward)
        return is_moved
