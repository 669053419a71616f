"""Find in conversation: the bar that asks, the finder that looks, and the view that goes there."""

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.find_bar import HEIGHT_PX, FindBar
from app.ui.transcript.finder import Finder
from app.ui.transcript.hits import Hit
from app.ui.transcript.row_pool import RowPool
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.selection import Position, Selection
from app.ui.transcript.slices import Slices, Steps

INSET_PX = 10
AT_ONCE_S = 0.02
LONGEST_SUGGESTION = 100  # characters of what is selected


class Find(QObject):
    def __init__(
        self,
        area: QAbstractScrollArea,
        theme: Theme,
        icons: Icons,
        finder: Finder,
        conversation: ConversationLayout,
        rows: RowPool,
        scroller: Scroller,
        selection: Selection,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._finder = finder
        self._conversation = conversation
        self._rows = rows
        self._scroller = scroller
        self._selection = selection
        self._way = Slices(self)
        self._focus_before: QWidget | None = None
        self._bar = FindBar(theme, icons, area)
        self._bar.text_changed.connect(self._on_text_changed)
        self._bar.step_requested.connect(finder.step)
        self._bar.close_requested.connect(self.close)
        finder.counted.connect(self._on_counted)
        finder.marked.connect(self._on_marked)
        finder.reached.connect(self._on_reached)

    @property
    def is_open(self) -> bool:
        return self._bar.isVisible()

    @property
    def is_searching(self) -> bool:
        """It goes on between events, and `count` may grow."""
        return self._finder.is_searching

    @property
    def count(self) -> int:
        return self._finder.count

    def look_for(self, text: str) -> None:
        """Open the bar as if this had been typed."""
        self.open()
        self._bar.set_text(text)

    def open(self) -> None:
        """Ask what to find; what is selected may be meant."""
        if not self.is_open:
            self._focus_before = QApplication.focusWidget()
        self._bar.ask(self._suggestion())
        if self._bar.text and not self._finder.is_looking_for(self._bar.text):
            self._on_text_changed(self._bar.text)

    def step(self, by: int) -> None:
        """To the next hit, or the one before. Asks first, if nothing was looked for yet."""
        if not self.is_open or not self._bar.text:
            self.open()
        else:
            self._finder.step(by)

    def close(self) -> None:
        """Leave what was found last selected, and give the focus back."""
        if not self.is_open:
            return
        if (hit := self._finder.current) is not None:
            self._selection.begin(hit.position, Position(hit.row, hit.cell, hit.span[1]))
        self._finder.stop()
        self._way.cancel()
        before, self._focus_before = self._focus_before, None
        is_there = before is not None and isValid(before) and before.isVisible()
        had_focus = self._bar.isAncestorOf(QApplication.focusWidget() or self._area)
        self._bar.hide()
        if had_focus:
            (before if is_there and before is not None else self._area).setFocus(Qt.FocusReason.OtherFocusReason)

    def arrange(self, viewport: QRect) -> None:
        """At the top right of the text, as wide as there is room."""
        self._bar.resize(min(self._bar.sizeHint().width(), viewport.width() - 2 * INSET_PX), HEIGHT_PX)
        self._bar.move(viewport.right() + 1 - INSET_PX - self._bar.width(), viewport.top() + INSET_PX)

    def _suggestion(self) -> str:
        ends = self._selection.ends
        if ends is None or ends[0][:2] != ends[1][:2]:
            return ""
        row, cell = ends[0][:2]
        cells = self._conversation.layout(row).body.cells
        text = cells[cell].text_between((ends[0].mark, ends[1].mark)) if cell < len(cells) else ""
        return text if len(text) <= LONGEST_SUGGESTION and "\n" not in text else ""

    def _on_text_changed(self, text: str) -> None:
        """From where one is: what is found already may go on to match."""
        current = self._finder.current
        self._finder.search(text, current.position if current is not None else self._scroller.top)

    def _on_marked(self, row: int) -> None:
        if (widget := self._rows.seen.get(row)) is not None:
            widget.update()

    def _on_counted(self) -> None:
        finder = self._finder
        self._bar.show_count(finder.number, finder.count, is_searching=finder.is_searching)

    def _on_reached(self, hit: Hit) -> None:
        self._way.start(self._going_to(hit), at_once_s=AT_ONCE_S)

    def _going_to(self, hit: Hit) -> Steps[None]:
        """A long text that was not on screen yet is read first."""
        yield from self._conversation.bringing(hit.row)
        self._conversation.layout(hit.row)
        yield from self._conversation.reading(hit.row)
        room = self._area.viewport().height() // 3
        self._scroller.reveal(hit.position, top_px=HEIGHT_PX + INSET_PX, room_px=room)
