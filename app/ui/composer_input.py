"""The text field of the composer: plain text, one to eight lines, safe with input methods and with huge pastes."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui.text import ENTER_KEYS, send_keys
from app.ui.theme import body_font

MAX_LINES = 8
MAX_PASTE_CHARS = 200_000  # 30 ms of layout
COMMIT_S = 0.08  # the Enter that committed a composition arrives within this; the next one takes a finger longer

_PADDING_PX = 6
_SLACK_PX = 1  # exactly as high as its lines, the field would scroll by one
# Qt breaks one word of 200,000 characters into lines in 1,200 ms at word boundaries, in 40 ms anywhere.
_LONG_WORD_CHARS = 5000
_LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\ufdd0": "\n", "\ufdd1": "\n"})


class ComposerInput(QPlainTextEdit):
    """Enter and Esc are signals; Shift+Enter breaks the line; an input method keeps both for itself."""

    enter_pressed = Signal()
    escape_pressed = Signal()
    paste_refused = Signal(int)

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._composed_at: float | None = None
        self._sends_with_ctrl = False
        self.setObjectName("composerInput")
        self.setAccessibleName("Message")
        self.set_send_keys(with_ctrl=False)
        self.setPlaceholderText("Message…")
        self.setFont(body_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(0, _PADDING_PX, 0, _PADDING_PX)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        self._fit_height()

    def set_send_keys(self, *, with_ctrl: bool) -> None:
        """Whether Enter sends, or Ctrl+Enter. Shift+Enter breaks the line in any case."""
        self._sends_with_ctrl = with_ctrl
        breaking = ENTER_KEYS if with_ctrl else "Shift+Enter"
        self.setAccessibleDescription(f"{send_keys(with_ctrl=with_ctrl)} sends, {breaking} breaks the line")

    def text(self) -> str:
        """Exactly what was written. (toPlainText would turn no-break spaces into spaces.)"""
        return self.document().toRawText().translate(_LINE_ENDS)

    def set_text(self, text: str) -> None:
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._wrap_for(text)
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def is_composing(self) -> bool:
        """Whether an input method shows text here that is not yet written."""
        return bool(self.textCursor().block().layout().preeditAreaText())

    def _wrap_for(self, text: str) -> None:
        if any(len(word) >= _LONG_WORD_CHARS for word in text.split()):
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def _fit_height(self) -> None:
        """As high as the first MAX_LINES lines; those of another script may be higher than ours."""
        lines, height_px = 0, 0.0
        block = self.document().firstBlock()
        while block.isValid() and lines < MAX_LINES:
            block_height_px = self.blockBoundingRect(block).height()
            block_lines = max(1, block.layout().lineCount())
            height_px += block_height_px * min(1.0, (MAX_LINES - lines) / block_lines)
            lines += block_lines
            block = block.next()
        is_whole = lines <= MAX_LINES and not block.isValid()
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if is_whole else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        height = math.ceil(height_px) + _SLACK_PX + 2 * _PADDING_PX
        if height != self.height():
            self.setFixedHeight(height)

    def _enter_is_for_the_input_method(self) -> bool:
        if self.is_composing:
            return True
        return self._composed_at is not None and self._monotonic() - self._composed_at < COMMIT_S

    def _breaks_the_line(self, modifiers: Qt.KeyboardModifier) -> bool:
        """Whether an Enter is none that sends, and none of an input method."""
        if not self._sends_with_ctrl or self._enter_is_for_the_input_method():
            return False
        return not modifiers & Qt.KeyboardModifier.ControlModifier

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if modifiers == Qt.KeyboardModifier.ShiftModifier or self._breaks_the_line(modifiers):
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
            elif not event.isAutoRepeat() and not self._enter_is_for_the_input_method():
                self.enter_pressed.emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not self.is_composing:
            self.escape_pressed.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        was_composing = self.is_composing
        super().inputMethodEvent(event)
        if was_composing and not self.is_composing:
            self._composed_at = self._monotonic()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        text = source.text()
        cursor = self.textCursor()
        kept = self.document().characterCount() - 1 - (cursor.selectionEnd() - cursor.selectionStart())
        room = max(0, MAX_PASTE_CHARS - kept)
        self._wrap_for(text[:room])
        cursor.insertText(text[:room])
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        if len(text) > room:
            self.paste_refused.emit(len(text) - room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
