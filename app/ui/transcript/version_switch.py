"""‹ 2/3 ›: which of its versions a message is, and the way to the others."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.icons import Icons
from app.ui.palette import SMALL_PX
from app.ui.theme import Theme, body_font
from app.ui.transcript.buttons import ACTION_PX, ActionButton
from app.ui.transcript.message_action import MessageAction
from app.ui.transcript.shown_message import ShownMessage

BUTTON_PX = 26
GAP_PX = 4


class VersionSwitch(QWidget):
    """At the first and the last version the button that leads no further stays where it is, and does nothing."""

    chosen = Signal(str)  # PREVIOUS or NEXT, a MessageAction

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._previous = ActionButton(theme, icons, "chevron-left", "Previous version", self)
        self._previous.setObjectName("previousVersionButton")
        self._previous.clicked.connect(lambda: self.chosen.emit(MessageAction.PREVIOUS))
        self._next = ActionButton(theme, icons, "chevron-right", "Next version", self)
        self._next.setObjectName("nextVersionButton")
        self._next.clicked.connect(lambda: self.chosen.emit(MessageAction.NEXT))
        for button in (self._previous, self._next):
            button.setFixedSize(BUTTON_PX, BUTTON_PX)
        self.setObjectName("versionSwitch")
        self.setFont(body_font(SMALL_PX))
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        return self._text

    def focus_button(self, action: MessageAction) -> None:
        button = self._previous if action is MessageAction.PREVIOUS else self._next
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def show_version_of(self, shown: ShownMessage) -> None:
        self._text = f"{shown.version_number}/{len(shown.versions)}"
        described = f"Version {shown.version_number} of {len(shown.versions)}"
        self.setAccessibleName(described)
        for button, leads_to in ((self._previous, shown.version_before), (self._next, shown.version_after)):
            button.setAccessibleDescription(described if leads_to else f"{described}: there is none further")
            button.set_dim(not leads_to)
        room = QFontMetrics(self.font()).horizontalAdvance(self._text) + 2 * GAP_PX
        top = (ACTION_PX - BUTTON_PX) // 2
        self._previous.move(0, top)
        self._next.move(BUTTON_PX + room, top)
        self.resize(2 * BUTTON_PX + room, ACTION_PX)
        self.update()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.palette.muted))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), self._text)
