"""A notice goes to the desktop's own service over a real bus, and comes back when it is clicked."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from jeepney import DBusAddress, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from app.ui.dbus_notice import PATH, SERVICE, Clicked, Notice, show_and_wait
from tests.secret_service import MISSING, WHY_SKIPPED, SecretService

NUMBER = 7
LIMIT_S = 10.0

pytestmark = pytest.mark.skipif(bool(MISSING), reason=WHY_SKIPPED)

Act = Callable[[Callable[[str, str, tuple[Any, ...]], None]], None]


class Desktop:
    """Owns the service's name, keeps what it was asked to show, and then does what `act` does."""

    def __init__(self, address: str, act: Act) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self._act = act
        self._address = address
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._is_ready.wait(LIMIT_S)

    def _serve(self) -> None:
        with closing(open_dbus_connection(self._address)) as bus:
            Proxy(message_bus, bus).RequestName(SERVICE)
            self._is_ready.set()
            while not self.asked:
                call = bus.receive(timeout=LIMIT_S)
                if call.header.message_type is MessageType.method_call:
                    self.asked.append(call.body)
                    bus.send(new_method_return(call, "u", (NUMBER,)))
            self._act(lambda *what: self._say(bus, *what))

    def _say(self, bus: DBusConnection, member: str, signature: str, body: tuple[Any, ...]) -> None:
        bus.send(new_signal(DBusAddress(PATH, interface=SERVICE), member, signature, body))


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with SecretService(has_keyring=False) as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        yield running.address


def show(notice: Notice) -> Clicked | None:
    return show_and_wait(notice, application="Belay", icon="icon", desktop_entry="entry")


def test_it_is_shown_and_a_click_comes_back_with_its_token(bus: str) -> None:
    def click(say: Callable[[str, str, tuple[Any, ...]], None]) -> None:
        say("ActionInvoked", "us", (NUMBER + 1, "default"))  # another program's
        say("ActivationToken", "us", (NUMBER, "the-token"))
        say("ActionInvoked", "us", (NUMBER, "default"))

    desktop = Desktop(bus, click)
    assert show(Notice("The answer is there", "<b>1 & 2</b>")) == Clicked("the-token")
    ((application, replaces, icon, title, text, actions, hints, _),) = desktop.asked
    assert (application, replaces, icon, title) == ("Belay", 0, "icon", "The answer is there")
    assert text == "&lt;b&gt;1 &amp; 2&lt;/b&gt;", "the service may take tags for markup"
    assert actions == ["default", "Show"]
    assert hints["desktop-entry"] == ("s", "entry")


def test_one_that_is_closed_was_not_clicked(bus: str) -> None:
    Desktop(bus, lambda say: say("NotificationClosed", "uu", (NUMBER, 2)))
    assert show(Notice("a", "b")) is None


def test_without_a_service_there_is_no_notice_and_no_error(bus: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert show(Notice("a", "b")) is None
    assert "no notification error=DBusErrorResponse" in caplog.text, "it does not wait for a click on nothing"


def test_without_a_bus_there_is_no_notice_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    assert show(Notice("a", "b")) is None
