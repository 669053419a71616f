"""A section of the settings: its title, its settings one below the other, and the words that find each of them."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.settings import Settings
from app.engine.events import Event

MARGIN_PX = 24
ROW_PADDING_PX = 14


class Finding(Struct, frozen=True):
    """One setting that the search can find: by `words`, shown by `row`, used in `control`."""

    words: str
    row: QWidget
    control: QWidget


class Page(QWidget):
    """
    One section. Subclasses put rows below each other and say what they show of the settings and of what happens.

    `key` is how the rest of the program names it, `title` what the user reads, `words` what the search knows it by.
    """

    change_requested = Signal(str, object)  # a field of Settings, and its new value
    scrolls_itself = False

    def __init__(self, key: str, title: str, *, words: str = "", has_title: bool = True) -> None:
        super().__init__()
        self.key = key
        self.title = title
        self.words = words
        self.findings: list[Finding] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        self.column.setSpacing(8)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        if has_title:
            self.column.addWidget(plain(title, "question"))
            self.column.addSpacing(4)

    def show_settings(self, settings: Settings) -> None:
        """Show what is set. Asks for nothing."""

    def take(self, event: Event) -> None:
        """Show what happened."""

    def begin(self) -> None:
        """The page has come into sight."""

    def add_group(self, heading: str = "") -> "Group":
        """Add a card for rows that belong together, under a heading."""
        if heading:
            label = plain(heading, "title")
            label.setContentsMargins(0, 8, 0, 0)
            self.column.addWidget(label)
        group = Group()
        self.column.addWidget(group)
        return group

    def add_setting(self, group: "Group", label: str, control: QWidget, *, note: str = "", words: str = "") -> QFrame:
        """Add a row with its label at the left and its control at the right; the search finds it."""
        row = group.add_row(label, control, note=note)
        self.findings.append(Finding(f"{label} {note} {words}", row, control))
        return row


class Group(QFrame):
    """A card with rows, a line between each two of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(1, 1, 1, 1)
        self._rows.setSpacing(0)

    def add_row(self, label: str, control: QWidget | None = None, *, note: str = "") -> QFrame:
        row = self._new_row()
        line = QHBoxLayout(row)
        line.setContentsMargins(ROW_PADDING_PX, 10, ROW_PADDING_PX, 10)
        line.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(plain(label, "advice"))
        if note:
            words.addWidget(plain(note, "muted"))
        line.addLayout(words, 1)
        if control is not None:
            line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
            if note:
                control.setAccessibleDescription(note)
        return row

    def add_wide(self, content: QWidget) -> QFrame:
        """Add a row that is `content` from side to side."""
        row = self._new_row()
        line = QVBoxLayout(row)
        line.setContentsMargins(ROW_PADDING_PX, 10, ROW_PADDING_PX, 10)
        line.addWidget(content)
        return row

    def put(self, row: QWidget, place: int) -> None:
        """Have a row of another's making at this place. The focus stays where it is."""
        if self._rows.indexOf(row) != place:
            self._rows.insertWidget(place, row)

    def _new_row(self) -> QFrame:
        row = QFrame()
        row.setProperty("look", "row" if self._rows.count() else "first row")
        self._rows.addWidget(row)
        return row


class Section(NamedTuple):
    """A page before it is built: building all of them at once would hold the window up for 100 ms and more."""

    key: str
    title: str
    build: Callable[[], Page]


def mark(row: QWidget, *, is_found: bool) -> None:
    """Show that a row is what was searched for, or that it is not."""
    if bool(row.property("found")) is not is_found:
        row.setProperty("found", is_found)
        row.style().unpolish(row)
        row.style().polish(row)


def scrolled(content: QWidget) -> QScrollArea:
    """`content` as wide as there is room, and scrolled where it is higher."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def plain(text: str, look: str, *, selectable: bool = False) -> QLabel:
    """A label that shows every character as it is."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", look)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
