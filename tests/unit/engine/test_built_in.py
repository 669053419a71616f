"""The built-in model follows its settings, is let go when nobody needs it, and comes back by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.completion import Delta
from app.domain.conversation import MessageStatus
from app.domain.errors import Fault, ModelFileUnusable
from app.domain.local_model import ModelFile
from app.domain.model import BUILT_IN, ModelInfo, ModelRef
from app.domain.provider import Connected, LossListener, ProviderPhase
from app.domain.settings import LocalModelSettings
from app.engine import built_in
from app.engine.built_in import BuiltIn
from app.engine.events import LocalFileRead, ProviderChanged
from app.engine.preferences import Preferences
from app.providers.catalog import NOTHING_KNOWN
from app.storage.settings_file import save_settings
from tests.world import DONE, HANG, ScriptedProvider, World, build_world, close_world

SHORT_S = 0.03  # a minute, in these tests


class FileSource:
    """Runs a file at once, or when the gate is opened."""

    id = BUILT_IN
    name = "Built-in model"
    address = ""
    billing = NOTHING_KNOWN

    def __init__(
        self, settings: LocalModelSettings, provider: ScriptedProvider, on_progress: Callable[[float], None]
    ) -> None:
        self.settings = settings
        self.on_progress = on_progress
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun = self.closed = self.cancelled = 0
        self._provider = provider

    @property
    def note(self) -> str:
        return self.settings.file

    async def connect(self, on_lost: LossListener) -> Connected:
        self.begun += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        model = Path(self.settings.file).stem or "demo"
        return Connected(self._provider, (ModelInfo(id=model),), model)

    async def aclose(self) -> None:
        self.closed += 1


class Stage:
    def __init__(self, folder: Path, *script: Delta | str, settings: LocalModelSettings) -> None:
        self.provider = ScriptedProvider((*(script or (Delta("a"),)), DONE))
        self.demo = FileSource(LocalModelSettings(), self.provider, lambda _: None)
        self.world: World = build_world(folder / "belay.db", (), flush_interval_s=0.002, sources=(self.demo,))
        self.made: list[FileSource] = []
        self.read: list[LocalFileRead] = []
        self.phases: list[ProviderPhase] = []
        self.preferences = Preferences(
            folder / "settings.json", database=self.world.database, store=self.world.store, tasks=self.world.tasks
        )
        save_settings(folder / "settings.json", replace(self.preferences.current, local_model=settings))
        self.preferences = Preferences(
            folder / "settings.json", database=self.world.database, store=self.world.store, tasks=self.world.tasks
        )
        self.built_in = BuiltIn(
            models=self.world.models,
            preferences=self.preferences,
            store=self.world.store,
            tasks=self.world.tasks,
            source_of=self.make,
            read_file=self.look,
            free_memory_bytes=lambda: 4_000,
        )
        self.world.store.subscribe(self.on_event)

    def make(self, settings: LocalModelSettings, on_progress: Callable[[float], None]) -> FileSource:
        source = FileSource(settings, self.provider, on_progress)
        self.made.append(source)
        return source

    def look(self, path: Path) -> ModelFile:
        if path.name == "bad.gguf":
            raise ModelFileUnusable("bad.gguf is empty.")
        return ModelFile(path=str(path), size_bytes=123)

    def on_event(self, event: object) -> None:
        if isinstance(event, LocalFileRead):
            self.read.append(event)
        if isinstance(event, ProviderChanged) and event.state.phase not in self.phases[-1:]:
            self.phases.append(event.state.phase)

    def change(self, **changes: object) -> None:
        self.preferences.change(local_model=replace(self.preferences.current.local_model, **changes))

    @property
    def phase(self) -> ProviderPhase:
        return self.world.store.providers[BUILT_IN].phase

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.001)

    async def begin(self) -> None:
        self.world.models.begin(None)
        await self.until(lambda: self.phase is ProviderPhase.READY)


Staged = Callable[..., Stage]


@pytest.fixture
async def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Staged]:
    monkeypatch.setattr(built_in, "SECONDS_A_MINUTE", SHORT_S)
    stages: list[Stage] = []

    def open_stage(*script: Delta | str, settings: LocalModelSettings | None = None) -> Stage:
        stage = Stage(tmp_path, *script, settings=settings or LocalModelSettings(idle_minutes=0))
        stages.append(stage)
        return stage

    yield open_stage
    for stage in stages:
        stage.built_in.close()
        await close_world(stage.world)


async def test_the_file_that_was_chosen_is_the_one_that_runs_from_the_start(staged: Staged) -> None:
    stage = staged(settings=LocalModelSettings(file="/models/own.gguf", idle_minutes=0))
    await stage.begin()
    assert stage.world.store.selected_model == ModelRef(BUILT_IN, "own")
    assert stage.demo.begun == 0
    assert stage.world.store.providers[BUILT_IN].note == "/models/own.gguf"


async def test_without_a_choice_the_model_that_came_with_belay_runs(staged: Staged) -> None:
    stage = staged()
    await stage.begin()
    assert (stage.demo.begun, stage.made) == (1, [])


async def test_another_file_is_loaded_at_once_and_the_old_one_let_go(staged: Staged) -> None:
    stage = staged()
    await stage.begin()
    stage.change(file="/models/own.gguf")
    await stage.until(lambda: stage.world.store.selected_model == ModelRef(BUILT_IN, "own"))
    await stage.until(lambda: stage.demo.closed == 1)
    stage.change(context_tokens=2048, threads=3)
    await stage.until(lambda: len(stage.made) == 2)
    assert stage.made[1].settings == LocalModelSettings(
        file="/models/own.gguf", context_tokens=2048, threads=3, idle_minutes=0
    )
    stage.change(idle_minutes=5)
    assert len(stage.made) == 2, "the model stays as it is"


async def test_a_load_that_is_not_wanted_any_more_is_ended(staged: Staged) -> None:
    stage = staged()
    await stage.begin()
    stage.change(file="/models/large.gguf")
    stage.made[0].gate.clear()
    await stage.until(lambda: stage.made[0].begun == 1)
    stage.change(file="/models/small.gguf")
    await stage.until(lambda: stage.world.store.selected_model == ModelRef(BUILT_IN, "small"))
    assert (stage.made[0].cancelled, stage.made[0].closed) == (1, 1)


async def test_an_answer_under_way_goes_on_with_the_old_file(staged: Staged) -> None:
    stage = staged(Delta("a"), HANG)
    await stage.begin()
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.world.store.text_of(sent.message_id))
    stage.change(file="/models/own.gguf")
    await stage.until(lambda: stage.phase is ProviderPhase.READY)
    assert stage.demo.closed == 0
    stage.world.engine.stop(sent.message_id)
    await stage.until(lambda: stage.demo.closed == 1)


async def test_after_the_idle_time_it_is_let_go_and_the_next_message_brings_it_back(staged: Staged) -> None:
    stage = staged(settings=LocalModelSettings(idle_minutes=1))
    await stage.begin()
    await stage.until(lambda: stage.phase is ProviderPhase.IDLE)
    await stage.until(lambda: stage.demo.closed == 1)
    assert stage.world.store.providers[BUILT_IN].models == (ModelInfo(id="demo"),), "it is still known"
    sent = stage.world.engine.send("hi")
    await stage.world.settled()
    assert stage.world.memory(sent.message_id).status is MessageStatus.COMPLETE
    assert stage.demo.begun == 2
    starting, ready, idle = ProviderPhase.STARTING, ProviderPhase.READY, ProviderPhase.IDLE
    assert stage.phases[:5] == [starting, ready, idle, starting, ready]
    await stage.until(lambda: stage.demo.closed == 2)


async def test_it_is_not_let_go_while_it_answers_nor_right_after(staged: Staged) -> None:
    stage = staged(Delta("a"), HANG, settings=LocalModelSettings(idle_minutes=1))
    await stage.begin()
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.world.store.text_of(sent.message_id))
    await asyncio.sleep(5 * SHORT_S)
    assert (stage.phase, stage.demo.closed) == (ProviderPhase.READY, 0)
    stage.world.engine.stop(sent.message_id)
    assert stage.phase is ProviderPhase.READY
    await stage.until(lambda: stage.phase is ProviderPhase.IDLE)


async def test_with_no_idle_time_it_stays(staged: Staged) -> None:
    stage = staged()
    await stage.begin()
    await asyncio.sleep(3 * SHORT_S)
    assert stage.phase is ProviderPhase.READY
    stage.change(idle_minutes=10_000)
    stage.change(idle_minutes=1)
    await stage.until(lambda: stage.phase is ProviderPhase.IDLE)


async def test_progress_is_shown_while_it_is_loaded_and_gone_afterwards(staged: Staged) -> None:
    stage = staged(settings=LocalModelSettings(file="/models/own.gguf", idle_minutes=0))
    stage.made[0].gate.clear()
    stage.world.models.begin(None)
    await stage.until(lambda: stage.made[0].begun)
    stage.made[0].on_progress(0.421)
    assert stage.world.store.providers[BUILT_IN].progress == 0.421
    stage.made[0].on_progress(0.4211)
    assert stage.world.store.providers[BUILT_IN].progress == 0.421, "steps that nobody sees are not told"
    stage.made[0].gate.set()
    await stage.until(lambda: stage.phase is ProviderPhase.READY)
    stage.made[0].on_progress(0.9)
    assert stage.world.store.providers[BUILT_IN].progress is None


async def test_a_file_is_looked_at_before_it_is_chosen(staged: Staged) -> None:
    stage = staged()
    stage.built_in.look_at("/models/good.gguf")
    stage.built_in.look_at("/models/bad.gguf")
    await stage.until(lambda: len(stage.read) == 2)
    good, bad = sorted(stage.read, key=lambda event: event.file is None)
    assert good == LocalFileRead("/models/good.gguf", ModelFile(path="/models/good.gguf", size_bytes=123), None, 4_000)
    assert bad.file is None
    assert isinstance(bad.fault, Fault)
    assert stage.made == []


async def test_to_connect_it_anew_cuts_no_answer_off(staged: Staged) -> None:
    """The list of models has a button that fetches it anew; of this one, that starts the process again."""
    stage = staged(Delta("a"), HANG)
    await stage.begin()
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.world.store.text_of(sent.message_id))
    stage.world.models.connect(BUILT_IN)
    await asyncio.sleep(0.01)
    assert (stage.demo.begun, stage.phase) == (1, ProviderPhase.READY)
    stage.world.engine.stop(sent.message_id)
    stage.world.models.connect(BUILT_IN)
    await stage.until(lambda: stage.demo.begun == 2)
    assert stage.demo.closed == 1, "it was let go before it began anew"
    await stage.until(lambda: stage.phase is ProviderPhase.READY)
