"""Copies what is selected: as it reads, plain and rich at once, or as Markdown."""

from PySide6.QtCore import QObject, Signal

from app.ui.clipboard import put_on_clipboard
from app.ui.transcript.cells.cell import END, START, Mark
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.copying import cleaned_text
from app.ui.transcript.selection import LAST_CELL, Selection
from app.ui.transcript.slices import Slices, Step, Steps

InRow = tuple[int, Mark]  # a cell and a place in it
AT_ONCE_S = 0.025
# Unread messages are read for it, at about 1 ms for a thousand characters: beyond this they are copied as written.
RENDERED_CHARACTERS = 300_000


class SelectionCopy(QObject):
    """What takes longer than AT_ONCE_S goes on between events; `copied` comes when it is on the clipboard."""

    copied = Signal(str)

    def __init__(self, parent: QObject, conversation: ConversationLayout, selection: Selection) -> None:
        super().__init__(parent)
        self._conversation = conversation
        self._selection = selection
        self._slices = Slices(self)

    @property
    def is_busy(self) -> bool:
        return self._slices.is_busy

    def copy(self) -> None:
        """A selection of more than RENDERED_CHARACTERS is copied as it was written: as Markdown."""
        self._slices.start(self._rendered() if self._is_small() else self._as_markdown(), at_once_s=AT_ONCE_S)

    def copy_as_markdown(self) -> None:
        self._slices.start(self._as_markdown(), at_once_s=AT_ONCE_S)

    def cancel(self) -> None:
        """The rows are others now."""
        self._slices.cancel()

    def _rows(self) -> range:
        ends = self._selection.ends
        return range(ends[0].row, ends[1].row + 1) if ends is not None else range(0)

    def _is_small(self) -> bool:
        left = RENDERED_CHARACTERS
        for row in self._rows():
            left -= self._conversation.characters(row)
            if left < 0:
                return False
        return True

    def _rendered(self) -> Steps[None]:
        texts, htmls = [], []
        for row in self._rows():
            body = yield from self._conversation.reading(row)
            first, last = self._span_of(row)
            texts.append(body.text_between(first, last))
            htmls.append(body.html_between(first, last))
            yield Step.DONE
        self._put(texts, "\n".join(html for html in htmls if html))

    def _as_markdown(self) -> Steps[None]:
        texts = []
        for row in self._rows():
            if self._selection.covers(row):
                shown = yield from self._conversation.bringing(row)
                texts.append(shown.whole_text)
            else:
                body = yield from self._conversation.reading(row)
                texts.append(body.markdown_between(*self._span_of(row)))
            yield Step.DONE
        self._put(texts)

    def _span_of(self, row: int) -> tuple[InRow, InRow]:
        """Where in the row's message the selection begins and ends."""
        ends = self._selection.ends
        assert ends is not None
        first = ends[0][1:] if ends[0].row == row else (0, START)
        last = ends[1][1:] if ends[1].row == row else (LAST_CELL, END)
        return first, last

    def _put(self, texts: list[str], html: str = "") -> None:
        texts = [*(text.rstrip("\n") for text in texts[:-1]), *texts[-1:]]
        text = cleaned_text("\n\n".join(filter(None, texts))).text
        if text:
            put_on_clipboard(text, cleaned_text(html).text)
            self.copied.emit(text)
