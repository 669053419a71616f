"""While the user writes, what the message needs is made ready: it need not wait for a connection, or for a module."""

import logging
from collections.abc import Callable
from threading import Thread

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
    def __init__(
        self,
        *,
        store: ChatStore,
        models: Models,
        preferences: Preferences,
        tasks: Tasks,
        load_client: Callable[[], None],
    ) -> None:
        """`load_client` is called in a thread: it loads what asks a provider, if it is not loaded."""
        self._load_client = load_client
        self._is_loading = False
        self._store = store
        self._models = models
        self._preferences = preferences
        self._tasks = tasks

    def begin(self, conversation_id: ConversationId | None) -> None:
        """
        Load the client, and have a connection to the provider of a conversation's model ready, None for a new one.

        The connection, if the user wants that, if there is none yet and the provider is ready. Nothing is sent on it.
        """
        if not self._is_loading:
            self._is_loading = True
            # Not by the loop: what was typed into the window's outline comes before it runs.
            Thread(target=self._load_client, name="load-client", daemon=True).start()
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
