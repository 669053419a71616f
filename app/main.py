"""
The composition root: builds every object once, wires, begins, closes in reverse order.

Over 250 lines, and `build` over 40: one list of what there is, read from top to bottom.
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QApplication

from app.domain.errors import AppError, DatabaseOutOfReach, DatabaseTooNew, DatabaseUnusable, Fault
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ModelSource
from app.domain.redaction import Redactor
from app.engine.abort import ActiveGenerations
from app.engine.accounting import Accounting
from app.engine.built_in import BuiltIn
from app.engine.chat import ChatEngine
from app.engine.context import ContextPlanner
from app.engine.context_meter import ContextMeter
from app.engine.diagnostics import Diagnostics
from app.engine.journal import Journal
from app.engine.keys import Keys
from app.engine.library import Library
from app.engine.model_choice import ModelChoice
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.prices import ModelFacts
from app.engine.providers import Providers
from app.engine.recent import RecentConversations
from app.engine.sleep_watch import SleepWatch
from app.engine.store import ChatStore
from app.engine.system_keyring import SystemKeyring
from app.engine.tasks import Tasks
from app.engine.texts import Texts
from app.engine.token_counter import TokenCounter
from app.engine.usage_reports import UsageReports
from app.engine.warming import Warming
from app.providers.client_loading import load_client
from app.providers.counting_process import CountingProcess
from app.providers.discovery import find_local_servers
from app.providers.environment import EnvironmentEndpoint
from app.providers.gguf import read_model_file
from app.providers.known_models import known_model
from app.providers.local_model import LocalModel
from app.providers.memory import free_memory_bytes
from app.providers.presets import PRESETS
from app.providers.sources import connect_and_learn, own_ports, source_of
from app.providers.tls import TlsContexts
from app.storage.database import Database
from app.storage.keychain import Keychain
from app.storage.paths import DataFolder, resources, set_aside
from app.ui.bridge import StoreBridge
from app.ui.controls import Controls
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.presence import Presence
from app.ui.theme import Theme, load_fonts
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.workspace import Workspace
from app.version import VERSION

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """All that lives as long as the program, in the order it was built."""

    folder: DataFolder
    database: Database
    store: ChatStore
    tasks: Tasks
    models: Models
    keys: Keys
    providers: Providers
    built_in: BuiltIn
    engine: ChatEngine
    library: Library
    preferences: Preferences
    active: ActiveGenerations
    sleep_watch: SleepWatch
    counter: TokenCounter
    meter: ContextMeter
    bridge: StoreBridge
    window: MainWindow
    workspace: Workspace
    presence: Presence
    theme: Theme


class CannotStart(Exception):
    """The program can't run here; the fault says why, in a sentence for the user."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.title)
        self.fault = fault


def model_sources(
    environ: Mapping[str, str], redactor: Redactor, tls: TlsContexts | None = None
) -> tuple[ModelSource, ...]:
    """Return the providers there are; the first is the default. `redactor` learns their keys."""
    connect = partial(connect_and_learn, redactor, tls)
    environment = EnvironmentEndpoint.named_in(environ, connect)
    if environment:
        redactor.learn(environment.endpoint.api_key)
    built_in = LocalModel(connect)
    return (environment, built_in) if environment else (built_in,)


def open_database(folder: DataFolder) -> tuple[Database, Fault | None]:
    """
    Open the conversations. A file that is no database of ours is kept under another name, and a new one begun.

    Returns the database, and what the user must be told.

    Raises:
        CannotStart: it is too new, out of reach for now, or can neither be used nor be set aside.
    """
    try:
        return Database(folder.database), None
    except (DatabaseTooNew, DatabaseOutOfReach) as error:
        raise CannotStart(error.fault) from error
    except DatabaseUnusable as error:
        why = error.detail
    try:
        kept = set_aside(folder.database)
        database = Database(folder.database)
    except (OSError, AppError) as error:
        raise CannotStart(DatabaseUnusable(f"{why}; {error}").fault) from error
    log.warning("database set aside reason=%s", why)
    return database, Fault(
        "The conversations could not be read", f"Belay began a new file and kept the old one as {kept.name}.", why
    )


def build(
    qt: QApplication,
    folder: DataFolder,
    sources: tuple[ModelSource, ...],
    redactor: Redactor | None = None,
    tls: TlsContexts | None = None,
    window: MainWindow | None = None,
) -> App:
    """
    Build everything, into `window` or into one that is not shown yet.

    `redactor` is the log's: it learns every key that is met. `tls` is what the sources have: the trust store is
    read once.

    Raises:
        CannotStart: the database can't be used.
    """
    database, trouble = open_database(folder)
    store, tasks = ChatStore(), Tasks()
    preferences = Preferences(folder.settings, database=database, store=store, tasks=tasks)
    journal = Journal(database)
    models = Models(sources, store=store, tasks=tasks, plain_http_hosts=lambda: preferences.current.plain_http_hosts)
    redactor = redactor or Redactor()
    keys = Keys(SystemKeyring(Keychain(), store), store=store, redactor=redactor)
    providers = Providers(
        preferences=preferences,
        models=models,
        keys=keys,
        database=database,
        store=store,
        tasks=tasks,
        source_of=partial(source_of, redactor, tls),
        find_servers=lambda: find_local_servers(except_ports=own_ports(models.sources)),
        presets=PRESETS,
    )
    built_in = BuiltIn(
        models=models,
        preferences=preferences,
        store=store,
        tasks=tasks,
        source_of=lambda settings, on_progress: LocalModel(
            partial(connect_and_learn, redactor, tls), settings, on_progress=on_progress
        ),
        read_file=read_model_file,
        free_memory_bytes=free_memory_bytes,
    )
    texts = Texts(database=database, store=store, tasks=tasks)
    library = Library(database=database, store=store, texts=texts, recent=RecentConversations(store), tasks=tasks)
    active = ActiveGenerations()
    facts = ModelFacts(store, preferences, known_model)
    counter = TokenCounter(CountingProcess)
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
    meter = ContextMeter(store=store, planner=planner, facts=facts, database=database, tasks=tasks)
    reports = UsageReports(database=database, store=store, tasks=tasks)
    choice = ModelChoice(store=store, models=models, library=library, preferences=preferences)
    sleep_watch = SleepWatch(store, active)
    diagnostics = Diagnostics(
        folder,
        database=database,
        store=store,
        preferences=preferences,
        tasks=tasks,
        keys=keys,
        redactor=redactor,
        version=VERSION,
    )
    warming = Warming(store=store, models=models, preferences=preferences, tasks=tasks, load_client=load_client)
    load_fonts(resources() / "fonts")
    icons = Icons(resources() / "icons")
    theme = Theme(qt, preferences.current.color_scheme)
    bridge = StoreBridge(store)
    if window is None:
        chosen = preferences.current
        window = MainWindow(theme.palette, width=chosen.window_width, height=chosen.window_height)
    workspace = Workspace(
        Controls(
            engine, library, models, choice, preferences, facts, providers, built_in, store, texts, diagnostics,
            warming, meter, reports,
        ),
        bridge,
        window,
        theme=theme,
        icons=icons,
        formulas=Formulas(qt),
        highlighting=Highlighting(qt),
        version=VERSION,
        data_folder=folder.root,
    )  # fmt: skip
    workspace.fill(window)
    presence = Presence(window, store, bridge, preferences)
    presence.conversation_requested.connect(workspace.show_conversation)
    window.closed.connect(presence.note_closing)
    problem = trouble or (preferences.problem.fault if preferences.problem else None)
    if problem is not None:
        workspace.show_fault(problem)
    return App(
        folder, database, store, tasks, models, keys, providers, built_in, engine, library, preferences, active,
        sleep_watch, counter, meter, bridge, window, workspace, presence, theme,
    )  # fmt: skip


def build_for(
    environ: Mapping[str, str], qt: QApplication, folder: DataFolder, redactor: Redactor, window: MainWindow
) -> App:
    """
    Build everything into `window`, with the providers that there are in this environment.

    Raises:
        CannotStart: the database can't be used.
    """
    tls = TlsContexts()
    return build(qt, folder, model_sources(environ, redactor, tls), redactor, tls, window)


def begin(app: App) -> None:
    """Read the library and connect the chosen provider. Wants a running event loop; after all was painted once."""
    app.library.load()
    chosen = app.preferences.current
    # What the environment names is the default: an older choice of the built-in model does not outweigh it.
    wanted = ModelRef(ProviderId(chosen.provider_id), chosen.model or "") if chosen.provider_id else None
    preferred = wanted if wanted and not os.environ.get("OPENAI_BASE_URL") else None
    app.tasks.start(app.providers.begin(preferred), name="providers-begin")


async def close(app: App) -> None:
    """Stop every answer, see all of it on disk, end the child process. The database stays open."""
    app.keys.close()
    await app.engine.close()
    app.built_in.close()
    app.sleep_watch.close()
    app.meter.close()
    app.counter.close()
    await app.models.close()
    app.bridge.close()
