"""What the banner says, and what its buttons do."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.domain.errors import Fault, Remedy
from app.domain.keys import KeyringState
from app.engine.events import Event, KeyringChanged
from app.ui.banner import Banner
from app.ui.bridge import StoreBridge
from app.ui.readiness import Readiness
from app.ui.remedies import Remedies
from app.ui.remedy_words import can_be_retried, remedy_label
from app.ui.text import RETRY


class Trouble(QObject):
    """The last fault is shown. One of a provider has Retry, and the button that helps."""

    def __init__(self, banner: Banner, bridge: StoreBridge, readiness: Readiness, remedies: Remedies) -> None:
        super().__init__(banner)
        self._banner = banner
        self._readiness = readiness
        self._remedies = remedies
        self._shown: Fault | None = None
        self._action: Callable[[], object] | None = None
        self._provider_id = ""
        bridge.event_happened.connect(self._on_event)
        readiness.failed.connect(self._on_provider_failed)
        readiness.recovered.connect(self._on_provider_recovered)
        banner.action_requested.connect(self._on_action_requested)
        banner.remedy_requested.connect(self._on_remedy_requested)

    def tell(self, fault: Fault, action_text: str | None = None, action: Callable[[], object] | None = None) -> None:
        """Say what went wrong and belongs to no message, with something to do about it if there is."""
        self._show(fault, "", action_text, action)

    def _show(
        self, fault: Fault, provider_id: str, action_text: str | None, action: Callable[[], object] | None
    ) -> None:
        self._shown, self._provider_id, self._action = fault, provider_id, action
        detail = fault.detail.partition("\n")[0]  # a process may have left twenty lines
        advice = f"{fault.advice} ({detail})" if detail else fault.advice
        self._banner.show_fault(fault.title, advice, action_text, remedy_label(fault.remedy) or None)

    def _on_event(self, event: Event) -> None:
        is_helped = isinstance(event, KeyringChanged) and event.state is KeyringState.READY
        if is_helped and self._shown is not None and self._shown.remedy is Remedy.UNLOCK:
            self._banner.hide()

    def _on_provider_failed(self, fault: Fault, provider_id: str) -> None:
        text = RETRY if can_be_retried(fault.remedy) else None
        self._show(fault, provider_id, text, lambda: self._readiness.retry(provider_id))

    def _on_provider_recovered(self, fault: Fault) -> None:
        if fault is self._shown:  # what was told since stays
            self._banner.hide()

    def _on_action_requested(self) -> None:
        action, self._action = self._action, None
        self._banner.hide()
        if action is not None:
            action()

    def _on_remedy_requested(self) -> None:
        remedy = self._shown.remedy if self._shown is not None else Remedy.NONE
        self._remedies.apply(remedy, self._provider_id, self._on_action_requested)
