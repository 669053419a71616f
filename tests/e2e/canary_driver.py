"""
The real program, led through a scenario with keys that must show nowhere: `python -m tests.e2e.canary_driver JOB`.

JOB is JSON: `folder`, `base_url`, the keys, `command` and `dies`. Everything is logged, down to DEBUG.
Says "seen" on stdout for what must have happened, so that the test is not of an empty scenario.
"""

import asyncio
import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from msgspec.structs import replace
from PySide6.QtWidgets import QAbstractButton

from app import main as program
from app import start
from app.domain.conversation import MessageId
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ProviderPhase, Secret
from app.domain.provider_config import KeyPlace, ProviderConfig
from app.domain.redaction import Redactor
from app.engine.diagnostics import Diagnostics
from app.engine.events import ConnectionTested, DiagnosisMade, Event
from app.main import App
from app.storage.paths import DataFolder

PATIENCE_S = 20.0
GATEWAY_TOKEN = "gateway-5/eeeeeeeeeeeeeeeeee"  # the user's own header: it is in the settings, and nowhere else


@dataclass
class Job:
    folder: str
    base_url: str
    key: str  # goes into the keyring
    session_key: str
    command: str  # prints the next one
    command_key: str
    dies: bool


def main(job: Job) -> int:
    begin = program.begin

    def begin_and_play(app: App) -> None:
        everything_is_logged()
        begin(app)
        app.tasks.start(play(app, job), name="scenario")

    program.begin = begin_and_play  # `session.serve` finds it by this name
    return start.run(DataFolder(Path(job.folder)))


def everything_is_logged() -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    for name in ("httpx2", "httpcore2", "openai", "asyncio", "keyring"):
        logging.getLogger(name).setLevel(logging.DEBUG)


async def play(app: App, job: Job) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await scenario(Hands(app, job))
    finally:
        app.window.close()


class Hands:
    def __init__(self, app: App, job: Job) -> None:
        self.app = app
        self.job = job
        self.tested: list[ConnectionTested] = []
        app.store.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ConnectionTested):
            self.tested.append(event)

    def config(self, name: str, place: KeyPlace, key_name: str = "") -> ProviderConfig:
        return ProviderConfig(
            id=ProviderId(name),
            name=name,
            base_url=self.job.base_url,
            key_place=place,
            key_name=key_name,
            default_model="fake-short",
            headers=(("X-Gateway-Token", GATEWAY_TOKEN),),
        )

    async def until(self, holds: Callable[[], object]) -> None:
        while not holds():
            await asyncio.sleep(0.005)

    async def choose(self, name: str, model: str = "fake-short") -> None:
        """Choose a provider with this model as its own; it is connected anew."""
        app, provider_id = self.app, ProviderId(name)
        await self.until(lambda: provider_id in app.store.providers)
        config = app.providers.config(provider_id)
        assert config is not None
        app.providers.change(replace(config, default_model=model))
        app.models.select(ModelRef(provider_id, ""))
        await self.until(lambda: app.store.providers[provider_id].phase is ProviderPhase.READY)
        app.models.select(ModelRef(provider_id, model))
        assert app.store.selected_model == ModelRef(provider_id, model)

    async def ask(self, name: str, model: str, *, stop_after: int | None = None) -> MessageId:
        button = self.app.window.findChild(QAbstractButton, "newConversationButton")
        assert button is not None
        button.click()  # a conversation keeps its model
        await self.choose(name, model)
        self.app.workspace.composer.send_requested.emit("Tell me something")
        (message_id,) = self.app.store.generating()
        if stop_after is not None:
            await self.until(lambda: len(self.app.store.text_of(message_id)) > stop_after)
            self.app.workspace.composer.stop_requested.emit()
        await self.until(lambda: not self.app.active)
        self.app.window.grab()
        message = self.app.store.message(message_id)
        assert message is not None
        seen(message.status, "with fault" if message.fault else "", message.fault.title if message.fault else "")
        return message_id


async def scenario(hands: Hands) -> None:
    app, job = hands.app, hands.job
    key, session_key = Secret(job.key), Secret(job.session_key)
    app.providers.test(hands.config("kept", KeyPlace.KEYRING), Secret(f" {job.key}\n"))
    await hands.until(lambda: hands.tested)
    seen("tested", hands.tested[0].fault is None)
    app.providers.add(hands.config("kept", KeyPlace.KEYRING), key)
    await hands.ask("kept", "fake-short")
    await hands.ask("kept", "fault=echo_key")
    await hands.ask("kept", "rate=300&count=5000", stop_after=60)
    await hands.ask("kept", "rate=3000&count=40&fault=cut_after:20")
    await hands.ask("kept", "rate=3000&count=40&fault=html")
    app.providers.add(hands.config("session", KeyPlace.SESSION), session_key)
    await hands.ask("session", "fault=echo_key")
    app.providers.add(hands.config("command", KeyPlace.COMMAND, job.command))
    await hands.ask("command", "fault=echo_key")
    app.preferences.change(zoom_percent=120)
    app.providers.change(hands.config("kept", KeyPlace.KEYRING), Secret(f"{job.key} is mine"))  # refused, and told
    app.window.grab()
    careless(key, session_key, Secret(job.command_key), Secret(os.environ["OPENAI_API_KEY"]), Secret(GATEWAY_TOKEN))
    await diagnose(app)
    if job.dies:
        await hands.choose("kept", "rate=300&count=5000")
        app.workspace.composer.send_requested.emit("Tell me more")
        await asyncio.sleep(0.3)
        os.abort()  # as a bug in Qt would, in the middle of an answer
    await asyncio.sleep(0.1)


async def diagnose(app: App) -> None:
    """Write down what a user would copy into a bug report, by a redactor that has learned nothing."""
    diagnostics = Diagnostics(
        app.folder,
        database=app.database,
        store=app.store,
        preferences=app.preferences,
        tasks=app.tasks,
        keys=app.keys,
        redactor=Redactor(),
        version="1",
    )
    made: list[str] = []
    app.store.subscribe(
        lambda event: made.append(event.diagnosis.as_text()) if isinstance(event, DiagnosisMade) else None
    )
    diagnostics.gather(())
    while not made:
        await asyncio.sleep(0.005)
    (app.folder.root / "diagnosis.txt").write_text(made[0], encoding="utf-8")


def careless(*keys: Secret) -> None:
    """What a bug of ours, or somebody else's library, would do with a key."""
    log = logging.getLogger("careless")
    for key in keys:
        log.info("key=%s", key.reveal())
        log.debug("headers=%r", {"Authorization": f"Bearer {key.reveal()}"})
        log.info("secret=%s %r", key, key)

        def fail(key: Secret = key) -> NoReturn:
            raise RuntimeError(f"the server said {key.reveal()}")

        try:
            fail()
        except RuntimeError:
            log.exception("failed")
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    seen("careless")


def seen(*what: object) -> None:
    sys.stdout.write(f"seen {' '.join(map(str, what))}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Job(**json.loads(sys.argv[1]))))
