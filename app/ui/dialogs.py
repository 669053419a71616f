"""Questions that are put without waiting: the answer comes by a call."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.text import CANCEL, plain_label

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
    heading = _label(title, "question")
    body = _label(text, "advice")

    confirm = _button(confirm_text, "danger" if destructive else "strong", "confirmButton")
    confirm.clicked.connect(dialog.accept)
    cancel = _button(CANCEL, "plain", "cancelButton")
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


def _label(text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", look)
    label.setWordWrap(True)
    return label


def _button(text: str, look: str, object_name: str) -> QPushButton:
    button = QPushButton(plain_label(text))
    button.setObjectName(object_name)
    button.setProperty("look", look)
    button.setAccessibleName(text)
    button.setToolTip(f"{text} (Esc)" if text == CANCEL else text)
    button.setAutoDefault(False)
    return button
