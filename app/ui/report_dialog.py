"""What is known of a crash, to be read before it is copied for others."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.clipboard import put_on_clipboard
from app.ui.dialogs import dressed_button, dressed_label
from app.ui.text import CLOSE

_SIZE_PX = (620, 420)
TITLE = "What Belay was doing when it ended"
ADVICE = (
    "The names of functions, and nothing of your conversations, your keys or your folders. "
    "Copy it into a report if you wish to send one; nothing is sent by itself."
)


def show_report(parent: QWidget, report: str) -> QDialog:
    """Open it, and return it."""
    dialog = QDialog(parent)
    dialog.setObjectName("crashReport")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(TITLE)
    dialog.resize(*_SIZE_PX)
    text = QPlainTextEdit(report)
    text.setReadOnly(True)
    text.setAccessibleName("Report")
    copy = dressed_button("Copy", "strong", "copyButton")
    copy.clicked.connect(lambda: put_on_clipboard(report))
    close = dressed_button(CLOSE, "plain", "closeButton")
    close.clicked.connect(dialog.accept)
    buttons = QHBoxLayout()
    buttons.addStretch(1)
    buttons.addWidget(close)
    buttons.addWidget(copy)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 24, 24, 20)
    column.setSpacing(8)
    column.addWidget(dressed_label(TITLE, "question"))
    column.addWidget(dressed_label(ADVICE, "advice"))
    column.addWidget(text, 1)
    column.addLayout(buttons)
    dialog.open()
    return dialog
