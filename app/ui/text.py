"""The sentences and keys that appear in more than one place, and how text from outside is made plain."""

from html import escape

from PySide6.QtGui import QKeySequence

NEW_CONVERSATION = "New conversation"
SEARCH = "Search conversations"
FIND = "Find in conversation"
SETTINGS = "Settings"
RENAME = "Rename"
DELETE = "Delete"
CANCEL = "Cancel"
CLOSE = "Close"
DISMISS = "Dismiss"
RETRY = "Retry"  # the word that the advice of errors names
SEND = "Send"
STOP = "Stop"
NO_MODEL = "No model"
CHOOSE_MODEL = "Choose a model"

NEW_CONVERSATION_KEYS = "Ctrl+N"
SEARCH_KEYS = "Ctrl+K"
FIND_KEYS = "Ctrl+F"
SETTINGS_KEYS = "Ctrl+,"
CHOOSE_MODEL_KEYS = "Ctrl+M"
ENTER_KEYS = "Enter"


def shortcut(keys: str) -> str:
    """The keys as this platform writes them: Ctrl+N, or ⌘N."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def send_keys(*, with_ctrl: bool) -> str:
    """The keys that send a message."""
    return shortcut("Ctrl+Enter") if with_ctrl else ENTER_KEYS


def plain_tooltip(text: str) -> str:
    """`text` as a tooltip that shows every character: Qt would take tags in it for markup."""
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>' if "<" in text or "&" in text else text


def plain_label(text: str) -> str:
    """`text` as the label of a button or a menu row: Qt would take & for the mark of a mnemonic."""
    return text.replace("&", "&&")
