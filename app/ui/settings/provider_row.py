"""One provider in the list of Settings › Providers."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from app.domain.provider import ProviderPhase, ProviderState
from app.domain.provider_config import ProviderConfig
from app.ui.icons import IconButton, Icons, paint_focus_ring
from app.ui.models.words import phase_sentence
from app.ui.phase_color import phase_color
from app.ui.settings.controls import Switch
from app.ui.settings.page import ROW_PADDING_PX
from app.ui.text import plain_tooltip
from app.ui.theme import Theme

_DOT_PX = 8
_RADIUS_PX = 9.0
_MAX_TIP = 500


class ProviderRow(QFrame):
    """
    Shows a provider; one that the user set up can be edited, moved, switched off and removed.

    By keyboard: Enter edits, Del removes, Alt+Up and Alt+Down move.
    """

    edit_requested = Signal(str)
    remove_requested = Signal(str)
    move_requested = Signal(str, int)  # by so many places
    enable_requested = Signal(str, bool)

    def __init__(self, theme: Theme, icons: Icons, provider_id: str, *, is_own: bool) -> None:
        super().__init__()
        self._theme = theme
        self._id = provider_id
        self._is_own = is_own
        self._phase: ProviderPhase | None = None
        self._dot = QLabel()
        self._dot.setFixedSize(_DOT_PX, _DOT_PX)
        self._name, self._place, self._state = ElidedLabel("title"), ElidedLabel("muted"), ElidedLabel("muted")
        self._up = IconButton(theme, icons, "chevron-up", "Move up", shortcut="Alt+Up", side_px=28, icon_px=16)
        self._down = IconButton(theme, icons, "chevron-down", "Move down", shortcut="Alt+Down", side_px=28, icon_px=16)
        self._edit = IconButton(theme, icons, "pencil", "Edit", shortcut="Enter", side_px=28, icon_px=16)
        self._remove = IconButton(theme, icons, "trash-2", "Remove", shortcut="Del", side_px=28, icon_px=16)
        self._switch = Switch("Use this provider", "enableProviderSwitch")
        for button, name in ((self._up, "moveUpButton"), (self._down, "moveDownButton"),
                             (self._edit, "editProviderButton"), (self._remove, "removeProviderButton")):  # fmt: skip
            button.setObjectName(name)
        self.setObjectName(f"provider-{provider_id}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self._up.clicked.connect(lambda: self.move_requested.emit(self._id, -1))
        self._down.clicked.connect(lambda: self.move_requested.emit(self._id, +1))
        self._edit.clicked.connect(lambda: self.edit_requested.emit(self._id))
        self._remove.clicked.connect(lambda: self.remove_requested.emit(self._id))
        self._switch.clicked.connect(lambda is_on: self.enable_requested.emit(self._id, is_on))
        theme.changed.connect(self._dress)

    def show_own(self, config: ProviderConfig, state: ProviderState | None, key: str, listed: str) -> None:
        """`state` is None for one that is switched off, or whose key is being kept at this moment."""
        self._phase = state.phase if state is not None else None
        sentence = phase_sentence(state) if state is not None else ""
        if not config.is_enabled:
            sentence = "Switched off"
        self._show(config.name, _short(config.base_url), "  ·  ".join(filter(None, (sentence, key, listed))))
        self._switch.setChecked(config.is_enabled)
        for button, what in ((self._up, "Move up"), (self._down, "Move down"), (self._edit, "Edit"),
                             (self._remove, "Remove")):  # fmt: skip
            button.setAccessibleName(f"{what}: {config.name}")
        self._switch.setAccessibleName(f"Use {config.name}")
        self._switch.setToolTip(
            "Shown in the list of models" if config.is_enabled else "Not shown in the list of models"
        )

    def show_other(self, state: ProviderState, explained: str) -> None:
        self._phase = state.phase
        self._show(state.name, phase_sentence(state), explained)
        self._state.setWordWrap(True)

    def show_place(self, *, is_first: bool, is_last: bool) -> None:
        self._up.setEnabled(not is_first)
        self._down.setEnabled(not is_last)
        look = "first row" if is_first else "row"
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().unpolish(self)
            self.style().polish(self)

    def _show(self, name: str, place: str, state: str) -> None:
        self._name.show_text(name)
        self._place.show_text(place)
        self._state.show_text(state)
        self._state.setVisible(bool(state))
        self.setAccessibleName(name)
        self.setAccessibleDescription(". ".join(filter(None, (place, state))))
        self._dress()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        for label in (self._name, self._place, self._state):
            words.addWidget(label)
        line = QHBoxLayout(self)
        line.setContentsMargins(ROW_PADDING_PX, 10, 10, 10)
        line.setSpacing(2)
        line.addWidget(self._dot)
        line.addSpacing(10)
        line.addLayout(words, 1)
        line.addSpacing(8)
        for control in (self._up, self._down, self._edit, self._remove, self._switch):
            control.setVisible(self._is_own)
            if self._is_own:
                line.addWidget(control)

    def _dress(self) -> None:
        palette = self._theme.palette
        color = palette.border if self._phase is None else phase_color(self._phase, self._theme)
        self._dot.setStyleSheet(f"background: {color}; border-radius: {_DOT_PX // 2}px;")
        self.update()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down if is_alt and self._is_own:
                self.move_requested.emit(self._id, -1 if event.key() == Qt.Key.Key_Up else +1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._is_own:
                self.edit_requested.emit(self._id)
            case Qt.Key.Key_Delete if self._is_own:
                self.remove_requested.emit(self._id)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus_ring(painter, self.rect().toRectF(), _RADIUS_PX, self._theme.palette.link)


class ElidedLabel(QLabel):
    """One line of plain text that ends in … where there is no room; the whole is its tooltip then."""

    def __init__(self, look: str) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        self._whole = " ".join(text.split("\n"))
        self._elide()

    def _elide(self) -> None:
        if self.wordWrap():
            self.setText(self._whole)
            return
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        self.setText(shown)
        self.setToolTip(plain_tooltip(self._whole[:_MAX_TIP]) if shown != self._whole else "")

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()


def _short(address: str) -> str:
    return address.removeprefix("https://").rstrip("/")
