"""What shows the documents: Belay's transcript, and the two ways that Qt offers for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QScrollArea,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.domain.conversation import Message
from app.domain.settings import ColorScheme
from app.ui.icons import Icons
from app.ui.theme import Theme, load_fonts
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.view import Transcript

RESOURCES = Path(__file__).parents[3] / "resources"
MARGIN_PX = 40


class Stage(Protocol):
    """One window with a conversation in it."""

    @property
    def area(self) -> QAbstractScrollArea:
        """What scrolls."""
        ...

    def show_messages(self, messages: Sequence[Message]) -> None: ...

    def begin(self, message: Message) -> None:
        """An answer begins, at the end."""
        ...

    def append(self, text: str) -> None:
        """The answer goes on."""
        ...

    def copy_all(self) -> int:
        """Select everything and put it on the clipboard. Returns how many characters."""
        ...

    def find(self, words: str) -> int:
        """Mark where the words are. Returns how often they were found."""
        ...


class Belay:
    def __init__(self, qt: QApplication) -> None:
        load_fonts(RESOURCES / "fonts")
        self._theme = Theme(qt, ColorScheme.LIGHT)
        self._transcript = Transcript(
            self._theme, Icons(RESOURCES / "icons"), formulas=Formulas(), highlighting=Highlighting()
        )
        self._growing = ""

    @property
    def area(self) -> QAbstractScrollArea:
        return self._transcript

    def show_messages(self, messages: Sequence[Message]) -> None:
        self._transcript.show_messages(messages)

    def begin(self, message: Message) -> None:
        self._growing = message.id
        self._transcript.add_message(message)

    def append(self, text: str) -> None:
        self._transcript.append_text(self._growing, text)

    def copy_all(self) -> int:
        """In slices, as the user has it: the window goes on meanwhile."""
        reader = self._transcript.reader
        reader.select_all()
        reader.copy()
        while reader.is_copying:
            QApplication.processEvents()
        return len(QGuiApplication.clipboard().text())

    def find(self, words: str) -> int:
        """As `copy_all`."""
        find = self._transcript.reader.find
        find.look_for(words)
        while find.is_searching:
            QApplication.processEvents()
        return find.count


class OneBrowser:
    """The whole conversation in one QTextBrowser; setMarkdown for every frame."""

    def __init__(self, qt: QApplication) -> None:
        self._browser = QTextBrowser()
        self._browser.setFrameShape(QFrame.Shape.NoFrame)
        self._before = ""
        self._pieces: list[str] = []

    @property
    def area(self) -> QAbstractScrollArea:
        return self._browser

    def show_messages(self, messages: Sequence[Message]) -> None:
        self._before = "\n\n---\n\n".join(message.content for message in messages)
        self._browser.setMarkdown(self._before)
        self._to_end()

    def begin(self, message: Message) -> None:
        self._pieces.clear()

    def append(self, text: str) -> None:
        self._pieces.append(text)
        self._browser.setMarkdown(self._before + "".join(self._pieces))
        self._to_end()

    def copy_all(self) -> int:
        self._browser.selectAll()
        self._browser.copy()
        return len(QGuiApplication.clipboard().text())

    def find(self, words: str) -> int:
        return _count(self._browser.document(), words)

    def _to_end(self) -> None:
        bar = self._browser.verticalScrollBar()
        bar.setValue(bar.maximum())


class WidgetPerMessage:
    """A QTextBrowser for each message, as high as its text, one below the other in a QScrollArea."""

    def __init__(self, qt: QApplication) -> None:
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.addStretch(1)
        self._area.setWidget(self._body)
        self._browsers: list[QTextBrowser] = []
        self._pieces: list[str] = []

    @property
    def area(self) -> QAbstractScrollArea:
        return self._area

    def show_messages(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._set_text(self._add(), message.content)
        self._to_end()

    def begin(self, message: Message) -> None:
        self._pieces.clear()
        self._add()

    def append(self, text: str) -> None:
        self._pieces.append(text)
        self._set_text(self._browsers[-1], "".join(self._pieces))
        self._to_end()

    def copy_all(self) -> int:
        text = "\n".join(browser.toPlainText() for browser in self._browsers)
        QGuiApplication.clipboard().setText(text)
        return len(text)

    def find(self, words: str) -> int:
        return sum(_count(browser.document(), words) for browser in self._browsers)

    def _add(self) -> QTextBrowser:
        browser = QTextBrowser()
        browser.setFrameShape(QFrame.Shape.NoFrame)
        browser.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column.insertWidget(len(self._browsers), browser)
        self._browsers.append(browser)
        return browser

    def _set_text(self, browser: QTextBrowser, text: str) -> None:
        browser.setMarkdown(text)
        document = browser.document()
        document.setTextWidth(max(100, self._area.viewport().width() - MARGIN_PX))
        browser.setFixedHeight(int(document.size().height()) + 4)

    def _to_end(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())


def _count(document: QTextDocument, words: str) -> int:
    found = 0
    cursor = document.find(words)
    while not cursor.isNull():
        found += 1
        cursor = document.find(words, cursor)
    return found


STAGES: dict[str, type[Belay] | type[OneBrowser] | type[WidgetPerMessage]] = {
    "Belay": Belay,
    "one QTextBrowser": OneBrowser,
    "a widget per message": WidgetPerMessage,
}
