"""The field in which a question is written otherwise, in the place where it stands."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.composer_input import ComposerInput
from app.ui.text import CANCEL, ENTER_KEYS, SEND, send_keys
from app.ui.theme import Theme

RADIUS_PX = 20.0


class MessageEditor(QWidget):
    """Looks and writes as the composer does. Enter sends, Esc cancels, and an input method keeps both for itself."""

    submitted = Signal(str)
    cancelled = Signal()
    resized = Signal()  # it wants another height
    typed = Signal()

    def __init__(self, theme: Theme, monotonic: Callable[[], float], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height = 0
        self._input = _EditorInput(monotonic)
        self._cancel = _button(CANCEL, "choice", "editorCancelButton", "Esc")
        self._send = _button(SEND, "strong", "editorSendButton", ENTER_KEYS)
        self._lay_out()
        self._input.enter_pressed.connect(self._submit)
        self._input.escape_pressed.connect(self.cancelled)
        self._input.textChanged.connect(self._on_text_changed)
        self._cancel.clicked.connect(self.cancelled)
        self._send.clicked.connect(self._submit)
        self.setObjectName("messageEditor")
        self.setAccessibleName("Edit your message")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        theme.changed.connect(self.update)

    def set_send_keys(self, *, with_ctrl: bool) -> None:
        """Whether Enter sends, or Ctrl+Enter."""
        self._input.set_send_keys(with_ctrl=with_ctrl)
        self._send.setToolTip(f"{SEND} ({send_keys(with_ctrl=with_ctrl)})")

    def begin(self, text: str, font: QFont) -> None:
        self.set_font(font)
        self._input.set_text(text)

    def change(self, text: str) -> None:
        """Another text than the one it began with."""
        self._input.set_text(text)
        self._input.document().setModified(True)

    def set_font(self, font: QFont) -> None:
        if font != self._input.font():
            self._input.setFont(font)

    def height_for(self, width: int) -> int:
        """At this width, for the text as it is."""
        if width != self.width():
            self.resize(width, self.height())
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return self.sizeHint().height()

    def text(self) -> str:
        return self._input.text()

    @property
    def is_changed(self) -> bool:
        return self._input.document().isModified()

    @property
    def has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def focus_text(self) -> None:
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 8, 12, 12)
        column.setSpacing(6)
        column.addWidget(self._input)
        column.addLayout(buttons)
        self.setFocusProxy(self._input)

    def _submit(self) -> None:
        text = self._input.text()
        if text.strip():
            self.submitted.emit(text)

    def _on_text_changed(self) -> None:
        self._send.setEnabled(bool(self._input.text().strip()))
        self.typed.emit()

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.sizeHint().height() != self._height:
            self._height = self.sizeHint().height()
            self.resized.emit()
        return done

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._input.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(palette.background))
        painter.setBrush(QColor(palette.field))
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)


class _EditorInput(ComposerInput):
    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__(monotonic=monotonic)
        self.setObjectName("editorInput")
        self.setAccessibleName("Edit your message")
        self.setPlaceholderText("")

    def set_send_keys(self, *, with_ctrl: bool) -> None:
        super().set_send_keys(with_ctrl=with_ctrl)
        self.setAccessibleDescription(f"{self.accessibleDescription()}, Esc cancels")

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        """Esc is for the editor here, also where the window would stop an answer with it."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)


def _button(text: str, look: str, object_name: str, keys: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setProperty("look", look)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setAccessibleName(text)
    button.setToolTip(f"{text} ({keys})")
    return button
