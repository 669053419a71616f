"""A transcript in a window, and messages to show in it."""

import importlib
import itertools
import warnings
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.errors import Fault
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style
from app.ui.transcript.view import Transcript
from tests.ui.transcript.window import NewMessage, Window


@pytest.fixture
def style(theme: Theme) -> Style:
    return Style(theme)


@pytest.fixture(scope="session")
def _typesetter() -> None:
    """What sets formulas is imported here: that warns, and a warning in its thread would fail it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        importlib.import_module("app.markdown.typesetting")


@pytest.fixture
def formulas(qapp: QApplication, _typesetter: None) -> Formulas:
    return Formulas(qapp)


@pytest.fixture
def highlighting(qapp: QApplication) -> Highlighting:
    return Highlighting(qapp)


@pytest.fixture
def materials(style: Style, icons: Icons, formulas: Formulas, highlighting: Highlighting) -> Materials:
    return Materials(style, icons, formulas, highlighting)


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
def new_window(
    qtbot: QtBot, theme: Theme, icons: Icons, formulas: Formulas, highlighting: Highlighting
) -> Callable[[], Window]:
    def make() -> Window:
        transcript = Transcript(theme, icons, formulas, highlighting)
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
