"""The question what a model costs: three prices, and what is known of them."""

import re

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.model import Price
from app.ui.dialogs import dressed_button, dressed_label
from app.ui.settings.fields import Field, line_edit
from app.ui.settings.price_words import amount
from app.ui.text import CANCEL

_WIDTH_PX = 440
_UNIT = "In US dollars for a million tokens. It counts for the answers to come; what was answered keeps its cost."
_CACHED = "For what the provider has read before. Empty: as input."
_AMOUNT = re.compile(r"\$? ?([0-9]{1,6}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_MISSING = "Enter a price, 0 if it is free"


class PriceQuestion(Struct, frozen=True):
    """
    What is known before it is answered.

    `known` is a sentence on the price that counts without one of the user's, `take_back` the label of the button that
    has it count again. `shown` stands in the fields at first. `has_own`: there is something to take back.
    """

    model: str
    provider: str
    known: str
    take_back: str
    shown: Price | None = None
    has_own: bool = False


class PriceDialog(QDialog):
    """Open it with `open()`. Each field is checked as it is written; an empty one when the answer is given."""

    price_given = Signal(object)  # a Price
    taken_back = Signal()

    def __init__(self, question: PriceQuestion, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("priceDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Set price")
        self.setAccessibleDescription(f"{question.model}, {question.provider}. {question.known}")
        self._input, self._output = line_edit("priceInput", "2.50"), line_edit("priceOutput", "10")
        self._cached = line_edit("priceCachedInput")
        self._fields = (
            Field("Input", self._input),
            Field("Output", self._output),
            Field("Cached input", self._cached, note=_CACHED),
        )
        self._show_price(question.shown)
        for edit in (self._input, self._output, self._cached):
            edit.textEdited.connect(self._on_edited)
        self._lay_out(question)
        self.setFixedWidth(_WIDTH_PX)
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)
        self._input.selectAll()

    def _show_price(self, price: Price | None) -> None:
        if price is None:
            return
        self._input.setText(amount(price.input))
        self._output.setText(amount(price.output))
        self._cached.setText("" if price.cached_input is None else amount(price.cached_input))

    def _lay_out(self, question: PriceQuestion) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(8)
        column.addWidget(dressed_label(question.model, "question"))
        column.addWidget(dressed_label(question.provider, "muted"))
        known = dressed_label(question.known, "advice")
        known.setObjectName("knownPrice")
        column.addWidget(known)
        column.addSpacing(8)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        for field in self._fields[:2]:
            pair.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(pair)
        column.addWidget(self._fields[2])
        column.addWidget(dressed_label(_UNIT, "muted"))
        column.addSpacing(12)
        column.addLayout(self._buttons(question))

    def _buttons(self, question: PriceQuestion) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if question.has_own:
            take_back = dressed_button(question.take_back, "plain", "takePriceBackButton")
            take_back.clicked.connect(self._on_take_back)
            row.addWidget(take_back)
        row.addStretch(1)
        cancel = dressed_button(CANCEL, "plain", "cancelButton")
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        save = dressed_button("Save", "strong", "savePriceButton")
        save.clicked.connect(self._on_save)
        save.setDefault(True)
        row.addWidget(save)
        return row

    def _on_edited(self) -> None:
        for field, edit in self._filled():
            field.say(_problem(edit.text()), is_error=True)

    def _filled(self) -> list[tuple[Field, QLineEdit]]:
        edits = (self._input, self._output, self._cached)
        return list(zip(self._fields, edits, strict=True))

    def _on_save(self) -> None:
        self._on_edited()
        for field, edit in self._filled()[:2]:
            if not edit.text().strip():
                field.say(_MISSING, is_error=True)
        wrong = [
            edit for _, edit in self._filled()
            if _problem(edit.text()) or (edit is not self._cached and not edit.text().strip())
        ]  # fmt: skip
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        cached = self._cached.text().strip()
        self.price_given.emit(
            Price(
                input=dollars_of(self._input.text()),
                output=dollars_of(self._output.text()),
                cached_input=dollars_of(cached) if cached else None,
            )
        )
        self.accept()

    def _on_take_back(self) -> None:
        self.taken_back.emit()
        self.accept()


def dollars_of(text: str) -> float:
    """
    Read a price as a person writes it: 2.50, $2.50, .5 or 10.

    Raises:
        ValueError: it is none; the message is a sentence for the user.
    """
    if "," in text:  # 1,500 here is 1.5 elsewhere
        raise ValueError("Use a point, such as 2.50")
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError("Enter a number, such as 2.50")
    return float(found[1])


def _problem(text: str) -> str:
    """What is wrong with what is written, "" also for what is not written yet."""
    try:
        if text.strip():
            dollars_of(text)
    except ValueError as error:
        return str(error)
    return ""
