"""What the user wants of messages, passed on to the engine."""

import time

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.conversation import MessageId
from app.domain.errors import AppError, Fault
from app.domain.model import ProviderId
from app.engine.chat import ChatEngine
from app.engine.store import ChatStore
from app.ui.composer import Composer
from app.ui.deletion import Deletion
from app.ui.details import show_details
from app.ui.open_conversation import OpenConversation
from app.ui.receipt import facts_of
from app.ui.remedies import Remedies
from app.ui.transcript.view import Transcript


class MessageWishes(QObject):
    """Hears composer and transcript. What can't be done is told by `refused`, with a Fault."""

    refused = Signal(object)

    def __init__(
        self,
        window: QWidget,
        engine: ChatEngine,
        store: ChatStore,
        open_conversation: OpenConversation,
        composer: Composer,
        transcript: Transcript,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._engine = engine
        self._store = store
        self._transcript = transcript
        self._open = open_conversation
        self._composer = composer
        self._deletion = Deletion(window, engine, store)
        composer.send_requested.connect(self._on_send_requested)
        composer.stop_requested.connect(self.stop)
        composer.paste_refused.connect(self._on_paste_refused)
        actions = transcript.message_actions
        actions.retry_requested.connect(self._on_retry_requested)
        actions.continue_requested.connect(self._on_continue_requested)
        actions.edit_requested.connect(self._on_edit_requested)
        actions.version_requested.connect(lambda message_id: self._engine.show_branch(MessageId(message_id)))
        actions.delete_requested.connect(self._deletion.ask_for_message)
        actions.details_requested.connect(self._on_details_requested)

    def help_with(self, remedies: Remedies) -> None:
        """Have the button that helps under a failed answer do so."""
        self._transcript.message_actions.remedy_requested.connect(
            lambda message_id: self._apply_remedy(remedies, message_id)
        )

    def stop(self) -> None:
        """End the answers of the conversation on screen."""
        clicked_ns = time.monotonic_ns()
        for message_id in self._open.generating():
            self._engine.stop(message_id, clicked_ns)

    def stop_all(self) -> None:
        """End every answer, whatever is on screen."""
        self._engine.stop_all(time.monotonic_ns())

    def delete_conversation(self, conversation_id: str) -> None:
        """Ask first."""
        self._deletion.ask_for_conversation(conversation_id)

    def _on_paste_refused(self, too_many: int) -> None:
        advice = f"It is {too_many:,} characters over the limit; nothing was pasted."
        self.refused.emit(Fault("That paste is too long for a message", advice))

    def _on_send_requested(self, text: str) -> None:
        try:
            sent = self._engine.send(text, self._open.id)
        except AppError as error:
            self.refused.emit(error.fault)
            return
        self._composer.accept_sent()
        if sent.conversation_id != self._open.id:
            self._open.adopt(sent.conversation_id)

    def _on_retry_requested(self, message_id: str) -> None:
        try:
            self._engine.regenerate(MessageId(message_id))
        except AppError as error:
            self.refused.emit(error.fault)

    def _apply_remedy(self, remedies: Remedies, message_id: str) -> None:
        message = self._store.message(MessageId(message_id))
        if message is not None and message.fault is not None:
            remedies.apply(message.fault.remedy, message.provider or "", lambda: self._on_retry_requested(message_id))

    def _on_continue_requested(self, message_id: str) -> None:
        try:
            answer_id = self._engine.continue_reply(MessageId(message_id))
        except AppError as error:
            self.refused.emit(error.fault)
            return
        if answer_id is not None:
            self._transcript.announcer.skip(answer_id, len(self._store.text_of(answer_id)))

    def _on_edit_requested(self, message_id: str, text: str) -> None:
        try:
            self._engine.edit(MessageId(message_id), text)
        except AppError as error:  # the editor stays open, and nothing that was written is lost
            self.refused.emit(error.fault)
            return
        self._transcript.message_actions.editing.discard(message_id)

    def _on_details_requested(self, message_id: str) -> None:
        message = self._store.message(MessageId(message_id))
        if message is None:
            return
        provider = self._store.providers.get(ProviderId(message.provider or ""))
        written = QDateTime.fromMSecsSinceEpoch(message.created_at_ms)
        facts = [("Written", QLocale().toString(written, QLocale.FormatType.LongFormat))]
        facts += [("Provider", provider.name)] if provider is not None else []
        facts += facts_of(message, provider.billing if provider is not None else None)
        show_details(self._window, "Details", facts)
