"""A table of what was used: a line for each model, or for each day."""

import re
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.usage_report import UsageSum
from app.ui.amounts import dollars, short
from app.ui.settings.page import ROW_PADDING_PX, plain

_COLUMNS = ("Answers", "In", "Out", "Cost")
_GAP_PX = 12
_FIGURES_PX = 68
_CENT = 0.00995
_BREAKS = re.compile(r"([-/_.:])")  # where the name of a model may go on in another line
_LINE_PX = 8  # above and below a line's words


class Line(Struct, frozen=True):
    name: str
    note: str
    total: UsageSum


class UsageTable(QFrame):
    """Figures stand at the right of their columns, all of them as plain text."""

    def __init__(self, name: str, first_column: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(1, _LINE_PX, 1, 2)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        for column in range(1, len(_COLUMNS) + 1):
            self._grid.setColumnMinimumWidth(column, _FIGURES_PX)
        for column, heading in enumerate((first_column, *_COLUMNS)):
            self._put(plain(heading, "muted"), 0, column)
        for number, line in enumerate(lines):
            self._add(2 * number + 1, line)

    def _add(self, row: int, line: Line) -> None:
        rule = QFrame()
        rule.setProperty("look", "row")
        rule.setFixedHeight(1)
        self._grid.addWidget(rule, row, 0, 1, len(_COLUMNS) + 1)
        figures = cells_of(line.total)
        self._put(_named(line), row + 1, 0)
        for column, figure in enumerate(figures, start=1):
            label = plain(figure, "advice", selectable=True)
            label.setAccessibleName(f"{line.name}, {_COLUMNS[column - 1]}: {figure}")
            self._put(label, row + 1, column)

    def _put(self, widget: QWidget, row: int, column: int) -> None:
        is_first, is_last = column == 0, column == len(_COLUMNS)
        left, right = (ROW_PADDING_PX if is_first else _GAP_PX), (ROW_PADDING_PX if is_last else 0)
        widget.setContentsMargins(left, _LINE_PX if row else 0, right, _LINE_PX)
        if not is_first and isinstance(widget, QLabel):
            widget.setWordWrap(False)
            widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(widget, row, column)


def cells_of(total: UsageSum) -> tuple[str, str, str, str]:
    """≈ where answers were counted here; ? where a price is missing."""
    about = "≈ " if total.estimated else ""
    return (
        f"{total.answers:,}",
        f"{about}{short(total.prompt_tokens)}",
        f"{about}{short(total.completion_tokens)}",
        _cost_in_words(total, about),
    )


def _cost_in_words(total: UsageSum, about: str) -> str:
    if total.cost is None:
        return "?"
    if not total.cost:
        return "free" if not total.unpriced else "?"
    cost = f"${total.cost:,.2f}" if total.cost >= _CENT else dollars(total.cost)
    return f"{about}{cost}" + (" + ?" if total.unpriced else "")


def _named(line: Line) -> QWidget:
    named = QWidget()
    column = QVBoxLayout(named)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    name = plain(_BREAKS.sub("\\1\N{ZERO WIDTH SPACE}", line.name), "advice")
    name.setAccessibleName(line.name)
    column.addWidget(name)
    if line.note:
        column.addWidget(plain(line.note, "muted"))
    return named
