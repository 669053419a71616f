"""Settings › Advanced: how requests leave this computer."""

from PySide6.QtWidgets import QWidget

from app.domain.network import ProxyMode, ProxySetting, proxy_address
from app.domain.settings import Settings
from app.ui.icons import Icons
from app.ui.settings.controls import Choice
from app.ui.settings.fields import Field, line_edit
from app.ui.settings.page import Finding, Page, plain
from app.ui.theme import Theme

_MODES = (
    (ProxyMode.SYSTEM, "The system's"),
    (ProxyMode.NONE, "None"),
    (ProxyMode.MANUAL, "This one"),
)
_HELP = (
    "Servers on this computer are never asked through a proxy. A provider can have a proxy of its own: "
    "Settings › Providers › Edit › More."
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
        if not is_manual:
            return
        try:
            proxy_address(self._address.text())
        except ValueError as error:
            is_begun = bool(self._address.text())
            self._field.say(str(error) if is_begun else _NO_ADDRESS, is_error=is_begun)
        else:
            self._field.say("")

    def _on_mode_chosen(self, mode: ProxyMode) -> None:
        self._shown = ProxySetting(mode, self._address.text().strip())
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
        wanted = ProxySetting(ProxyMode.MANUAL, self._address.text().strip())
        try:
            proxy_address(wanted.address)
        except ValueError:
            return
        self._shown = wanted
        self.change_requested.emit("proxy", wanted)
