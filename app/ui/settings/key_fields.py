"""Where a provider's key comes from, and the key itself."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.keys import KeyringState, clean_key
from app.domain.provider import Secret
from app.domain.provider_config import KeyPlace, ProviderConfig
from app.ui.icons import Icons
from app.ui.settings.controls import Choice, row_button
from app.ui.settings.fields import Field, SecretEdit, line_edit
from app.ui.theme import Theme

_PLACES = (
    (KeyPlace.KEYRING, "In your keyring"),
    (KeyPlace.SESSION, "Until Belay is closed"),
    (KeyPlace.ENVIRONMENT, "From a variable"),
    (KeyPlace.COMMAND, "From a command"),
    (KeyPlace.NONE, "No key needed"),
)
_NOTES = {
    KeyPlace.KEYRING: "Your system's keyring keeps it. Belay writes it to no file.",
    KeyPlace.SESSION: "It is kept in memory, and forgotten when Belay is closed.",
    KeyPlace.ENVIRONMENT: "Only the name of the variable is stored.",
    KeyPlace.COMMAND: "What the command prints is the key. Only the command is stored.",
    KeyPlace.NONE: "",
}
_NO_KEYRING = "No keyring was found on this system: the key is forgotten when Belay is closed."
_KEPT = "The key is kept. Leave this empty to go on with it."
_OTHER_SERVER = "This is another server: enter its key. The old key is never sent there."
_NAME_AGAIN = "This is another server: say again where its key comes from."
_WITH_KEY = (KeyPlace.KEYRING, KeyPlace.SESSION)
_NAMED = (KeyPlace.ENVIRONMENT, KeyPlace.COMMAND)


class KeyAnswer(NamedTuple):
    """What the user said. `key` is None where none was entered, `problem` a sentence or ""."""

    place: KeyPlace
    name: str
    key: Secret | None
    problem: str = ""


class KeyFields(QWidget):
    edited = Signal()
    key_page_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._has_key = False
        self._had_source = False
        self._is_other_server = False
        self._named = dict.fromkeys(_NAMED, "")
        self._keyring = KeyringState.UNKNOWN
        self._place = Choice(theme, icons, "Where the key is kept", _PLACES, "keyPlace")
        self._place.chosen.connect(self._on_place_chosen)
        self._get_key = row_button("Get a key", "getKeyButton", name="Open the page where a key is made", look="link")
        self._get_key.clicked.connect(self.key_page_requested)
        self._edit = SecretEdit(theme, icons, "providerKey")
        self._variable = line_edit("providerKeyVariable", "OPENAI_API_KEY")
        self._command = line_edit("providerKeyCommand", "pass show openai")
        self._none = line_edit("providerNoKey", "This server asks for none")
        self._none.setEnabled(False)
        self._stack = QStackedWidget()
        for field, name in ((self._edit, "API key"), (self._variable, "Name of the variable that has the key"),
                            (self._command, "Command that prints the key"), (self._none, "API key")):  # fmt: skip
            field.setAccessibleName(name)
            field.textChanged.connect(self._on_edited)
            self._stack.addWidget(field)
        self._field = Field("API key", self._stack, beside=self._place, above=self._get_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._field)

    def begin(self, config: ProviderConfig, *, has_key_page: bool, is_new: bool, keyring: KeyringState) -> None:
        """Show how it is now. A key itself is never shown again."""
        self._keyring = keyring
        self._has_key = not is_new and config.key_place in _WITH_KEY
        self._had_source = not is_new and config.key_place is not KeyPlace.NONE
        self._is_other_server = False
        self._get_key.setVisible(has_key_page)
        self._edit.clear()
        self._edit.set_revealed(False)
        self._named = {place: config.key_name if config.key_place is place else "" for place in _NAMED}
        self._variable.setText(self._named[KeyPlace.ENVIRONMENT])
        self._command.setText(self._named[KeyPlace.COMMAND])
        self._place.show_value(config.key_place)
        self._refresh()

    def show_keyring(self, keyring: KeyringState) -> None:
        self._keyring = keyring
        self._refresh()

    def set_other_server(self, is_other: bool) -> None:
        """The address is at another scheme, host or port than the key that is kept, or no more."""
        if is_other is self._is_other_server:
            return
        self._is_other_server = is_other
        # A name is a key, too: it is asked for again.
        self._variable.setText("" if is_other else self._named[KeyPlace.ENVIRONMENT])
        self._command.setText("" if is_other else self._named[KeyPlace.COMMAND])
        self._refresh()

    def answer(self) -> KeyAnswer:
        match place := self._chosen:
            case KeyPlace.NONE:
                return KeyAnswer(place, "", None)
            case KeyPlace.ENVIRONMENT | KeyPlace.COMMAND:
                field = self._variable if place is KeyPlace.ENVIRONMENT else self._command
                name = field.text().strip()
                what = "variable" if place is KeyPlace.ENVIRONMENT else "command"
                return KeyAnswer(place, name, None, "" if name else f"Name the {what} that has the key")
        try:
            key = clean_key(self._edit.text())
        except AppError as error:
            return KeyAnswer(place, "", None, f"{error.title}. {error.advice}")
        return KeyAnswer(place, "", Secret(key) if key else None)

    def show_problem(self, problem: str) -> None:
        """Say at the field what is wrong, and go there."""
        self._field.say(problem, is_error=True)
        self.focus_field()

    def focus_field(self) -> None:
        self._shown.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _chosen(self) -> KeyPlace:
        return KeyPlace(str(self._place.value))

    @property
    def _shown(self) -> QLineEdit:
        fields = {KeyPlace.ENVIRONMENT: self._variable, KeyPlace.COMMAND: self._command, KeyPlace.NONE: self._none}
        return fields.get(self._chosen, self._edit)

    def _refresh(self) -> None:
        place = self._chosen
        self._stack.setCurrentWidget(self._shown)
        is_kept = self._has_key and not self._is_other_server
        self._edit.setPlaceholderText("••••••••••••" if is_kept else "")
        self._field.say(self._sentence(place, is_kept=is_kept))

    def _sentence(self, place: KeyPlace, *, is_kept: bool) -> str:
        if self._is_other_server and self._had_source:
            return _OTHER_SERVER if place in _WITH_KEY else _NAME_AGAIN if place in _NAMED else ""
        if is_kept and place in _WITH_KEY:
            return _KEPT
        if place is KeyPlace.KEYRING and self._keyring is KeyringState.MISSING:
            return _NO_KEYRING
        return _NOTES[place]

    def _on_place_chosen(self) -> None:
        self._refresh()
        self.edited.emit()

    def _on_edited(self) -> None:
        self._refresh()
        self.edited.emit()
