"""Settings › Usage: what answers took on the last days, by model and by day."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import reduce
from operator import add

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.model import ModelRef, ProviderId
from app.domain.settings import Settings
from app.domain.usage_report import DayOfModel, UsageSum
from app.engine.events import Event, UsageSummed
from app.engine.usage_reports import DAYS
from app.ui.amounts import counted, dollars, short
from app.ui.settings.own_prices import OwnPriceList
from app.ui.settings.page import ROW_PADDING_PX, Finding, Page, plain
from app.ui.settings.usage_table import Line, UsageTable

_WORDS = "usage tokens cost price money spent bill statistics days models"
_NOTHING = "Nothing was asked on these days."
_DELETED = "What was deleted is not counted any more."


class UsagePage(Page):
    """`name_of` tells a provider's name, "" for one that is not there any more."""

    report_requested = Signal()

    def __init__(self, name_of: Callable[[ProviderId], str]) -> None:
        super().__init__("usage", "Usage", words=_WORDS)
        self._name_of = name_of
        self._shown: tuple[date, tuple[DayOfModel, ...]] | None = None
        self.column.addWidget(plain(f"What answers took on the last {DAYS} days, today included.", "advice"))
        self._content = QVBoxLayout()
        self._content.setSpacing(8)
        self.column.addLayout(self._content)
        self.findings.append(Finding(_WORDS, self, self))
        self.own_prices = OwnPriceList(name_of)
        self.column.addWidget(self.own_prices)
        self.findings.append(Finding("prices of your own set price dollars", self.own_prices, self.own_prices))

    def show_settings(self, settings: Settings) -> None:
        self.own_prices.show_own(settings.own_prices)

    def begin(self) -> None:
        self.report_requested.emit()

    def take(self, event: Event) -> None:
        if isinstance(event, UsageSummed) and (event.today, event.days) != self._shown:
            self._shown = (event.today, event.days)
            self.own_prices.show_unpriced(self._unpriced(event.days))
            self._show(event.today, event.days)

    def _show(self, today: date, days: tuple[DayOfModel, ...]) -> None:
        while (item := self._content.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not days:
            self._content.addWidget(plain(_NOTHING, "muted"))
            return
        whole = _summed(each.total for each in days)
        self._content.addWidget(_tiles(whole))
        self._add_table("By model", "Model", self._by_model(days))
        self._add_table("By day", "Day", _by_day(today, days))
        self._content.addWidget(plain(" ".join(_notes(whole)), "muted"))

    def _add_table(self, heading: str, first_column: str, lines: list[Line]) -> None:
        label = plain(heading, "title")
        label.setContentsMargins(0, 8, 0, 0)
        self._content.addWidget(label)
        self._content.addWidget(UsageTable(heading, first_column, lines))

    def _unpriced(self, days: tuple[DayOfModel, ...]) -> list[ModelRef]:
        """Those whose provider is still there, in the order of their names."""
        found = {
            ModelRef(each.provider_id, each.model)
            for each in days
            if each.total.unpriced and each.model and self._name_of(each.provider_id)
        }
        return sorted(found, key=lambda ref: (ref.model, ref.provider_id))

    def _by_model(self, days: tuple[DayOfModel, ...]) -> list[Line]:
        groups: dict[tuple[ProviderId, str], list[UsageSum]] = {}
        for each in days:
            groups.setdefault((each.provider_id, each.model), []).append(each.total)
        lines = [
            Line(model or "Unknown model", self._name_of(provider_id), _summed(totals))
            for (provider_id, model), totals in groups.items()
        ]
        return sorted(lines, key=lambda line: (-(line.total.cost or 0.0), -line.total.completion_tokens))


def _by_day(today: date, days: tuple[DayOfModel, ...]) -> list[Line]:
    groups: dict[date, list[UsageSum]] = {}
    for each in days:
        groups.setdefault(each.day, []).append(each.total)
    return [Line(_day_in_words(day, today), "", _summed(groups[day])) for day in sorted(groups, reverse=True)]


def _summed(totals: Iterable[UsageSum]) -> UsageSum:
    return reduce(add, totals, UsageSum())


def _day_in_words(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return QLocale(QLocale.Language.English).toString(QDate(day.year, day.month, day.day), "ddd d MMM")


def _tiles(whole: UsageSum) -> QWidget:
    tiles = QWidget()
    row = QHBoxLayout(tiles)
    row.setContentsMargins(0, 8, 0, 0)
    row.setSpacing(8)
    about = "≈ " if whole.estimated else ""
    cost = dollars(whole.cost) if whole.cost is not None else "not known"
    for name, value in (
        ("Tokens in", f"{about}{short(whole.prompt_tokens)}"),
        ("Tokens out", f"{about}{short(whole.completion_tokens)}"),
        ("Cost", cost if not whole.cost else f"{about}{cost}"),
    ):
        row.addWidget(_tile(name, value), 1)
    return tiles


def _tile(name: str, value: str) -> QFrame:
    tile = QFrame()
    tile.setProperty("look", "card")
    column = QVBoxLayout(tile)
    column.setContentsMargins(ROW_PADDING_PX, 10, ROW_PADDING_PX, 12)
    column.setSpacing(2)
    column.addWidget(plain(name, "muted"))
    shown = plain(value, "question", selectable=True)
    shown.setWordWrap(False)
    shown.setAccessibleName(f"{name}: {value}")
    shown.setAlignment(Qt.AlignmentFlag.AlignLeft)
    column.addWidget(shown)
    return tile


def _notes(whole: UsageSum) -> list[str]:
    notes = [f"{counted(whole.answers, 'answer')}."]
    if whole.stopped:
        notes = [f"{counted(whole.answers, 'answer')}, {whole.stopped:,} of them stopped: what came is counted."]
    if whole.estimated:
        notes.append(
            f"≈ {counted(whole.estimated, 'answer')} had to be counted here, because the provider did not tell."
        )
    if whole.unpriced:
        notes.append(f"? The price of {counted(whole.unpriced, 'answer')} is not known.")
    return [*notes, _DELETED]
