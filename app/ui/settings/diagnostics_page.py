"""Settings › Diagnostics: what a bug report needs to know, to be read and copied."""

import PySide6
from PySide6.QtCore import QSysInfo, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from app.domain.diagnosis import Fact
from app.engine.events import DiagnosisMade, Event
from app.ui.clipboard import put_on_clipboard
from app.ui.settings.controls import row_button
from app.ui.settings.page import Finding, Page, plain
from app.ui.theme import code_font

_ABOUT = "Copy this into a bug report. It holds no key, no password and nothing of what you wrote or were answered."
_WORDS = "debug log errors versions report bug support information copy platform gpu tls proxy keyring system"
_CODE_PX = 12
_MIN_HEIGHT_PX = 220


class DiagnosticsPage(Page):
    gather_requested = Signal(object)  # what the window knows of its screen, as Facts
    scrolls_itself = True

    def __init__(self) -> None:
        super().__init__("diagnostics", "Diagnostics", words=_WORDS)
        self._text = QPlainTextEdit()
        self._text.setObjectName("diagnosticsText")
        self._text.setProperty("look", "field")
        self._text.setAccessibleName("Diagnostics")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFont(code_font(_CODE_PX))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setMinimumHeight(_MIN_HEIGHT_PX)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._text.setPlaceholderText("Gathering…")
        copy = row_button("Copy", "copyDiagnosticsButton", name="Copy all of it", look="strong")
        copy.clicked.connect(lambda: put_on_clipboard(self._text.toPlainText()))
        refresh = row_button("Refresh", "refreshDiagnosticsButton", name="Gather it again")
        refresh.clicked.connect(self.begin)
        buttons = QWidget()
        line = QHBoxLayout(buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(refresh)
        line.addWidget(copy)
        self.column.setAlignment(Qt.AlignmentFlag(0))  # the text takes all the room there is
        self.column.addWidget(plain(_ABOUT, "advice"))
        self.column.addWidget(self._text, 1)
        self.column.addWidget(buttons)
        self.findings.append(Finding(_WORDS, buttons, copy))

    def begin(self) -> None:
        self.gather_requested.emit(display_facts(self))

    def take(self, event: Event) -> None:
        if isinstance(event, DiagnosisMade):
            place = self._text.verticalScrollBar().value()
            self._text.setPlainText(event.diagnosis.as_text())
            self._text.verticalScrollBar().setValue(place)


def display_facts(widget: QWidget) -> tuple[Fact, ...]:
    """What Qt knows of the screen that `widget` is on."""
    screen = widget.screen()
    size = screen.size()
    return (
        Fact("Qt", str(qVersion())),
        Fact("PySide6", PySide6.__version__),
        Fact("Platform plugin", QGuiApplication.platformName()),
        Fact("Screen", f"{size.width()} × {size.height()}, scale {screen.devicePixelRatio():g}"),
        Fact("Screens", str(len(QGuiApplication.screens()))),
        Fact("Painted by", "the processor: Belay uses no GPU"),
        Fact("Desktop", QSysInfo.prettyProductName()),
    )
