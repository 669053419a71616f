"""What lies over the text: a word where there is none, and the way back to its end."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import JumpButton
from app.ui.transcript.welcome import Welcome

JUMP_ABOVE_BOTTOM_PX = 14
LOADING_SHOWN_AFTER_MS = 200


class Overlays(QObject):
    jump_requested = Signal()

    def __init__(self, area: QAbstractScrollArea, theme: Theme, icons: Icons) -> None:
        super().__init__(area)
        self._area = area
        self._welcome = Welcome(theme, area.viewport())
        self._loading = Welcome(theme, area.viewport())
        self._loading.set_text("", ["Opening…"])
        self._loading.hide()
        self._loading_is_slow = QTimer(self)
        self._loading_is_slow.setSingleShot(True)
        self._loading_is_slow.setInterval(LOADING_SHOWN_AFTER_MS)
        self._loading_is_slow.timeout.connect(self._loading.show)
        self._jump_button = JumpButton(theme, icons, area)
        self._jump_button.clicked.connect(self.jump_requested)

    def set_empty_text(self, title: str, lines: Sequence[str]) -> None:
        self._welcome.set_text(title, lines)

    def set_loading(self, is_loading: bool, *, is_empty: bool) -> None:
        """A conversation is being read from disk: said if it takes long."""
        self._loading_is_slow.stop()
        self._loading.hide()
        self._welcome.setVisible(not is_loading and is_empty)
        if is_loading:
            self._loading_is_slow.start()

    def note_placed(self, *, is_at_end: bool, is_empty: bool) -> None:
        self._jump_button.setVisible(not is_at_end)
        self._loading.move(0, 0)  # rows that scroll take along whatever lies over them
        self._welcome.setVisible(is_empty and not self._loading_is_slow.isActive())

    def arrange(self) -> None:
        viewport = self._area.viewport()
        for word in (self._welcome, self._loading):
            word.setGeometry(viewport.rect())
        area, button = viewport.geometry(), self._jump_button
        button.move(area.center().x() - button.width() // 2, area.bottom() + 1 - button.height() - JUMP_ABOVE_BOTTOM_PX)
