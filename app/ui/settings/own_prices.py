"""The prices that the user entered, and the models that have none: to be set, changed and taken back."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.model import ModelRef, ProviderId
from app.domain.settings import OwnPrice
from app.ui.controls import Controls
from app.ui.settings.controls import row_button
from app.ui.settings.page import Group, plain
from app.ui.settings.price_dialog import PriceDialog, PriceQuestion
from app.ui.settings.price_words import known_sentence, price_in_words, take_back_label

_HOW = (
    "Belay takes prices from the provider's list, else from its own table. To set another one, right-click a model "
    "in the list of models, or press Ctrl+P there."
)


class _Row(NamedTuple):
    ref: ModelRef
    note: str
    is_own: bool


class OwnPriceList(QWidget):
    """One row a model; those whose price nobody knows come last."""

    price_requested = Signal(object)  # a ModelRef
    take_back_requested = Signal(object)

    def __init__(self, name_of: Callable[[ProviderId], str]) -> None:
        super().__init__()
        self.setObjectName("ownPrices")
        self._name_of = name_of
        self._own: tuple[OwnPrice, ...] = ()
        self._unpriced: tuple[ModelRef, ...] = ()
        self._shown: list[_Row] | None = None
        self._group: Group | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        heading = plain("Prices of your own", "title")
        heading.setContentsMargins(0, 8, 0, 0)
        self._column.addWidget(heading)
        self._column.addWidget(plain(_HOW, "muted"))
        self._refresh()

    def show_own(self, own: Sequence[OwnPrice]) -> None:
        self._own = tuple(own)
        self._refresh()

    def show_unpriced(self, models: Sequence[ModelRef]) -> None:
        """Models that answered, and whose price was not known."""
        self._unpriced = tuple(models)
        self._refresh()

    def _refresh(self) -> None:
        own = {each.ref for each in self._own}
        rows = [_Row(each.ref, price_in_words(each.price), is_own=True) for each in self._own]
        rows += [_Row(ref, "The price is not known.", is_own=False) for ref in self._unpriced if ref not in own]
        if rows == self._shown:
            return
        self._shown = rows
        if self._group is not None:
            self._group.hide()
            self._group.deleteLater()
            self._group = None
        if rows:
            self._group = Group()
            for row in rows:
                self._add(self._group, row)
            self._column.insertWidget(1, self._group)

    def _add(self, group: Group, row: _Row) -> None:
        provider = self._name_of(row.ref.provider_id)
        full_name = f"{row.ref.model}, {provider}" if provider else row.ref.model
        buttons = QWidget()
        line = QHBoxLayout(buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        label = "Edit…" if row.is_own else "Set price…"
        edit = row_button(label, "setPriceButton", name=f"{label} {full_name}")
        edit.clicked.connect(lambda: self.price_requested.emit(row.ref))
        line.addWidget(edit)
        if row.is_own:
            remove = row_button("Remove", "removePriceButton", name=f"Remove the price of {full_name}")
            remove.clicked.connect(lambda: self.take_back_requested.emit(row.ref))
            line.addWidget(remove)
        note = f"{provider}: {row.note}" if provider else row.note
        group.add_row(row.ref.model, buttons, note=note)


class Prices(QObject):
    """Asks for the price of a model, and has it count."""

    def __init__(self, controls: Controls, parent: QObject) -> None:
        super().__init__(parent)
        self._facts = controls.facts
        self._store = controls.store

    def ask(self, ref: ModelRef, over: QWidget) -> PriceDialog:
        """Put the question in front of a window, and return at once."""
        state = self._store.providers.get(ref.provider_id)
        known, own, is_local = self._facts.known_price(ref), self._facts.own_price(ref), self._facts.is_local(ref)
        question = PriceQuestion(
            model=ref.model,
            provider=state.name if state is not None else "A provider that is not there any more",
            known=known_sentence(known, state.listed_at_ms if state is not None else None, is_local=is_local),
            take_back=take_back_label(known, is_local=is_local),
            shown=own or known,
            has_own=own is not None,
        )
        dialog = PriceDialog(question, over)
        dialog.price_given.connect(lambda price: self._facts.set_own_price(ref, price))
        dialog.taken_back.connect(lambda: self.take_back(ref))
        dialog.open()
        return dialog

    def take_back(self, ref: ModelRef) -> None:
        self._facts.set_own_price(ref, None)
