"""The lines of a block of code: where they stand, and how they are painted."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from app.ui.transcript.cells.cell import START, Mark, Marked, Span
from app.ui.transcript.cells.code_advances import Advances
from app.ui.transcript.cells.code_pieces import Piece, Pieces
from app.ui.transcript.cells.code_rows import LongRows, Rows, WrappedRows, piece_of
from app.ui.transcript.cells.code_text import CodeText
from app.ui.transcript.code_colors import CodeColors
from app.ui.transcript.qt_text import word_in
from app.ui.transcript.style import Style

_LINE_END_PX = 6  # what a selected line end looks like
_NEAR_CHARACTERS = 200  # that a word is looked for in
_FAR_PX = 1e9


class _Placed(NamedTuple):
    piece: Piece
    number: int  # of its line
    start: int  # the character it begins at
    left: float
    is_last: bool  # of its line


class CodeLines:
    """x and y are those of the text's own corner; all rows are equally high."""

    def __init__(self, text: CodeText, style: Style, colors: CodeColors) -> None:
        self._text = text
        self._colors = colors
        self._style = style.code
        self._pieces = Pieces(style.code, style.palette)
        self._advances = Advances(style.code)
        self._lefts: dict[int, list[float]] = {}  # of the pieces of long lines
        self._widest_px = 0.0
        self.rows: Rows = LongRows(text)

    def wrap(self, room_px: float) -> None:
        """Break lines at this width."""
        self.rows = WrappedRows(self._text, self._advances, room_px)

    def unwrap(self) -> None:
        self.rows = LongRows(self._text)

    @property
    def height(self) -> int:
        """Of an empty block too: one row."""
        return max(1, self.rows.count) * self._style.line_px

    @property
    def width_px(self) -> float:
        """Of the widest line, as far as they were seen."""
        return max(self._widest_px, self._text.longest * self._style.advance_px)

    def _row_at(self, y: int) -> int:
        return max(0, min(y // self._style.line_px, self.rows.count - 1))

    def top_of(self, mark: Mark) -> int:
        number, index = mark
        if number >= self._text.count:
            return max(0, self.rows.count - 1) * self._style.line_px
        return self.rows.row_of(number, piece_of(self.rows.starts(number), index)) * self._style.line_px

    def lines_between(self, top: int, bottom: int) -> range:
        """The lines of code that are seen there."""
        if not self._text.count:
            return range(0)
        return range(self.rows.pieces_in(self._row_at(top))[0], self.rows.pieces_in(self._row_at(bottom))[0] + 1)

    def mark_at(self, x: float, y: int) -> Mark:
        """The nearest place."""
        if not self._text.count or y < 0:
            return START
        placed = None
        x = max(0.0, x)
        for placed in self._placed_in(self._row_at(y), x, x):
            if x < placed.left + placed.piece.width:
                break
        assert placed is not None
        return placed.number, placed.start + placed.piece.index_at(x - placed.left)

    def word_at(self, mark: Mark) -> Span:
        number, index = mark
        offset = max(0, index - _NEAR_CHARACTERS)
        near = self._text.part(number, offset, index + _NEAR_CHARACTERS)
        start, end = word_in(near, index - offset)
        return (number, offset + start), (number, offset + end)

    def end_of_text(self) -> QPointF:
        """In the middle of the last row's height."""
        row = self.rows.count - 1
        *_, placed = self._placed_in(row, _FAR_PX, _FAR_PX)
        return QPointF(placed.left + placed.piece.width, (row + 0.5) * self._style.line_px)

    def paint(self, painter: QPainter, seen: QRectF, marked: Marked) -> None:
        """`seen` is the part of the text that is in sight."""
        line_px = self._style.line_px
        painter.setPen(self._style.color)
        for row in range(self._row_at(int(seen.top())), self._row_at(int(seen.bottom())) + 1):
            for placed in self._placed_in(row, seen.left(), seen.right()):
                corner = QPointF(placed.left, row * line_px)
                self._paint_marks(painter, placed, corner, marked)
                placed.piece.paint(painter, corner)
                self._widest_px = max(self._widest_px, placed.left + placed.piece.width)

    def _placed_in(self, row: int, left: float, right: float) -> Iterator[_Placed]:
        """The pieces of a row that stand between `left` and `right`; the nearest if there are none."""
        number, pieces = self.rows.pieces_in(row)
        starts = self.rows.starts(number)
        if len(pieces) == 1:
            yield self._placed(number, starts, pieces[0], self.rows.left_of(number, pieces[0]))
            return
        lefts = self._lefts_of(number, starts, right)
        piece = max(0, bisect_right(lefts, left) - 1)
        while piece < len(lefts) and lefts[piece] <= right:
            yield self._placed(number, starts, piece, lefts[piece])
            piece += 1

    def _placed(self, number: int, starts: Sequence[int], piece: int, left: float) -> _Placed:
        start = starts[piece]
        is_last = piece == len(starts) - 1
        text = self._text.part(number, start, self._text.length(number) if is_last else starts[piece + 1])
        return _Placed(self._pieces.piece(number, start, text, self._colors.of(number)), number, start, left, is_last)

    def _lefts_of(self, number: int, starts: Sequence[int], right: float) -> list[float]:
        """Where the pieces of a line begin that stand side by side, as far as `right` at least."""
        lefts = self._lefts.setdefault(number, [0.0])
        while len(lefts) < len(starts) and lefts[-1] <= right:
            piece = len(lefts)
            lefts.append(lefts[-1] + self._advances.width(self._text.part(number, starts[piece - 1], starts[piece])))
        return lefts

    def _paint_marks(self, painter: QPainter, placed: _Placed, corner: QPointF, marked: Marked) -> None:
        for span in _touching(marked.found, placed):
            self._paint_mark(painter, placed, corner, span, self._style.found)
        if marked.current is not None:
            self._paint_mark(painter, placed, corner, marked.current, self._style.found_current)
        if marked.selected is not None:
            self._paint_mark(painter, placed, corner, marked.selected, self._style.selection, has_line_ends=True)

    def _paint_mark(
        self,
        painter: QPainter,
        placed: _Placed,
        corner: QPointF,
        span: Span,
        color: QColor,
        *,
        has_line_ends: bool = False,
    ) -> None:
        (first, start), (last, end) = span
        number, length = placed.number, len(placed.piece.text)
        if first > number or last < number:
            return
        begin = max(0, start - placed.start) if first == number else 0
        stop = min(length, end - placed.start) if last == number else length
        if begin > length or stop < begin:
            return
        left, right = placed.piece.x_of(begin), placed.piece.x_of(stop)
        if has_line_ends and last > number and placed.is_last:
            right += _LINE_END_PX
        painter.fillRect(QRectF(corner.x() + left, corner.y(), right - left, self._style.line_px), color)


def _touching(found: Sequence[Span], placed: _Placed) -> Iterator[Span]:
    """Of spans in the order of the text, those that may reach into a piece."""
    if not found:
        return
    at = max(0, bisect_left(found, ((placed.number, placed.start), START)) - 1)
    end = placed.number, placed.start + len(placed.piece.text)
    while at < len(found) and found[at][0] < end:
        yield found[at]
        at += 1
