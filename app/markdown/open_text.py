"""Paragraphs and headings while they are being written."""

import re
from collections.abc import Callable

from app.markdown.block_list import BlockList
from app.markdown.blocks import Alignment, Paragraph
from app.markdown.line import Line
from app.markdown.table_lines import header_of

_LONGEST_HELD = 1_000  # characters of a line that may be the header of a table
_CLOSING_SHARPS = re.compile(r"(?<=[ \t])#+\Z")

Write = Callable[[str], None]


class OpenText:
    """
    A paragraph that more lines may follow.

    A line that begins with a pipe is held back until the next one tells whether a table begins with it.
    """

    def __init__(self, paragraph: Paragraph, listing: BlockList) -> None:
        self.paragraph = paragraph
        self._listing = listing
        self._is_listed = False
        self._line_at = 0  # in the pieces
        self._line_start = 0  # in the text
        self._may_be_header = False
        self._box = ""  # taken off the first line: its box to tick
        self._held: list[str] | None = None
        self._held_length = 0

    def begin_line(self, line: Line, text: str, *, may_be_header: bool, box: str = "") -> Write:
        """Returns what takes the rest of the line."""
        self.release()
        self._box = box
        self._line_at = len(self.paragraph.pieces)
        self._line_start = line.start
        self._may_be_header = may_be_header
        piece = f"\n{text}" if self._line_at else text
        if may_be_header and text.startswith("|"):
            self._held, self._held_length = [piece], len(piece)
            return self._hold
        self._list()
        self.paragraph.pieces.append(piece)
        self._listing.touch_last()
        return self.paragraph.pieces.append

    def release(self) -> None:
        """The line that was held back is text."""
        if self._held is not None:
            self._list()
            self.paragraph.pieces.append("".join(self._held))
            self._held = None
            self._listing.touch_last()

    def underline(self, level: int) -> None:
        self.release()
        self.paragraph.level = level
        self.paragraph.revision += 1
        self._listing.touch_last()

    def close(self) -> None:
        self.release()
        self.paragraph.is_closed = True

    def header_for(self, alignments: list[Alignment]) -> list[str] | None:
        """The cells of the last line, if it is the header of a table with such columns."""
        if not self._may_be_header:
            return None
        pieces = self._held or self.paragraph.pieces[self._line_at :]
        return header_of(self._box + "".join(pieces), alignments)

    def cut_last_line(self) -> tuple[int, bool]:
        """Take the last line away. Returns where it began in the text, and whether it was all there was."""
        if self._held is None:
            del self.paragraph.pieces[self._line_at :]
            self.paragraph.revision += 1
            self._listing.touch_last()
            if not self.paragraph.pieces:
                self._listing.remove_last()
        self._held = None
        return self._line_start, not self.paragraph.pieces

    @property
    def has_box(self) -> bool:
        return bool(self._box)

    def _list(self) -> None:
        if not self._is_listed:
            self._is_listed = True
            self._listing.add(self.paragraph)

    def _hold(self, piece: str) -> None:
        if self._held is None:
            self.paragraph.pieces.append(piece)
            return
        self._held.append(piece)
        self._held_length += len(piece)
        if self._held_length > _LONGEST_HELD:
            self.release()


class OpenHeading:
    """A heading behind its #. The # at its end are none of its text: they are held back until more text follows."""

    def __init__(self, heading: Paragraph) -> None:
        self._heading = heading
        self._held: list[str] = []

    def write(self, piece: str) -> None:
        text = piece.rstrip(" \t#")
        if text:
            self._append("".join(self._held) + text)
            self._held.clear()
        self._held.append(piece[len(text) :])

    def close(self) -> None:
        rest = "".join(self._held).rstrip(" \t")
        if not self._heading.pieces:
            rest = f" {rest}"
        self._append(_CLOSING_SHARPS.sub("", rest).rstrip(" \t"))
        self._heading.is_closed = True

    def _append(self, text: str) -> None:
        if not self._heading.pieces:
            text = text.lstrip(" \t")
        if text:
            self._heading.pieces.append(text)
