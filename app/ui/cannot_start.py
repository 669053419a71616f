"""What is shown instead of the window when the program can't run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout

from app.domain.errors import Fault
from app.ui.application import APP_NAME

_WIDTH_PX = 440
_MARGIN_PX = 24


class CannotStartDialog(QDialog):
    """One sentence, its advice, and a Close button. Needs no theme: nothing may be loaded yet."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.setObjectName("cannotStartDialog")
        self.setWindowTitle(APP_NAME)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.setSpacing(8)
        for position, words in enumerate((f"{fault.title}.", fault.advice, fault.detail)):
            label = QLabel(words)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFixedWidth(_WIDTH_PX)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setVisible(bool(words))
            font = label.font()
            font.setBold(position == 0)
            label.setFont(font)
            column.addWidget(label)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addSpacing(8)
        column.addWidget(buttons)
        self.setAccessibleName(f"{fault.title}. {fault.advice}")
