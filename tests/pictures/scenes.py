"""Puts the demo conversation into the program's memory, in each state an answer can be in."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.conversation import (
    Conversation,
    ConversationId,
    Message,
    MessageId,
    MessageStatus,
    Role,
    new_id,
    now_ms,
    title_from,
)
from app.domain.errors import Fault
from app.domain.usage import Timing, Usage, UsageSource
from app.engine.events import (
    ConversationAdded,
    ConversationDeleted,
    DeltaReceived,
    GenerationEnded,
    MessageAdded,
    ProviderChanged,
    ReasoningReceived,
)
from app.main import App
from tests.pictures import catalogue
from tests.pictures import conversation as demo

CHUNK_CHARACTERS = 37
ENDED_TIMING = Timing(headers_ms=180.0, first_token_ms=12_240.0, last_token_ms=21_900.0)
STOP_TIMING = Timing(headers_ms=150.0, first_token_ms=310.0, stop_click_ms=900.0, socket_closed_ms=900.8)
CUT_OFF = Fault("The reply was cut off", "The text so far is saved. Press Retry to ask again.")


class Demo:
    """A conversation in the window's store, written to no disk."""

    def __init__(self, app: App) -> None:
        self._app = app
        at_ms = now_ms()
        title = title_from(demo.ROLLING_HASH_QUESTION)
        self.id = ConversationId(new_id())
        self._leaf: MessageId | None = None
        app.store.apply(
            ConversationAdded(Conversation(id=self.id, title=title, created_at_ms=at_ms, updated_at_ms=at_ms))
        )

    def ask(self, text: str) -> None:
        self._add(Role.USER, text, MessageStatus.COMPLETE)

    def answer(self, text: str, reasoning: str = "") -> MessageId:
        """Stream it in, and leave it open."""
        message = self._add(Role.ASSISTANT, "", MessageStatus.GENERATING)
        if reasoning:
            self._app.store.apply(ReasoningReceived(message, reasoning))
        for at in range(0, len(text), CHUNK_CHARACTERS):
            self._app.store.apply(DeltaReceived(message, text[at : at + CHUNK_CHARACTERS]))
        return message

    def end(self, message: MessageId, status: MessageStatus, *, fault: Fault | None = None) -> None:
        is_stopped = status is MessageStatus.STOPPED
        self._app.store.apply(
            GenerationEnded(
                message_id=message,
                status=status,
                stop_reason="user" if is_stopped else None,
                fault=fault,
                usage=Usage(completion_tokens=612, source=UsageSource.ESTIMATED, prompt_tokens=48),
                timing=STOP_TIMING if is_stopped else ENDED_TIMING,
            )
        )

    def _add(self, role: Role, text: str, status: MessageStatus) -> MessageId:
        message = Message(
            id=MessageId(new_id()),
            conversation_id=self.id,
            parent_id=self._leaf,
            role=role,
            content=text,
            status=status,
            model="gpt-oss-120b" if role is Role.ASSISTANT else None,
            created_at_ms=now_ms(),
        )
        self._leaf = message.id
        self._app.store.apply(MessageAdded(message))
        return message.id


def arrange(app: App, scene: str) -> Callable[[], None]:
    """Build the scene; the function that is returned does what must wait until all is laid out."""
    for conversation_id in list(app.store.conversations):
        app.store.apply(ConversationDeleted(conversation_id))
    app.window.resize(560 if scene == "narrow" else 1100, 860)
    app.workspace.sidebar.new_requested.emit()
    if scene == "empty":
        return lambda: None
    told = Demo(app)
    told.ask(demo.ROLLING_HASH_QUESTION)
    told.end(told.answer(demo.ROLLING_HASH, demo.THOUGHT), MessageStatus.COMPLETE)
    match scene:
        case "streaming":
            told.ask(demo.RUST_QUESTION)
            told.answer(demo.RUST)
        case "stopped":
            told.ask(demo.STOPPED_QUESTION)
            told.end(told.answer(demo.STOPPED), MessageStatus.STOPPED)
        case "failed":
            told.ask(demo.FAILED_QUESTION)
            told.end(told.answer(demo.FAILED), MessageStatus.FAILED, fault=CUT_OFF)
    app.workspace.sidebar.open_requested.emit(told.id)
    return lambda: _look(app, scene)


def with_popup(window: QWidget) -> QPixmap:
    """The window, with the popup that is open over it."""
    picture = window.grab()
    popup = QApplication.activePopupWidget()
    if popup is not None:
        painter = QPainter(picture)
        painter.drawPixmap(window.mapFromGlobal(popup.pos()), popup.grab())
        painter.end()
        popup.close()
    return picture


def show_models(app: App) -> None:
    """Providers as somebody may have them, known to the window only."""
    for state in catalogue.PROVIDERS:
        app.store.apply(ProviderChanged(state))
    app.preferences.change(favorites=catalogue.FAVORITES)
    app.workspace.model_picker.open()


def _look(app: App, scene: str) -> None:
    transcript = app.workspace.transcript
    match scene:
        case "top" | "narrow":
            QTest.keyClick(transcript, Qt.Key.Key_Home)
        case "middle":
            QTest.keyClick(transcript, Qt.Key.Key_Home)
            QTest.keyClick(transcript, Qt.Key.Key_PageDown)
        case "selected":
            QTest.keyClick(transcript, Qt.Key.Key_Home)
            QTest.keyClick(transcript, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        case "models":
            show_models(app)
        case "find":
            transcript.reader.find.look_for("hash")
        case _:
            pass
