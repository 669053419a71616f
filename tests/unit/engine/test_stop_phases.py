"""Stop in every phase of a request: the connection is closed in that call, and the next request works."""

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.conversation import MessageId, MessageStatus
from app.domain.model import ModelRef
from app.domain.network import proxy_address
from app.domain.provider import Endpoint, Secret
from app.engine.events import ModelSelected
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.fake_provider.process import Event, FakeProvider, FakeProxy
from tests.fake_provider.text import tokens_in
from tests.world import ScriptedSource, World, build_world, close_world

AT_ONCE_NS = 100_000_000  # nobody waits for a server, a timer or a disk; the machine may be busy


@dataclass
class Stage:
    """A world on a real provider, and the server it talks to."""

    world: World
    server: FakeProvider
    proxy: FakeProxy | None = None

    def send(self, model: str) -> MessageId:
        self.world.store.apply(ModelSelected(ModelRef(ScriptedSource.id, model)))
        return self.world.engine.send("Write a 1000 word essay").message_id

    async def seen(self, kind: str, predicate: Callable[[Event], bool] = lambda _: True) -> Event:
        """Wait for the server to report something, while the loop runs."""
        async with asyncio.timeout(10):
            while (found := self.server.find(kind, predicate)) is None:
                await asyncio.sleep(0.001)
        return found

    async def text_of(self, message_id: MessageId, at_least: int) -> None:
        async with asyncio.timeout(10):
            while len(self.world.store.text_of(message_id)) < at_least:
                await asyncio.sleep(0.001)

    async def stop(self, message_id: MessageId, *, connected: bool = True) -> Event | None:
        """Stop; see it stopped at once, saved, closed on the server, and the next request answered."""
        clicked_ns = time.monotonic_ns()
        result = self.world.engine.stop(message_id, clicked_ns)
        assert result.success
        assert result.immediate_abort
        message = self.world.memory(message_id)
        assert message.status is MessageStatus.STOPPED
        assert (message.timing.close_ms is not None) is connected
        close = await self.seen("close_seen", lambda event: event.t_ns > clicked_ns) if connected else None
        if close is not None:
            assert close.t_ns - clicked_ns < AT_ONCE_NS
        await self.world.settled()
        self.world.assert_agrees(message_id)
        return close

    async def next_request_works(self) -> None:
        message_id = self.send("rate=5000&count=30")
        await self.world.settled()
        message = self.world.memory(message_id)
        assert message.status is MessageStatus.COMPLETE, message.fault
        assert tokens_in(message.content) == 30


Build = Callable[..., "Stage"]


def open_sockets() -> set[str]:
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found


@pytest.fixture(params=["plain", "tls", "proxy", "tls through a proxy", "socks", "tls through socks"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def stage(tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Build]:
    """Build a stage; afterwards no socket and no task is left."""
    made: list[tuple[World, OpenAICompatibleProvider]] = []
    ends: list[FakeProvider | FakeProxy] = []
    before = open_sockets()

    def build(flags: str = "") -> Stage:
        server = FakeProvider(tls="tls" in way, flags=flags).__enter__()
        ends.append(server)
        proxy = (
            FakeProxy(flags="--socks" if "socks" in way else "").__enter__()
            if "proxy" in way or "socks" in way
            else None
        )
        if proxy is not None:
            ends.append(proxy)
        if "tls" in way:
            monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
        provider = OpenAICompatibleProvider(
            Endpoint(name="fake", base_url=server.base_url, api_key=Secret("sk-test")),
            find_proxy=lambda _origin: proxy_address(proxy.url) if proxy else None,
        )
        world = build_world(tmp_path / f"{len(made)}.db", (), flush_interval_s=0.002, real=provider)
        made.append((world, provider))
        return Stage(world, server, proxy)

    yield build
    for world, provider in made:
        await provider.aclose()
        await close_world(world)
    await asyncio.sleep(0.01)  # transports close their descriptors at the loop's next step
    for end in ends:
        end.__exit__(None, None, None)
    gc.collect()
    assert open_sockets() <= before, "a socket was left open"
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert left == []


async def test_before_anything_was_sent(stage: Build) -> None:
    """Edge case 1: nothing is sent if it was not yet."""
    on = stage()
    await on.world.connect()
    message_id = on.send("rate=300&count=5000")
    await on.stop(message_id, connected=False)
    assert on.server.events("request") == []
    await on.next_request_works()


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13, 21, 34])
async def test_while_connecting_or_shaking_hands_or_writing(stage: Build, steps: int) -> None:
    """Edge case 1: at the loop's first steps, wherever they are."""
    on = stage()
    await on.world.connect()
    message_id = on.send("rate=300&count=5000")
    for _ in range(steps):
        await asyncio.sleep(0)
    on.world.engine.stop(message_id)
    await on.world.settled()
    on.world.assert_agrees(message_id)
    await on.next_request_works()


async def test_while_waiting_for_headers(stage: Build) -> None:
    """Edge case 1: R-07, idle within 100 ms, an empty stopped answer."""
    on = stage()
    await on.world.connect()
    message_id = on.send("fault=no_headers")
    await on.seen("request")
    await on.stop(message_id)
    assert on.world.memory(message_id).content == ""
    await on.next_request_works()


async def test_between_headers_and_the_first_token(stage: Build) -> None:
    """Edge case 2: also while only comments arrive."""
    for model in ("rate=300&delay=30", "fault=pings_after:0"):
        on = stage()
        await on.world.connect()
        message_id = on.send(model)
        await on.seen("headers_sent")
        await asyncio.sleep(0.02)
        await on.stop(message_id)
        assert on.world.memory(message_id).content == ""
        await on.next_request_works()


@pytest.mark.parametrize("rate", [300, 3000])
async def test_while_streaming(stage: Build, rate: int) -> None:
    """R-01 and R-04: closed at once, and what was received is an exact prefix of what was generated."""
    on = stage()
    await on.world.connect()
    message_id = on.send(f"rate={rate}&count=50000")
    await on.text_of(message_id, 300)
    close = await on.stop(message_id)
    assert close is not None
    kept = tokens_in(on.world.memory(message_id).content)
    if "proxy" not in on.server.base_url:
        assert kept <= close["tokens_sent"]
    await on.next_request_works()


async def test_in_the_middle_of_a_character(stage: Build) -> None:
    """Edge case 3: the bytes come one by one; what is stored is valid text, a prefix of what was written."""
    on = stage()
    await on.world.connect()
    message_id = on.send("rate=400&count=5000&split=1")
    await on.text_of(message_id, 50)
    await on.stop(message_id)
    text = on.world.memory(message_id).content
    assert text.encode("utf-8").decode("utf-8") == text
    assert tokens_in(text) > 0
    await on.next_request_works()


async def test_a_silent_stream(stage: Build) -> None:
    on = stage()
    await on.world.connect()
    message_id = on.send("rate=3000&fault=stall_after:20")
    await on.text_of(message_id, 20)
    await asyncio.sleep(0.05)
    await on.stop(message_id)
    await on.next_request_works()


async def test_a_provider_that_ignores_the_disconnect(stage: Build) -> None:
    """Edge case 26: here it is over at once."""
    on = stage()
    await on.world.connect()
    message_id = on.send("rate=3000&count=50000&fault=ignore_disconnect")
    await on.text_of(message_id, 50)
    assert on.world.engine.stop(message_id).success
    await on.world.settled()
    on.world.assert_agrees(message_id)
    await on.next_request_works()


async def test_fifty_at_once(stage: Build) -> None:
    """F12 and edge case 20: every stream is its own, and each stops for itself."""
    on = stage()
    await on.world.connect()
    ids = [on.send(f"rate=100&count=5000&seed={seed}") for seed in range(20)]
    for message_id in ids:
        await on.text_of(message_id, 20)
    assert on.world.engine.stop_all() == len(ids)
    await on.world.settled()
    for seed, message_id in enumerate(ids):
        on.world.assert_agrees(message_id)
        tokens_in(on.world.memory(message_id).content, seed)


PLAIN_ONLY = pytest.mark.parametrize("way", ["plain"], indirect=True)


@PLAIN_ONLY
async def test_while_the_connection_is_being_made(stage: Build) -> None:
    """Edge case 1: the server's backlog is full, the connect hangs."""
    on = stage("--full-backlog")
    await on.world.connect()
    message_id = on.send("rate=300")
    await asyncio.sleep(0.1)
    await on.stop(message_id, connected=False)


async def test_while_a_name_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edge case 1: the look-up goes on in its thread, nobody waits for it."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    async def slow(*args: object, **options: object) -> list[object]:
        asked.set()
        await asyncio.sleep(3600)
        return []

    monkeypatch.setattr(loop, "getaddrinfo", slow)
    provider = OpenAICompatibleProvider(
        Endpoint(name="slow", base_url="http://slow.example/v1", api_key=Secret("")), find_proxy=lambda *_: None
    )
    world = build_world(tmp_path / "belay.db", (), flush_interval_s=0.002, real=provider)
    await world.connect()
    sent = world.engine.send("hi")
    await asyncio.wait_for(asked.wait(), 5)
    assert world.engine.stop(sent.message_id).success
    await world.settled()
    world.assert_agrees(sent.message_id)
    await provider.aclose()
    await close_world(world)


async def test_in_the_tls_handshake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edge case 1: stock httpcore2 leaks the socket here."""
    with FakeProvider(flags="--tls --tls-stall") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
        provider = OpenAICompatibleProvider(
            Endpoint(name="stalled", base_url=f"https://127.0.0.1:{server.port}/v1", api_key=Secret(""))
        )
        world = build_world(tmp_path / "belay.db", (), flush_interval_s=0.002, real=provider)
        on = Stage(world, server)
        await world.connect()
        message_id = on.send("rate=300")
        await on.seen("accepted")
        await asyncio.sleep(0.05)
        await on.stop(message_id)
        await provider.aclose()
        await close_world(world)
