"""What became of a test of the connection, in the place where it was asked for."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from app.domain.errors import Fault
from app.ui.settings.page import plain
from app.ui.text import plain_tooltip
from app.ui.theme import Theme

_DOT_PX = 8
_MAX_DETAIL = 240  # a server's own words may be a page; the tooltip has more of them
_MAX_TIP = 2_000
_HINT = "A test is a real request for one word: it may cost a token."
_HEIGHT_PX = 62  # of a title and two lines: nothing jumps when it begins to speak


class ConnectionResult(QFrame):
    """Empty, running, answered, or failed with title, advice and the server's words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._color = ""
        self._dot = QLabel()
        self._dot.setFixedSize(_DOT_PX, _DOT_PX)
        self._title = plain("", "title")
        self._title.setObjectName("connectionTitle")
        self._detail = plain("", "muted", selectable=True)
        self._detail.setObjectName("connectionDetail")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 5, 0, 0)
        mark.addWidget(self._dot)
        mark.addStretch(1)
        line.addLayout(mark)
        line.addLayout(words, 1)
        self.setMinimumHeight(_HEIGHT_PX)
        theme.changed.connect(self._dress)
        self.clear()

    def clear(self) -> None:
        self._show("", _HINT, "")

    def show_running(self) -> None:
        self._show("Asking…", _HINT, "warning")

    def show_answered(self, model_count: int, took_ms: float) -> None:
        models = "1 model" if model_count == 1 else f"{model_count:,} models"
        self._show(f"It answers: {models}, {round(took_ms):,} ms", "", "success")

    def show_fault(self, fault: Fault) -> None:
        detail = f"{_in_place(fault.advice)} {fault.detail}".strip()
        self._show(fault.title, detail, "danger")

    def _show(self, title: str, detail: str, color: str) -> None:
        self._color = color
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._detail.setText(detail if len(detail) <= _MAX_DETAIL else f"{detail[: _MAX_DETAIL - 1]}…")
        self._detail.setToolTip(plain_tooltip(detail[:_MAX_TIP]) if len(detail) > _MAX_DETAIL else "")
        self._dot.setVisible(bool(color))
        self._dress()
        if title and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{title}. {detail}"))

    def _dress(self) -> None:
        color = getattr(self._theme.palette, self._color) if self._color else "transparent"
        self._dot.setStyleSheet(f"background: {color}; border-radius: {_DOT_PX // 2}px;")


def _in_place(advice: str) -> str:
    """Advice as it reads where the provider is set up: this is the place it sends to, and there is no Retry here."""
    for phrase, here in ((" in Settings › Providers", ""), (", then press Retry", ""), (" Then press Retry.", "")):
        advice = advice.replace(phrase, here)
    return advice
