"""What a form is filled in with: a label, a field, and the sentence below it that says what it is or what is wrong."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.icons import Icons
from app.ui.settings.controls import set_name
from app.ui.settings.page import plain
from app.ui.theme import Theme, code_font

_ICON_PX = 18
_LINES = 3
_CODE_PX = 13


class Field(QWidget):
    """
    A control under its label, with another one `beside` it, or `above` it at the right of the label.

    The sentence below keeps its line also when it says nothing, so that nothing jumps; `is_silent`: it never speaks.
    """

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        note: str = "",
        beside: QWidget | None = None,
        above: QWidget | None = None,
        is_silent: bool = False,
    ) -> None:
        super().__init__()
        self.control = control
        self._note = note
        self._sentence = plain(note, "muted")
        self._sentence.setObjectName("fieldSentence")
        self._sentence.setMinimumHeight(self._sentence.fontMetrics().lineSpacing())
        self._sentence.setVisible(not is_silent)
        if not control.accessibleName():
            control.setAccessibleName(label)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(control, 1)
        if beside is not None:
            line.addWidget(beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(plain(label, "label"), 1)
        if above is not None:
            head.addWidget(above)
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self._sentence)
        self.setFocusProxy(control)
        self.say("")

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Say what is wrong, or worth knowing; "" says the field's own note again."""
        self._sentence.setText(sentence or self._note)
        look = "error" if is_error and sentence else "muted"
        if self._sentence.property("look") != look:
            self._sentence.setProperty("look", look)
            self._sentence.style().unpolish(self._sentence)
            self._sentence.style().polish(self._sentence)
        self.control.setAccessibleDescription(sentence or self._note)


def line_edit(object_name: str, placeholder: str = "") -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(object_name)
    field.setPlaceholderText(placeholder)
    field.setMinimumHeight(36)
    return field


class SecretEdit(QLineEdit):
    """Shows dots, and what is written while the eye at its end is pressed in. Keeps nothing for undo."""

    def __init__(self, theme: Theme, icons: Icons, object_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._reveal = QAction(self)
        self._reveal.setCheckable(True)
        self._reveal.toggled.connect(self._on_toggled)
        self.setObjectName(object_name)
        self.setMinimumHeight(36)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)
        theme.changed.connect(self._dress)
        self.set_revealed(False)

    def set_revealed(self, is_revealed: bool) -> None:
        self._reveal.setChecked(is_revealed)
        self._on_toggled(is_revealed)

    def _on_toggled(self, is_revealed: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if is_revealed else QLineEdit.EchoMode.Password)
        self._reveal.setText("Hide the key" if is_revealed else "Show the key")
        self._dress()

    def _dress(self) -> None:
        name = "eye-off" if self._reveal.isChecked() else "eye"
        self._reveal.setIcon(self._icons.icon(name, self._theme.palette.muted, _ICON_PX))


class Lines(QPlainTextEdit):
    """A field of several lines, in the letters of code. Tab leaves it."""

    def __init__(self, object_name: str, placeholder: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setProperty("look", "field")
        self.setPlaceholderText(placeholder)
        self.setFont(code_font(_CODE_PX))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 24)


class Fold(QWidget):
    """A line that shows and hides what is below it."""

    toggled = Signal(bool)

    def __init__(self, theme: Theme, icons: Icons, label: str, content: QWidget, object_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._content = content
        self._button = QPushButton(f" {label}")
        self._button.setObjectName(object_name)
        self._button.setProperty("look", "fold")
        self._button.setCheckable(True)
        self._button.setAutoDefault(False)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_name(self._button, label)
        self._button.toggled.connect(self._on_toggled)
        content.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        theme.changed.connect(self._dress)
        self._dress()

    def set_open(self, is_open: bool) -> None:
        self._button.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self._dress()
        self.toggled.emit(is_open)

    def _dress(self) -> None:
        name = "chevron-down" if self._button.isChecked() else "chevron-right"
        self._button.setIcon(self._icons.icon(name, self._theme.palette.muted, 16))
