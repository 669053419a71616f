"""A model file on the page On this computer: its name, what it is, what it needs, and how it is."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.provider import ProviderPhase, ProviderState
from app.ui.phase_color import phase_color
from app.ui.settings.local_model_words import state_sentence
from app.ui.settings.page import plain
from app.ui.theme import Theme

_DOT_PX = 8
_BAR_PX = 4


class LocalModelCard(QWidget):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.title = plain("", "title", selectable=True)
        self.title.setObjectName(f"{name}Title")
        self.facts = plain("", "muted", selectable=True)
        self.facts.setObjectName(f"{name}Facts")
        self.memory = plain("", "muted")
        self.memory.setObjectName(f"{name}Memory")
        self.warning = plain("", "warning")
        self.warning.setObjectName(f"{name}Warning")
        self.status = plain("", "advice")
        self.status.setObjectName(f"{name}Status")
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self._dot = _Dot(theme)
        self._bar = _Bar(theme)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._dot)
        line.addWidget(self.status, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(4)
        for part in (self.title, self.facts, self.memory, self.warning):
            column.addWidget(part)
        column.addSpacing(2)
        column.addLayout(line)
        column.addWidget(self._bar)
        column.addSpacing(6)
        column.addLayout(self.buttons)
        self.show_words("", "")
        self.show_state(None)

    def show_words(self, title: str, facts: str, memory: str = "", warning: str = "") -> None:
        """What is empty takes no room."""
        for label, words in ((self.title, title), (self.facts, facts), (self.memory, memory), (self.warning, warning)):
            label.setText(words)
            label.setVisible(bool(words))

    def show_state(self, state: ProviderState | None) -> None:
        """How it runs; None for a file that does not run."""
        self._dot.show_phase(state.phase if state is not None else None)
        self.status.setText(state_sentence(state) if state is not None else "")
        self.status.setVisible(state is not None)
        is_starting = state is not None and state.phase is ProviderPhase.STARTING
        self._bar.show_progress(state.progress if state is not None and is_starting else None)


class _Dot(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._phase: ProviderPhase | None = None
        self.setFixedSize(_DOT_PX, 2 * _DOT_PX)
        theme.changed.connect(self.update)

    def show_phase(self, phase: ProviderPhase | None) -> None:
        self._phase = phase
        self.setVisible(phase is not None)
        self.update()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._phase is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(phase_color(self._phase, self._theme)))
        painter.drawEllipse(QRectF(0, (self.height() - _DOT_PX) / 2, _DOT_PX, _DOT_PX))


class _Bar(QWidget):
    """How much is loaded. The sentence above says it too."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._progress: float | None = None
        self.setFixedHeight(_BAR_PX)
        theme.changed.connect(self.update)

    def show_progress(self, progress: float | None) -> None:
        self._progress = progress
        self.setVisible(progress is not None)
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(0, _BAR_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        whole = QRectF(self.rect())
        painter.setBrush(QColor(palette.selected))
        painter.drawRoundedRect(whole, _BAR_PX / 2, _BAR_PX / 2)
        painter.setBrush(QColor(palette.link))
        whole.setWidth(max(_BAR_PX, whole.width() * (self._progress or 0)))
        painter.drawRoundedRect(whole, _BAR_PX / 2, _BAR_PX / 2)
