"""Settings › General."""

from app.ui.icons import Icons
from app.ui.settings.rows import Heading, Row, TablePage
from app.ui.text import shortcut
from app.ui.theme import Theme


def general_page(theme: Theme, icons: Icons) -> TablePage:
    rows = (
        Heading("Start"),
        Row("opens_last_conversation", "When Belay starts, show", words="start-up launch begin restore",
            options=((False, "A new conversation"), (True, "The last conversation"))),
        Row("notifies", "Tell me when an answer has ended while the window is away",
            note="The notice names the conversation, and says nothing of the answer.",
            words="notification notify desktop alert background done finished"),
        Heading("Writing"),
        Row("sends_with_ctrl", "Send a message with", words="enter return key keyboard newline line break submit",
            options=((False, "Enter"), (True, shortcut("Ctrl+Enter")))),
        Heading("Reading"),
        Row("announces_answers", "Tell screen readers what is answered",
            note="Each sentence is told as it is finished.",
            words="accessibility a11y announce speech voice orca nvda voiceover blind"),
    )  # fmt: skip
    return TablePage("general", "General", rows, theme, icons, words="behaviour preferences")
