"""
The floor: one socket, no Qt, no thread, no HTTP library, nothing decoded or shown.

The client waits in poll() for the stream and for the click, and shuts the socket down as soon as it knows
of the click. What it takes, the machine takes; its handler is the one call of shutdown().
"""

import json
import os
import select
import socket
import ssl
import time
from urllib.parse import urlsplit

from tests.benchmarks.contestants.alarm import Alarm
from tests.benchmarks.contestants.core_waits import CoreWaits
from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.orders import SETTLE_S, Answer, Order, next_order, say, stop_answer

_RECEIVE_BYTES = 65536


def run(_: Name, waits: CoreWaits) -> None:
    """Carry out orders to stop until stdin ends."""
    context = ssl.create_default_context()
    alarm = Alarm()
    say({"ready": True})
    while (order := next_order()) is not None:
        with _stream(os.environ["OPENAI_BASE_URL"], order["model"], context) as stream:
            say(_stop(stream, alarm, waits, order))


def _stream(base_url: str, model: str, context: ssl.SSLContext) -> socket.socket:
    """Return a socket on which the answer's headers have arrived."""
    url = urlsplit(base_url)
    assert url.hostname is not None
    stream = socket.create_connection((url.hostname, url.port or 443))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if url.scheme == "https":
        stream = context.wrap_socket(stream, server_hostname=url.hostname)
    body = json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": "Go on"}]}).encode()
    head = f"POST {url.path}/chat/completions HTTP/1.1\r\nhost: {url.netloc}\r\ncontent-length: {len(body)}\r\n\r\n"
    stream.sendall(head.encode() + body)
    stream.recv(_RECEIVE_BYTES)
    return stream


def _stop(stream: socket.socket, alarm: Alarm, waits: CoreWaits, order: Order) -> Answer:
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    poll.register(alarm.fileno(), select.POLLIN)
    waits.sample()
    click_ns = time.monotonic_ns() + int(order["click_after_s"] * 1e9)
    alarm.set(click_ns)
    while alarm.fileno() not in dict(poll.poll()):
        waits.sample()
        stream.recv(_RECEIVE_BYTES)
    started_ns = time.monotonic_ns()
    socket.socket.shutdown(stream, socket.SHUT_RDWR)
    ended_ns = time.monotonic_ns()
    own_ns = waits.own_ns()
    alarm.take()
    time.sleep(SETTLE_S)
    own_wait_ns, server_wait_ns = waits.since(click_ns, own_ns)
    return stop_answer(
        click_ns=click_ns,
        noticed_ns=started_ns,
        started_ns=started_ns,
        ended_ns=ended_ns,
        own_wait_ns=own_wait_ns,
        server_wait_ns=server_wait_ns,
    )
