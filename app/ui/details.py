"""A window with names and values, to be read and copied from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.dialogs import dressed_label
from app.ui.text import CLOSE

_WIDTH_PX = 460
_NAME_WIDTH_PX = 140


def show_details(parent: QWidget, title: str, facts: Sequence[tuple[str, str]]) -> QDialog:
    """Put it in front of `parent` and return at once. Names and values are plain text."""
    dialog = QDialog(parent)
    dialog.setObjectName("detailsDialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnMinimumWidth(0, _NAME_WIDTH_PX)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        grid.addWidget(dressed_label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        shown = dressed_label(value, "advice")
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(f"{name}: {value}")
        grid.addWidget(shown, row, 1)
    close = QPushButton(CLOSE)
    close.setObjectName("closeButton")
    close.setProperty("look", "plain")
    close.setDefault(True)
    close.setAccessibleName(CLOSE)
    close.setToolTip(f"{CLOSE} (Esc)")
    close.clicked.connect(dialog.accept)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 24, 24, 20)
    column.setSpacing(8)
    column.addWidget(dressed_label(title, "question"))
    column.addSpacing(8)
    column.addLayout(grid)
    column.addSpacing(16)
    column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    dialog.setFixedWidth(_WIDTH_PX)
    close.setFocus(Qt.FocusReason.OtherFocusReason)
    dialog.open()
    return dialog
