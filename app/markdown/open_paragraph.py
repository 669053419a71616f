"""A paragraph that is open: it can still become a heading, a table, or definitions."""

from app.markdown.blocks import Alignment, Paragraph
from app.markdown.definitions import Definitions
from app.markdown.line import Line
from app.markdown.starts import SETEXT
from app.markdown.tables import alignments_of, cells_of

DEFINITION_CHARACTERS = 2_000  # a paragraph longer than that defines nothing
_TITLE_MARKS = ('"', "'", "(")


class OpenParagraph:
    """`pieces` of its block get what is known to be text; a line that looks like a table's header is held back."""

    needs_whole_lines = False
    is_over = False

    def __init__(self, paragraph: Paragraph, definitions: Definitions, *, may_define: bool) -> None:
        self.block = paragraph
        self._definitions = definitions
        self._may_define = may_define
        self._is_all_defined = False
        self._held_header = ""
        self._line_from = 0  # in its pieces
        self._line_can_head = True  # a table

    def begin_with(self, text: str, *, is_whole: bool) -> list[str]:
        """The first line, or its beginning. Returns the pieces that the rest of it belongs to."""
        if is_whole and text.startswith("|"):
            self._held_header = text
        elif text:
            self.block.pieces.append(text)
        if is_whole:
            self.end_line()
        return self.block.pieces

    def go_on(self, line: Line, *, can_head: bool, is_whole: bool) -> list[str]:
        """One more line, or its beginning. `can_head`: it could be the header of a table."""
        self._line_can_head = can_head and line.indent < 4
        self._release_header()
        pieces = self.block.pieces
        pieces.append("\n")
        self._line_from = len(pieces)
        pieces.append(line.content)
        if is_whole:
            self.end_line()
        return pieces

    def end_line(self) -> None:
        if self._may_define:
            text = self.block.text
            self._may_define = len(text) <= DEFINITION_CHARACTERS
            self._is_all_defined = self._may_define and not self._definitions.rest_of(text)

    def is_complete_before(self, content: str) -> bool:
        """It defines something, and the line that follows does not belong to that."""
        return self._is_all_defined and not content.startswith(_TITLE_MARKS)

    def take_header(self, content: str) -> tuple[tuple[str, ...], tuple[Alignment, ...]] | None:
        """Give up the last line to a table, if `content` is what stands below a header: cells and alignments."""
        if not self._line_can_head or content[0] not in "|-:" or not (alignments := alignments_of(content)):
            return None
        line = self._held_header or "".join(self.block.pieces[self._line_from :])
        header = cells_of(line)
        if "|" not in line or len(header) != len(alignments):
            return None
        self._held_header = ""
        del self.block.pieces[max(0, self._line_from - 1) :]
        self.block.revision += 1
        return header, alignments

    def become_heading(self, content: str) -> bool:
        """True if `content` underlines it."""
        if not SETEXT.match(content):
            return False
        self._release_header()
        self._define()
        if not self.block.text.strip():
            return False
        self.block.level = 1 if content[0] == "=" else 2
        self.block.revision += 1
        return True

    def close(self) -> None:
        """Nothing is left of one that only defines."""
        if not self.block.level:
            self._release_header()
            self._define()
        self.block.is_closed = True

    def _release_header(self) -> None:
        """It is text after all."""
        if self._held_header:
            self.block.pieces.append(self._held_header)
            self._held_header = ""

    def _define(self) -> None:
        if not self._may_define:
            return
        text = self.block.text
        rest = self._definitions.take(text)
        if rest != text:
            self.block.pieces[:] = [rest] if rest else []
            self._line_from = 0
            self.block.revision += 1
        self._may_define = False

    # What only other leaves do

    def take(self, line: Line) -> bool:
        return False

    def begin(self, line: Line) -> list[str] | None:
        return None

    def show(self, line: Line) -> None:
        """Its lines are begun."""
