"""One provider's set-up, to be filled in, tested and saved."""

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.keys import KeyringState
from app.domain.model import ProviderId
from app.domain.network import Origin, origin_of, speaks_in_the_open
from app.domain.provider import ProviderState, Secret
from app.domain.provider_config import Preset, ProviderConfig
from app.engine.events import ConnectionTested
from app.ui.icons import IconButton, Icons
from app.ui.settings.connection_result import ConnectionResult
from app.ui.settings.controls import row_button
from app.ui.settings.fields import Field, Fold, line_edit
from app.ui.settings.key_fields import KeyFields
from app.ui.settings.model_field import ModelField
from app.ui.settings.more_fields import MoreFields
from app.ui.settings.page import MARGIN_PX, plain, scrolled
from app.ui.settings.provider_draft import config_from, host_of, origin_or_none
from app.ui.text import CANCEL
from app.ui.theme import Theme

_TEST = "Test connection"


class ProviderForm(QWidget):
    """`begin` it with a preset or with what is set up. Says what the user wants with a ProviderConfig and a key."""

    save_requested = Signal(object, object)  # a ProviderConfig; its new Secret, or None
    test_requested = Signal(object, object)  # as above
    left = Signal()
    refresh_requested = Signal(str)  # a provider's id
    key_page_requested = Signal(str)  # its address

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._config = ProviderConfig(id=ProviderId(""), name="", base_url="")
        self._preset = Preset(id="", name="", base_url="")
        self._is_new = True
        self._origin: Origin | None = None
        self._tested: ProviderConfig | None = None
        self._is_edited = False  # since the test began
        self._heading = plain("", "question")
        self._hint = plain("", "muted")
        self._name = Field("Name", line_edit("providerName"), is_silent=True)
        self._address = Field("Address", line_edit("providerAddress", "https://api.example.org/v1"))
        self._keys = KeyFields(theme, icons)
        self._model = ModelField(theme, icons)
        self._more = MoreFields(theme, icons)
        self._fold = Fold(theme, icons, "More", self._more, "moreButton")
        self._result = ConnectionResult(theme)
        self._back = IconButton(theme, icons, "chevron-left", "Back to the providers")
        self._back.setObjectName("backButton")
        self._test = row_button(_TEST, "testConnectionButton")
        self._cancel = row_button(CANCEL, "cancelProviderButton")
        self._save = row_button("Save", "saveProviderButton", look="strong")
        self._lay_out()
        self._connect()

    def begin_new(self, preset: Preset, keyring: KeyringState) -> None:
        """Set up another provider."""
        self._begin(config_from(preset, keyring), preset, keyring, is_new=True)

    def begin_edit(self, config: ProviderConfig, preset: Preset | None, keyring: KeyringState) -> None:
        """Change one that is set up."""
        self._begin(config, preset or Preset(id="", name="", base_url=""), keyring, is_new=False)

    def show_state(self, state: ProviderState | None, listed: str) -> None:
        """How the provider is now; `listed` says how old its list of models is."""
        if self._is_new or state is None or self._tested is not None:
            return
        self._model.show_models(state.models, listed)

    def show_keyring(self, keyring: KeyringState) -> None:
        self._keys.show_keyring(keyring)

    def show_testing(self, config: ProviderConfig) -> None:
        """A test has begun."""
        self._tested = config
        self._is_edited = False
        self._test.setEnabled(False)
        self._result.show_running()

    def show_result(self, event: ConnectionTested) -> None:
        """Show what became of the test, unless the form says something else by now."""
        if self._tested is None or event.provider_id != self._tested.id:
            return
        self._tested = None
        self._test.setEnabled(True)
        if self._is_edited:
            self._result.clear()
        elif event.fault is not None:
            self._result.show_fault(event.fault)
        else:
            self._result.show_answered(len(event.models), event.took_ms)
            self._model.show_models(event.models, "")

    @property
    def provider_id(self) -> ProviderId:
        return self._config.id

    def _begin(self, config: ProviderConfig, preset: Preset, keyring: KeyringState, *, is_new: bool) -> None:
        self._config, self._preset, self._is_new = config, preset, is_new
        self._origin = None if is_new else origin_or_none(config.base_url)
        self._tested = None
        self._heading.setText(f"Add {preset.name}" if is_new and preset.base_url else config.name or "Add a provider")
        about = " ".join(filter(None, (preset.hint, preset.supports)))
        self._hint.setText(about)
        self._hint.setVisible(bool(about))
        self._keys.begin(config, has_key_page=bool(preset.key_url), is_new=is_new, keyring=keyring)
        _line(self._name).setText(config.name)
        _line(self._address).setText(config.base_url)
        self._model.begin(config.default_model, can_refresh=not is_new and config.is_enabled)
        self._more.begin(config)
        self._fold.set_open(self._more.is_used())
        self._test.setEnabled(True)
        self._result.clear()
        self._on_address_changed()
        if is_new:
            self._address.say("")
        if config.base_url and "RESOURCE" not in config.base_url:
            self._keys.focus_field()
        else:
            (self._address if config.base_url else self._name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        content = QWidget()
        fields = QVBoxLayout(content)
        fields.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, MARGIN_PX)
        fields.setSpacing(10)
        fields.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (self._hint, self._name, self._address, self._keys, self._model, self._fold):
            fields.addWidget(widget)
        self._area = scrolled(content)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN_PX - 10, MARGIN_PX - 6, MARGIN_PX, 8)
        head.addWidget(self._back)
        head.addWidget(self._heading, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._test)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        foot = QFrame()
        foot.setProperty("look", "foot")
        below = QVBoxLayout(foot)
        below.setContentsMargins(MARGIN_PX, 12, MARGIN_PX, 16)
        below.setSpacing(8)
        below.addWidget(self._result)
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        column.addWidget(foot)

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self._cancel.clicked.connect(self.left)
        self._save.clicked.connect(self._on_save_clicked)
        self._test.clicked.connect(self._on_test_clicked)
        _line(self._name).textEdited.connect(self._on_edited)
        _line(self._address).textChanged.connect(self._on_address_changed)
        for fields in (self._keys, self._model, self._more):
            fields.edited.connect(self._on_edited)
        self._keys.key_page_requested.connect(lambda: self.key_page_requested.emit(self._preset.key_url))
        self._model.refresh_requested.connect(lambda: self.refresh_requested.emit(self._config.id))

    def _answer(self) -> ProviderConfig:
        """What the form says now, right or wrong."""
        address = _line(self._address).text().strip()
        key, more = self._keys.answer(), self._more.answer()
        return replace(
            self._config,
            name=_line(self._name).text().strip() or host_of(address),
            base_url=address,
            key_place=key.place,
            key_name=key.name,
            key_origin=self._config.key_origin if origin_or_none(address) == self._origin else "",
            default_model=self._model.text,
            auth=more.auth,
            headers=more.headers,
            body=more.body,
            ca_file=more.ca_file,
            proxy=more.proxy,
        )

    def _checked(self) -> tuple[ProviderConfig, Secret | None] | None:
        """Return what the form says, None if something is wrong: then that field says so and has the focus."""
        try:
            origin_of(_line(self._address).text())
        except ValueError as error:
            self._address.say(str(error), is_error=True)
            self._address.control.setFocus()
            return None
        key = self._keys.answer()
        if key.problem:
            self._keys.show_problem(key.problem)
            return None
        if (wrong := self._more.problem_field()) is not None:
            self._fold.set_open(True)
            wrong.setFocus()
            self._area.ensureWidgetVisible(wrong)
            return None
        return self._answer(), key.key

    def _on_save_clicked(self) -> None:
        if (checked := self._checked()) is not None:
            self.save_requested.emit(*checked)

    def _on_test_clicked(self) -> None:
        if (checked := self._checked()) is not None:
            self.test_requested.emit(*checked)

    def _on_edited(self) -> None:
        self._is_edited = True
        if self._tested is None:
            self._result.clear()

    def _on_address_changed(self) -> None:
        self._on_edited()
        address = _line(self._address).text().strip()
        try:
            origin = origin_of(address)
        except ValueError as error:
            self._address.say(str(error) if address else "", is_error=True)
            return
        self._keys.set_other_server(self._origin is not None and origin != self._origin)
        self._address.say(f"{origin.host} is asked without encryption." if speaks_in_the_open(origin) else "")

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field of one line saves."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(self.focusWidget(), QLineEdit):
            self._on_save_clicked()
            return
        super().keyPressEvent(event)


def _line(field: Field) -> QLineEdit:
    assert isinstance(field.control, QLineEdit)
    return field.control
