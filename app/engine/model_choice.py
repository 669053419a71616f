"""Which model answers where: each conversation keeps its own, a new one begins with the last that was chosen."""

from heapq import nlargest

from msgspec import Struct

from app.domain.conversation import ConversationId
from app.domain.model import BUILT_IN, ModelRef
from app.domain.provider import ProviderPhase
from app.engine.events import ConversationModelChanged
from app.engine.library import Library
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.store import ChatStore

_USED_LAST = 3
_CONVERSATIONS_LOOKED_AT = 40


class ModelInUse(Struct, frozen=True):
    """`ref` answers in a conversation. `instead_of` is the conversation's own model, if that can't be had."""

    ref: ModelRef
    instead_of: ModelRef | None = None


def model_in(store: ChatStore, conversation_id: ConversationId | None) -> ModelInUse | None:
    """
    Return which model answers in a conversation, None for a new one. None: no model has been chosen yet.

    A model stays a conversation's own as long as its provider is there, connected or not. The built-in process
    runs one file: whatever answered earlier, that one answers now.
    """
    conversation = store.conversations.get(conversation_id) if conversation_id else None
    own, chosen = conversation.model if conversation else None, store.selected_model
    if own is None:
        return ModelInUse(chosen) if chosen is not None else None
    state = store.providers.get(own.provider_id)
    if state is None:
        return ModelInUse(chosen, instead_of=own) if chosen is not None else None
    if not own.model:
        return ModelInUse(ModelRef(own.provider_id, state.default_model or ""))
    if own.provider_id == BUILT_IN and state.models and state.model(own.model) is None:
        return ModelInUse(ModelRef(BUILT_IN, state.models[0].id), instead_of=own)
    return ModelInUse(own)


def models_used_last(store: ChatStore) -> tuple[ModelRef, ...]:
    """Return the models of the conversations that were written in last, each once, the youngest first."""
    newest = nlargest(_CONVERSATIONS_LOOKED_AT, store.conversations.values(), key=lambda each: each.updated_at_ms)
    return tuple(dict.fromkeys(each.model for each in newest if each.model is not None))[:_USED_LAST]


class ModelChoice:
    """What the user chooses. Each command returns at once; events tell the rest."""

    def __init__(self, *, store: ChatStore, models: Models, library: Library, preferences: Preferences) -> None:
        self._store = store
        self._models = models
        self._library = library
        self._preferences = preferences

    def choose(self, ref: ModelRef, conversation_id: ConversationId | None) -> None:
        """Have a model answer in a conversation, and in new ones. Its provider is connected if it is not."""
        if ref.provider_id not in self._store.providers:
            return
        self._models.select(ref)
        ref = self._store.selected_model or ref
        self._preferences.change(provider_id=ref.provider_id, model=ref.model)
        if conversation_id in self._store.conversations:
            self._store.apply(ConversationModelChanged(conversation_id, ref))
            self._library.save_model(conversation_id)

    def look_at(self, conversation_id: ConversationId | None) -> None:
        """
        A conversation is on screen: connect the provider of its model, if that is not done yet.

        The built-in model is loaded by the first message: it costs time and memory, and reading needs neither.
        """
        used = model_in(self._store, conversation_id)
        state = self._store.providers.get(used.ref.provider_id) if used else None
        if state is not None and state.id != BUILT_IN and state.phase in (ProviderPhase.IDLE, ProviderPhase.FAILED):
            self._models.connect(state.id)

    def star(self, ref: ModelRef, is_favorite: bool) -> None:
        """Put a model among the favourites, last, or take it away."""
        others = tuple(each for each in self._preferences.current.favorites if each != ref)
        self._preferences.change(favorites=(*others, ref) if is_favorite else others)
