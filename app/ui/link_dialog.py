"""The question before a link is followed: where it really leads."""

from msgspec import Struct
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.check_box import CheckBox
from app.ui.dialogs import dressed_button, dressed_label
from app.ui.text import CANCEL, CLOSE

_WIDTH_PX = 460
_MARGIN_PX = 24
_ADDRESS_LINES = 4  # at most; the rest is scrolled to
_COUNTED_CHARACTERS = 1_000  # more than those lines hold


class LinkQuestion(Struct, frozen=True):
    """
    All that is told of a link before it is followed.

    `place` is the host it leads to, empty for an address that is never opened. `warnings` and `notes`
    are sentences about it. `can_be_trusted`: the user may ask not to be asked again.
    """

    title: str
    address: str
    place: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    can_be_trusted: bool = False


class LinkDialog(QDialog):
    """Open it with `open()`. Where there is a warning, Enter means no."""

    confirmed = Signal(bool)  # follow the link; and whether never to ask again for its host
    copy_requested = Signal()

    def __init__(self, question: LinkQuestion, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("linkDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(question.title)
        self.setAccessibleDescription(" ".join((question.place, *question.warnings, *question.notes)))
        self._trust = CheckBox("Don't ask again for this host until Belay is closed")
        self._trust.setObjectName("trustHostBox")
        self._trust.setVisible(question.can_be_trusted)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, 20)
        column.setSpacing(8)
        column.addWidget(dressed_label(question.title, "question"))
        if question.place:
            place = dressed_label(question.place, "title")
            place.setObjectName("linkPlace")
            column.addWidget(place)
        column.addWidget(_address_field(question.address))
        for sentence in question.warnings:
            warning = dressed_label(sentence, "warning")
            warning.setObjectName("linkWarning")
            column.addWidget(warning)
        for sentence in question.notes:
            column.addWidget(dressed_label(sentence, "muted"))
        column.addWidget(self._trust)
        column.addSpacing(12)
        column.addLayout(self._buttons(question))
        self.setFixedWidth(_WIDTH_PX)
        self.accepted.connect(lambda: self.confirmed.emit(self._trust.isChecked()))

    def _buttons(self, question: LinkQuestion) -> QHBoxLayout:
        no = dressed_button(CANCEL if question.place else CLOSE, "plain", "cancelButton")
        no.clicked.connect(self.reject)
        copy = dressed_button("Copy address", "plain", "copyAddressButton")
        copy.clicked.connect(self.copy_requested)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(no)
        default = no
        if question.place:
            yes = dressed_button("Open", "danger" if question.warnings else "strong", "openButton")
            yes.clicked.connect(self.accept)
            row.addWidget(yes)
            default = no if question.warnings else yes
        default.setDefault(True)
        default.setFocus(Qt.FocusReason.OtherFocusReason)
        return row


def _address_field(address: str) -> QPlainTextEdit:
    """Every character of it, however long it is and whatever it is made of."""
    field = QPlainTextEdit(address)
    field.setObjectName("linkAddress")
    field.setAccessibleName("Address")
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setFrameShape(QFrame.Shape.NoFrame)
    field.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    field.document().setDocumentMargin(0)
    metrics = field.fontMetrics()
    space = QRect(0, 0, _WIDTH_PX - 2 * _MARGIN_PX, 0)
    shown = metrics.boundingRect(space, Qt.TextFlag.TextWrapAnywhere.value, address[:_COUNTED_CHARACTERS])
    lines = min(_ADDRESS_LINES, max(1, round(shown.height() / metrics.lineSpacing())))
    field.setFixedHeight(metrics.lineSpacing() * lines + 4)
    return field
