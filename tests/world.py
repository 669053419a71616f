"""A whole engine around a scripted provider, on a real database."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.abort import AbortSignal
from app.domain.completion import ChatProvider, Chunk, CompletionRequest, Finish, FinishReason
from app.domain.conversation import Message, MessageId
from app.domain.provider import Connected, LossListener, ModelSource, ProviderId, ProviderPhase
from app.engine.abort import ActiveGenerations
from app.engine.chat import ChatEngine
from app.engine.events import Event, GenerationEnded
from app.engine.journal import Journal
from app.engine.library import Library
from app.engine.models import Models
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.database import Database

DONE = Finish(FinishReason.STOP)
TICK = "tick"
HANG = "hang"
Step = Chunk | Exception | str


@dataclass
class ScriptedProvider:
    """Yields what a test wrote down; `opened` and `closed` count streams, `asked` keeps the requests."""

    script: tuple[Step, ...] = ()
    opened: int = 0
    closed: int = 0
    asked: list[CompletionRequest] = field(default_factory=list)

    async def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        self.asked.append(request)
        self.opened += 1
        try:
            for step in self.script:
                if isinstance(step, Exception):
                    raise step
                if step == TICK:
                    await asyncio.sleep(0)
                elif step == HANG:
                    await asyncio.Event().wait()
                elif not isinstance(step, str):
                    yield step
        finally:
            self.closed += 1

    async def list_models(self) -> tuple[str, ...]:
        return ("m",)

    async def aclose(self) -> None:
        return None


class ScriptedSource:
    """A provider that is there at once."""

    id = ProviderId("scripted")
    name = "Scripted"
    note = ""

    def __init__(self, provider: ChatProvider) -> None:
        self._provider = provider

    async def connect(self, on_lost: LossListener) -> Connected:
        return Connected(self._provider, ("m",), "m")

    async def aclose(self) -> None:
        return None


@dataclass
class World:
    """The engine with everything it stands on, and what it said."""

    engine: ChatEngine
    store: ChatStore
    database: Database
    journal: Journal
    active: ActiveGenerations
    library: Library
    models: Models
    provider: ScriptedProvider
    tasks: Tasks
    events: list[Event] = field(default_factory=list)

    def ends(self, message_id: MessageId) -> list[GenerationEnded]:
        return [event for event in self.events if isinstance(event, GenerationEnded) and event.message_id == message_id]

    def on_disk(self, message_id: MessageId) -> tuple[str, str, str | None]:
        """Status, text and stop reason as another process would read them now."""
        row = self.database.submit(
            lambda db: db.execute("SELECT status, content, stop_reason FROM message WHERE id = ?", (message_id,))
            .fetchone()
        ).result()  # fmt: skip
        return row["status"], row["content"], row["stop_reason"]

    def memory(self, message_id: MessageId) -> Message:
        message = self.store.message(message_id)
        assert message is not None
        return message

    async def connect(self) -> None:
        """Have the provider ready, so that a message can be sent."""
        self.models.begin(None)
        async with asyncio.timeout(10):
            while self.store.providers[ScriptedSource.id].phase is not ProviderPhase.READY:
                await asyncio.sleep(0)

    async def settled(self) -> None:
        """Wait until everything has ended and is on disk."""
        async with asyncio.timeout(10):
            while len(self.active):
                await asyncio.sleep(0.001)

    def assert_agrees(self, message_id: MessageId) -> None:
        """Screen, memory and disk say the same, and the end was told once."""
        assert len(self.ends(message_id)) == 1
        message = self.memory(message_id)
        assert self.on_disk(message_id) == (message.status, message.content, message.stop_reason)
        assert message.status.is_terminal
        assert self.rows_of("journal") == 0

    def rows_of(self, table: str) -> int:
        count = self.database.submit(lambda db: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]).result()
        return int(count)


def build_world(
    path: Path, script: tuple[Step, ...], *, flush_interval_s: float, real: ChatProvider | None = None
) -> World:
    """Build it as main does, around a scripted provider or a real one."""
    database = Database(path)
    store, tasks, provider = ChatStore(), Tasks(), ScriptedProvider(script)
    journal = Journal(database, flush_interval_s=flush_interval_s)
    source: ModelSource = ScriptedSource(real or provider)
    models = Models((source,), store=store, tasks=tasks)
    library = Library(database=database, store=store, tasks=tasks)
    active = ActiveGenerations()
    engine = ChatEngine(store=store, journal=journal, models=models, library=library, active=active, tasks=tasks)
    made = World(engine, store, database, journal, active, library, models, provider, tasks)
    store.subscribe(made.events.append)
    return made


async def close_world(world: World) -> None:
    await world.engine.close()
    await world.models.close()
    world.database.close()
