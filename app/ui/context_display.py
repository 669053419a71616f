"""Shows how much of the context the conversation on screen takes, and where in the transcript the context begins."""

from PySide6.QtCore import QObject

from app.engine.context_meter import ContextMeter
from app.engine.events import ContextMeasured, Event
from app.ui.bridge import StoreBridge
from app.ui.composer import Composer
from app.ui.context_gauge import ContextGauge
from app.ui.open_conversation import OpenConversation
from app.ui.transcript.view import Transcript


class ContextDisplay(QObject):
    def __init__(
        self,
        gauge: ContextGauge,
        meter: ContextMeter,
        bridge: StoreBridge,
        composer: Composer,
        transcript: Transcript,
        open_conversation: OpenConversation,
    ) -> None:
        super().__init__(gauge)
        self._gauge = gauge
        self._meter = meter
        self._composer = composer
        self._transcript = transcript
        self._open = open_conversation
        self._shown_id: str | None = None
        bridge.event_happened.connect(self._on_event)
        open_conversation.changed.connect(self._on_conversation_changed)
        composer.draft_changed.connect(self._on_draft_changed)

    def _on_conversation_changed(self) -> None:
        if self._open.id != self._shown_id:
            self._shown_id = self._open.id
            self._gauge.show_use(None)
        self._meter.want(self._open.id, self._composer.text())

    def _on_draft_changed(self, draft: str) -> None:
        self._meter.want(self._open.id, draft)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ContextMeasured) and event.conversation_id == self._open.id:
            self._gauge.show_use(event.use)
            self._transcript.context.begin_at(event.use.begins_with if event.use is not None else None)
