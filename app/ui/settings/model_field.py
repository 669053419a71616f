"""The model to begin with: written, or chosen from the provider's list, whose age is told."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from app.domain.model import ModelInfo
from app.ui.icons import Icons
from app.ui.settings.controls import row_button
from app.ui.settings.fields import Field, line_edit
from app.ui.theme import Theme

_SHOWN_ROWS = 8
_ICON_PX = 16


class ModelField(QWidget):
    edited = Signal()
    refresh_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._names = QStringListModel(self)
        self._edit: QLineEdit = line_edit("providerModel", "The first of its list")
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_SHOWN_ROWS)
        popup = QListView()
        popup.setProperty("look", "popup")
        completer.setPopup(popup)
        self._edit.setCompleter(completer)
        self._edit.installEventFilter(self)
        self._show_all = QAction("Show the list", self)
        self._show_all.triggered.connect(self._on_list_requested)
        self._edit.addAction(self._show_all, QLineEdit.ActionPosition.TrailingPosition)
        self._edit.textEdited.connect(self.edited)
        completer.activated.connect(self.edited)
        self._refresh: QPushButton = row_button(
            "Refresh", "refreshModelsButton", name="Ask the provider for its models again"
        )
        self._refresh.clicked.connect(self.refresh_requested)
        self._field = Field("Model to begin with", self._edit, beside=self._refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._field)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def text(self) -> str:
        return self._edit.text().strip()

    def begin(self, model: str, *, can_refresh: bool) -> None:
        self._edit.setText(model)
        self._refresh.setVisible(can_refresh)
        self.show_models((), "")

    def show_models(self, models: Sequence[ModelInfo], note: str) -> None:
        """Offer these. `note` is the sentence below."""
        names = [model.id for model in models]
        if names != self._names.stringList():
            self._names.setStringList(names)
        self._show_all.setVisible(bool(names))
        self._field.say(note)

    def _on_list_requested(self) -> None:
        """All of them, whatever is written."""
        completer = self._edit.completer()
        completer.setCompletionPrefix("")
        completer.complete()

    def _dress(self) -> None:
        self._show_all.setIcon(self._icons.icon("chevron-down", self._theme.palette.muted, _ICON_PX))

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow key down shows the list."""
        is_press = event.type() == QEvent.Type.KeyPress and self._names.rowCount() > 0
        if is_press and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self._on_list_requested()
            return True
        return super().eventFilter(watched, event)
