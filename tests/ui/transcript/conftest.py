"""A transcript in a window, and messages to show in it."""

import itertools
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.errors import Fault
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.style import Style
from app.ui.transcript.view import Transcript
from tests.ui.transcript.window import NewMessage, Window


@pytest.fixture
def style(theme: Theme) -> Style:
    return Style(theme)


@pytest.fixture
def new_message() -> NewMessage:
    numbers = itertools.count(1)

    def make(
        content: str = "",
        role: Role = Role.ASSISTANT,
        status: MessageStatus = MessageStatus.COMPLETE,
        reasoning: str = "",
        stop_reason: str | None = None,
        fault: Fault | None = None,
    ) -> Message:
        return Message(
            id=MessageId(f"message-{next(numbers)}"),
            conversation_id=ConversationId("conversation"),
            parent_id=None,
            role=role,
            content=content,
            reasoning=reasoning,
            status=status,
            stop_reason=stop_reason,
            fault=fault,
            model="small-model",
        )

    return make


@pytest.fixture
def new_window(qtbot: QtBot, theme: Theme, icons: Icons) -> Callable[[], Window]:
    def make() -> Window:
        transcript = Transcript(theme, icons, can_continue=True)
        qtbot.addWidget(transcript)
        transcript.resize(900, 600)
        transcript.show()
        transcript.setFocus()
        qtbot.waitExposed(transcript)
        return Window(qtbot, transcript)

    return make


@pytest.fixture
def window(new_window: Callable[[], Window]) -> Window:
    return new_window()
