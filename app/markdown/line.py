"""One line of the text: where its words begin, and in which column."""

import re
import sys

from msgspec import Struct

BLANKS = re.compile(r"[ \t]+")
TAB_COLUMNS = 4


class Undecided(Struct, frozen=True):
    """
    What has arrived of a line does not tell what it is.

    Nor will it as long as the pieces that follow match `more` and the line has no more than `longest` characters.
    """

    more: re.Pattern[str] | None = None
    longest: int = sys.maxsize


class Line:
    """
    A line, or as much of it as has arrived, read from its beginning.

    Columns count from behind the last quote mark, tabs filled up. `text` may grow behind `position`.
    """

    __slots__ = ("_origin", "_origin_column", "indent", "position", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start  # in the whole text
        self.rewind()

    def rewind(self) -> None:
        self.position = 0  # of the first character that is not blank, once blanks are skipped
        self.indent = 0  # its column
        self._origin = 0  # where columns count from
        self._origin_column = 0  # what tabs have to know of what stands before

    @property
    def is_blank(self) -> bool:
        """Nothing follows, as far as it has arrived."""
        return self.position == len(self.text)

    @property
    def rest(self) -> str:
        return self.text[self.position :]

    def skip_blanks(self) -> None:
        if blanks := BLANKS.match(self.text, self.position):
            self.indent += _width(blanks.group(), self.indent + self._origin_column)
            self.position = blanks.end()

    def enter_quote(self) -> None:
        """Go behind the > at `position`, and the one blank that belongs to it."""
        origin = self.position + 1
        column = self.indent + 1
        second = self.text[origin : origin + 1]
        is_split = False  # a tab of which one column belongs to the mark
        if second == "\t":
            is_split = (column + self._origin_column) % TAB_COLUMNS != TAB_COLUMNS - 1
        blank = int(second in (" ", "\t") and second != "")
        taken = blank - is_split
        origin += taken
        blanks = BLANKS.match(self.text, origin)
        run = blanks.group() if blanks else ""
        width = _width(run, column + taken + self._origin_column + is_split)
        self._origin_column = self.indent + 1 + blank
        self._origin = origin
        self.position = origin + len(run)
        self.indent = width

    def enter_item(self, marker_length: int) -> int:
        """Go behind the marker at `position`. Returns the column that lines of the item have to reach."""
        self.position += marker_length
        self.indent += marker_length
        marker_end = self.indent
        self.skip_blanks()
        gap = self.indent - marker_end
        return marker_end + (gap if gap <= TAB_COLUMNS and not self.is_blank else 1)

    def enter_footnote(self, label_length: int, content_column: int) -> None:
        """Go behind the [^label]: at `position`: what follows stands as if it began in `content_column`."""
        column = self.indent + label_length
        self.position += label_length
        self._origin = self.position
        blanks = BLANKS.match(self.text, self.position)
        run = blanks.group() if blanks else ""
        self.position += len(run)
        width = _width(run, column)
        self.indent = width if width >= content_column else width + content_column

    def without_indent(self, columns: int) -> str:
        """
        The line from where columns count, without so many columns of blanks.

        A tab that reaches beyond them leaves spaces. What is no blank before `position` (a marker) counts as one.
        """
        column, at, text = 0, self._origin, self.text
        while column < columns and at < len(text):
            if text[at] == "\t":
                column += TAB_COLUMNS - (column + self._origin_column) % TAB_COLUMNS
            elif text[at] == " " or at < self.position:
                column += 1
            else:
                break
            at += 1
        return " " * (column - columns) + text[at:]


def _width(blanks: str, column: int) -> int:
    """How many columns the blanks fill, from a column on."""
    if "\t" not in blanks:
        return len(blanks)
    before = column % TAB_COLUMNS
    return len((" " * before + blanks).expandtabs(TAB_COLUMNS)) - before
