"""Links are opened by one object, after a question that shows where they really lead."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Fault
from app.ui.link_dialog import LinkDialog
from app.ui.link_opener import LinkOpener
from app.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

SCHEMES = ("http", "https", "mailto", "file", "javascript", "data", "smb", "ftp", "ssh", "tel")


class System(QObject):
    """What would be handed to the desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


class User:
    """Follows links, reads the question and answers it."""

    def __init__(self, window: QWidget, system: System) -> None:
        self._window = window
        self._system = system
        self.opener = LinkOpener(window)

    @property
    def opened(self) -> list[str]:
        return self._system.opened

    @property
    def dialog(self) -> LinkDialog | None:
        return next((found for found in self._window.findChildren(LinkDialog) if found.isVisible()), None)

    @property
    def is_asked(self) -> bool:
        return self.dialog is not None

    def follow(self, href: str, text: str = "the text") -> None:
        self.opener.ask(href, text)

    def reads(self) -> list[str]:
        assert self.dialog is not None
        return [label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible()]

    def read(self, name: str) -> str:
        assert self.dialog is not None
        found = self.dialog.findChild(QWidget, name)
        assert isinstance(found, QLabel | QPlainTextEdit)
        return found.text() if isinstance(found, QLabel) else found.toPlainText()

    def warnings(self) -> list[str]:
        assert self.dialog is not None
        return [label.text() for label in self.dialog.findChildren(QLabel, "linkWarning")]

    def press(self, name: str) -> None:
        assert self.dialog is not None
        button = self.dialog.findChild(QPushButton, name)
        assert isinstance(button, QPushButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def has(self, name: str) -> bool:
        assert self.dialog is not None
        return any(found.isVisible() for found in self.dialog.findChildren(QWidget, name))


@pytest.fixture
def system() -> Iterator[System]:
    system = System()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, system, "open")  # type: ignore[arg-type]  # the stub is wrong: str it is
    yield system
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def user(qtbot: QtBot, theme: Theme, system: System) -> User:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return User(window, system)


def test_nothing_is_opened_before_the_answer(user: User) -> None:
    user.follow("https://example.com/a?b=c#d")
    assert user.opened == []
    assert user.read("linkPlace") == "example.com"
    assert user.read("linkAddress") == "https://example.com/a?b=c#d"
    user.press("openButton")
    assert user.opened == ["https://example.com/a?b=c#d"]
    assert not user.is_asked


def test_cancel_and_esc_open_nothing(user: User) -> None:
    user.follow("https://example.com")
    user.press("cancelButton")
    user.follow("https://example.com")
    assert user.dialog is not None
    QTest.keyClick(user.dialog, Qt.Key.Key_Escape)
    assert user.opened == []
    assert not user.is_asked


def test_the_address_can_be_copied_instead(user: User) -> None:
    user.follow("https://example.com/x")
    user.press("copyAddressButton")
    assert QGuiApplication.clipboard().text() == "https://example.com/x"
    assert user.opened == []


@pytest.mark.parametrize(
    ("href", "text", "host", "warning"),
    [
        ("https://evil.example", "https://bank.example/login", "evil.example", "The text names bank.example"),
        ("https://evil.example", "bank.example", "evil.example", "The text names bank.example"),
        ("https://bank.example@evil.example/x", "here", "evil.example", "before the @ is a user name"),
        ("https://аpple.com/", "apple.com", "xn--pple-43d.com", "The text names apple.com"),
        ("https://аpple.com/", "here", "xn--pple-43d.com", "may look like others"),
        ("mailto:me@evil.example", "me@bank.example", "evil.example", "The text names bank.example"),
    ],
)
def test_what_misleads_is_told_and_is_not_what_enter_does(
    user: User, href: str, text: str, host: str, warning: str
) -> None:
    user.follow(href, text)
    assert user.read("linkPlace") == host
    assert any(warning in sentence for sentence in user.warnings())
    assert not user.has("trustHostBox")
    assert user.dialog is not None
    QTest.keyClick(user.dialog, Qt.Key.Key_Return)
    assert user.opened == []


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://example.com/x", "https://example.com/x"),
        ("https://www.example.com/x", "example.com"),
        ("https://example.com/x", "An example. See there"),
        ("mailto:me@example.com", "me@example.com"),
    ],
)
def test_an_honest_link_is_not_warned_of_and_enter_opens_it(user: User, href: str, text: str) -> None:
    user.follow(href, text)
    assert user.warnings() == []
    assert user.dialog is not None
    QTest.keyClick(user.dialog, Qt.Key.Key_Return)
    assert user.opened == [href]


@pytest.mark.parametrize(
    "href",
    [
        "file:///etc/passwd", "FILE:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "smb://host/share",
        "ftp://example.com", "ssh://host", "tel:123", "//host/x", "\\\\host\\share", "/etc/passwd", "C:\\x", "",
        "https://", "https:///x", "http:example.com", " https://example.com", "https://exa mple.com",
        "https://example.com\\@evil.example", "java\nscript:x", "https://[::1", "vbscript:x", "about:blank",
    ],
)  # fmt: skip
def test_what_is_neither_web_nor_mail_is_shown_and_never_opened(user: User, href: str) -> None:
    user.follow(href, "click me")
    assert not user.has("openButton")
    assert user.read("linkAddress") == href.replace("\n", "\n")
    user.press("cancelButton")
    assert user.opened == []


def test_markup_in_an_address_is_text(user: User) -> None:
    user.follow("x:<b>bold</b>", "<i>text</i>")
    assert user.read("linkAddress") == "x:<b>bold</b>"
    assert user.dialog is not None
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in user.dialog.findChildren(QLabel))


def test_a_host_that_is_trusted_is_not_asked_for_again_in_this_session_only(user: User) -> None:
    user.follow("https://example.com/1")
    assert user.dialog is not None
    box = user.dialog.findChild(QCheckBox, "trustHostBox")
    assert isinstance(box, QCheckBox)
    assert "until Belay is closed" in box.text()
    box.click()
    user.press("openButton")
    user.follow("https://example.com/2")
    assert not user.is_asked
    assert user.opened == ["https://example.com/1", "https://example.com/2"]
    for other in ("https://other.example/", "http://example.com/", "https://example.com:8443/"):
        user.follow(other)
        user.press("cancelButton")
    user.follow("https://example.com/3", "https://bank.example")
    user.press("cancelButton")
    assert len(user.opened) == 2


def test_a_host_is_not_trusted_without_being_asked_to(user: User) -> None:
    user.follow("https://example.com/1")
    user.press("openButton")
    user.follow("https://example.com/2")
    assert user.dialog is not None


def test_a_very_long_address_is_all_there(user: User) -> None:
    href = "https://example.com/" + "x" * 50_000
    user.follow(href)
    assert user.dialog is not None
    assert user.dialog.height() < 600
    assert user.read("linkAddress") == href


def test_a_system_that_can_not_open_it_is_told_of(user: User) -> None:
    told: list[Fault] = []
    user.opener.failed.connect(told.append)
    QDesktopServices.unsetUrlHandler("mailto")  # nothing here writes mails
    user.follow("mailto:me@example.com")
    user.press("openButton")
    assert [fault.title for fault in told] == ["The link could not be opened"]
