"""A key is found where the user put it, is kept where it is safe, and costs nobody a wait."""

import asyncio
import gc
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from app.domain.errors import AppError, KeyMissing, KeyringLocked, KeyUnavailable, Remedy
from app.domain.key_errors import (
    KeyForAnotherAddress,
    KeyLeftBehind,
    KeyMalformed,
    KeyringMissing,
    KeyringSilent,
    KeyTooLong,
)
from app.domain.keys import KeyringState
from app.domain.model import ProviderId
from app.domain.provider import Secret
from app.domain.provider_config import KeyPlace, ProviderConfig, named_for_its_address
from app.domain.redaction import Redactor
from app.engine.events import Event, FaultOccurred, KeyringChanged
from app.engine.keys import Keys
from app.engine.store import ChatStore
from app.engine.system_keyring import SystemKeyring
from app.storage.keychain import Keychain

if TYPE_CHECKING:
    from tests.secret_service import SecretService

CONFIG = ProviderConfig(
    id=ProviderId("work"), name="Work", base_url="https://api.example.com/v1", key_place=KeyPlace.KEYRING
)
ELSEWHERE = replace(CONFIG, base_url="https://api.example.com:8443/v1")
KEY = Secret("sk-test-0123456789")
ENTRY = "work https://api.example.com:443"
LIMIT_S = 0.3


@dataclass
class House:
    keys: Keys
    store: ChatStore
    redactor: Redactor
    events: list[Event]

    @property
    def keyring(self) -> KeyringState:
        return self.store.known.keyring

    def told(self) -> list[str]:
        return [event.fault.advice for event in self.events if isinstance(event, FaultOccurred)]

    async def found(self, config: ProviderConfig = CONFIG) -> str:
        return (await self.keys.find(config)).reveal()


Begin = Callable[[], House]


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    """Begin a session; it knows nothing of those before."""
    begun: list[House] = []

    def start() -> House:
        store, redactor, events = ChatStore(), Redactor(), list[Event]()
        store.subscribe(events.append)
        keyring = SystemKeyring(Keychain(), store, answer_limit_s=LIMIT_S)
        house = House(Keys(keyring, store=store, redactor=redactor), store, redactor, events)
        begun.append(house)
        return house

    yield start
    for house in begun:
        house.keys.close()


async def test_a_key_is_found_again_in_the_next_session(begin: Begin, secret_service: "SecretService") -> None:
    assert await begin().keys.remember(CONFIG, KEY) is KeyPlace.KEYRING
    assert secret_service.entries() == {ENTRY: KEY.reveal()}
    house = begin()
    assert await house.found() == KEY.reveal()
    assert house.keyring is KeyringState.READY or house.keyring is KeyringState.UNKNOWN
    assert KEY.reveal() not in house.redactor.redacted(f"x{KEY.reveal()}x")


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "https://api.example.com:8443/v1"},
        {"base_url": "http://api.example.com/v1"},
        {"base_url": "https://api.example.org/v1"},
        {"id": "other"},
    ],
)
async def test_another_scheme_host_port_or_provider_has_another_key(
    begin: Begin, secret_service: "SecretService", changed: Mapping[str, str]
) -> None:
    house = begin()
    await house.keys.remember(CONFIG, KEY)
    for each in (house, begin()):
        with pytest.raises(KeyMissing):
            await each.keys.find(replace(CONFIG, **changed))
        assert await each.found(replace(CONFIG, base_url="https://API.example.com:443/other/path")) == KEY.reveal()


async def test_the_keyring_is_asked_once_a_session(begin: Begin, secret_service: "SecretService") -> None:
    await begin().keys.remember(CONFIG, KEY)
    house = begin()
    await house.found()
    secret_service.lock()
    assert await house.found() == KEY.reveal()


async def test_what_is_forgotten_is_gone_everywhere(begin: Begin, secret_service: "SecretService") -> None:
    house = begin()
    await house.keys.remember(CONFIG, KEY)
    await house.keys.remember(ELSEWHERE, Secret("another-key"))
    await house.keys.forget(CONFIG)
    assert list(secret_service.entries().values()) == ["another-key"]
    with pytest.raises(KeyMissing):
        await house.keys.find(CONFIG)


async def test_a_session_key_is_in_memory_only(begin: Begin, secret_service: "SecretService") -> None:
    house, config = begin(), replace(CONFIG, key_place=KeyPlace.SESSION)
    assert await house.keys.remember(config, KEY) is KeyPlace.SESSION
    assert await house.found(config) == KEY.reveal()
    assert secret_service.entries() == {}
    with pytest.raises(KeyMissing):
        await begin().keys.find(config)


async def test_a_key_moves_from_the_keyring_into_memory_and_back(begin: Begin, secret_service: "SecretService") -> None:
    await begin().keys.remember(CONFIG, KEY)
    house, session = begin(), replace(CONFIG, key_place=KeyPlace.SESSION)
    await house.keys.move(CONFIG, session)
    assert secret_service.entries() == {}
    assert await house.found(session) == KEY.reveal()
    with pytest.raises(KeyMissing):
        await begin().keys.find(CONFIG)
    await house.keys.move(session, CONFIG)
    assert secret_service.entries() == {ENTRY: KEY.reveal()}
    await house.keys.move(CONFIG, replace(ELSEWHERE, key_place=KeyPlace.SESSION))
    with pytest.raises(KeyMissing):
        await house.keys.find(ELSEWHERE)


async def test_from_an_address_that_was_none_no_key_moves(begin: Begin) -> None:
    """Settings can be edited by hand. Whoever corrects them there, and says where the key is, is not held up."""
    await begin().keys.move(replace(CONFIG, base_url="api.example"), replace(CONFIG, key_place=KeyPlace.SESSION))


async def test_what_was_left_from_earlier_is_deleted_with_its_provider(
    begin: Begin, secret_service: "SecretService"
) -> None:
    house = begin()
    await house.keys.remember(CONFIG, KEY)
    await house.keys.forget(replace(CONFIG, key_place=KeyPlace.ENVIRONMENT, key_name="X"))
    assert secret_service.entries() == {}


async def test_a_locked_keyring_keeps_the_key_once_it_is_unlocked(
    begin: Begin, secret_service: "SecretService"
) -> None:
    house = begin()
    secret_service.lock()
    assert await house.keys.remember(CONFIG, KEY) is KeyPlace.KEYRING
    assert house.keyring is KeyringState.LOCKED
    (fault,) = [event.fault for event in house.events if isinstance(event, FaultOccurred)]
    assert (fault.title, fault.remedy) == ("The key is kept until you quit", Remedy.UNLOCK)
    assert await house.found() == KEY.reveal()
    assert secret_service.prompts == 0
    unlocking = asyncio.ensure_future(house.keys.unlock())
    await asyncio.to_thread(secret_service.wait_for_prompt)
    secret_service.type_password()
    secret_service.close_prompt()
    assert await unlocking
    assert house.store.known.keyring is KeyringState.READY
    assert secret_service.entries() == {ENTRY: KEY.reveal()}


async def test_a_locked_keyring_says_so_and_does_not_prompt(begin: Begin, secret_service: "SecretService") -> None:
    await begin().keys.remember(CONFIG, KEY)
    secret_service.lock()
    house = begin()
    with pytest.raises(KeyringLocked) as raised:
        await house.keys.find(CONFIG)
    assert raised.value.fault.remedy is Remedy.UNLOCK
    assert await house.keys.look() is KeyringState.LOCKED
    assert [event.state for event in house.events if isinstance(event, KeyringChanged)] == [KeyringState.LOCKED]
    with pytest.raises(KeyLeftBehind):
        await house.keys.forget(CONFIG)
    assert secret_service.prompts == 0


async def test_a_second_click_waits_for_the_same_prompt_and_a_quit_takes_it_back(
    begin: Begin, secret_service: "SecretService"
) -> None:
    house = begin()
    secret_service.lock()
    clicks = [asyncio.ensure_future(house.keys.unlock()) for _ in range(2)]
    await asyncio.to_thread(secret_service.wait_for_prompt)
    house.keys.close()
    async with asyncio.timeout(5):
        await asyncio.wait(clicks)
    assert secret_service.prompts == 1
    assert await begin().keys.look() is KeyringState.LOCKED


async def test_a_keyring_that_hangs_is_given_up_and_found_again_when_it_goes_on(
    begin: Begin, secret_service: "SecretService"
) -> None:
    await begin().keys.remember(CONFIG, KEY)
    house = begin()
    secret_service.hang()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    counting = asyncio.ensure_future(count())
    for _ in range(2):  # the second is put while the first still hangs
        with pytest.raises(KeyringSilent):
            async with asyncio.timeout(5):
                await house.keys.find(CONFIG)
        assert house.keyring is KeyringState.SILENT
    hanging = [thread for thread in threading.enumerate() if thread.name.startswith("work-")]
    assert len(hanging) == 1, "each question hangs another thread"
    counting.cancel()
    assert turns > 50, "the loop stood still"
    assert await house.keys.remember(CONFIG, Secret("entered-meanwhile")) is KeyPlace.KEYRING
    assert house.told() == ["Your keyring does not answer. Enter the key again later to keep it there."]
    assert await house.found() == "entered-meanwhile"
    secret_service.go_on()
    async with asyncio.timeout(5):
        while await house.keys.look() is not KeyringState.READY:
            await asyncio.sleep(0.01)


async def test_a_question_that_is_cancelled_while_the_keyring_hangs_leaves_nothing_behind(
    begin: Begin, secret_service: "SecretService", caplog: pytest.LogCaptureFixture
) -> None:
    house = begin()
    await house.keys.look()
    secret_service.hang()
    finding = asyncio.ensure_future(house.keys.find(CONFIG))
    await asyncio.sleep(0.05)
    finding.cancel()
    async with asyncio.timeout(1):
        await asyncio.wait({finding})
    assert finding.cancelled()
    house.keys.close()
    secret_service.go_on()
    await asyncio.sleep(0.05)
    gc.collect()
    assert caplog.records == []


async def test_a_quit_waits_for_no_question_whether_it_was_put_or_stands_in_line(
    begin: Begin, secret_service: "SecretService"
) -> None:
    house = begin()
    await house.keys.look()
    secret_service.hang()
    with pytest.raises(KeyringSilent):
        await house.keys.find(CONFIG)
    patient = Keys(
        SystemKeyring(Keychain(), house.store, answer_limit_s=60), store=house.store, redactor=house.redactor
    )
    put = asyncio.ensure_future(patient.find(CONFIG))
    in_line = asyncio.ensure_future(house.keys.look())
    await asyncio.sleep(0.05)
    patient.close()
    house.keys.close()
    done, _ = await asyncio.wait({put, in_line}, timeout=0.2)
    assert done == {put, in_line}
    assert put.cancelled()


async def test_without_a_keyring_the_key_is_in_memory_and_the_user_is_told(begin: Begin) -> None:
    house = begin()
    with pytest.raises(KeyringMissing) as raised:
        await house.keys.find(CONFIG)
    assert raised.value.fault.title == KeyMissing.title
    assert raised.value.fault.remedy is Remedy.KEY
    assert await house.keys.remember(CONFIG, KEY) is KeyPlace.KEYRING
    assert house.keyring is KeyringState.MISSING
    assert [advice.partition(".")[0] for advice in house.told()] == ["This system has no keyring"]
    assert await house.found() == KEY.reveal()
    await house.keys.forget(CONFIG)
    with pytest.raises(KeyringMissing):
        await house.keys.find(CONFIG)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (" sk-test-0123456789\n", "sk-test-0123456789"),
        ("\ufeffsk-test\u200b \t", "sk-test"),
        ("k" * 1280, "k" * 1280),
        ("k" * 1281, KeyTooLong),
        ("sk-test\n0123", KeyMalformed),
        ("sk test", KeyMalformed),
        ("sk-tést", KeyMalformed),
        ("sk-世界", KeyMalformed),
        ("sk-\x00test", KeyMalformed),
    ],
)
async def test_what_comes_along_with_a_pasted_key_is_left_out_and_what_is_none_is_refused(
    begin: Begin, secret_service: "SecretService", pasted: str, kept: str | type[AppError]
) -> None:
    house = begin()
    if isinstance(kept, str):
        await house.keys.remember(CONFIG, Secret(pasted))
        assert await house.found() == kept
        assert secret_service.entries() == {ENTRY: kept}
    else:
        with pytest.raises(kept):
            await house.keys.remember(CONFIG, Secret(pasted))
        assert secret_service.entries() == {}
        with pytest.raises(KeyMissing):
            await house.keys.find(CONFIG)


def from_variable(name: str = "BELAY_TEST_KEY", base_url: str = CONFIG.base_url) -> ProviderConfig:
    config = replace(CONFIG, key_place=KeyPlace.ENVIRONMENT, key_name=name, base_url=base_url)
    return named_for_its_address(config)


async def test_a_variable_supplies_the_key(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    house = begin()
    monkeypatch.setenv("BELAY_TEST_KEY", f" {KEY.reveal()}\n")
    assert await house.found(from_variable()) == KEY.reveal()
    assert KEY.reveal() not in house.redactor.redacted(KEY.reveal())
    with pytest.raises(KeyUnavailable, match="the variable NOT_SET_HERE is not set"):
        await house.keys.find(from_variable("NOT_SET_HERE"))
    monkeypatch.setenv("BELAY_TEST_KEY", "two words")
    with pytest.raises(KeyUnavailable) as raised:
        await house.keys.find(from_variable())
    assert "two words" not in raised.value.detail


def from_command(command: str) -> ProviderConfig:
    return named_for_its_address(replace(CONFIG, key_place=KeyPlace.COMMAND, key_name=command))


async def test_a_command_supplies_the_key_with_its_first_line(begin: Begin) -> None:
    command = f"{sys.executable} -S -c \"print('{KEY.reveal()}'); print('login: me')\""
    assert await begin().found(from_command(command)) == KEY.reveal()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
async def test_a_command_nobody_waits_for_any_more_is_ended(begin: Begin, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    finding = asyncio.ensure_future(begin().keys.find(from_command(f"sh -c 'echo $$ > {pid}; exec sleep 60'")))
    async with asyncio.timeout(10):
        while not pid.exists() or not pid.read_text():
            await asyncio.sleep(0.005)
        process = Path(f"/proc/{pid.read_text().strip()}")
        assert process.exists()
        finding.cancel()
        while process.exists():
            await asyncio.sleep(0.005)
    assert finding.cancelled()


@pytest.mark.parametrize("config", [from_variable(), from_command("echo key")])
async def test_a_variable_or_command_is_not_used_for_another_address(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, config: ProviderConfig
) -> None:
    monkeypatch.setenv("BELAY_TEST_KEY", KEY.reveal())
    with pytest.raises(KeyForAnotherAddress):
        await begin().keys.find(replace(config, base_url=ELSEWHERE.base_url))
