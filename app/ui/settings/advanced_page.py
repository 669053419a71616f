"""Settings › Advanced: how requests leave this computer."""

from PySide6.QtWidgets import QWidget

from app.domain.network import ProxyMode, ProxySetting
from app.domain.settings import Settings
from app.ui.icons import Icons
from app.ui.settings.controls import Choice
from app.ui.settings.fields import Field, line_edit
from app.ui.settings.page import Finding, Page, plain
from app.ui.settings.proxy_words import Verdict, proxy_verdict
from app.ui.theme import Theme

_MODES = (
    (ProxyMode.SYSTEM, "The system's"),
    (ProxyMode.NONE, "None"),
    (ProxyMode.MANUAL, "This one"),
)
_HELP = (
    "Servers on this computer are never asked through a proxy. A provider can have a proxy of its own: "
    "Settings › Providers › Edit › More. A proxy that wants a name and a password belongs into the variable "
    "HTTPS_PROXY, which the system's proxy is read from."
)
_NO_ADDRESS = "Enter its address. Until then requests go as before."
_CERTIFICATES = (
    "Belay trusts what your system trusts, and there is no switch to trust everything. For a company's own "
    "certificates, name their file at the provider: Settings › Providers › Edit › More."
)


class AdvancedPage(Page):
    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__("advanced", "Advanced", words="network expert")
        self._shown = ProxySetting()
        self._mode = Choice(theme, icons, "Proxy", _MODES, "proxyMode")
        self._mode.chosen.connect(self._on_mode_chosen)
        self._address = line_edit("proxyAddress", "http://host:port or socks5://host:port")
        self._address.editingFinished.connect(self._on_address_written)
        self._field = Field("Address of the proxy", self._address)
        group = self.add_group("Proxy")
        self.add_setting(group, "Requests go through", self._mode, words="proxy socks5 http system none manual network")
        self._row: QWidget = group.add_wide(self._field)
        self.findings.append(Finding("proxy address host port socks5 user password", self._row, self._address))
        self.column.addWidget(plain(_HELP, "muted"))
        certificates = self.add_group("Certificates")
        hint = plain(_CERTIFICATES, "muted")
        row = certificates.add_wide(hint)
        self.findings.append(Finding("certificate ca file tls ssl trust self-signed company roots", row, hint))

    def show_settings(self, settings: Settings) -> None:
        if settings.proxy == self._shown:
            return
        self._shown = settings.proxy
        self._mode.show_value(settings.proxy.mode)
        self._address.setText(settings.proxy.address)
        self._refresh()

    def begin(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        is_manual = self._mode.value == ProxyMode.MANUAL
        self._row.setVisible(is_manual)
        if is_manual and self._address.text():
            verdict = self._verdict()
            self._field.say(verdict.sentence, is_error=verdict.is_error)
        elif is_manual:
            self._field.say(_NO_ADDRESS)

    def _verdict(self) -> Verdict:
        return proxy_verdict(self._address.text(), self._shown.address)

    def _on_mode_chosen(self, mode: ProxyMode) -> None:
        """With the address that counted last: what is written and is none is not kept."""
        self._shown = ProxySetting(mode, self._shown.address)
        self._refresh()
        if mode is ProxyMode.MANUAL and not self._shown.address:
            self._address.setFocus()
            return  # it is asked for first
        self.change_requested.emit("proxy", self._shown)

    def _on_address_written(self) -> None:
        """Applied when the field is left or Enter is pressed, and only if it is an address."""
        self._refresh()
        if self._mode.value != ProxyMode.MANUAL:
            return
        if self._verdict().is_error:
            return
        self._shown = wanted = ProxySetting(ProxyMode.MANUAL, self._address.text().strip())
        self.change_requested.emit("proxy", wanted)
