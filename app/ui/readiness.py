"""Whether a message can be sent now: shown in the picker, on the composer, and in the banner if it failed."""

from PySide6.QtCore import QObject, Signal

from app.domain.errors import Fault
from app.domain.model import ModelRef, ProviderId
from app.domain.provider import ProviderPhase
from app.engine.events import Event, ModelSelected, ProviderChanged
from app.engine.models import Models
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.model_picker import ModelPicker


class Readiness(QObject):
    failed = Signal(object, str)  # a Fault, and the id of its provider
    recovered = Signal()

    def __init__(
        self,
        store: ChatStore,
        bridge: StoreBridge,
        models: Models,
        preferences: Preferences,
        picker: ModelPicker,
        composer: Composer,
    ) -> None:
        super().__init__(picker)
        self._store = store
        self._models = models
        self._preferences = preferences
        self._picker = picker
        self._composer = composer
        self._told: Fault | None = None
        bridge.event_happened.connect(self._on_event)
        picker.model_requested.connect(self._on_model_requested)
        picker.retry_requested.connect(self.retry)
        self._refresh()

    def retry(self, provider_id: str) -> None:
        """Try to connect a provider again."""
        self._models.connect(ProviderId(provider_id))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ProviderChanged | ModelSelected):
            self._refresh()

    def _on_model_requested(self, ref: ModelRef) -> None:
        self._models.select(ref)
        self._preferences.change(provider_id=ref.provider_id, model=ref.model)

    def _refresh(self) -> None:
        selected = self._store.selected_model
        self._picker.show_state(tuple(self._store.providers.values()), selected)
        state = self._store.providers.get(selected.provider_id) if selected else None
        if state is None or state.phase in (ProviderPhase.IDLE, ProviderPhase.STARTING):
            self._composer.set_blocked(f"{state.name} is starting…" if state else "Starting…")
        elif state.phase is ProviderPhase.FAILED and state.fault is not None:
            self._composer.set_blocked(state.fault.title)
            if state.fault is not self._told:
                self._told = state.fault
                self.failed.emit(state.fault, state.id)
        else:
            self._composer.set_blocked(None)
            if self._told is not None:
                self._told = None
                self.recovered.emit()
