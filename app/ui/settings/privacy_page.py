"""Settings › Privacy: what leaves this computer, and what of it the user decides."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.settings import Settings
from app.ui.icons import Icons
from app.ui.settings.controls import row_button
from app.ui.settings.page import Finding, Group, plain
from app.ui.settings.rows import Heading, Row, TablePage
from app.ui.theme import Theme

_LEAVES = (
    "What you write, with the conversation before it, goes to the provider whose model you chose, and to nobody else. "
    "A provider that you use is also asked for its list of models. Belay has no account, sends no statistics and looks "
    "for no updates. Pictures in answers are not loaded, and a link is opened only when you say so. What you ask the "
    "built-in model stays on this computer."
)
_ROWS = (
    Heading("What Belay does by itself"),
    Row(
        "warms_connections",
        "Open the connection while you type",
        note="The first words come sooner. The provider sees that you connect; nothing of what you type is sent.",
        words="network warm keep-alive handshake latency",
    ),
    Row(
        "finds_local_servers",
        "Look for servers on this computer at the first start",
        note="Only this computer is asked, and only until a provider is set up.",
        words="ollama lm studio local discovery scan ports",
    ),
)
_NO_HOST = "You have allowed none. Belay asks before it talks to a server without encryption."
_LINKS = "Hosts whose links you trusted are forgotten when Belay is closed."


class PrivacyPage(TablePage):
    """The switches as a table, and below them the hosts that the user allowed, each with a button to take it back."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__("privacy", "Privacy", (), theme, icons, words="security data leaves telemetry tracking")
        self._hosts: tuple[str, ...] = ()
        leaves = plain(_LEAVES, "advice")
        row = self.add_group("What leaves this computer").add_wide(leaves)
        self.findings.append(Finding("what leaves this computer telemetry statistics updates account", row, leaves))
        self.add_rows(_ROWS)
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        heading = plain("Servers asked without encryption", "title")
        heading.setContentsMargins(0, 8, 0, 0)
        self.column.addWidget(heading)
        holder = QWidget()
        holder.setLayout(self._place)
        self.column.addWidget(holder)
        self.column.addWidget(plain(_LINKS, "muted"))
        self._group: Group | None = None
        self._fill()
        self.findings.append(Finding("http unencrypted encryption hosts allowed plain servers", holder, holder))

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        if settings.plain_http_hosts != self._hosts:
            self._hosts = settings.plain_http_hosts
            self._fill()

    def _fill(self) -> None:
        if self._group is not None:
            self._group.hide()
            self._group.deleteLater()
        self._group = Group()
        for host in self._hosts:
            button = row_button("Remove", f"forgetHost-{host}", name=f"Ask again before talking to {host}")
            button.clicked.connect(lambda _checked=False, host=host: self._on_remove_clicked(host))
            self._group.add_row(host, button)
        if not self._hosts:
            self._group.add_wide(plain(_NO_HOST, "muted"))
        self._place.addWidget(self._group)

    def _on_remove_clicked(self, host: str) -> None:
        self.change_requested.emit("plain_http_hosts", tuple(each for each in self._hosts if each != host))
