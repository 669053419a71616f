"""What the window asks things of."""

from msgspec import Struct

from app.engine.built_in import BuiltIn
from app.engine.chat import ChatEngine
from app.engine.context_meter import ContextMeter
from app.engine.diagnostics import Diagnostics
from app.engine.library import Library
from app.engine.model_choice import ModelChoice
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.prices import ModelFacts
from app.engine.providers import Providers
from app.engine.store import ChatStore
from app.engine.texts import Texts
from app.engine.usage_reports import UsageReports
from app.engine.warming import Warming


class Controls(Struct, frozen=True):
    engine: ChatEngine
    library: Library
    models: Models
    choice: ModelChoice
    preferences: Preferences
    facts: ModelFacts
    providers: Providers
    built_in: BuiltIn
    store: ChatStore
    texts: Texts
    diagnostics: Diagnostics
    warming: Warming
    meter: ContextMeter
    usage_reports: UsageReports
