"""The pages of the settings window."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.model import ProviderId
from app.domain.provider import ProviderState
from app.domain.settings import ColorScheme, Settings
from app.ui.check_box import CheckBox
from app.ui.icons import Icons
from app.ui.model_picker import phase_color, phase_sentence
from app.ui.text import APP_NAME
from app.ui.theme import Theme

_SCHEMES = (
    (ColorScheme.SYSTEM, "System", "monitor"),
    (ColorScheme.LIGHT, "Light", "sun"),
    (ColorScheme.DARK, "Dark", "moon"),
)
_PROVIDERS_HELP = (
    "To use another OpenAI-compatible server, set OPENAI_BASE_URL (and OPENAI_API_KEY if it wants a key) "
    "before Belay starts. BELAY_MODEL names the model to begin with. The key is never stored."
)


class Page(QWidget):
    """A title, and what is below it from top to bottom."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 24, 24, 24)
        self.column.setSpacing(8)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(plain(title, "question"))
        self.column.addSpacing(8)


class GeneralPage(Page):
    color_scheme_requested = Signal(object)  # a ColorScheme
    announcing_requested = Signal(bool)
    reduced_motion_requested = Signal(bool)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__("General")
        self._theme = theme
        self._icons = icons
        self._group = QButtonGroup(self)
        self._buttons: dict[ColorScheme, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(8)
        for scheme, label, icon_name in _SCHEMES:
            button = QPushButton(f" {label}")
            button.setObjectName(f"colorScheme{label}")
            button.setProperty("look", "choice")
            button.setProperty("icon_name", icon_name)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"Appearance: {label}")
            button.setToolTip("Follow the system" if scheme is ColorScheme.SYSTEM else f"Always {label.lower()}")
            self._group.addButton(button)
            self._buttons[scheme] = button
            row.addWidget(button, 1)
        self._group.buttonClicked.connect(self._on_button_clicked)
        self.column.addWidget(plain("Appearance", "title"))
        self.column.addLayout(row)
        self.column.addSpacing(16)
        self.column.addWidget(plain("Reading", "title"))
        self._announces = _switch("announceSwitch", "Tell screen readers each sentence of an answer as it is finished")
        self._announces.clicked.connect(self.announcing_requested)
        self._reduces_motion = _switch("reduceMotionSwitch", "Reduce motion: nothing moves or fades by itself")
        self._reduces_motion.clicked.connect(self.reduced_motion_requested)
        self.column.addWidget(self._announces)
        self.column.addWidget(self._reduces_motion)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_settings(self, settings: Settings) -> None:
        self._buttons[settings.color_scheme].setChecked(True)
        self._announces.setChecked(settings.announces_answers)
        self._reduces_motion.setChecked(settings.reduces_motion)

    def _on_button_clicked(self) -> None:
        scheme = next(each for each, button in self._buttons.items() if button.isChecked())
        self.color_scheme_requested.emit(scheme)

    def _on_theme_changed(self) -> None:
        for button in self._buttons.values():
            button.setIcon(self._icons.icon(button.property("icon_name"), self._theme.palette.text, 16))


class ProvidersPage(Page):
    def __init__(self, theme: Theme) -> None:
        super().__init__("Providers")
        self._theme = theme
        self._states: tuple[ProviderState, ...] = ()
        self._addresses: Mapping[ProviderId, str] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.column.addLayout(self._list)
        self.column.addSpacing(16)
        self.column.addWidget(plain(_PROVIDERS_HELP, "muted", selectable=True))
        theme.changed.connect(self._on_theme_changed)

    def show_providers(self, states: Sequence[ProviderState], addresses: Mapping[ProviderId, str]) -> None:
        self._states = tuple(states)
        self._addresses = addresses
        self._refill()

    def _refill(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for state in self._states:
            self._list.addWidget(self._card(state))
        if not self._states:
            self._list.addWidget(plain("There is no provider yet", "muted"))

    def _card(self, state: ProviderState) -> QWidget:
        card = QWidget()
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        dot = QLabel()
        dot.setFixedSize(8, 8)
        dot.setStyleSheet(f"background: {phase_color(state.phase, self._theme)}; border-radius: 4px;")
        head.addWidget(dot)
        head.addWidget(plain(state.name, "title"), 1)
        column.addLayout(head)
        lines = [phase_sentence(state), self._addresses.get(state.id, ""), state.note]
        for line in filter(None, lines):
            label = plain(line, "muted", selectable=True)
            label.setContentsMargins(16, 0, 0, 0)
            column.addWidget(label)
        return card

    def _on_theme_changed(self) -> None:
        self._refill()


class DataPage(Page):
    open_folder_requested = Signal()

    def __init__(self, data_folder: str) -> None:
        super().__init__("Data")
        self.column.addWidget(plain("Your conversations are kept on this computer, in this folder:", "advice"))
        path = plain(data_folder, "muted", selectable=True)
        path.setObjectName("dataFolder")
        path.setAccessibleName("Data folder")
        self.column.addWidget(path)
        self.column.addSpacing(8)
        button = QPushButton("Open folder")
        button.setObjectName("openFolderButton")
        button.setProperty("look", "plain")
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName("Open folder")
        button.setToolTip("Show the data folder in the file manager")
        button.clicked.connect(self.open_folder_requested)
        self.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


class AboutPage(Page):
    def __init__(self, version: str, licence: str) -> None:
        super().__init__(f"About {APP_NAME}")
        self.column.addWidget(plain("A desktop chat client whose Stop is instant.", "advice"))
        self.column.addSpacing(8)
        self.column.addWidget(plain(f"Version {version}\nLicence: {licence}", "muted", selectable=True))


def _switch(name: str, label: str) -> CheckBox:
    switch = CheckBox(label)
    switch.setObjectName(name)
    return switch


def plain(text: str, look: str, *, selectable: bool = False) -> QLabel:
    """A label that shows every character as it is."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", look)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
