"""One calm line above the transcript, for what went wrong and belongs to no message."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.icons import IconButton, Icons
from app.ui.text import DISMISS, plain_label
from app.ui.theme import Theme

WIDTH_PX = 784
NARROW_PX = 560
_MAX_ADVICE_CHARS = 400  # it may hold a server's own words
_RADIUS_PX = 12.0
_ICON_PX = 18
_SIDE_PX = 16  # beside the card
_LEFT_PX, _RIGHT_PX = 16 + _ICON_PX + 12, 10  # of what the card holds
_BETWEEN_BUTTONS_PX = 8
_LEAST_PX = 200  # what stands in a window that is narrower would be cut
_BELOW = Qt.AlignmentFlag.AlignLeft
_BESIDE = Qt.AlignmentFlag.AlignVCenter


class Banner(QFrame):
    """Hidden until there is something to say. Never takes the focus; a screen reader announces it."""

    action_requested = Signal()
    remedy_requested = Signal()
    dismissed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, is_calm: bool = False) -> None:
        """`is_calm`: it has news, not trouble."""
        super().__init__(parent)
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("look", "title")
        self._title.setWordWrap(True)
        self._advice = QLabel()
        self._advice.setTextFormat(Qt.TextFormat.PlainText)
        self._advice.setProperty("look", "advice")
        self._advice.setWordWrap(True)
        for label in (self._title, self._advice):
            label.setMinimumWidth(1)  # or its longest word would widen the window
        self._remedy = _button("bannerRemedy")
        self._remedy.clicked.connect(self.remedy_requested)
        self._action = _button("bannerAction")
        self._action.clicked.connect(self.action_requested)
        self._dismiss = IconButton(theme, icons, "x", DISMISS)
        self._dismiss.setObjectName("bannerDismiss")
        self._dismiss.clicked.connect(self._on_dismiss_clicked)

        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._advice)
        card = _Card(theme, icons, is_calm=is_calm)
        card.setMaximumWidth(WIDTH_PX)
        self._grid = QGridLayout(card)
        self._grid.setContentsMargins(_LEFT_PX, 10, _RIGHT_PX, 10)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        self._buttons = QWidget()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._buttons)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(_BETWEEN_BUTTONS_PX)
        for button in (self._remedy, self._action):
            self._line.addWidget(button)
        self._grid.addLayout(words, 0, 0)
        self._grid.addWidget(self._dismiss, 0, 2)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(_SIDE_PX, 8, _SIDE_PX, 8)
        outer.addStretch(1)
        outer.addWidget(card, 1000)
        outer.addStretch(1)
        self.setAccessibleName("Notice")
        self.hide()
        self._arrange()

    def show_fault(
        self, title: str, advice: str, action_text: str | None = None, remedy_text: str | None = None
    ) -> None:
        """Replace what it says, and appear. What is too long for a banner is cut."""
        if len(advice) > _MAX_ADVICE_CHARS:
            advice = advice[: _MAX_ADVICE_CHARS - 1] + "…"
        self._title.setText(title)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        _label(self._action, action_text)
        _label(self._remedy, remedy_text)
        self._arrange()
        self.setAccessibleDescription(f"{title}. {advice}")
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{title}. {advice}"))

    def _arrange(self) -> None:
        """Where there is little room the buttons stand below the words, where there is least below each other."""
        is_narrow = self.width() < NARROW_PX
        self._grid.removeWidget(self._buttons)
        self._grid.addWidget(self._buttons, *((1, 0, 1, 3) if is_narrow else (0, 1, 1, 1)))
        self._grid.setAlignment(self._buttons, _BELOW if is_narrow else _BESIDE)
        shown = [button.sizeHint().width() for button in (self._remedy, self._action) if not button.isHidden()]
        self._buttons.setVisible(bool(shown))
        room = self.width() - 2 * _SIDE_PX - _LEFT_PX - _RIGHT_PX
        is_least = is_narrow and sum(shown) + _BETWEEN_BUTTONS_PX > room
        self._line.setDirection(QBoxLayout.Direction.TopToBottom if is_least else QBoxLayout.Direction.LeftToRight)

    def _on_dismiss_clicked(self) -> None:
        self.hide()
        self.dismissed.emit()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Not what the buttons take beside the words: they go below."""
        return QSize(_LEAST_PX, super().minimumSizeHint().height())


def _button(object_name: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(object_name)
    button.setProperty("look", "calm")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _label(button: QPushButton, text: str | None) -> None:
    """None hides it."""
    button.setVisible(text is not None)
    button.setText(plain_label(text or ""))
    button.setAccessibleName(text or "")
    button.setToolTip(text or "")


class _Card(QWidget):
    def __init__(self, theme: Theme, icons: Icons, *, is_calm: bool) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._is_calm = is_calm
        theme.changed.connect(self.update)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.bubble if self._is_calm else palette.warning_background))
        painter.drawRoundedRect(self.rect(), _RADIUS_PX, _RADIUS_PX)
        name, color = ("info", palette.link) if self._is_calm else ("triangle-alert", palette.warning)
        pixmap = self._icons.pixmap(name, color, _ICON_PX, self.devicePixelRatioF())
        painter.drawPixmap(
            QRectF(16, (self.height() - _ICON_PX) / 2, _ICON_PX, _ICON_PX), pixmap, QRectF(pixmap.rect())
        )
