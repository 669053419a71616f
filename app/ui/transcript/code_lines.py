"""The lines of a block of code: laid out when they are seen, a long one piece by piece."""

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from app.markdown.blocks import Code
from app.ui.transcript.cell import Mark, Span
from app.ui.transcript.qt_text import TAB_STOPS, from_qt, to_qt, word_in, x_of
from app.ui.transcript.style import TextStyle

PIECE_CHARACTERS = 1_000
KEPT_LAYOUTS = 400
LINE_END_PX = 6  # what a selected line end looks like


class CodeLines:
    """x and y are those of the text's own corner. Sees of the growing block what it had at the last `read`."""

    def __init__(self, code: Code, style: TextStyle) -> None:
        self._code = code
        self._style = style
        self._complete = 0
        self._open_taken = 0
        self._open: list[str] = [""]  # the line being written: full pieces, and the rest
        self._longest = 0
        self._widest_px = 0.0
        self._layouts: OrderedDict[tuple[int, int], QTextLayout] = OrderedDict()
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._option.setTabStopDistance(TAB_STOPS * style.advance_px)

    @property
    def count(self) -> int:
        return self._complete + bool(self._open_taken)

    @property
    def is_read(self) -> bool:
        return self._complete == len(self._code.lines) and self._open_taken == len(self._code.open_pieces)

    @property
    def width_px(self) -> float:
        """Of the widest line, as far as they were seen."""
        return max(self._widest_px, self._longest * self._style.advance_px)

    def read(self) -> None:
        """Take note of what was written since. No line is read twice."""
        if self.is_read:
            return
        # The last piece of the line being written is not what it was.
        self._layouts.pop((self._complete, len(self._open) - 1), None)
        if len(self._code.lines) != self._complete:
            self._longest = max(self._longest, *map(len, self._code.lines[self._complete :]))
            self._complete = len(self._code.lines)
            self._open, self._open_taken = [""], 0
        for piece in self._code.open_pieces[self._open_taken :]:
            self._grow(piece)
        self._open_taken = len(self._code.open_pieces)
        self._longest = max(self._longest, (len(self._open) - 1) * PIECE_CHARACTERS + len(self._open[-1]))

    def _grow(self, piece: str) -> None:
        text = self._open.pop() + piece
        self._open += [text[at : at + PIECE_CHARACTERS] for at in range(0, max(1, len(text)), PIECE_CHARACTERS)]

    def _piece_count(self, number: int) -> int:
        if number >= self._complete:
            return len(self._open)
        return max(1, -(-len(self._code.lines[number]) // PIECE_CHARACTERS))

    def _piece(self, number: int, piece: int) -> str:
        if number >= self._complete:
            return self._open[piece]
        return self._code.lines[number][piece * PIECE_CHARACTERS : (piece + 1) * PIECE_CHARACTERS]

    def _layout(self, number: int, piece: int) -> QTextLayout:
        """Hold on to it while you use a line of it: the line does not keep it alive."""
        key = number, piece
        if (known := self._layouts.get(key)) is not None:
            self._layouts.move_to_end(key)
            return known
        result = QTextLayout(self._piece(number, piece), self._style.font)
        result.setTextOption(self._option)
        result.setCacheEnabled(True)
        result.beginLayout()
        line = result.createLine()
        line.setLineWidth(float(1 << 24))
        line.setPosition(QPointF(0, self._style.baseline_px - line.ascent()))
        result.endLayout()
        self._layouts[key] = result
        if len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        return result

    def mark_at(self, x: float, number: int) -> Mark:
        left = 0.0
        last = self._piece_count(number) - 1
        for piece in range(last + 1):
            layout = self._layout(number, piece)
            line = layout.lineAt(0)
            width = line.naturalTextWidth()
            if x < left + width or piece == last:
                index = from_qt(self._piece(number, piece), line.xToCursor(x - left))
                return number, piece * PIECE_CHARACTERS + index
            left += width
        return number, 0

    def end_x(self) -> float:
        """Of the last line, whose beginnings are taken to be as wide as their characters are many."""
        number = self.count - 1
        last = self._piece_count(number) - 1
        layout = self._layout(number, last)
        return last * PIECE_CHARACTERS * self._style.advance_px + layout.lineAt(0).naturalTextWidth()

    def word_at(self, mark: Mark) -> Span:
        number, index = mark
        piece = min(index // PIECE_CHARACTERS, self._piece_count(number) - 1)
        offset = piece * PIECE_CHARACTERS
        start, end = word_in(self._piece(number, piece), index - offset)
        return (number, offset + start), (number, offset + end)

    def text_between(self, span: Span) -> str:
        (first, start), (last, end) = span
        lines = self._code.lines[first : last + 1]
        if self._code.open_pieces and last >= len(self._code.lines) >= first:
            lines.append("".join(self._code.open_pieces))
        if not lines:
            return ""
        if last < first + len(lines):
            lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return "\n".join(lines)

    def paint(self, painter: QPainter, number: int, seen: QRectF, selected: Span | None) -> None:
        """`seen` is the part of the line that is in sight; its top is the line's."""
        left = 0.0
        guess_px = PIECE_CHARACTERS * self._style.advance_px
        count = self._piece_count(number)
        for piece in range(count):
            if left > seen.right():
                return
            if piece < count - 1 and left + guess_px < seen.left() and self._piece(number, piece).isascii():
                left += guess_px  # all of its characters are equally wide
                continue
            layout = self._layout(number, piece)
            if selected:
                self._paint_selection(painter, QPointF(left, seen.top()), (number, piece), selected)
            layout.draw(painter, QPointF(left, seen.top()))
            left += layout.lineAt(0).naturalTextWidth()
        self._widest_px = max(self._widest_px, left)

    def _paint_selection(self, painter: QPainter, origin: QPointF, place: tuple[int, int], selected: Span) -> None:
        number, piece = place
        text = self._piece(number, piece)
        offset = piece * PIECE_CHARACTERS
        start, end = selected
        if start[0] > number or end[0] < number:
            return
        first = max(0, start[1] - offset) if start[0] == number else 0
        last = min(len(text), end[1] - offset) if end[0] == number else len(text)
        if first > len(text) or last < first:
            return
        layout = self._layout(number, piece)
        line = layout.lineAt(0)
        left, right = x_of(line.cursorToX(to_qt(text, first))), x_of(line.cursorToX(to_qt(text, last)))
        if end[0] > number and piece == self._piece_count(number) - 1:
            right += LINE_END_PX
        area = QRectF(origin.x() + left, origin.y(), right - left, self._style.line_px)
        painter.fillRect(area, self._style.selection)
