"""
F10: whatever a server or the network does, the window says it in one sentence, keeps the text, and Retry works.

Each through the real window. Meanwhile the window answers within 50 ms, and memory stays bounded.
"""

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.conversation import Message, MessageStatus
from app.domain.errors import Remedy
from app.domain.model import ENVIRONMENT
from app.domain.provider import Endpoint, ProviderPhase, Secret
from app.engine.events import RetryBegun, RetryScheduled
from app.engine.token_counter import CountedText
from app.providers import stall_timer
from app.providers.environment import EnvironmentEndpoint
from app.providers.sources import connect_endpoint
from app.start import GC_THRESHOLD, SWITCH_INTERVAL_S
from tests.e2e.conftest import Play, User
from tests.e2e.heartbeat import Heartbeat
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text
from tests.fake_provider.tls_layer import CA_FILE

HEARTBEAT_MS = 50.0
MEMORY_BYTES = 96 << 20  # the bombs are gigabytes
TOKENS = 40
KEY = "sk-canary-0123456789"


def visible(user: User, name: str) -> list[QWidget]:
    found: list[QWidget] = user.app.workspace.transcript.findChildren(QWidget, name)
    return [button for button in found if button.isVisible()]


async def ask(user: User) -> None:
    """Write, send, and see the answer to its end."""
    # Building a vocabulary holds the interpreter for 0.1-0.4 s; that is no fault of a provider's.
    await user.app.counter.count([CountedText("Write")], "m")
    QTest.keyClicks(user.find("composerInput"), "Write a 1000 word essay")
    await asyncio.sleep(0.02)
    with unharmed():
        QTest.keyClick(user.find("composerInput"), Qt.Key.Key_Return)
        await user.settled()


async def failed(user: User) -> Message:
    """The answer on screen, which has failed, with its button in sight."""
    await user.settled()
    message = user.assert_agrees(user.answer().id)
    assert message.status is MessageStatus.FAILED, message.content[-80:]
    assert message.fault is not None
    assert message.fault.title
    assert message.fault.advice
    assert "canary" not in str(message.fault)
    return message


async def retry(user: User) -> None:
    """Click on Retry, and see the whole answer come."""
    old = user.answer()
    await user.until(lambda: visible(user, "retryButton"), "Retry")
    with unharmed():
        QTest.mouseClick(visible(user, "retryButton")[-1], Qt.MouseButton.LeftButton)
        await user.until(lambda: user.answer().id != old.id, "another answer")
        await user.settled()
    message = user.assert_agrees(user.answer().id)
    assert (message.status, message.fault) == (MessageStatus.COMPLETE, None)
    assert message.content == answer_text(TOKENS)
    assert message.parent_id == old.parent_id


@contextmanager
def as_in_the_program() -> Iterator[None]:
    """What `session.run` sets for the whole process: when garbage is collected, and how threads take turns."""
    threshold, interval_s = gc.get_threshold(), sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*GC_THRESHOLD)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
        sys.setswitchinterval(interval_s)


@contextmanager
def unharmed() -> Iterator[None]:
    """The window answers all the time, and memory does not grow beyond MEMORY_BYTES."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with as_in_the_program(), Heartbeat() as heartbeat:
        yield
    assert heartbeat.longest_ms < HEARTBEAT_MS
    grown_bytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown_bytes < MEMORY_BYTES


@pytest.mark.parametrize(
    ("fault", "title", "kept_tokens"),
    [
        ("reset_after:20", "The reply was cut off", 20),
        ("cut_after:20", "The reply was cut off", 20),
        ("fin_after:20", "The reply was cut off", 20),
        ("fin_after:0", "The reply was cut off", 0),
        ("bad_utf8:20", "The server sent something unreadable", 20),
        ("bad_utf8:0", "The server sent something unreadable", 0),
        ("bad_json:20", "The server sent something unreadable", 20),
        ("error_after:20", "The provider is overloaded", 20),
        ("long_line:20", "The answer is larger than Belay accepts", 20),
        ("gzip_bomb&size=1000000000", "This address does not answer like an OpenAI-compatible server", 0),
        ("echo_key", "The provider rejected your API key", 0),
        ("status:403", "The provider does not allow this", 0),
        ("status:404", "The provider does not know this model", 0),
        ("status:400", "The provider rejected the request", 0),
        ("status:408", "The provider took too long to answer", 0),
        ("status:429&retry_after=120", "The provider asks to slow down", 0),
        ("quota", "The account has no credit left", 0),
        ("context_length", "The conversation is too long for this model", 0),
        ("html", "A web page came instead of an answer", 0),
        ("json", "This address does not answer like an OpenAI-compatible server", 0),
    ],
)
def test_a_fault_is_told_and_retry_answers(play: Play, fault: str, title: str, kept_tokens: int) -> None:
    async def scenario(user: User) -> None:
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == title
        assert message.content == answer_text(kept_tokens)
        assert user.branch()[0].content == "Write a 1000 word essay"
        assert user.find("sendButton").isVisible()
        assert bool(visible(user, "continueButton")) is bool(kept_tokens)
        await retry(user)

    play(scenario, model=f"rate=3000&count={TOKENS}&times=1&fault={fault}")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("context_length", "It has 9,001 tokens, and 8,192 fit."),
        ("status:429&retry_after=120", "It asks to wait 2 minutes."),
    ],
)
def test_the_numbers_are_in_the_sentence(play: Play, fault: str, words: str) -> None:
    async def scenario(user: User) -> None:
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert words in message.fault.advice

    play(scenario, model=f"fault={fault}")


def test_text_after_the_end_is_no_part_of_the_answer(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask(user)
        message = user.assert_agrees(user.answer().id)
        assert (message.status, message.content) == (MessageStatus.COMPLETE, answer_text(TOKENS))

    play(scenario, model=f"rate=3000&count={TOKENS}&fault=after_done")


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of silence takes as long in a test."""
    monkeypatch.setattr(stall_timer.StallTimer.__init__, "__kwdefaults__", {"first_byte_s": 0.4, "between_s": 0.4})


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(("fault", "kept_tokens"), [("stall_after:20", 20), ("pings_after:20", 20), ("no_headers", 0)])
def test_silence_is_told_and_retry_answers(play: Play, fault: str, kept_tokens: int) -> None:
    async def scenario(user: User) -> None:
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == "The provider fell silent"
        assert message.content == answer_text(kept_tokens)
        await retry(user)

    play(scenario, model=f"rate=3000&count={TOKENS}&times=1&fault={fault}")


@pytest.mark.usefixtures("short_patience")
def test_a_server_that_is_gone_without_a_word_is_told(play: Play, provider: FakeProvider) -> None:
    """Half open: no FIN, no RST, nothing."""

    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: user.app.store.text_of(user.answer().id), "text")
        os.kill(provider.pid, signal.SIGSTOP)
        with unharmed():
            await user.settled()
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == "The provider fell silent"
        assert message.content
        os.kill(provider.pid, signal.SIGCONT)

    play(scenario, model="rate=300&count=5000")


def test_slow_headers_are_waited_for(play: Play) -> None:
    async def scenario(user: User) -> None:
        await ask(user)
        assert user.answer().content == answer_text(TOKENS)

    play(scenario, model=f"rate=3000&count={TOKENS}&headers=0.7")


def test_a_redirect_is_told_and_the_other_host_hears_nothing(play: Play) -> None:
    """S9."""
    with FakeProvider() as other:

        async def scenario(user: User) -> None:
            await ask(user)
            message = await failed(user)
            assert message.fault is not None
            assert message.fault.title == "The server sends Belay to another address"
            assert str(other.port) in message.fault.detail
            await retry(user)

        address = other.base_url_at("localhost")
        play(scenario, model=f"rate=3000&count={TOKENS}&times=1&fault=redirect:{address}")
        assert other.events("accepted") == []


# Slow down


@pytest.mark.parametrize("asked", ["", "&retry_after=1"])
def test_a_provider_that_asks_to_wait_is_asked_again_after_a_countdown(
    play: Play, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edge case 19."""

    async def scenario(user: User) -> None:
        told: list[str] = []
        announcer = user.app.workspace.transcript.announcer
        monkeypatch.setattr(announcer, "_is_heard", lambda: True)
        monkeypatch.setattr(announcer, "_say", lambda text, _urgent: told.append(text))
        with unharmed():
            user.type_and_send("Write a 1000 word essay")
            await user.until(lambda: user.app.store.retries, "the countdown")
            (retry_scheduled,) = user.app.store.retries.values()
            line = waiting_line(user, retry_scheduled.message_id)
            assert line.startswith("The provider asks to slow down · trying again in ")
            assert user.find("stopButton").isVisible()
            assert user.answer().status is MessageStatus.GENERATING
            await user.until(lambda: not user.app.store.retries, "asked again")
            assert waiting_line(user, retry_scheduled.message_id) == ""
            await user.settled()
        assert user.assert_agrees(user.answer().id).content == answer_text(TOKENS)
        assert len([text for text in told if "trying again" in text]) == 1, "said once, not every second"

    play(scenario, model=f"rate=3000&count={TOKENS}&times=1&fault=status:429{asked}")


def waiting_line(user: User, message_id: str) -> str:
    row = next(each for each in rows(user) if each.message_id == message_id)
    text: str = row.spoken_description()
    return "" if text == "Being written" else text


def rows(user: User) -> list[Any]:
    return list(user.app.workspace.transcript.message_actions._rows.seen.values())


def test_after_four_refusals_the_sentence_stays(play: Play, provider: FakeProvider) -> None:
    async def scenario(user: User) -> None:
        heard: list[object] = []
        user.app.store.subscribe(
            lambda event: heard.append(event) if isinstance(event, RetryScheduled | RetryBegun) else None
        )
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == "The provider is overloaded"
        assert len(heard) == 6
        assert len([each for each in provider.events("request") if each["method"] == "POST"]) == 4

    play(scenario, model="fault=status:503&retry_after=0")


@pytest.mark.parametrize("how", ["stop", "escape", "quit"])
def test_stop_ends_the_countdown_and_nothing_is_sent_afterwards(play: Play, provider: FakeProvider, how: str) -> None:
    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: user.app.store.retries, "the countdown")
        if how == "quit":
            return
        if how == "stop":
            user.click("stopButton")
        else:
            user.press_escape()
        assert user.answer().status is MessageStatus.STOPPED
        assert user.app.store.retries == {}
        await user.settled()
        message = user.assert_agrees(user.answer().id)
        assert "nothing received" in user.receipt(message.id)
        await asyncio.sleep(1.3)  # when it would have been asked again

    play(scenario, model="fault=status:429&retry_after=1")
    assert len([each for each in provider.events("request") if each["method"] == "POST"]) == 1


# The way there


class Place:
    """One port, where one server after the other is."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._servers = ExitStack()

    def put(self, flags: str) -> FakeProvider:
        """Another server, in the place of the one there was."""
        self.clear()
        return self._servers.enter_context(FakeProvider(flags=f"--port {self.port} {flags}"))

    def clear(self) -> None:
        self._servers.close()


@pytest.fixture
def place(unused_tcp_port: int) -> Iterator[Place]:
    made = Place(unused_tcp_port)
    yield made
    made.clear()


def source_at(base_url: str, model: str = f"rate=3000&count={TOKENS}") -> EnvironmentEndpoint:
    endpoint = Endpoint(name="Environment", base_url=base_url, api_key=Secret(KEY), ca_file=str(CA_FILE))
    return EnvironmentEndpoint(endpoint, model, connect_endpoint)


@pytest.mark.parametrize(
    ("certificate", "problem"),
    [
        ("expired", "It has expired."),
        ("wrong-host", "It is for another address."),
        ("self-signed", "It is self-signed: nobody vouches for it."),
    ],
)
def test_a_bad_certificate_is_told_with_its_problem(play: Play, place: Place, certificate: str, problem: str) -> None:
    place.put("--certificate localhost")

    async def scenario(user: User) -> None:
        place.put(f"--certificate {certificate}")
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == "The server's certificate is not trusted"
        assert message.fault.detail == problem
        place.put("--certificate localhost")
        await retry(user)

    play(scenario, sources=(source_at(f"https://127.0.0.1:{place.port}/v1"),))


def test_a_refused_connection_is_told(play: Play, place: Place) -> None:
    place.put("")

    async def scenario(user: User) -> None:
        place.clear()
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == "Nothing answers at this address"
        assert str(place.port) in message.fault.detail
        place.put("")
        await retry(user)

    play(scenario, sources=(source_at(f"http://127.0.0.1:{place.port}/v1"),))


class Names:
    """The system's name look-up, in which one more name is known, or not."""

    def __init__(self) -> None:
        self.is_known = True
        self.asked: list[str] = []
        self._look_up = socket.getaddrinfo

    def look_up(self, host: Any, *args: Any, **options: Any) -> Any:
        if host != "provider.test":
            return self._look_up(host, *args, **options)
        self.asked.append(host)
        if not self.is_known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._look_up("127.0.0.1", *args, **options)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made.look_up)
    return made


def test_a_name_that_is_not_found_is_told(play: Play, place: Place, names: Names) -> None:
    place.put("")

    async def scenario(user: User) -> None:
        user.app.providers.allow_plain_http("provider.test")
        user.app.models.connect(ENVIRONMENT)
        await user.ready()
        names.is_known = False
        place.put("")  # which closes the connection there was
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.title == "The server's name was not found"
        assert "provider.test" in message.fault.detail
        names.is_known = True
        await retry(user)

    play(scenario, sources=(source_at(f"http://provider.test:{place.port}/v1"),), wait_ready=False)


def test_an_address_without_encryption_is_asked_about_before_its_name_is(
    play: Play, place: Place, names: Names
) -> None:
    """S11: consent once for each host, before any byte is sent, and before its name is looked up."""
    server = place.put("")

    async def scenario(user: User) -> None:
        await user.until(user.app.workspace.banner.isVisible, "the banner")
        assert user.app.store.providers[ENVIRONMENT].phase is ProviderPhase.FAILED
        assert user.find("bannerRemedy").text() == "Allow for this server…"
        assert not user.find("bannerAction").isVisible()
        assert names.asked == []
        assert server.events("accepted") == []
        user.click("bannerRemedy")
        await user.until(lambda: user.app.window.findChild(QWidget, "confirmButton"), "the question")
        assert names.asked == []
        user.click("confirmButton")
        await user.ready()
        await user.until(lambda: not user.app.workspace.banner.isVisible(), "no banner")
        assert user.app.preferences.current.plain_http_hosts == ("provider.test",)
        await ask(user)
        assert user.answer().content == answer_text(TOKENS)

    play(scenario, sources=(source_at(f"http://provider.test:{place.port}/v1"),), wait_ready=False)

    async def next_start(user: User) -> None:
        assert not user.app.workspace.banner.isVisible()

    play(next_start, sources=(source_at(f"http://provider.test:{place.port}/v1"),))


# The button that helps


@pytest.mark.parametrize(
    ("fault", "label", "helps"),
    [
        ("echo_key", "Enter key…", lambda user: user.app.window.findChild(QWidget, "settingsDialog") is not None),
        ("context_length", "New conversation", lambda user: user.app.workspace.conversation_id is None),
    ],
)
def test_the_button_that_helps_is_beside_retry(
    play: Play, fault: str, label: str, helps: Callable[[User], bool]
) -> None:
    async def scenario(user: User) -> None:
        await ask(user)
        message = await failed(user)
        assert message.fault is not None
        assert message.fault.remedy is not Remedy.RETRY
        await user.until(lambda: visible(user, "remedyButton"), "the button")
        (button,) = visible(user, "remedyButton")
        assert button.accessibleName() == label
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await user.until(lambda: helps(user), "help")

    play(scenario, model=f"fault={fault}")


def test_the_connection_is_made_while_the_user_types(play: Play, place: Place) -> None:
    """The first message needs no handshake of its own."""
    place.put("--certificate localhost")

    async def scenario(user: User) -> None:
        server = place.put("--certificate localhost")  # the connection there was is closed
        await asyncio.sleep(0.05)
        QTest.keyClicks(user.find("composerInput"), "W")
        await user.until(lambda: server.events("tls_done"), "the handshake")
        await asyncio.sleep(0.05)
        assert server.events("request") == []
        user.type_and_send("rite a 1000 word essay")
        await user.settled()
        assert user.answer().content == answer_text(TOKENS)
        user.type_and_send("Another one")
        await user.settled()
        assert user.answer().content == answer_text(TOKENS)
        assert len(server.events("accepted")) == 1

    play(scenario, sources=(source_at(f"https://127.0.0.1:{place.port}/v1"),))


def test_no_connection_is_made_ahead_if_the_user_does_not_want_it(play: Play, place: Place) -> None:
    place.put("")

    async def scenario(user: User) -> None:
        user.app.preferences.change(warms_connections=False)
        server = place.put("")
        QTest.keyClicks(user.find("composerInput"), "W")
        await asyncio.sleep(0.2)
        assert server.events("accepted") == []

    play(scenario, sources=(source_at(f"http://127.0.0.1:{place.port}/v1"),))
