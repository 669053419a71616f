"""Pages made of a table: one line a setting."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from app.domain.settings import Settings
from app.ui.icons import Icons
from app.ui.settings.controls import Choice, Switch
from app.ui.settings.page import Group, Page
from app.ui.theme import Theme


class Heading(NamedTuple):
    text: str


class Row(Struct, frozen=True):
    """
    One setting: the field of Settings that it changes, and what the user reads.

    With `options`, pairs of a value and its label, it is chosen from a menu; without, it is on or off. `words` are
    those the search knows it by beside the label.
    """

    field: str
    label: str
    note: str = ""
    words: str = ""
    options: tuple[tuple[object, str], ...] = ()


class TablePage(Page):
    """Shows rows, and asks for the change of a field when its control is used."""

    def __init__(
        self, key: str, title: str, rows: Sequence[Row | Heading], theme: Theme, icons: Icons, *, words: str = ""
    ) -> None:
        super().__init__(key, title, words=words)
        self._theme = theme
        self._icons = icons
        self._controls: dict[str, Switch | Choice] = {}
        self.add_rows(rows)

    def add_rows(self, rows: Sequence[Row | Heading]) -> None:
        """Add rows below those there are, in a card of their own."""
        group: Group | None = None
        for row in rows:
            if isinstance(row, Heading):
                group = self.add_group(row.text)
            else:
                group = group or self.add_group()
                self.add_setting(group, row.label, self._control(row), note=row.note, words=row.words)

    def show_settings(self, settings: Settings) -> None:
        for field, control in self._controls.items():
            value = getattr(settings, field)
            if isinstance(control, Switch):
                control.setChecked(value)
            else:
                control.show_value(value)

    def _control(self, row: Row) -> QWidget:
        if not row.options:
            switch = Switch(row.label, object_name=f"setting_{row.field}")
            switch.clicked.connect(lambda is_on: self.change_requested.emit(row.field, is_on))
            self._controls[row.field] = switch
            return switch
        choice = Choice(self._theme, self._icons, row.label, row.options, object_name=f"setting_{row.field}")
        choice.chosen.connect(lambda value: self.change_requested.emit(row.field, value))
        self._controls[row.field] = choice
        return choice
