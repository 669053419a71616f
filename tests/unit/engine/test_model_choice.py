"""Each conversation keeps its model, a new one begins with the last that was chosen, and both survive a restart."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from app.domain.completion import ChatProvider, Delta
from app.domain.conversation import ConversationId, MessageStatus
from app.domain.errors import NoModelReady, ProviderUnreachable
from app.domain.model import BUILT_IN, NOTHING_LISTED, ModelInfo, ModelRef, ProviderId
from app.domain.provider import Connected, LossListener, ProviderPhase
from app.engine.events import ConversationModelChanged
from app.engine.model_choice import ModelChoice, ModelInUse, model_in
from app.engine.preferences import Preferences
from app.engine.warming import Warming
from app.providers.catalog import NOTHING_KNOWN
from tests.world import DONE, HANG, SHAPE, World, build_world, close_world

ONE, TWO = ProviderId("one"), ProviderId("two")


class Warmed:
    """A source's provider, which notes when it is warmed and when it is closed."""

    def __init__(self, source: "GatedSource") -> None:
        self._source = source
        self._number = source.begun
        self.stream = source.provider.stream
        self.list_models = source.provider.list_models

    async def aclose(self) -> None:
        self._source.let_go.append(self._number)
        self._source.on_let_go()

    async def warm(self) -> None:
        self._source.warm(self._source.id)


class GatedSource:
    """Connects when the test says so. `begun`, `ended` and `cancelled` count."""

    note = ""
    address = ""
    billing = NOTHING_KNOWN

    def __init__(self, provider_id: ProviderId, provider: ChatProvider, *models: str) -> None:
        self.id = provider_id
        self.name = str(provider_id).title()
        self.provider = provider
        self.warm: Callable[[ProviderId], None] = lambda _: None
        self._models = tuple(ModelInfo(id=each) for each in models)
        self.gate = asyncio.Event()
        self.gate.set()
        self.closing = asyncio.Event()
        self.closing.set()
        self.error: ProviderUnreachable | None = None
        self.begun = self.cancelled = self.closed = 0
        self.let_go: list[int] = []  # its providers that were closed, counted from 1
        self.on_let_go: Callable[[], None] = lambda: None
        self.lose: LossListener = lambda fault: None

    async def connect(self, on_lost: LossListener) -> Connected:
        self.begun += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error
        self.lose = on_lost
        return Connected(Warmed(self), self._models, self._models[0].id)

    async def aclose(self) -> None:
        await self.closing.wait()
        self.closed += 1


class Stage:
    """A world with two providers, and the choice between their models."""

    def __init__(self, folder: Path, world: World) -> None:
        self.world = world
        self.preferences = Preferences(
            folder / "settings.json", database=world.database, store=world.store, tasks=world.tasks
        )
        self.choice = ModelChoice(
            store=world.store, models=world.models, library=world.library, preferences=self.preferences
        )
        self.one = GatedSource(ONE, world.provider, "small", "large")
        self.two = GatedSource(TWO, world.provider, "other")

    def begin(self, preferred: ModelRef | None = None) -> None:
        self.world.models.begin(preferred, [(self.one, NOTHING_LISTED), (self.two, NOTHING_LISTED)])

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0)

    async def until_phase(self, provider_id: ProviderId, phase: ProviderPhase) -> None:
        await self.until(lambda: self.world.store.providers[provider_id].phase is phase)

    async def answer_in(self, conversation_id: ConversationId | None, text: str = "hi") -> ConversationId:
        """Ask, wait for the answer, return where."""
        sent = self.world.engine.send(text, conversation_id)
        await self.world.settled()
        return sent.conversation_id

    def answered_by(self) -> str:
        """The model of the last request."""
        return self.world.provider.asked[-1].model

    def used(self, conversation_id: ConversationId | None) -> ModelInUse | None:
        return model_in(self.world.store, conversation_id)


Staged = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def staged(tmp_path: Path) -> AsyncIterator[Staged]:
    """Open a stage; called again, it is the next start with the same data."""
    worlds: list[World] = []

    async def open_stage(*script: Delta | str) -> Stage:
        if worlds:
            await close_world(worlds.pop())
        world = build_world(
            tmp_path / "belay.db", (*(script or (Delta("a"),)), DONE), flush_interval_s=0.002, sources=()
        )
        worlds.append(world)
        return Stage(tmp_path, world)

    yield open_stage
    for world in worlds:
        await close_world(world)


async def test_a_conversation_keeps_the_model_that_was_chosen_in_it(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.choice.choose(ModelRef(ONE, "large"), None)
    first = await stage.answer_in(None)
    stage.choice.choose(ModelRef(ONE, "small"), None)
    second = await stage.answer_in(None)
    await stage.answer_in(first)
    assert stage.answered_by() == "large"
    await stage.answer_in(second)
    assert stage.answered_by() == "small"
    stage.choice.choose(ModelRef(ONE, "small"), first)
    await stage.answer_in(first)
    assert stage.answered_by() == "small"


async def test_what_is_chosen_in_a_conversation_is_what_new_ones_begin_with(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    first = await stage.answer_in(None)
    stage.choice.choose(ModelRef(ONE, "large"), first)
    assert stage.used(None) == ModelInUse(ModelRef(ONE, "large"))
    assert (stage.preferences.current.provider_id, stage.preferences.current.model) == (ONE, "large")
    await stage.answer_in(None)
    assert stage.answered_by() == "large"


async def test_the_models_of_all_conversations_survive_a_restart(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    first = await stage.answer_in(None)
    stage.choice.choose(ModelRef(ONE, "large"), first)
    second = await stage.answer_in(None, "second")
    stage.choice.choose(ModelRef(TWO, "other"), second)
    await stage.until_phase(TWO, ProviderPhase.READY)
    stage = await staged()
    chosen = stage.preferences.current
    assert chosen.provider_id is not None
    stage.begin(ModelRef(ProviderId(chosen.provider_id), chosen.model or ""))
    stage.world.library.load()
    await stage.until(lambda: len(stage.world.store.conversations) == 2)
    assert stage.used(first) == ModelInUse(ModelRef(ONE, "large"))
    assert stage.used(second) == stage.used(None) == ModelInUse(ModelRef(TWO, "other"))
    stage.world.library.open(first, SHAPE)
    await stage.until(lambda: stage.world.store.is_loaded(first))
    assert [found.model for found in stage.world.store.branch(first)][1] == "small"  # type: ignore[union-attr]  # it is short: read whole
    await stage.answer_in(first)
    assert stage.answered_by() == "large"


async def test_looking_at_a_conversation_connects_the_provider_of_its_model(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    first = await stage.answer_in(None)
    stage.choice.choose(ModelRef(TWO, "other"), first)
    await stage.until_phase(TWO, ProviderPhase.READY)
    stage = await staged()
    stage.begin(ModelRef(ONE, "small"))
    stage.world.library.load()
    await stage.until(lambda: stage.world.store.conversations)
    assert stage.world.store.providers[TWO].phase is ProviderPhase.IDLE
    stage.choice.look_at(None)
    assert stage.two.begun == 0
    stage.choice.look_at(first)
    await stage.until_phase(TWO, ProviderPhase.READY)


async def test_a_provider_that_is_gone_is_stood_in_for_until_the_next_answer_settles_it(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    first = await stage.answer_in(None)
    stage.choice.choose(ModelRef(TWO, "other"), first)
    stage.choice.choose(ModelRef(ONE, "small"), None)
    stage.world.models.drop(TWO)
    assert stage.used(first) == ModelInUse(ModelRef(ONE, "small"), instead_of=ModelRef(TWO, "other"))
    await stage.answer_in(first)
    assert stage.answered_by() == "small"
    assert stage.used(first) == ModelInUse(ModelRef(ONE, "small"))


async def test_the_built_in_process_answers_with_the_file_it_runs(staged: Staged) -> None:
    stage = await staged()
    built_in = GatedSource(BUILT_IN, stage.world.provider, "new-file")
    stage.world.models.begin(None, [(built_in, NOTHING_LISTED)])
    await stage.until_phase(BUILT_IN, ProviderPhase.READY)
    first = await stage.answer_in(None)
    old, new = ModelRef(BUILT_IN, "old-file"), ModelRef(BUILT_IN, "new-file")
    stage.world.store.apply(ConversationModelChanged(first, old))
    assert stage.used(first) == ModelInUse(new, instead_of=old)
    await stage.answer_in(first)
    assert stage.answered_by() == "new-file"


async def test_a_message_waits_for_its_provider_and_is_then_sent(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.world.models.release(ONE)
    assert stage.world.store.providers[ONE].phase is ProviderPhase.IDLE
    stage.one.gate.clear()
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.one.begun == 2)
    assert stage.one.closed == 1
    assert stage.world.store.providers[ONE].phase is ProviderPhase.STARTING
    assert stage.world.memory(sent.message_id).status is MessageStatus.GENERATING
    stage.one.gate.set()
    await stage.world.settled()
    stage.world.assert_agrees(sent.message_id)
    assert stage.world.memory(sent.message_id).status is MessageStatus.COMPLETE
    assert stage.answered_by() == "small"


async def test_what_was_let_go_has_ended_before_it_begins_anew(staged: Staged) -> None:
    """It is one source: what closes late would close what has just begun."""
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.one.closing.clear()
    stage.world.models.release(ONE)
    stage.world.engine.send("hi")
    await asyncio.sleep(0.01)
    assert stage.one.begun == 1
    stage.one.closing.set()
    await stage.world.settled()
    assert (stage.one.begun, stage.one.closed) == (2, 1)


async def test_a_stop_while_it_still_ends_does_not_let_the_next_one_begin_too_early(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.one.closing.clear()
    stage.world.models.release(ONE)
    sent = stage.world.engine.send("hi")
    await asyncio.sleep(0.01)
    assert stage.world.engine.stop(sent.message_id).success
    stage.world.engine.send("again", sent.conversation_id)
    await asyncio.sleep(0.01)
    begun_early = stage.one.begun - 1
    stage.one.closing.set()
    await stage.world.settled()
    assert (begun_early, stage.one.begun, stage.one.closed) == (0, 2, 1)


async def test_a_list_that_is_fetched_anew_leaves_no_connection_behind(staged: Staged) -> None:
    """The answer under way has the old connections to its end; then nobody needs them."""
    stage = await staged(Delta("a"), HANG)
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.world.store.text_of(sent.message_id))
    stage.world.models.connect(ONE)
    await stage.until(lambda: stage.one.begun == 2)
    await stage.until_phase(ONE, ProviderPhase.READY)
    assert stage.one.let_go == []
    stage.world.engine.stop(sent.message_id)
    await stage.until(lambda: stage.one.let_go)
    assert stage.one.let_go == [1], "the first of its providers, and not the second"
    assert stage.one.closed == 0


async def test_a_provider_that_is_lost_while_all_are_closed_is_no_obstacle(staged: Staged) -> None:
    """At the end of a session the system ends the model's process, too."""
    stage = await staged()
    stage.begin()
    stage.world.models.connect(TWO)
    await stage.until_phase(ONE, ProviderPhase.READY)
    await stage.until_phase(TWO, ProviderPhase.READY)
    stage.one.on_let_go = lambda: stage.two.lose(ProviderUnreachable().fault)
    await stage.world.models.close()
    assert (stage.one.closed, stage.two.closed) == (1, 1)


async def test_a_stop_while_the_provider_is_connected_for_it_ends_that_too(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.world.models.release(ONE)
    stage.one.gate.clear()
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.one.begun == 2)
    assert stage.world.engine.stop(sent.message_id).success
    assert stage.world.memory(sent.message_id).status is MessageStatus.STOPPED
    await stage.world.settled()
    stage.world.assert_agrees(sent.message_id)
    assert stage.one.cancelled == 1
    assert stage.world.store.providers[ONE].phase is ProviderPhase.IDLE
    assert stage.world.provider.asked == []
    stage.one.gate.set()
    assert stage.world.engine.regenerate(sent.message_id) is not None
    await stage.world.settled()
    assert stage.answered_by() == "small"


async def test_a_stop_ends_no_attempt_that_somebody_else_wants(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.world.models.release(ONE)
    stage.one.gate.clear()
    sent, other = stage.world.engine.send("hi"), stage.world.engine.send("ho")
    await stage.until(lambda: stage.one.begun == 2)
    stage.world.engine.stop(sent.message_id)
    await asyncio.sleep(0.01)
    assert stage.one.cancelled == 0
    stage.world.models.connect(ONE)
    stage.world.engine.stop(other.message_id)
    await stage.world.settled()
    assert stage.one.cancelled == 0
    stage.one.gate.set()
    await stage.until_phase(ONE, ProviderPhase.READY)


async def test_a_message_fails_with_the_reason_its_provider_gives(
    staged: Staged, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.world.models.release(ONE)
    stage.one.error = ProviderUnreachable("refused")
    sent = stage.world.engine.send("hi")
    await stage.world.settled()
    stage.world.assert_agrees(sent.message_id)
    message = stage.world.memory(sent.message_id)
    assert (message.status, message.fault) == (MessageStatus.FAILED, stage.one.error.fault)
    assert stage.world.store.providers[ONE].phase is ProviderPhase.FAILED
    stage.one.error = None
    again = stage.world.engine.regenerate(sent.message_id)
    assert again is not None
    await stage.world.settled()
    assert stage.world.memory(again).status is MessageStatus.COMPLETE, "Retry connects anew"


async def test_a_provider_that_answers_is_not_let_go(staged: Staged) -> None:
    stage = await staged(Delta("a"), HANG)
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.world.store.text_of(sent.message_id))
    stage.world.models.release(ONE)
    assert stage.world.store.providers[ONE].phase is ProviderPhase.READY
    assert stage.one.closed == 0


async def test_a_provider_that_is_removed_while_a_message_waits_for_it_is_told(staged: Staged) -> None:
    stage = await staged()
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.world.models.release(ONE)
    stage.one.gate.clear()
    sent = stage.world.engine.send("hi")
    await stage.until(lambda: stage.one.begun == 2)
    stage.world.models.drop(ONE)
    stage.one.gate.set()
    await stage.world.settled()
    message = stage.world.memory(sent.message_id)
    assert message.status is MessageStatus.FAILED
    assert message.fault is not None
    assert message.fault.title == "This provider is not there any more"


async def test_a_provider_without_a_known_model_can_not_be_asked(staged: Staged) -> None:
    stage = await staged()
    stage.one.gate.clear()
    stage.begin()
    with pytest.raises(NoModelReady):
        stage.world.engine.send("hi")
    assert stage.world.store.conversations == {}
    stage.one.gate.set()


async def test_stars_are_kept_in_the_order_they_were_given(staged: Staged) -> None:
    stage = await staged()
    small, large = ModelRef(ONE, "small"), ModelRef(ONE, "large")
    stage.choice.star(small, True)
    stage.choice.star(large, True)
    stage.choice.star(large, True)
    assert stage.preferences.current.favorites == (small, large)
    stage.choice.star(small, False)
    assert list(stage.preferences.current.favorites) == [large]


def warming_of(stage: Stage, load_client: Callable[[], None]) -> Warming:
    world = stage.world
    return Warming(
        store=world.store,
        models=world.models,
        preferences=stage.preferences,
        tasks=world.tasks,
        load_client=load_client,
    )


async def test_while_the_user_writes_the_provider_of_that_conversation_is_warmed(staged: Staged) -> None:
    stage = await staged()
    warmed: list[ProviderId] = []
    stage.one.warm = stage.two.warm = warmed.append
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    first = await stage.answer_in(None)
    stage.choice.choose(ModelRef(TWO, "other"), None)
    await stage.until_phase(TWO, ProviderPhase.READY)
    loads: list[str] = []
    warming = warming_of(stage, lambda: loads.append(threading.current_thread().name))
    warming.begin(first)
    await stage.until(lambda: warmed and loads)
    warming.begin(None)
    await stage.until(lambda: len(warmed) == 2)
    assert warmed == [ONE, TWO]
    assert len(loads) == 1
    assert loads != [threading.main_thread().name]


async def test_the_client_is_loaded_for_what_was_typed_before_the_loop_runs(staged: Staged) -> None:
    stage = await staged()
    loads: list[bool] = []
    warming = warming_of(stage, lambda: loads.append(True))
    await asyncio.to_thread(warming.begin, None)  # a thread has no loop
    await stage.until(lambda: loads)


async def test_the_client_is_loaded_also_if_no_connection_is_made_ahead(staged: Staged) -> None:
    stage = await staged()
    warmed: list[ProviderId] = []
    stage.one.warm = warmed.append
    stage.begin()
    await stage.until_phase(ONE, ProviderPhase.READY)
    stage.preferences.change(warms_connections=False)
    loads: list[bool] = []
    warming = warming_of(stage, lambda: loads.append(True))
    warming.begin(None)
    await stage.until(lambda: loads)
    assert warmed == []
