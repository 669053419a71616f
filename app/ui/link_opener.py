"""The one place that hands addresses to the system, and the question that comes before."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.domain.errors import Fault
from app.markdown.links import Target, claimed_host, is_misleading, target_of
from app.ui.clipboard import put_on_clipboard
from app.ui.link_dialog import LinkDialog, LinkQuestion


class LinkOpener(QObject):
    """
    Opens http, https and mailto addresses, each after a question; anything else never.

    For which hosts the user need not be asked again is remembered for as long as the program runs.
    """

    failed = Signal(object)  # a Fault

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._trusted: set[tuple[str, str, int | None]] = set()

    def ask(self, href: str, text: str) -> None:
        """Ask whether to follow a link that stands in the conversation as `text`. Returns at once."""
        target = target_of(href)
        question = _question_of(target, text) if target is not None else _refusal_of(href)
        if target is not None and question.can_be_trusted and _place_of(target) in self._trusted:
            self._open(target)
            return
        dialog = LinkDialog(question, self._window)
        dialog.copy_requested.connect(lambda: put_on_clipboard(question.address))
        if target is not None:
            dialog.confirmed.connect(lambda is_trusted: self._on_confirmed(target, is_trusted=is_trusted))
        dialog.open()

    def _on_confirmed(self, target: Target, *, is_trusted: bool) -> None:
        if is_trusted:
            self._trusted.add(_place_of(target))
        self._open(target)

    def _open(self, target: Target) -> None:
        url = QUrl(target.address, QUrl.ParsingMode.StrictMode)
        # Two readers of one address must agree on where it leads.
        leads_there = url.isValid() and url.scheme() == target.scheme
        if target.scheme != "mailto":
            leads_there = leads_there and url.host(QUrl.ComponentFormattingOption.FullyEncoded) == target.host
        if not leads_there or not QDesktopServices.openUrl(url):
            self.failed.emit(Fault("The link could not be opened", "Copy its address and try it in a browser."))


def open_folder(path: Path) -> None:
    """In the file manager. For the program's own folders, never for one that a text names."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _place_of(target: Target) -> tuple[str, str, int | None]:
    return target.scheme, target.host, target.port


def _refusal_of(href: str) -> LinkQuestion:
    return LinkQuestion("This address is never opened", href, notes=("Belay opens web and mail addresses only.",))


def _question_of(target: Target, text: str) -> LinkQuestion:
    if target.scheme == "mailto":
        return LinkQuestion("Write a mail?", target.address, place=target.host, warnings=_warnings_of(target, text))
    warnings = _warnings_of(target, text)
    return LinkQuestion(
        "Open this link?",
        target.address,
        place=target.host if target.port is None else f"{target.host}:{target.port}",
        warnings=warnings,
        notes=("The connection is not encrypted.",) if target.scheme == "http" else (),
        can_be_trusted=not warnings,
    )


def _warnings_of(target: Target, text: str) -> tuple[str, ...]:
    found = []
    if is_misleading(text, target):
        found.append(f"The text names {claimed_host(text)}, but the link leads to {target.host}.")
    if target.has_userinfo:
        found.append(f"What stands before the @ is a user name. The link leads to {target.host}.")
    if any(label.startswith("xn--") for label in target.host.split(".")):
        found.append("The name is written in letters that may look like others. Some programs show it as "
                     f"{target.host.encode('ascii').decode('idna')}.")  # fmt: skip
    return tuple(found)
