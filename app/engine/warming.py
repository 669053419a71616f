"""While the user writes, the connection to the provider is made: the message need not wait for it."""

import logging

from app.domain.completion import ChatProvider
from app.domain.conversation import ConversationId
from app.domain.errors import ProviderError
from app.domain.provider import ProviderPhase
from app.engine.model_choice import model_in
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.engine.tasks import Tasks

log = logging.getLogger(__name__)


class Warming:
    def __init__(self, *, store: ChatStore, models: Models, preferences: Preferences, tasks: Tasks) -> None:
        self._store = store
        self._models = models
        self._preferences = preferences
        self._tasks = tasks

    def begin(self, conversation_id: ConversationId | None) -> None:
        """
        Have a connection to the provider of a conversation's model ready, None for a new conversation.

        If the user wants that. Nothing is sent on it.

        Nothing if there is one already, or the provider is not ready.
        """
        used = model_in(self._store, conversation_id)
        ref = used.ref if used is not None else None
        state = self._store.providers.get(ref.provider_id) if ref is not None else None
        if ref is None or not ref.model or state is None or state.phase is not ProviderPhase.READY:
            return
        if self._preferences.current.warms_connections:
            self._tasks.start(_warm(self._models.ready(ref).provider), name="warm")


async def _warm(provider: ChatProvider) -> None:
    try:
        await provider.warm()
    except ProviderError as error:  # if it lasts, the message will tell
        log.info("not connected ahead error=%s", type(error).__name__)
