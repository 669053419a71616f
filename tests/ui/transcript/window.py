"""What a user does with a transcript and sees of it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.domain.conversation import Message
from app.ui.transcript.row import Row
from app.ui.transcript.view import Transcript

NewMessage = Callable[..., Message]


class Window:
    def __init__(self, qtbot: QtBot, transcript: Transcript) -> None:
        self.qtbot = qtbot
        self.transcript = transcript

    @property
    def is_at_end(self) -> bool:
        bar = self.transcript.verticalScrollBar()
        return bar.value() == bar.maximum()

    def rows(self) -> list[Row]:
        rows = [row for row in self.transcript.viewport().findChildren(Row) if row.isVisible()]
        return sorted(rows, key=lambda row: row.y())

    def row(self, message: Message) -> Row:
        return next(row for row in self.rows() if row.message_id == message.id)

    def mark_at_top(self) -> tuple[str, int]:
        """The message that is read first, and the first character of its line at the viewport's top."""
        row = self.rows()[0]
        cell, (line, character) = row.mark_at(QPointF(self.transcript.viewport().width() / 2 - 10_000, -row.y() + 1))
        return row.message_id, cell * 1_000_000 + line * 10_000 + character

    def button_is_shown(self, name: str) -> bool:
        return any(button.isVisible() for button in self.transcript.findChildren(QAbstractButton, name))

    def button(self, name: str, message: Message | None = None) -> QAbstractButton:
        """The visible one of this object name."""
        place = self.row(message) if message is not None else self.transcript
        found = [b for b in place.findChildren(QAbstractButton, name) if b.isVisible()]
        assert len(found) == 1, f"{len(found)} buttons are called {name}"
        return found[0]

    def has_button(self, name: str, message: Message) -> bool:
        return any(b.isVisible() for b in self.row(message).findChildren(QAbstractButton, name))

    def click(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def point_at(self, message: Message | None) -> None:
        """With the mouse; None: at nothing."""
        for row in self.rows():
            is_left = message is None or row.message_id != message.id
            here = QPointF(row.rect().center())
            button = Qt.MouseButton.NoButton
            move = QMouseEvent(QEvent.Type.MouseMove, here, here, button, button, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(row, QEvent(QEvent.Type.Leave) if is_left else move)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.transcript, key, modifiers)

    def wheel(self, notches: float, *, at: QPoint | None = None, sideways: bool = False) -> None:
        """Negative is down, as Qt has it. `at` is in the viewport."""
        viewport = self.transcript.viewport()
        point = viewport.mapTo(self.transcript.window(), at or viewport.rect().center())
        modifiers = Qt.KeyboardModifier.ShiftModifier if sideways else Qt.KeyboardModifier.NoModifier
        handle = self.transcript.windowHandle()
        assert handle is not None
        QTest.wheelEvent(handle, QPointF(point), QPoint(0, round(notches * 120)), stateKey=modifiers)

    def picture(self, height: int | None = None) -> QImage:
        """Of the text, from the top of the viewport."""
        viewport = self.transcript.viewport()
        return viewport.grab(QRect(0, 0, viewport.width(), height or viewport.height())).toImage()

    def active_timers(self) -> list[QTimer]:
        return [timer for timer in self.transcript.findChildren(QTimer) if timer.isActive()]

    def settle(self) -> None:
        """Until everything in sight is laid out and painted."""
        self.qtbot.waitUntil(lambda: self.transcript.is_settled)
        self.qtbot.wait(20)
