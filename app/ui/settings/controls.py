"""What settings are changed with: a switch, a choice among few or many, and a button for a row."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton

from app.ui.icons import FOCUS_RING_PX, Icons, paint_focus_ring
from app.ui.text import plain_label, plain_tooltip
from app.ui.theme import Theme, new_menu

_TRACK = QSize(34, 20)
_KNOB_PX = 14
_RING_PX = FOCUS_RING_PX + 1
_CHEVRON_PX = 16


class Switch(QCheckBox):
    """On or off. Its name is for screen readers: the row says it to the eye."""

    def __init__(self, name: str, object_name: str = "") -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setToolTip(plain_tooltip(name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(_TRACK.width() + 2 * _RING_PX, _TRACK.height() + 2 * _RING_PX)

    # Qt overrides

    def hitButton(self, _pos: object) -> bool:  # noqa: N802 - Qt's name
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        track = QRectF(_RING_PX, (self.height() - _TRACK.height()) / 2, _TRACK.width(), _TRACK.height())
        on, off = colors.color(QPalette.ColorRole.Accent), colors.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(on if self.isChecked() else off)
        if self.underMouse():
            painter.setBrush(painter.brush().color().darker(112))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        inset = (track.height() - _KNOB_PX) / 2
        left = track.right() - inset - _KNOB_PX if self.isChecked() else track.left() + inset
        painter.setBrush(QColor(Qt.GlobalColor.white))
        painter.drawEllipse(QRectF(left, track.top() + inset, _KNOB_PX, _KNOB_PX))
        if self.hasFocus():
            ring = track.adjusted(-_RING_PX, -_RING_PX, _RING_PX, _RING_PX)
            paint_focus_ring(painter, ring, ring.height() / 2, on.name())


class Choice(QPushButton):
    """One of several values, chosen from a menu that opens below it."""

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, icons: Icons, name: str, options: Sequence[tuple[object, str]], object_name: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._name = name
        self._options = tuple(options)
        self._menu = new_menu(self)
        self._menu.setAccessibleName(name)
        self.value: object = None
        self.setObjectName(object_name)
        self.setProperty("look", "value")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self.update)
        self.show_value(options[0][0])

    def show_value(self, value: object) -> None:
        """Show this one. A value that is none of the options is shown as it is."""
        self.value = value
        label = next((label for each, label in self._options if each == value), str(value))
        self.setText(plain_label(label))
        self.setAccessibleName(f"{self._name}: {label}")
        self.setToolTip(plain_tooltip(self._name))

    def _on_clicked(self) -> None:
        self._menu.clear()
        for value, label in self._options:
            action = QAction(plain_label(label), self._menu)
            action.setCheckable(True)
            action.setChecked(value == self.value)
            if value == self.value:
                action.setIcon(self._icons.icon("check", self._theme.palette.text, 16))
                self._menu.setActiveAction(action)
            action.triggered.connect(lambda _checked=False, value=value: self._on_triggered(value))
            self._menu.addAction(action)
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _on_triggered(self, value: object) -> None:
        self.show_value(value)
        self.chosen.emit(value)

    # Qt overrides

    def sizeHint(self) -> QSize:
        widest = max(self.fontMetrics().horizontalAdvance(label) for _, label in self._options)
        return QSize(widest + _CHEVRON_PX + 40, 36)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        chevron = self._icons.pixmap("chevron-down", self._theme.palette.muted, _CHEVRON_PX, self.devicePixelRatioF())
        place = QPointF(self.width() - _CHEVRON_PX - 10, (self.height() - _CHEVRON_PX) / 2)
        painter.drawPixmap(place, chevron)


def row_button(text: str, object_name: str, *, name: str = "", look: str = "plain") -> QPushButton:
    """A button at the right of a row. `name` says more than its text to those who do not see the row."""
    button = QPushButton(plain_label(text))
    button.setObjectName(object_name)
    button.setProperty("look", look)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_name(button, name or text)
    return button


def set_name(button: QAbstractButton, name: str) -> None:
    button.setAccessibleName(name)
    button.setToolTip(plain_tooltip(name))
