"""The real program: window, event loop, database, and a provider in its own process."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus
from app.domain.provider import ModelSource, ProviderPhase
from app.domain.settings import ColorScheme
from app.engine.threads import DaemonThreads
from app.main import App, begin, build, close
from app.providers.client_loading import load_client
from app.providers.environment import EnvironmentEndpoint
from app.providers.sources import connect_endpoint
from app.storage.paths import DataFolder
from app.ui.event_loop import new_event_loop
from tests.fake_provider.process import FakeProvider
from tests.world import in_memory

PATIENCE_S = 20.0


@pytest.fixture(scope="session", autouse=True)
def _client_loaded() -> None:
    """Loading it takes a second of whichever test sends first; test_start.py looks at that in a process of its own."""
    load_client()


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    return made


@dataclass
class User:
    """Does with the window what a person does, and looks at what a person sees."""

    app: App

    def find(self, name: str) -> Any:
        found = self.app.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def type_and_send(self, text: str) -> None:
        field: QPlainTextEdit = self.find("composerInput")
        field.setFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))

    def press_escape(self) -> None:
        focused: QWidget | None = self.app.window.focusWidget()
        QTest.keyClick(self.app.window if focused is None else focused, Qt.Key.Key_Escape)

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait until it holds, while the window lives."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    await asyncio.sleep(0.002)
        except TimeoutError:
            raise AssertionError(f"never: {what or holds}") from None

    async def ready(self) -> None:
        await self.until(
            lambda: any(state.phase is ProviderPhase.READY for state in self.app.store.providers.values()), "ready"
        )

    async def settled(self) -> None:
        """Wait until every answer has ended and is on disk."""
        await self.until(lambda: not len(self.app.active), "settled")

    @property
    def conversation(self) -> ConversationId:
        return next(reversed(self.app.store.conversations))

    def branch(self) -> tuple[Message, ...]:
        return in_memory(self.app.store.branch(self.conversation))

    def answer(self) -> Message:
        return self.branch()[-1]

    def text_on_screen(self, message_id: MessageId) -> str:
        return self.app.workspace.transcript.visible_text(message_id)

    def receipt(self, message_id: MessageId) -> str:
        """The line below a stopped answer."""
        return self.app.workspace.transcript.visible_receipt(message_id)

    def on_disk(self, message_id: MessageId) -> tuple[str, str, str | None]:
        """Status, text and stop reason, read by the database thread now."""
        row = self.app.database.submit(
            lambda db: db.execute(
                "SELECT status, content, stop_reason FROM message WHERE id = ?", (message_id,)
            ).fetchone()
        ).result()
        return row["status"], row["content"], row["stop_reason"]

    def assert_agrees(self, message_id: MessageId) -> Message:
        """Screen, memory and disk say the same, and it is over."""
        message = self.app.store.message(message_id)
        assert message is not None
        assert message.status is not MessageStatus.GENERATING
        assert self.on_disk(message_id) == (message.status, message.content, message.stop_reason)
        if message.conversation_id == self.app.workspace.conversation_id:
            assert self.text_on_screen(message_id) == message.content
        return message


Scenario = Callable[[User], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture
def play(qapp: QApplication, folder: DataFolder, provider: FakeProvider, caplog: pytest.LogCaptureFixture) -> Play:
    """
    Run a scenario in the real program; called again, it is the next start with the same data.

    A task that failed fails the test: nobody else would hear of it.
    """
    qapp.setQuitOnLastWindowClosed(False)

    def run(
        scenario: Scenario,
        *,
        model: str = "rate=300&count=5000",
        sources: tuple[ModelSource, ...] = (),
        wait_ready: bool = True,
    ) -> None:
        loop = new_event_loop(qapp)
        loop.set_default_executor(DaemonThreads())
        asyncio.set_event_loop(loop)
        problems: list[dict[str, Any]] = []
        loop.set_exception_handler(lambda _, context: problems.append(context))

        async def session() -> None:
            app = build(qapp, folder, sources or _environment(provider, model))
            try:
                app.window.show()
                begin(app)
                user = User(app)
                if wait_ready:
                    await user.ready()
                await scenario(user)
            finally:
                app.theme.follow(ColorScheme.SYSTEM)  # the next one begins as this one did
                app.window.close()  # as a user ends it: the window first
                await close(app)
                app.window.deleteLater()
                app.database.close()

        try:
            loop.run_until_complete(session())
            left = [task for task in asyncio.all_tasks(loop) if not task.done()]
            assert not left, left
        finally:
            loop.close()
            asyncio.set_event_loop(None)
        gc.collect()
        assert not problems, problems
        failed = [record.getMessage() for record in caplog.records if record.name == "app.engine.tasks"]
        assert not failed, failed

    return run


def _environment(provider: FakeProvider, model: str) -> tuple[ModelSource, ...]:
    source = EnvironmentEndpoint.named_in(
        {"OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "sk-canary-0123456789", "BELAY_MODEL": model},
        connect_endpoint,
    )
    assert source is not None
    return (source,)
