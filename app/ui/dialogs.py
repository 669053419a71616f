"""Questions that are put without waiting: the answer comes by a call."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.text import CANCEL, CLOSE, plain_label

_WIDTH_PX = 420


def ask(
    parent: QWidget,
    title: str,
    text: str,
    confirm_text: str,
    on_confirmed: Callable[[], object],
    destructive: bool = False,
) -> QDialog:
    """
    Put a question in front of `parent` and return at once. Esc, closing and Cancel all mean no.

    Enter means yes, except where something would be lost: there it means no.
    """
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setAccessibleDescription(text)
    heading = dressed_label(title, "question")
    body = dressed_label(text, "advice")

    confirm = dressed_button(confirm_text, "danger" if destructive else "strong", "confirmButton")
    confirm.clicked.connect(dialog.accept)
    cancel = dressed_button(CANCEL, "plain", "cancelButton")
    cancel.clicked.connect(dialog.reject)
    default = cancel if destructive else confirm
    default.setDefault(True)
    dialog.accepted.connect(on_confirmed)

    buttons = QHBoxLayout()
    buttons.setSpacing(8)
    buttons.addStretch(1)
    buttons.addWidget(cancel)
    buttons.addWidget(confirm)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 24, 24, 20)
    column.setSpacing(8)
    column.addWidget(heading)
    column.addWidget(body)
    column.addSpacing(16)
    column.addLayout(buttons)
    dialog.setFixedWidth(_WIDTH_PX)
    default.setFocus(Qt.FocusReason.OtherFocusReason)
    dialog.open()
    return dialog


def dressed_label(text: str, look: str) -> QLabel:
    """Plain text over as many lines as it needs; `look` names its dress in the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", look)
    label.setWordWrap(True)
    return label


def dressed_button(text: str, look: str, object_name: str) -> QPushButton:
    """A button of a dialog, as `dressed_label`."""
    button = QPushButton(plain_label(text))
    button.setObjectName(object_name)
    button.setProperty("look", look)
    button.setAccessibleName(text)
    button.setToolTip(f"{text} (Esc)" if text in (CANCEL, CLOSE) else text)
    button.setAutoDefault(False)
    return button
