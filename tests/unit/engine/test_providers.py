"""Providers are set up, changed, ordered, tried out and removed while the program runs; answers go on meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.completion import ChatProvider, Delta
from app.domain.conversation import MessageStatus
from app.domain.errors import AddressNotEncrypted, KeyMissing, NotAnOpenAIServer
from app.domain.model import BUILT_IN, ModelInfo, ModelRef, ProviderId
from app.domain.network import ProxyMode, ProxySetting
from app.domain.provider import Endpoint, ModelSource, ProviderPhase
from app.domain.provider_config import KeyPlace, LocalServer, ProviderConfig
from app.domain.settings import Settings
from app.engine.events import ConnectionTested, LocalServersFound
from app.engine.keys import FindKey
from app.engine.preferences import Preferences
from app.engine.providers import Providers
from app.providers.configured import ConfiguredEndpoint
from app.providers.environment import EnvironmentEndpoint
from app.providers.openai_compatible import OpenAICompatibleProvider
from app.providers.presets import PRESETS
from app.storage.settings_file import load_settings, save_settings
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text
from tests.world import (
    DONE,
    ScriptedProvider,
    ScriptedSource,
    World,
    build_world,
    choose_model,
    close_world,
    keys_for,
)

BUILT_IN_HERE = ProviderId("scripted")
ONE, TWO = ProviderId("one"), ProviderId("two")
FOUND = LocalServer("http://127.0.0.1:11434/v1", "Ollama", "ollama", ("llama3.2",))

Start = Callable[..., "House"]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


async def connect(endpoint: Endpoint) -> ChatProvider:
    return OpenAICompatibleProvider(endpoint)


def source_of(config: ProviderConfig, proxy: ProxySetting, find_key: FindKey) -> ModelSource:
    return ConfiguredEndpoint(config, find_key=find_key, proxy=proxy, connect_endpoint=connect)


async def find_servers() -> tuple[LocalServer, ...]:
    return (FOUND,)


class Far(ScriptedSource):
    """A provider at an address, there at once."""

    def __init__(self, provider_id: ProviderId, provider: ChatProvider, address: str, *models: ModelInfo) -> None:
        super().__init__(provider, *models, address=address)
        self.id = provider_id


@dataclass
class House:
    """The engine and its providers, with the settings on disk."""

    world: World
    providers: Providers
    settings: Path

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.002)

    async def ready(self, provider_id: ProviderId) -> None:
        states = self.world.store.providers
        await self.until(lambda: provider_id in states and states[provider_id].phase is ProviderPhase.READY)

    def ids(self) -> list[ProviderId]:
        return list(self.world.store.providers)


def providers_on(world: World, settings: Path) -> Providers:
    return Providers(
        preferences=Preferences(settings, database=world.database, store=world.store, tasks=world.tasks),
        models=world.models,
        keys=keys_for(world.store),
        database=world.database,
        store=world.store,
        tasks=world.tasks,
        source_of=source_of,
        find_servers=find_servers,
        presets=PRESETS,
    )


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Begin a session on the same folder; the one before is over."""
    running: list[World] = []

    def begin(preferred: ModelRef | None = None) -> House:
        world = build_world(
            tmp_path / "belay.db",
            (),
            flush_interval_s=0.002,
            plain_http_hosts=lambda: preferences.current.plain_http_hosts,
        )
        running.append(world)
        settings = tmp_path / "settings.json"
        providers = providers_on(world, settings)
        preferences = providers._preferences
        world.tasks.start(providers.begin(preferred), name="begin")
        return House(world, providers, settings)

    yield begin
    for world in running:
        await close_world(world)


def config(server: FakeProvider, provider_id: ProviderId = ONE, **changes: str) -> ProviderConfig:
    return replace(ProviderConfig(id=provider_id, name="Mine", base_url=server.base_url), **changes)


async def test_what_is_added_can_be_asked_and_is_there_in_the_next_session(start: Start, server: FakeProvider) -> None:
    house = start()
    await house.ready(BUILT_IN_HERE)
    provider_id = house.providers.add(config(server, ProviderId("")))
    assert provider_id
    house.world.models.select(ModelRef(provider_id, "rate=5000&count=5"))
    await house.ready(provider_id)
    house.world.models.select(ModelRef(provider_id, "fake-short"))
    sent = house.world.engine.send("hi")
    await house.world.settled()
    assert house.world.memory(sent.message_id).content == answer_text(12)
    await close_world(house.world)

    again = start(ModelRef(provider_id, "fake-short"))
    await again.ready(provider_id)
    assert again.ids() == [BUILT_IN_HERE, provider_id]
    assert again.world.store.selected_model == ModelRef(provider_id, "fake-short")
    assert again.world.store.providers[BUILT_IN_HERE].phase is ProviderPhase.IDLE, "nobody has asked for it"


async def test_models_that_were_listed_are_known_before_the_provider_answers(
    start: Start, server: FakeProvider
) -> None:
    house = start()
    house.providers.add(config(server))
    house.world.models.select(ModelRef(ONE, ""))
    await house.ready(ONE)
    listed = house.world.store.providers[ONE].models
    assert ModelInfo(id="fake-50") in listed
    await close_world(house.world)
    again = start()
    await again.until(lambda: ONE in again.world.store.providers)
    state = again.world.store.providers[ONE]
    assert (state.phase, state.models) == (ProviderPhase.IDLE, listed)


async def test_a_server_that_tells_no_list_today_does_not_cost_the_one_that_is_kept(
    start: Start, server: FakeProvider
) -> None:
    house = start()
    mine = config(server, default_model="fake-short")
    house.providers.add(mine)
    house.world.models.select(ModelRef(ONE, ""))
    await house.ready(ONE)
    listed = house.world.store.providers[ONE].models
    silent = Far(ONE, ScriptedProvider(), mine.base_url, ModelInfo(id="fake-short"))  # all that is known then
    house.world.models.put(silent)
    await house.until(lambda: house.world.store.providers[ONE].models == (ModelInfo(id="fake-short"),))
    await close_world(house.world)
    again = start()
    await again.until(lambda: ONE in again.world.store.providers)
    assert again.world.store.providers[ONE].models == listed


async def test_the_list_of_another_address_is_not_this_ones(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server))
    house.world.models.select(ModelRef(ONE, ""))
    await house.ready(ONE)
    house.world.models.select(ModelRef(BUILT_IN_HERE, ""))
    house.providers.change(config(server, base_url="http://127.0.0.1:9/v1"))
    assert house.world.store.providers[ONE].models == ()


async def test_an_answer_goes_on_while_its_provider_is_changed_and_removed(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server))
    house.world.models.select(ModelRef(ONE, ""))
    await house.ready(ONE)
    house.world.models.select(ModelRef(ONE, "fake-short"))
    sent = house.world.engine.send("hi")
    await house.until(lambda: house.world.store.text_of(sent.message_id))
    house.providers.change(config(server, name="Renamed"))
    assert house.world.store.providers[ONE].name == "Renamed"
    house.providers.remove(ONE)
    await house.world.settled()
    message = house.world.memory(sent.message_id)
    assert (message.status, message.content) == (MessageStatus.COMPLETE, answer_text(12))
    assert house.ids() == [BUILT_IN_HERE]
    selected = house.world.store.selected_model
    assert selected is not None
    assert selected.provider_id == BUILT_IN_HERE


async def test_what_was_being_connected_when_it_was_changed_does_not_come_back(
    start: Start, server: FakeProvider
) -> None:
    house = start()
    house.providers.add(config(server))
    house.world.models.select(ModelRef(ONE, ""))
    old = server.wait_for("request", path="/v1/models") if server.find("request", path="/v1/models") else None
    assert house.world.store.providers[ONE].phase is ProviderPhase.STARTING
    house.providers.change(config(server, base_url="http://127.0.0.1:9/v1"))
    await house.until(lambda: house.world.store.providers[ONE].phase is ProviderPhase.FAILED)
    await asyncio.to_thread(server.wait_for, "request", 5.0, old, path="/v1/models")
    for _ in range(50):
        await asyncio.sleep(0.002)
    assert house.world.store.providers[ONE].phase is ProviderPhase.FAILED
    assert house.world.store.providers[ONE].models == ()


async def test_what_is_removed_is_gone_from_the_settings_and_from_the_lists(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server))
    house.world.models.select(ModelRef(ONE, ""))
    await house.ready(ONE)
    await house.until(lambda: house.world.rows_of("model_list") == 1)
    house.providers.remove(ONE)
    await house.until(lambda: house.world.rows_of("model_list") == 0)
    await house.until(lambda: load_settings(house.settings).providers == ())


async def test_the_order_is_the_users(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server))
    house.providers.add(config(server, TWO))
    assert house.ids() == [BUILT_IN_HERE, ONE, TWO]
    house.providers.move(TWO, 0)
    assert house.ids() == [BUILT_IN_HERE, TWO, ONE]
    house.providers.move(TWO, 99)
    assert house.ids() == [BUILT_IN_HERE, ONE, TWO]


async def test_one_that_is_not_enabled_is_kept_and_not_offered(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server))
    house.providers.enable(ONE, False)
    assert house.ids() == [BUILT_IN_HERE]
    await house.until(lambda: load_settings(house.settings).providers == house.providers.configs)
    assert [each.is_enabled for each in house.providers.configs] == [False]
    await close_world(house.world)
    again = start(ModelRef(ONE, "m"))
    await again.ready(BUILT_IN_HERE)
    assert again.ids() == [BUILT_IN_HERE]
    again.providers.enable(ONE, True)
    assert again.ids() == [BUILT_IN_HERE, ONE]


async def test_a_set_up_is_tried_with_a_real_request(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.test(config(server, default_model="rate=5000&count=9&key=tried"))
    await house.until(lambda: any(isinstance(event, ConnectionTested) for event in house.world.events))
    (tested,) = (event for event in house.world.events if isinstance(event, ConnectionTested))
    assert tested.fault is None
    assert tested.took_ms > 0
    assert ModelInfo(id="fake-50") in tested.models
    server.wait_for("request", model="rate=5000&count=9&key=tried")
    assert house.providers.configs == (), "nothing is kept"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v1", "ftp://x", "https://", "nonsense"])
async def test_a_set_up_that_does_not_work_says_why(start: Start, server: FakeProvider, address: str) -> None:
    house = start()
    house.providers.test(config(server, base_url=address))
    await house.until(lambda: any(isinstance(event, ConnectionTested) for event in house.world.events))
    (tested,) = (event for event in house.world.events if isinstance(event, ConnectionTested))
    assert tested.fault is not None
    assert tested.fault.detail


async def test_an_address_that_is_none_fails_in_a_sentence(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server, base_url="nonsense"))
    house.world.models.select(ModelRef(ONE, ""))
    await house.until(lambda: house.world.store.providers[ONE].phase is ProviderPhase.FAILED)
    fault = house.world.store.providers[ONE].fault
    assert fault is not None
    assert fault.title == NotAnOpenAIServer.title


async def test_another_proxy_is_another_way_to_every_provider(start: Start, server: FakeProvider) -> None:
    house = start()
    house.providers.add(config(server))
    house.world.models.select(ModelRef(ONE, ""))
    await house.ready(ONE)
    connections = len(server.events("accepted"))
    proxy = ProxySetting(ProxyMode.MANUAL, "http://127.0.0.1:9")
    preferences = house.providers._preferences
    preferences.change(proxy=proxy)
    assert house.world.store.providers[ONE].phase is ProviderPhase.STARTING
    await house.ready(ONE)
    await house.until(lambda: len(server.events("accepted")) > connections)


async def test_a_consent_that_is_taken_back_counts_at_once(start: Start) -> None:
    """Without it, nothing is sent in the open any more, also not to a provider that is connected."""
    house = start()
    preferences = house.providers._preferences
    preferences.change(plain_http_hosts=("far.example", "near.example"))
    provider = ScriptedProvider((Delta("a"), DONE))
    for provider_id, address in ((ONE, "http://far.example/v1"), (TWO, "http://near.example/v1")):
        house.world.models.put(Far(provider_id, provider, address))
        house.world.models.connect(provider_id)
        await house.ready(provider_id)
    preferences.change(plain_http_hosts=("near.example",))
    state = house.world.store.providers[ONE]
    assert state.fault == AddressNotEncrypted("far.example").fault
    assert house.world.store.providers[TWO].phase is ProviderPhase.READY
    choose_model(house.world.store, ModelRef(ONE, "m"))
    sent = house.world.engine.send("hi")
    await house.world.settled()
    assert house.world.memory(sent.message_id).status is MessageStatus.FAILED
    assert provider.asked == []


async def test_the_environments_provider_goes_the_way_that_the_settings_say(tmp_path: Path) -> None:
    """Whoever sends all through a proxy means this one, too."""
    asked: list[Endpoint] = []

    async def note(endpoint: Endpoint) -> ChatProvider:
        asked.append(endpoint)
        raise KeyMissing

    source = EnvironmentEndpoint.named_in({"OPENAI_API_KEY": "sk-canary", "BELAY_MODEL": "m"}, note)
    assert source is not None
    one, two = (ProxySetting(ProxyMode.MANUAL, f"socks5://127.0.0.1:{port}") for port in (9050, 9150))
    save_settings(tmp_path / "settings.json", Settings(proxy=one, finds_local_servers=False))
    world = build_world(tmp_path / "belay.db", (), flush_interval_s=0.002, sources=(source,))
    house = House(world, providers_on(world, tmp_path / "settings.json"), tmp_path / "settings.json")
    world.tasks.start(house.providers.begin(None), name="begin")
    await house.until(lambda: asked)
    house.providers._preferences.change(proxy=two)
    await house.until(lambda: len(asked) == 2)
    assert [each.proxy for each in asked] == [one, two]
    await close_world(world)


async def test_servers_on_this_computer_are_told(start: Start) -> None:
    house = start()
    house.providers.find_local_servers()
    await house.until(lambda: LocalServersFound((FOUND,)) in house.world.events)
    assert house.world.store.known.local_servers == (FOUND,)


def test_providers_are_written_and_read_one_by_one(tmp_path: Path) -> None:
    """One entry that is ill-typed costs no other."""
    path = tmp_path / "settings.json"
    mine = ProviderConfig(id=ONE, name="Mine", base_url="https://a/v1", headers=(("a", "b"),), proxy=ProxySetting())
    save_settings(path, Settings(providers=(mine, replace(mine, id=TWO))))
    text = path.read_text()
    assert load_settings(path).providers == (mine, replace(mine, id=TWO))
    path.write_text(text.replace('"id": "one"', '"id": 1'))
    assert load_settings(path).providers == (replace(mine, id=TWO),)


async def test_a_server_that_was_found_is_set_up_without_a_key_and_only_once(
    start: Start, server: FakeProvider
) -> None:
    house = start()
    await house.ready(BUILT_IN_HERE)
    found = LocalServer(server.base_url, "Ollama", "ollama")
    provider_id = house.providers.adopt_local_server(found)
    assert house.providers.adopt_local_server(found) == provider_id
    (adopted,) = house.providers.configs
    assert (adopted.name, adopted.preset, adopted.key_place) == ("Ollama", "ollama", KeyPlace.NONE)
    house.world.models.select(ModelRef(provider_id, ""))
    await house.ready(provider_id)


@pytest.mark.parametrize(("preset", "wants_key"), [("jan", False), ("llama.cpp", True)])
async def test_a_server_that_was_found_and_wants_a_key_asks_for_it(
    start: Start, server: FakeProvider, preset: str, wants_key: bool
) -> None:
    found = LocalServer(server.base_url, "Found", preset, (), wants_key)
    house = start()
    await house.ready(BUILT_IN_HERE)
    provider_id = house.providers.adopt_local_server(found)
    house.world.models.select(ModelRef(provider_id, ""))
    states = house.world.store.providers
    await house.until(lambda: states[provider_id].phase is ProviderPhase.FAILED)
    fault = states[provider_id].fault
    assert fault is not None
    assert fault.title == KeyMissing.title


async def test_what_can_be_set_up_is_offered(start: Start) -> None:
    assert start().providers.presets() == PRESETS


@pytest.mark.parametrize(
    ("kept", "is_looked"),
    [({}, True), ({"finds_local_servers": False}, False),
     ({"providers": [{"id": "one", "name": "Mine", "base_url": "https://example.org/v1"}]}, False)],
    ids=["first run", "switched off", "something is set up"],
)  # fmt: skip
async def test_servers_are_looked_for_on_a_first_run_only(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: dict[str, object], is_looked: bool
) -> None:
    monkeypatch.setattr(ScriptedSource, "id", BUILT_IN)
    (tmp_path / "settings.json").write_text(json.dumps(kept))
    house = start()
    await house.until(lambda: BUILT_IN in house.world.store.providers)
    await house.world.tasks.close(grace_s=5)
    assert house.world.store.known.local_servers == ((FOUND,) if is_looked else ())
