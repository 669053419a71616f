"""The buttons on the blocks of code of one row, and where they stand."""

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.code_button import CodeGrip, CopyCodeButton, WrapCodeButton
from app.ui.transcript.message_layout import MessageLayout

STICKY_PX = 6  # from the viewport's top while a long block scrolls by
INSET_PX = 6
GAP_PX = 2


class CodeHead(QObject):
    """What can be pressed on one block."""

    copied = Signal(str)
    reflowed = Signal()  # the block has another height

    def __init__(self, row: QWidget, theme: Theme, icons: Icons) -> None:
        super().__init__(row)
        self._right = self._top = 0
        self._copy = CopyCodeButton(theme, icons, row)
        self._copy.copied.connect(self.copied)
        self._copy.resized.connect(self._stand_side_by_side)
        self._wrap = WrapCodeButton(theme, icons, row)
        self._wrap.reflowed.connect(self.reflowed)
        self._grip = CodeGrip(row)
        for part in (self._copy, self._wrap, self._grip):
            part.scrolled.connect(row.update)

    def place(self, cell: CodeCell, area: QRect, seen_top: int) -> None:
        """`area` is the block's in the row, `seen_top` where the row begins to be seen."""
        for part in (self._copy, self._wrap, self._grip):
            part.bind(cell)
        height = self._copy.height()
        lowest = area.bottom() + 1 - height - INSET_PX
        self._top = min(max(area.top() + (cell.header_px - height) // 2, seen_top + STICKY_PX), lowest)
        self._right = area.right() + 1 - INSET_PX
        self._stand_side_by_side()
        self._copy.show()
        self._wrap.setVisible(cell.is_wide)
        self._grip.setGeometry(cell.thumb_area.translated(area.topLeft()))
        self._grip.setVisible(cell.overflow_px > 0)

    def _stand_side_by_side(self) -> None:
        """Their right edge stays when one says something else."""
        x = self._right
        for button in (self._copy, self._wrap):
            x -= button.width()
            button.move(x, self._top)
            x -= GAP_PX

    def hide(self) -> None:
        for part in (self._copy, self._wrap, self._grip):
            part.hide()


class CodeButtons(QObject):
    """Built when they are first needed and kept with the row from then on."""

    copied = Signal(str)
    reflowed = Signal()  # a block has another height

    def __init__(self, row: QWidget, theme: Theme, icons: Icons) -> None:
        super().__init__(row)
        self._row = row
        self._theme = theme
        self._icons = icons
        self._used: dict[int, CodeHead] = {}
        self._spare: list[CodeHead] = []

    def release(self) -> None:
        """The row shows another message from now on."""
        for index in list(self._used):
            self._give_back(index)

    def _give_back(self, index: int) -> None:
        head = self._used.pop(index)
        head.hide()
        self._spare.append(head)

    def arrange(self, layout: MessageLayout, column_x: int, seen_top: int, seen_bottom: int) -> None:
        """`seen_top` and `seen_bottom`: the part of the row that is in the viewport."""
        body = layout.body
        found = body.tops_between(seen_top - layout.body_top, seen_bottom - layout.body_top)
        wanted = {index: (top + layout.body_top, cell) for index, top, cell in found if isinstance(cell, CodeCell)}
        for index in self._used.keys() - wanted.keys():
            self._give_back(index)
        for index, (top, cell) in wanted.items():
            left = column_x + layout.body_left + body.left_of(index)
            head = self._used.get(index) or self._head(index)
            head.place(cell, QRect(left, top, cell.width, cell.height), seen_top)

    def _head(self, index: int) -> CodeHead:
        if self._spare:
            head = self._spare.pop()
        else:
            head = CodeHead(self._row, self._theme, self._icons)
            head.copied.connect(self.copied)
            head.reflowed.connect(self.reflowed)
        self._used[index] = head
        return head
