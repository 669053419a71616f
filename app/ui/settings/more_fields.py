"""The part of a provider's set-up that few need: headers, body parameters, certificates, a proxy of its own."""

from collections.abc import Callable
from pathlib import PurePath
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.domain.extras import body_members, check_headers
from app.domain.model import ProviderId
from app.domain.network import ProxyMode, ProxySetting
from app.domain.provider import AuthStyle
from app.domain.provider_config import ProviderConfig
from app.ui.icons import Icons
from app.ui.settings.controls import Choice, row_button
from app.ui.settings.fields import Field, Lines, line_edit
from app.ui.settings.proxy_words import Verdict, proxy_verdict
from app.ui.theme import Theme

_STYLES = (
    (AuthStyle.BEARER, "Authorization: Bearer …"),
    (AuthStyle.API_KEY, "api-key: …"),
    (AuthStyle.X_API_KEY, "x-api-key: …"),
)
_AS_ADVANCED = "advanced"
_PROXIES = (
    (_AS_ADVANCED, "As in Settings › Advanced"),
    (ProxyMode.SYSTEM, "The system's proxy"),
    (ProxyMode.NONE, "No proxy"),
    (ProxyMode.MANUAL, "A proxy of its own"),
)


class More(NamedTuple):
    auth: AuthStyle
    headers: tuple[tuple[str, str], ...]
    body: str
    ca_file: str
    proxy: ProxySetting | None


class MoreFields(QWidget):
    """Built when it is seen for the first time: few need it, and it takes as long as all the rest of the form."""

    edited = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._config = ProviderConfig(id=ProviderId(""), name="", base_url="")
        self._is_built = False

    def _build(self) -> None:
        self._is_built = True
        theme, icons = self._theme, self._icons
        self._headers = Lines("providerHeaders", "HTTP-Referer: https://example.org")
        self._body = Lines("providerBody", '{"temperature": 0.7}')
        self._auth = Choice(theme, icons, "The key travels as", _STYLES, "providerAuth")
        self._ca_file = line_edit("providerCaFile")
        self._choose = row_button("Choose…", "chooseCaFileButton", name="Choose a file of certificates")
        self._choose.clicked.connect(self._on_choose_clicked)
        self._proxy = Choice(theme, icons, "Proxy", _PROXIES, "providerProxy")
        self._proxy_address = line_edit("providerProxyAddress", "socks5://localhost:1080")
        self._headers_field = Field("Extra headers", self._headers, note="One a line, as Name: value.")
        self._body_field = Field("Extra body parameters", self._body, note="A JSON object, added to each request.")
        self._ca_field = Field("Certificate file", self._ca_file, beside=self._choose,
                               note="Certificates in PEM form that are trusted beside the system's.")  # fmt: skip
        self._proxy_address_field = Field("Address of the proxy", self._proxy_address)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        auth, proxy = (
            Field("The key travels as", self._auth, is_silent=True),
            Field("Proxy", self._proxy, is_silent=True),
        )
        for field in (self._headers_field, self._body_field, auth, self._ca_field, proxy, self._proxy_address_field):
            column.addWidget(field)
        for edit in (self._headers, self._body):
            edit.textChanged.connect(self._on_edited)
        for line in (self._ca_file, self._proxy_address):
            line.textChanged.connect(self._on_edited)
        for choice in (self._auth, self._proxy):
            choice.chosen.connect(self._on_edited)

    def begin(self, config: ProviderConfig) -> None:
        self._config = config
        if self._is_built:
            self._fill_in(config)

    def _fill_in(self, config: ProviderConfig) -> None:
        self._headers.setPlainText("\n".join(f"{name}: {value}" for name, value in config.headers))
        self._body.setPlainText(config.body)
        self._auth.show_value(config.auth)
        self._ca_file.setText(config.ca_file)
        self._proxy.show_value(config.proxy.mode if config.proxy is not None else _AS_ADVANCED)
        self._proxy_address.setText(config.proxy.address if config.proxy is not None else "")
        self._refresh()

    def is_used(self) -> bool:
        """Whether anything here differs from what most providers need."""
        return self.answer() != More(AuthStyle.BEARER, (), "", "", None)

    def answer(self) -> More:
        if not self._is_built:
            config = self._config
            return More(config.auth, config.headers, config.body, config.ca_file, config.proxy)
        mode = self._proxy.value
        proxy = None if mode == _AS_ADVANCED else ProxySetting(ProxyMode(str(mode)), self._address_to_keep())
        return More(
            AuthStyle(str(self._auth.value)),
            _headers_of(self._headers.toPlainText()),
            self._body.toPlainText().strip(),
            self._ca_file.text().strip(),
            proxy,
        )

    def _address_to_keep(self) -> str:
        """What is written, also where no proxy is used now; but no password that could not be saved with one."""
        is_manual, address = self._proxy.value == ProxyMode.MANUAL, self._proxy_address.text().strip()
        return address if is_manual or not self._judged_address().is_error else ""

    def problem_field(self) -> QWidget | None:
        """Return the first field with something wrong in it, None if all is right. Each says it itself."""
        wrong = self._refresh() if self._is_built else []
        return next((field.control for field in wrong), None)

    def _refresh(self) -> list[Field]:
        wrong = []
        answer = self.answer()
        for field, problem in (
            (self._headers_field, _problem(lambda: check_headers(answer.headers))),
            (self._body_field, _problem(lambda: body_members(answer.body))),
            (self._ca_field, _ca_problem(answer.ca_file)),
        ):
            field.say(problem, is_error=True)
            if problem:
                wrong.append(field)
        proxy = self._proxy_verdict()
        self._proxy_address_field.say(proxy.sentence, is_error=proxy.is_error)
        if proxy.is_error:
            wrong.append(self._proxy_address_field)
        self._proxy_address_field.setVisible(self._proxy.value == ProxyMode.MANUAL)
        return wrong

    def _proxy_verdict(self) -> Verdict:
        return self._judged_address() if self._proxy.value == ProxyMode.MANUAL else Verdict("", is_error=False)

    def _judged_address(self) -> Verdict:
        kept = self._config.proxy.address if self._config.proxy is not None else ""
        return proxy_verdict(self._proxy_address.text(), kept)

    def _on_edited(self) -> None:
        self._refresh()
        self.edited.emit()

    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, "Certificate file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Certificates (*.pem *.crt *.cer)", "All files (*)"])
        dialog.fileSelected.connect(self._ca_file.setText)
        dialog.open()

    # Qt overrides

    def setVisible(self, visible: bool) -> None:  # noqa: N802 - Qt's name
        if visible and not self._is_built:
            self._build()
            with QSignalBlocker(self):  # nobody has edited anything
                self._fill_in(self._config)
        super().setVisible(visible)


def _headers_of(text: str) -> tuple[tuple[str, str], ...]:
    lines = (line.partition(":") for line in text.splitlines() if line.strip())
    return tuple((name.strip(), value.strip()) for name, _, value in lines)


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except ValueError as error:
        return str(error)
    return ""


def _ca_problem(path: str) -> str:
    """Whether the file is there is found out when it is read: off this thread."""
    return "" if not path or PurePath(path).is_absolute() else "Write the whole path of the file"
