"""A whole engine around a scripted provider, on a real database."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.domain.abort import AbortSignal
from app.domain.completion import (
    ChatProvider,
    Chunk,
    CompletionRequest,
    Delta,
    Finish,
    FinishReason,
    ReasoningDelta,
)
from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus, Role, UnreadMessage
from app.domain.model import ModelInfo, ModelRef, ProviderId
from app.domain.provider import Connected, LossListener, ModelSource, ProviderPhase
from app.domain.redaction import Redactor
from app.domain.row_shape import RowShape
from app.domain.tokens import Vocabulary
from app.engine.abort import ActiveGenerations
from app.engine.accounting import Accounting
from app.engine.chat import ChatEngine
from app.engine.context import ContextPlanner
from app.engine.events import (
    ConversationDeleted,
    ConversationModelChanged,
    DeltaReceived,
    Event,
    GenerationEnded,
    MessageAdded,
    MessageSaved,
    MessagesDeleted,
    ModelSelected,
    ReasoningReceived,
)
from app.engine.journal import Journal
from app.engine.keys import Keys
from app.engine.library import Library
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.prices import ModelFacts
from app.engine.recent import RecentConversations
from app.engine.store import ChatStore
from app.engine.system_keyring import SystemKeyring
from app.engine.tasks import Tasks
from app.engine.texts import KEPT_CHARACTERS, Texts
from app.engine.token_counter import TokenCounter
from app.providers.catalog import NOTHING_KNOWN
from app.providers.known_models import known_model
from app.providers.tokenizer import Tokenizer
from app.storage.conversations import list_conversations
from app.storage.database import Database
from app.storage.keychain import Keychain
from app.storage.reading import read_heads, read_messages

SHAPE = RowShape(720, "as in tests")
DONE = Finish(FinishReason.STOP)
TICK = "tick"
HANG = "hang"
Step = Chunk | Exception | str


@cache
def tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """One for all worlds: loading it takes longer than most tests."""
    return Tokenizer(vocabulary, Path(__file__).parents[1] / "resources" / "tokenizers")


def load_messages(db: sqlite3.Connection, conversation_id: ConversationId) -> tuple[Message, ...]:
    """All of a conversation, in the order written."""
    heads = read_heads(db, conversation_id, SHAPE, limit=1 << 30).heads
    read = {message.id: message for message in read_messages(db, [head.id for head in heads])}
    return tuple(read[head.id] for head in heads)


def execute(db: sqlite3.Connection, statement: str) -> None:
    """A query of one statement."""
    db.execute(statement)


def choose_model(store: ChatStore, ref: ModelRef) -> None:
    """Have a model answer everywhere from now on, in memory only: whatever its provider lists."""
    store.apply(ModelSelected(ref))
    for conversation_id in tuple(store.conversations):
        store.apply(ConversationModelChanged(conversation_id, ref))


def in_memory(messages: Iterable[Message | UnreadMessage]) -> tuple[Message, ...]:
    """The same, every one of them with its text."""
    found = tuple(messages)
    whole = tuple(message for message in found if isinstance(message, Message))
    assert len(whole) == len(found), "a text is on disk only"
    return whole


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

    async def list_models(self) -> tuple[ModelInfo, ...]:
        return (ModelInfo(id="m"),)

    async def warm(self) -> None:
        return None

    async def aclose(self) -> None:
        return None


class ScriptedSource:
    """A provider that is there at once."""

    id = ProviderId("scripted")
    name = "Scripted"
    note = ""
    billing = NOTHING_KNOWN

    def __init__(self, provider: ChatProvider, *models: ModelInfo, address: str = "") -> None:
        self._provider = provider
        self._models = models or (ModelInfo(id="m"),)
        self.address = address

    async def connect(self, on_lost: LossListener) -> Connected:
        return Connected(self._provider, self._models, self._models[0].id)

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
    texts: Texts
    models: Models
    provider: ScriptedProvider
    tasks: Tasks
    preferences: Preferences
    facts: ModelFacts
    counter: TokenCounter
    planner: ContextPlanner
    accounting: Accounting
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
            while len(self.active) or self.accounting.is_counting:
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
    path: Path,
    script: tuple[Step, ...],
    *,
    flush_interval_s: float,
    real: ChatProvider | None = None,
    kept_characters: int = KEPT_CHARACTERS,
    sources: tuple[ModelSource, ...] | None = None,
    plain_http_hosts: Callable[[], Iterable[str]] = tuple,
) -> World:
    """Build it as main does, around a scripted provider or a real one. `sources`: other providers than that one."""
    database = Database(path)
    store, tasks, provider = ChatStore(), Tasks(), ScriptedProvider(script)
    journal = Journal(database, flush_interval_s=flush_interval_s)
    source: ModelSource = ScriptedSource(real or provider)
    models = Models(
        (source,) if sources is None else sources, store=store, tasks=tasks, plain_http_hosts=plain_http_hosts
    )
    texts = Texts(database=database, store=store, tasks=tasks, kept_characters=kept_characters)
    library = Library(database=database, store=store, texts=texts, recent=RecentConversations(store), tasks=tasks)
    active = ActiveGenerations()
    preferences = Preferences(path.with_suffix(".json"), database=database, store=store, tasks=tasks)
    facts = ModelFacts(store, preferences, known_model)
    counter = TokenCounter(tokenizer)
    planner = ContextPlanner(texts, counter)
    accounting = Accounting(store=store, database=database, counter=counter, facts=facts, tasks=tasks)
    engine = ChatEngine(
        store=store,
        journal=journal,
        models=models,
        library=library,
        active=active,
        accounting=accounting,
        planner=planner,
        facts=facts,
        tasks=tasks,
    )
    made = World(
        engine, store, database, journal, active, library, texts, models, provider, tasks, preferences, facts, counter,
        planner, accounting,
    )  # fmt: skip
    store.subscribe(made.events.append)
    return made


def keys_for(store: ChatStore) -> Keys:
    """As main builds them, on the keyring that the environment of the test names."""
    return Keys(SystemKeyring(Keychain(), store), store=store, redactor=Redactor())


async def close_world(world: World) -> None:
    await world.engine.close()
    await world.models.close()
    world.counter.close()
    world.database.close()


class FedProvider:
    """
    A provider whose streams are fed from outside, by the name of the model that is asked: one feed a stream.

    `received` is what each stream handed over before it ended or was aborted: answer and reasoning.
    """

    def __init__(self) -> None:
        self.received: dict[str, tuple[str, str]] = {}
        self._feeds: dict[str, asyncio.Queue[Chunk | Exception]] = {}

    def feed(self, model: str, step: Chunk | Exception) -> None:
        self._feeds.setdefault(model, asyncio.Queue()).put_nowait(step)

    async def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        feed = self._feeds.setdefault(request.model, asyncio.Queue())
        is_finished = False
        while not (is_finished and feed.empty()):  # what was fed before the finish was taken comes late
            step = await feed.get()
            if isinstance(step, Exception):
                raise step
            text, reasoning = self.received.get(request.model, ("", ""))
            if not is_finished and not signal.aborted:
                if isinstance(step, Delta):
                    text += step.text
                elif isinstance(step, ReasoningDelta):
                    reasoning += step.text
                self.received[request.model] = (text, reasoning)
            is_finished = is_finished or isinstance(step, Finish)
            yield step

    async def list_models(self) -> tuple[ModelInfo, ...]:
        return (ModelInfo(id="m"),)

    async def warm(self) -> None:
        return None

    async def aclose(self) -> None:
        return None


@dataclass
class Shown:
    """One message as the window shows it."""

    text: str = ""
    reasoning: str = ""
    status: str = MessageStatus.GENERATING
    stop_reason: str | None = None
    ends: int = 0


class Screen:
    """
    What the window does with events, without a window: StoreBridge's frames and the transcript's rows.

    Text waits for the next `frame`, an end comes after the text that came before it, and every
    other event makes a frame of its own first.
    """

    def __init__(self, store: ChatStore) -> None:
        self.shown: dict[MessageId, Shown] = {}
        self._waiting: list[DeltaReceived | ReasoningReceived | GenerationEnded] = []
        self._store = store
        store.subscribe(self._on_event)

    def show_loaded(self, messages: Iterable[Message]) -> None:
        """Show what a restart read from disk."""
        for message in messages:
            self.shown[message.id] = Shown(
                message.content, message.reasoning, message.status, message.stop_reason, ends=1
            )

    def frame(self) -> None:
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            if (row := self.shown.get(event.message_id)) is None:
                continue  # deleted within the frame
            match event:
                case DeltaReceived(_, text):
                    row.text += text
                case ReasoningReceived(_, text):
                    row.reasoning += text
                case GenerationEnded():
                    row.status, row.stop_reason = event.status, event.stop_reason
                    row.ends += 1

    def _on_event(self, event: Event) -> None:
        if isinstance(event, DeltaReceived | ReasoningReceived | GenerationEnded):
            self._waiting.append(event)
            return
        self.frame()
        match event:
            case MessageAdded(message):
                self.shown[message.id] = Shown(message.content, message.reasoning, message.status)
            case MessageSaved():
                row = self.shown[event.message_id]
                row.status, row.stop_reason = event.status, event.stop_reason
            case MessagesDeleted() | ConversationDeleted():
                self.shown = {found: row for found, row in self.shown.items() if self._store.message(found) is not None}
            case _:
                pass


class OtherProcess:
    """A connection of somebody else's to the same database: it looks, and it meddles."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        self._db.close()

    def messages(self, conversation_id: ConversationId) -> dict[MessageId, Message]:
        return {message.id: message for message in load_messages(self._db, conversation_id)}

    def conversations(self) -> dict[ConversationId, Conversation]:
        return {conversation.id: conversation for conversation in list_conversations(self._db)}

    def journal(self) -> set[MessageId]:
        """The messages that have rows in the journal."""
        return {row["message_id"] for row in self._db.execute("SELECT message_id FROM journal")}

    def stop_everything(self) -> set[MessageId]:
        """End in the database whatever is generating there."""
        rows = self._db.execute(
            "UPDATE message SET status = 'stopped', stop_reason = 'external' WHERE status = 'generating' RETURNING id"
        )
        return {row["id"] for row in rows}

    def end_as(self, message_id: MessageId, status: MessageStatus) -> None:
        """Write a status without looking at the one there is. Raises sqlite3.IntegrityError if it is refused."""
        self._db.execute("UPDATE message SET status = ? WHERE id = ?", (status, message_id))

    def execute(self, statement: str) -> None:
        self._db.execute(statement)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the write lock."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")


def assert_same_everywhere(store: ChatStore, screen: Screen, other: OtherProcess) -> None:
    """
    Screen, memory and disk hold the same messages, each with the same end, told once.

    An answer that is still generating has its text in memory and on screen, and perhaps in the journal.
    """
    screen.frame()
    listed = other.conversations()
    assert listed == store.conversations, f"memory and disk list other conversations: {store.conversations}, {listed}"
    members = {
        found.id: found for conversation in store.conversations for found in in_memory(store.members(conversation))
    }
    on_disk: dict[MessageId, Message] = {}
    for conversation_id in store.conversations:
        on_disk |= other.messages(conversation_id)
    assert set(screen.shown) == set(members) == set(on_disk), "a message is not everywhere"
    for message in members.values():
        shown = screen.shown[message.id]
        assert (shown.text, shown.reasoning) == (store.text_of(message.id), store.reasoning_of(message.id)), "screen"
        assert (shown.status, shown.stop_reason) == (message.status, message.stop_reason), "screen"
        if message.status.is_terminal:
            assert message == on_disk[message.id], (
                f"memory and disk differ: {_differences(message, on_disk[message.id])}"
            )
            assert message.role is not Role.ASSISTANT or shown.ends == 1, "the end was not told once"
        else:
            assert shown.ends == 0
            assert on_disk[message.id].content == ""
    assert other.journal() <= set(store.generating()), "the journal kept the text of an ended message"


def _differences(one: Message, two: Message) -> dict[str, tuple[object, object]]:
    pairs = {name: (getattr(one, name), getattr(two, name)) for name in Message.__struct_fields__}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
