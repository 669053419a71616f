"""The place to write a message, to send it, and to stop the answer."""

import time
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.ui.composer_input import ComposerInput
from app.ui.icons import IconButton, Icons
from app.ui.measures import COMPOSER_RADIUS_PX, FIELD_WIDTH_PX
from app.ui.text import ENTER_KEYS, SEND, STOP, plain_tooltip, send_keys
from app.ui.theme import Theme

GUARD_S = 0.3  # what was meant for Stop never sends

_BUTTON_PX = 36
_NOTE_HEIGHT_PX = 18


class Composer(QWidget):
    """
    Says what the user wants. Knows nothing of engines.

    Sending leaves the text where it is until `accept_sent`, so a refused message loses nothing.
    While an answer is generated Enter does nothing: Stop has the Send button's place.
    """

    send_requested = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    writing_begun = Signal()  # the first character of a message
    paste_refused = Signal(int)  # how many characters of a paste were too many

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._is_generating = False
        self._blocked_reason: str | None = None
        self._guarded_until = 0.0
        self._was_empty = True

        self._send_keys = ENTER_KEYS
        self._input = ComposerInput(monotonic=monotonic)
        self._input.enter_pressed.connect(self._on_enter_pressed)
        self._input.escape_pressed.connect(self._on_escape_pressed)
        self._input.paste_refused.connect(self.paste_refused)
        self._input.textChanged.connect(self._on_text_changed)

        self._send_button = IconButton(
            theme, icons, "arrow-up", SEND, shortcut=ENTER_KEYS, side_px=_BUTTON_PX, is_round=True, strong=True
        )
        self._send_button.setObjectName("sendButton")
        self._send_button.clicked.connect(self._on_send_clicked)
        self._stop_button = _StopButton(theme, icons)
        self._stop_button.setObjectName("stopButton")
        self._stop_button.struck.connect(self._on_stop_struck)

        self._note = QLabel()
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("look", "muted")
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setFixedHeight(_NOTE_HEIGHT_PX)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lay_out(theme)

    def text(self) -> str:
        return self._input.text()

    def set_text(self, text: str) -> None:
        """Replace what is written, with the cursor at its end: a draft, or a message to edit."""
        self._input.set_text(text)

    def accept_sent(self) -> None:
        """The message is on its way: clear the field."""
        self._input.set_text("")

    def focus_input(self) -> None:
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_generating(self, is_generating: bool, *, guarded: bool = True) -> None:
        """Show Stop, or Send. `guarded`: an answer ended, and nothing can be sent for GUARD_S."""
        if is_generating == self._is_generating:
            return
        self._is_generating = is_generating
        if not is_generating and guarded:
            self._arm_guard()
        # The layout hands the focus on, if the button that goes had it.
        self._buttons.setCurrentWidget(self._stop_button if is_generating else self._send_button)

    def set_send_keys(self, *, with_ctrl: bool) -> None:
        """Whether Enter sends, or Ctrl+Enter."""
        self._send_keys = send_keys(with_ctrl=with_ctrl)
        self._input.set_send_keys(with_ctrl=with_ctrl)
        self._show_send_tip()

    def set_blocked(self, reason: str | None) -> None:
        """Make sending impossible, and say why; writing goes on. None lifts it."""
        self._blocked_reason = reason
        self._send_button.setEnabled(reason is None)
        self._show_send_tip()
        self._send_button.setAccessibleDescription(reason or "")
        self._note.setText(reason or "")

    def _show_send_tip(self) -> None:
        self._send_button.setToolTip(plain_tooltip(self._blocked_reason or f"{SEND} ({self._send_keys})"))

    def set_note(self, sentence: str) -> None:
        """Say something quietly below the field; sending goes on. A reason not to send stands before it."""
        if self._blocked_reason is None:
            self._note.setText(sentence)

    def _lay_out(self, theme: Theme) -> None:
        place = QWidget()
        place.setFixedSize(_BUTTON_PX, _BUTTON_PX)
        self._buttons = QStackedLayout(place)
        self._buttons.addWidget(self._send_button)
        self._buttons.addWidget(self._stop_button)

        field = _Field(theme, self._input)
        row = QHBoxLayout(field)
        row.setContentsMargins(20, 10, 10, 10)
        row.setSpacing(8)
        row.addWidget(self._input, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(place, 0, Qt.AlignmentFlag.AlignBottom)

        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(field)
        column.addSpacing(4)
        column.addWidget(self._note)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(FIELD_WIDTH_PX)

        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 6)
        outer.addStretch(1)
        outer.addWidget(middle, 100_000)  # all there is, to the pixel, before the margins get any
        outer.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(self._input)
        QWidget.setTabOrder(self._input, self._send_button)
        QWidget.setTabOrder(self._send_button, self._stop_button)

    def _arm_guard(self) -> None:
        self._guarded_until = self._monotonic() + GUARD_S

    def _try_to_send(self) -> None:
        if self._is_generating or self._blocked_reason is not None:
            return
        if self._monotonic() < self._guarded_until:
            self._arm_guard()  # the next of a burst of clicks is not meant for Send either
            return
        text = self._input.text()
        if text.strip():
            self.send_requested.emit(text)

    def _on_enter_pressed(self) -> None:
        self._try_to_send()

    def _on_send_clicked(self) -> None:
        self._try_to_send()
        if not self._input.text().strip():
            self.focus_input()

    def _on_stop_struck(self) -> None:
        self.stop_requested.emit()
        self._arm_guard()

    def _on_escape_pressed(self) -> None:
        if self._is_generating:
            self._on_stop_struck()

    def _on_text_changed(self) -> None:
        is_empty = not self._input.text()
        if self._was_empty and not is_empty:
            self.writing_begun.emit()
        self._was_empty = is_empty
        self.draft_changed.emit(self._input.text())


class _StopButton(IconButton):
    """
    Says `struck` once per click, by whatever means.

    Stops as the mouse goes down: the tenth of a second until it is up again is worth 300 tokens at 3,000/s.

    Before QAbstractButton hears of it: that one paints the window, dirty transcript and all, and then
    says `pressed`; waiting for that took 1.2-3.8 ms.
    """

    struck = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(
            theme, icons, "square", STOP, shortcut="Esc", side_px=_BUTTON_PX, icon_px=14, is_round=True, strong=True,
            filled=True,
        )  # fmt: skip
        self._by_mouse = False
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        """Also the space bar, a screen reader, a program; the mouse has been heard on its way down."""
        if not self._by_mouse:
            self.struck.emit()
        self._by_mouse = False

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_mouse = event.button() is Qt.MouseButton.LeftButton
        if self._by_mouse:
            self.struck.emit()
        super().mousePressEvent(event)


class _Field(QWidget):
    """The rounded ground around the text and the button. A click anywhere in it is a click into the text."""

    def __init__(self, theme: Theme, text_input: ComposerInput) -> None:
        super().__init__()
        self._theme = theme
        self._input = text_input
        self.setCursor(Qt.CursorShape.IBeamCursor)
        theme.changed.connect(self.update)

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._input.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(palette.field))
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), COMPOSER_RADIUS_PX, COMPOSER_RADIUS_PX
        )
