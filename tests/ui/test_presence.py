"""The desktop is told of an answer that ends while the window is away; a click brings it back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.conversation import Conversation, ConversationId, Message, MessageId, MessageStatus, Role
from app.engine.events import ConversationAdded, GenerationEnded, MessageAdded
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage.database import Database
from app.ui.bridge import StoreBridge
from app.ui.dbus_notice import Clicked, Notice
from app.ui.presence import Presence

CONVERSATION = Conversation(id=ConversationId("c"), title="Knots", created_at_ms=1, updated_at_ms=1)


class Desktop:
    """Shows notices, and clicks on them if it is told to."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.click: Clicked | None = None
        self.threads: list[str] = []

    def show(self, notice: Notice) -> Clicked | None:
        self.threads.append(threading.current_thread().name)
        self.notices.append(notice)
        return self.click


class Scene:
    def __init__(self, qtbot: QtBot, folder: Path, window: QWidget) -> None:
        self.qtbot = qtbot
        self.window = window
        self.store = ChatStore()
        self.desktop = Desktop()
        self.database = Database(folder / "belay.db")
        self.preferences = Preferences(folder / "s.json", database=self.database, store=self.store, tasks=Tasks())
        self.bridge = StoreBridge(self.store)
        self.presence = Presence(window, self.store, self.bridge, self.preferences, self.desktop.show)
        self.store.apply(ConversationAdded(CONVERSATION))

    def end(self, status: MessageStatus, number: int = 1) -> None:
        message = Message(
            id=MessageId(f"m{number}"),
            conversation_id=CONVERSATION.id,
            parent_id=None,
            role=Role.ASSISTANT,
            status=MessageStatus.GENERATING,
        )
        self.store.apply(MessageAdded(message))
        self.store.apply(GenerationEnded(message_id=message.id, status=status))
        self.bridge.flush()
        self.qtbot.wait(20)


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Scene(qtbot, tmp_path, window)
    yield made
    made.database.close()


@pytest.mark.parametrize(
    ("status", "title"), [(MessageStatus.COMPLETE, "The answer is there"), (MessageStatus.FAILED, "The answer failed")]
)
def test_an_answer_that_ends_while_the_window_is_away_is_told(scene: Scene, status: MessageStatus, title: str) -> None:
    scene.end(status)
    scene.qtbot.waitUntil(lambda: scene.desktop.notices == [Notice(title, "Knots")])
    assert scene.desktop.threads == ["notice"], "never on the UI thread"


def test_one_that_was_stopped_is_no_news(scene: Scene) -> None:
    scene.end(MessageStatus.STOPPED)
    scene.end(MessageStatus.COMPLETE, 2)
    scene.qtbot.waitUntil(lambda: len(scene.desktop.notices) == 1)


def test_nothing_is_told_to_whoever_looks_at_the_window(scene: Scene) -> None:
    scene.window.show()
    scene.window.activateWindow()
    scene.qtbot.waitUntil(scene.window.isActiveWindow)
    scene.end(MessageStatus.COMPLETE)
    scene.window.hide()
    scene.qtbot.waitUntil(lambda: not scene.window.isActiveWindow())
    scene.end(MessageStatus.FAILED, 2)
    scene.qtbot.waitUntil(lambda: len(scene.desktop.notices) == 1)
    assert scene.desktop.notices[0].title == "The answer failed"


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)  # the offscreen platform
def test_a_click_shows_the_window_and_asks_for_the_conversation(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    scene.desktop.click = Clicked("token")
    scene.window.showMinimized()
    with scene.qtbot.waitSignal(scene.presence.conversation_requested) as asked:
        scene.end(MessageStatus.COMPLETE)
    assert asked.args == ["c"]
    assert scene.window.isVisible()
    assert not scene.window.windowState() & Qt.WindowState.WindowMinimized
