"""Pieces of code, laid out when they are seen and kept for a while, each in its colours."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from app.markdown.hidden_code import hidden_in_code
from app.markdown.syntax import Colors, Kind
from app.ui.palette import Palette
from app.ui.transcript.cells.insets import NameInset
from app.ui.transcript.qt_text import TAB_STOPS, from_qt, to_qt, x_of
from app.ui.transcript.style import TextStyle

_KEPT = 400
_INSET = "\u2022"  # in the place of a character that is not seen: under its name, or alone
_MOST_NAMED = 4  # in one piece
_ENDLESS_PX = float(1 << 24)


class Piece:
    """Characters are counted from its own beginning, x from its own left edge."""

    def __init__(
        self,
        text: str,
        colors: Colors,
        ranges: list[QTextLayout.FormatRange],
        insets: Sequence[tuple[int, NameInset]],
        style: TextStyle,
    ) -> None:
        self.text = text
        self.colors = colors
        self._baseline_px = style.baseline_px
        self._insets = insets
        self._layout = layout = QTextLayout(text, style.font)
        layout.setTextOption(_option(TAB_STOPS * style.advance_px))
        layout.setFormats(ranges)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(_ENDLESS_PX)
        line.setPosition(QPointF(0, style.baseline_px - line.ascent()))
        layout.endLayout()
        self.width = line.naturalTextWidth()

    @property
    def _line(self) -> QTextLine:
        """Does not keep the layout alive."""
        return self._layout.lineAt(0)

    def x_of(self, index: int) -> float:
        return x_of(self._line.cursorToX(to_qt(self.text, index)))

    def index_at(self, x: float) -> int:
        return from_qt(self.text, self._line.xToCursor(x))

    def paint(self, painter: QPainter, origin: QPointF) -> None:
        self._layout.draw(painter, origin)
        for position, inset in self._insets:
            painter.save()
            inset.paint(painter, origin + QPointF(self.x_of(position), self._baseline_px))
            painter.restore()


class Pieces:
    """Those of one block of code."""

    def __init__(self, style: TextStyle, palette: Palette) -> None:
        self._style = style
        self._formats = _formats(palette)
        self._known: OrderedDict[tuple[int, int], Piece] = OrderedDict()

    def piece(self, number: int, start: int, text: str, colors: Colors) -> Piece:
        """The text that begins at a character of a line. The colours are those of all of the line."""
        key = number, start
        known = self._known.get(key)
        if known is not None and known.colors is colors and len(known.text) == len(text):
            self._known.move_to_end(key)
            return known
        result = self._known[key] = self._new_piece(start, text, colors)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return result

    def _new_piece(self, offset: int, text: str, colors: Colors) -> Piece:
        hidden = hidden_in_code(text)
        if not hidden:
            return Piece(text, colors, self._ranges(text, offset, colors), (), self._style)
        characters = list(text)
        for position, _ in hidden:
            characters[position] = _INSET
        visible = "".join(characters)
        named = hidden[:_MOST_NAMED]
        insets = [(position, NameInset(name, self._style.name_font, self._style.warning)) for position, name in named]
        ranges = self._ranges(visible, offset, colors)
        ranges += [
            _stretch(visible, position, position + 1, self._style.space_format(_INSET, inset.width))
            for position, inset in insets
        ]
        return Piece(visible, colors, ranges, insets, self._style)

    def _ranges(self, text: str, offset: int, colors: Colors) -> list[QTextLayout.FormatRange]:
        result = []
        stretches = range(0, len(colors), 3)
        first = bisect_right(stretches, offset, key=lambda at: colors[at] + colors[at + 1])
        for at in stretches[first:]:
            start = max(0, colors[at] - offset)
            end = min(len(text), colors[at] + colors[at + 1] - offset)
            if start >= end:
                break
            result.append(_stretch(text, start, end, self._formats[colors[at + 2]]))
        return result


def _stretch(text: str, start: int, end: int, text_format: QTextCharFormat) -> QTextLayout.FormatRange:
    result = QTextLayout.FormatRange()
    result.start = to_qt(text, start)
    result.length = to_qt(text, end) - result.start
    result.format = text_format
    return result


@cache
def _option(tab_px: float) -> QTextOption:
    result = QTextOption()
    result.setWrapMode(QTextOption.WrapMode.NoWrap)
    result.setTextDirection(Qt.LayoutDirection.LeftToRight)
    result.setTabStopDistance(tab_px)
    return result


@cache
def _formats(palette: Palette) -> tuple[QTextCharFormat, ...]:
    """By their Kind."""
    colors = {
        Kind.KEYWORD: palette.syntax_keyword,
        Kind.FUNCTION: palette.syntax_function,
        Kind.CLASS: palette.syntax_class,
        Kind.BUILTIN: palette.syntax_builtin,
        Kind.STRING: palette.syntax_string,
        Kind.NUMBER: palette.syntax_number,
        Kind.COMMENT: palette.syntax_comment,
        Kind.OPERATOR: palette.syntax_operator,
        Kind.TAG: palette.syntax_tag,
    }
    result = []
    for kind in Kind:
        text_format = QTextCharFormat()
        text_format.setForeground(QColor(colors[kind]))
        if kind is Kind.COMMENT:
            text_format.setFontItalic(True)
        result.append(text_format)
    return tuple(result)
