"""One notification through the desktop's own service, over D-Bus. Runs in a thread of its own: it waits for a click."""

import importlib
import logging
import time
from typing import Any

from msgspec import Struct

SERVICE, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
CONNECT_LIMIT_S = 2.0
CLICK_LIMIT_S = 120.0
DEFAULT_ACTION = "default"

log = logging.getLogger(__name__)


class Notice(Struct, frozen=True):
    title: str
    text: str  # plain: the service may take tags for markup, so they are escaped


class Clicked(Struct, frozen=True):
    """`activation_token` lets a window come to the front on Wayland, "" elsewhere."""

    activation_token: str


def show_and_wait(notice: Notice, *, application: str, icon: str, desktop_entry: str) -> Clicked | None:
    """
    Show it and wait for a click, two minutes at most. None if there was none, or there is no such service.

    Blocks: never on the UI thread.
    """
    jeepney = importlib.import_module("jeepney")  # comes with keyring, on Linux only
    blocking = importlib.import_module("jeepney.io.blocking")
    try:
        with blocking.open_dbus_connection(bus="SESSION", auth_timeout=CONNECT_LIMIT_S) as bus:
            return _show(jeepney, bus, notice, (application, icon, desktop_entry))
    except Exception as error:  # noqa: BLE001 - no bus, no service, a service that misbehaves: there is no notice then
        log.info("no notification error=%s", type(error).__name__)
        return None


def _show(jeepney: Any, bus: Any, notice: Notice, names: tuple[str, str, str]) -> Clicked | None:
    application, icon, desktop_entry = names
    address = jeepney.DBusAddress(PATH, bus_name=SERVICE, interface=SERVICE)
    rule = jeepney.MatchRule(type="signal", interface=SERVICE, path=PATH)
    bus.send_and_get_reply(jeepney.message_bus.AddMatch(rule), timeout=CONNECT_LIMIT_S)
    text = notice.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    hints = {"desktop-entry": ("s", desktop_entry), "category": ("s", "im.received")}
    body = (application, 0, icon, notice.title, text, [DEFAULT_ACTION, "Show"], hints, -1)
    call = jeepney.new_method_call(address, "Notify", "susssasa{sv}i", body)
    with bus.filter(rule, bufsize=16) as queue:
        (number,) = jeepney.wrappers.unwrap_msg(bus.send_and_get_reply(call, timeout=CONNECT_LIMIT_S))
        token = ""
        until_s = time.monotonic() + CLICK_LIMIT_S
        while (left_s := until_s - time.monotonic()) > 0:
            signal = bus.recv_until_filtered(queue, timeout=left_s)
            member = signal.header.fields[jeepney.HeaderFields.member]
            if signal.body[0] != number:
                continue
            if member == "ActivationToken":
                token = signal.body[1]
            elif member == "ActionInvoked":
                return Clicked(token)
            elif member == "NotificationClosed":
                return None
    return None
