"""Keys in the real program: where they go, where they never go, and a keyring that is locked, hung or gone."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from app.domain.errors import AuthenticationFailed, KeyMissing, Remedy
from app.domain.key_errors import KeyForAnotherAddress, KeyringSilent
from app.domain.keys import KeyringState
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ProviderPhase, ProviderState, Secret
from app.domain.provider_config import KeyPlace, ProviderConfig, named_for_its_address
from app.domain.settings import Settings
from app.storage.paths import DataFolder
from app.storage.settings_file import load_settings, save_settings
from tests.e2e.conftest import Play, User
from tests.e2e.test_edge_cases import Heartbeat
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.report import fingerprint

if TYPE_CHECKING:
    from tests.secret_service import SecretService

ROOT = Path(__file__).parents[2]
MINE = ProviderId("mine")
KEY, OTHER_KEY = Secret("sk-first-0123456789"), Secret("sk-second-9876543210")
# 33 ms on a machine of one's own; these run beside other tests on two cores.
LONGEST_GAP_S = 0.25
QUIT_LIMIT_S = 5.0


def mine(server: FakeProvider, place: KeyPlace = KeyPlace.KEYRING, name: str = "") -> ProviderConfig:
    return ProviderConfig(
        id=MINE, name="Mine", base_url=server.base_url, key_place=place, key_name=name, default_model="fake-short"
    )


def state(user: User) -> ProviderState:
    return user.app.store.providers[MINE]


def keyring(user: User) -> KeyringState:
    return user.app.store.known.keyring


async def choose(user: User, phase: ProviderPhase = ProviderPhase.READY) -> None:
    """Choose the provider in the picker, and wait until it is connected, or is not."""
    await user.until(lambda: MINE in user.app.store.providers, "the provider")
    user.app.models.select(ModelRef(MINE, "fake-short"))
    await user.until(lambda: state(user).phase is phase, phase)


def keys_seen(server: FakeProvider) -> set[str]:
    return {event["headers"].get("authorization", "") for event in server.events("request")}


def sent(key: Secret) -> str:
    return fingerprint(f"Bearer {key.reveal()}")


def test_a_key_is_used_in_the_next_session_and_a_locked_keyring_asks_on_a_click_only(
    play: Play, provider: FakeProvider, secret_service: "SecretService", folder: DataFolder
) -> None:
    async def first(user: User) -> None:
        user.app.providers.add(mine(provider), KEY)
        await choose(user)

    async def second(user: User) -> None:
        await choose(user, ProviderPhase.FAILED)
        fault = state(user).fault
        assert fault is not None
        assert fault.remedy is Remedy.UNLOCK
        assert keyring(user) is KeyringState.LOCKED
        assert secret_service.prompts == 0
        await user.until(user.app.workspace.banner.isVisible, "the banner")
        assert user.find("bannerRemedy").text() == "Unlock…"
        user.click("bannerRemedy")
        await user.until(lambda: secret_service.prompts, "the prompt")
        secret_service.type_password()
        await asyncio.to_thread(secret_service.close_prompt)
        await user.until(lambda: state(user).phase is ProviderPhase.READY, "ready")
        assert keyring(user) is KeyringState.READY
        user.type_and_send("hi")
        await user.settled()
        user.assert_agrees(user.answer().id)

    play(first)
    assert sent(KEY) in keys_seen(provider)
    secret_service.lock()
    play(second)
    assert provider.find("request", path="/v1/chat/completions", stream=True)
    assert KEY.reveal() not in folder.settings.read_text(encoding="utf-8")
    assert load_settings(folder.settings).providers[0].key_place is KeyPlace.KEYRING


def test_a_key_that_a_locked_keyring_did_not_take_is_taken_after_a_click(
    play: Play, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    secret_service.lock()

    async def scenario(user: User) -> None:
        banner = user.app.workspace.banner
        user.app.providers.add(mine(provider), KEY)
        await user.until(banner.isVisible, "the banner")
        assert "The key is kept until you quit" in banner.accessibleDescription()
        await choose(user)
        assert banner.isVisible(), "it is still so"
        user.click("bannerRemedy")
        await user.until(lambda: secret_service.prompts, "the prompt")
        secret_service.type_password()
        await asyncio.to_thread(secret_service.close_prompt)
        await user.until(lambda: not banner.isVisible(), "the banner is gone")
        await user.until(secret_service.entries, "the key is in the keyring")
        assert list(secret_service.entries().values()) == [KEY.reveal()]

    play(scenario)


def test_another_address_gets_no_key_until_the_user_enters_one(
    play: Play, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    """S10: not one request to the new address carries the old key."""

    async def scenario(user: User) -> None:
        user.app.providers.add(mine(provider), KEY)
        await choose(user)
        with FakeProvider() as other:
            user.app.providers.change(replace(user.app.providers.configs[0], base_url=other.base_url))
            await user.until(lambda: state(user).phase is ProviderPhase.FAILED, "asked for the key")
            fault = state(user).fault
            assert fault is not None
            assert (fault.title, fault.remedy) == (KeyMissing.title, Remedy.KEY)
            user.app.providers.refresh(MINE)
            user.app.providers.test(user.app.providers.configs[0])
            await asyncio.sleep(0.1)
            assert other.events("request") == []
            user.app.providers.change(user.app.providers.configs[0], OTHER_KEY)
            await user.until(lambda: state(user).phase is ProviderPhase.READY, "ready")
            assert keys_seen(other) == {sent(OTHER_KEY)}
        assert OTHER_KEY.reveal() not in keys_seen(provider)
        user.app.providers.change(replace(user.app.providers.configs[0], base_url=provider.base_url))
        await user.until(lambda: state(user).phase is ProviderPhase.READY, "the key of the old address is still there")

    play(scenario)
    assert keys_seen(provider) <= {sent(KEY), fingerprint("Bearer sk-canary-0123456789")}


@pytest.mark.parametrize("place", [KeyPlace.ENVIRONMENT, KeyPlace.COMMAND])
def test_a_variable_or_a_command_is_named_anew_for_another_address(
    play: Play, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, folder: DataFolder, place: KeyPlace
) -> None:
    monkeypatch.setenv("BELAY_TEST_KEY", KEY.reveal())
    name = "BELAY_TEST_KEY" if place is KeyPlace.ENVIRONMENT else f"{sys.executable} -S -c \"print('{KEY.reveal()}')\""

    async def scenario(user: User) -> None:
        user.app.providers.add(mine(provider, place, name))
        await choose(user)
        with FakeProvider() as other:
            moved = replace(user.app.providers.configs[0], base_url=other.base_url)
            user.app.providers.change(moved)
            await user.until(lambda: state(user).phase is ProviderPhase.FAILED, "asked where the key comes from")
            fault = state(user).fault
            assert fault is not None
            assert fault.title == KeyForAnotherAddress.title
            user.app.providers.test(moved)
            await asyncio.sleep(0.1)
            assert other.events("request") == []
            user.app.providers.change(replace(moved, key_origin=""))  # the user said it again
            await user.until(lambda: state(user).phase is ProviderPhase.READY, "ready")
            assert keys_seen(other) == {sent(KEY)}

    play(scenario)
    stored = load_settings(folder.settings).providers[0]
    save_settings(folder.settings, Settings(providers=(replace(stored, base_url=provider.base_url),)))

    async def after_an_edit_of_the_file(user: User) -> None:
        seen = len(provider.events("request"))
        await choose(user, ProviderPhase.FAILED)
        assert sent(KEY) not in {event["headers"].get("authorization") for event in provider.events("request")[seen:]}

    play(after_an_edit_of_the_file)


def test_a_redirect_to_another_host_takes_no_key_along(
    play: Play, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    """S9 and S10 together."""

    async def scenario(user: User) -> None:
        with FakeProvider() as other:
            user.app.providers.add(mine(provider), KEY)
            await choose(user)
            config = replace(
                user.app.providers.configs[0], default_model=f"fault=redirect:{other.base_url_at('localhost')}"
            )
            user.app.providers.change(config)
            await user.until(lambda: state(user).phase is ProviderPhase.READY, "ready")
            user.app.models.select(ModelRef(MINE, config.default_model))
            user.type_and_send("hi")
            await user.settled()
            assert user.answer().fault is not None
            assert provider.find("request", path="/v1/chat/completions", model=config.default_model)
            assert other.events("request") == []

    play(scenario)


def test_a_wrong_key_is_asked_for_and_its_echo_is_not_shown(
    play: Play, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    async def scenario(user: User) -> None:
        user.app.providers.add(replace(mine(provider), default_model="fault=echo_key"), KEY)
        await choose(user)
        user.app.models.select(ModelRef(MINE, "fault=echo_key"))
        user.type_and_send("hi")
        await user.settled()
        fault = user.answer().fault
        assert fault is not None
        assert (fault.title, fault.remedy) == (AuthenticationFailed.title, Remedy.KEY)
        assert "Incorrect API key provided: …" in fault.detail

    play(scenario)


def test_a_keyring_that_hangs_costs_the_window_nothing(
    play: Play, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    async def first(user: User) -> None:
        user.app.providers.add(mine(provider), KEY)
        await choose(user)

    async def second(user: User) -> None:
        beat = Heartbeat()
        await choose(user, ProviderPhase.FAILED)
        fault = state(user).fault
        assert fault is not None
        assert fault.title == KeyringSilent.title
        assert keyring(user) is KeyringState.SILENT
        user.app.providers.change(user.app.providers.configs[0], OTHER_KEY)
        await user.until(lambda: state(user).phase is ProviderPhase.READY, "ready with what was entered")
        await user.until(user.app.workspace.banner.isVisible, "the banner")
        assert "kept until you quit" in user.app.workspace.banner.accessibleDescription()
        assert await beat.stop() < LONGEST_GAP_S
        user.app.providers.look_at_keyring()
        user.app.providers.unlock_keyring()

    play(first)
    secret_service.hang()
    began_s = time.monotonic()
    play(second)
    secret_service.go_on()
    assert time.monotonic() - began_s < 20


@pytest.mark.parametrize("trouble", ["hung", "prompting"])
def test_the_program_ends_in_time_whatever_the_keyring_does(
    provider: FakeProvider, secret_service: "SecretService", folder: DataFolder, trouble: str
) -> None:
    """F14, with the real process: SIGTERM while it waits for the keyring."""
    config = named_for_its_address(mine(provider))
    save_settings(folder.settings, Settings(providers=(config,), provider_id=MINE, model="fake-short"))
    if trouble == "hung":
        secret_service.hang()
    else:
        secret_service.lock()
    program = "import sys; from tests.e2e.keyring_driver import main; main(*sys.argv[1:])"
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(folder.root), trouble],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout as output:
        line = next((line for line in output if "waiting" in line), "")
        assert line, "it never waited for the keyring"
        if trouble == "prompting":
            secret_service.wait_for_prompt()
        began_s = time.monotonic()
        child.send_signal(signal.SIGTERM)
        rest = output.read()
    assert child.wait(QUIT_LIMIT_S) == 0, rest
    assert time.monotonic() - began_s < QUIT_LIMIT_S
    assert "Traceback" not in rest
    assert " ended" in rest
