"""Which model answers in the conversation on screen, and whether it can be asked: picker, composer and banner."""

from PySide6.QtCore import QObject, Signal

from app.domain.errors import Fault
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ProviderPhase, ProviderState
from app.engine.events import ConversationModelChanged, Event, ModelSelected, ProviderChanged, ProviderRemoved
from app.engine.model_choice import ModelInUse, model_in, models_used_last
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.controls import Controls
from app.ui.model_picker import ModelPicker
from app.ui.models.words import starting_sentence
from app.ui.open_conversation import OpenConversation


class Readiness(QObject):
    failed = Signal(object, str)  # a Fault, and the id of its provider
    recovered = Signal(object)  # the fault that is over

    def __init__(
        self,
        controls: Controls,
        bridge: StoreBridge,
        picker: ModelPicker,
        composer: Composer,
        open_conversation: OpenConversation,
    ) -> None:
        super().__init__(picker)
        self._store = controls.store
        self._models = controls.models
        self._choice = controls.choice
        self._preferences = controls.preferences
        self._picker = picker
        self._composer = composer
        self._open = open_conversation
        self._told: Fault | None = None
        self._used_last: tuple[ModelRef, ...] = ()
        bridge.event_happened.connect(self._on_event)
        open_conversation.changed.connect(self._on_conversation_changed)
        picker.model_requested.connect(self._on_model_requested)
        picker.retry_requested.connect(self.retry)
        picker.refresh_requested.connect(self.retry)
        picker.opening.connect(self._on_opening)
        picker.star_requested.connect(self._choice.star)
        controls.preferences.subscribe(lambda _: self._refresh())
        self._refresh()

    def retry(self, provider_id: str) -> None:
        """Try to connect a provider again."""
        self._models.connect(ProviderId(provider_id))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ProviderChanged | ProviderRemoved | ModelSelected | ConversationModelChanged):
            self._refresh()

    def _on_conversation_changed(self) -> None:
        self._choice.look_at(self._open.id)
        self._refresh()

    def _on_opening(self) -> None:
        self._used_last = models_used_last(self._store)
        self._refresh()

    def _on_model_requested(self, ref: ModelRef) -> None:
        self._choice.choose(ref, self._open.id)

    def _refresh(self) -> None:
        used = model_in(self._store, self._open.id)
        self._picker.show_state(
            tuple(self._store.providers.values()),
            used.ref if used else None,
            self._preferences.current.favorites,
            self._used_last,
            self._preferences.current.own_prices,
        )
        state = self._store.providers.get(used.ref.provider_id) if used else None
        if used is None or state is None:
            self._composer.set_blocked("Starting…")
        elif state.phase is ProviderPhase.FAILED and state.fault is not None:
            self._composer.set_blocked(state.fault.title)
            self._tell(state.fault, state.id)
        elif not used.ref.model:  # which one it will be is known when its provider is
            self._composer.set_blocked(starting_sentence(state))
        else:
            self._composer.set_blocked(None)
            self._composer.set_note(self._note(used, state))
        if self._told is not None and state is not None and state.phase is ProviderPhase.READY:
            over, self._told = self._told, None
            self.recovered.emit(over)

    def _note(self, used: ModelInUse, state: ProviderState) -> str:
        """A message can be sent: it waits for a provider that is starting, and says so."""
        if state.phase is ProviderPhase.STARTING:
            return starting_sentence(state)
        if used.instead_of is not None:
            return f"{used.instead_of.model} is not available here any more: {used.ref.model} will answer."
        return ""

    def _tell(self, fault: Fault, provider_id: str) -> None:
        if fault is not self._told:
            self._told = fault
            self.failed.emit(fault, provider_id)
