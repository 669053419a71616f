"""Makes blocks of lines: which containers go on, what begins, what the open leaf takes."""

from typing import TypeVar

from app.markdown.blocks import Block, Code, Formula, Item, Paragraph, Rule, Table
from app.markdown.containers import Containers
from app.markdown.definitions import Definitions
from app.markdown.leaves import OpenCode, OpenFormula, OpenHeading, OpenLeaf, OpenTable
from app.markdown.line import BLANK, Line
from app.markdown.open_paragraph import OpenParagraph
from app.markdown.references import References
from app.markdown.starts import FENCE, FOOTNOTE, HEADING, RULE, TASK, formula_start, item_start
from app.markdown.undecided import Verdict, verdict_on

B = TypeVar("B", Paragraph, Code, Table, Formula, Rule)

_CODE_INDENT = 4


class BlockBuilder:
    """A line is read as a whole, or begun: then the rest of it is text, for the pieces that are returned."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.references = References()
        self.line_start = 0  # of the line to be read, in characters of the text
        self._definitions = Definitions(self.references)
        self._containers = Containers()
        self._leaf: OpenLeaf | None = None
        self._new_item: Item | None = None  # begun on this line: its text may begin with a box to tick
        self._rest: list[str] | None = None

    @property
    def is_in_code(self) -> bool:
        return isinstance(self._leaf, OpenCode)

    def begin(self, text: str) -> list[str] | Verdict | None:
        """Read the beginning of a line if it tells what the line is: where the rest belongs. Else when to ask again."""
        line = Line(text)
        goes_on = self._containers.match(line) == len(self._containers)
        if goes_on and self._leaf is not None and self._leaf.needs_whole_lines:
            return Verdict.AT_ITS_END
        if goes_on and isinstance(self._leaf, OpenCode):
            if (rest := self._leaf.begin(line)) is not None:
                self._containers.note_text()
                return rest
            if self._leaf.is_fenced:
                return Verdict.UNDECIDED
        verdict = verdict_on(line)
        return self.read(text, is_whole=False) if verdict is Verdict.DECIDED else verdict

    def read_last(self, text: str) -> None:
        """A line that no line end follows: blanks alone are no line of code."""
        if self.is_in_code and not text.strip(BLANK):
            return
        self.read(text)
        if isinstance(self._leaf, OpenCode):
            self._leaf.reopen_line()

    def end_begun(self) -> None:
        """The line that was begun is over."""
        if self._leaf is not None:
            self._leaf.end_line()
            if self._leaf.is_over:
                self._close_leaf()

    def show(self, text: str) -> None:
        """Show what is there of a line that the open leaf will take as a whole."""
        line = Line(text)
        if self._leaf is not None and self._containers.match(line) == len(self._containers):
            self._leaf.show(line)

    def close(self) -> None:
        """Nothing follows."""
        self._leave(0)

    def read(self, text: str, *, is_whole: bool = True) -> list[str] | None:
        """A line, or its beginning if that tells what it is: then where the rest of it goes."""
        line = Line(text)
        matched = self._containers.match(line)
        self._new_item = None
        self._rest = None
        if matched == len(self._containers) and is_whole and self._leaf is not None and self._leaf.take(line):
            self._note_taken(line)
            return None
        if isinstance(self._leaf, OpenParagraph) and self._leaf.is_complete_before(line.content):
            self._close_leaf()
        self._begin_blocks(line, matched, is_whole=is_whole)
        return self._rest

    def _note_taken(self, line: Line) -> None:
        assert self._leaf is not None
        if isinstance(self._leaf, OpenCode) and not self._leaf.is_fenced and line.is_blank:
            self._containers.note_blank(len(self._containers))
        else:
            self._containers.note_text()
        if self._leaf.is_over:
            self._close_leaf()

    def _begin_blocks(self, line: Line, matched: int, *, is_whole: bool) -> None:
        containers = self._containers
        paragraph = self._leaf if isinstance(self._leaf, OpenParagraph) else None
        is_lazy = matched < len(containers)  # if it is text, the paragraph goes on all the same
        in_lost_quote = is_lazy and containers.has_quote_below(matched)
        is_begun = False  # a container, on this line
        while not line.is_blank:
            if line.indent >= _CODE_INDENT:
                if paragraph is None:
                    self._begin_indented_code(line, matched, is_whole=is_whole)
                    return
                break
            content = line.content
            if paragraph is not None and not is_lazy and is_whole and self._turn(paragraph, content):
                return
            interrupts = paragraph is not None and not is_lazy
            can_be_footnote = paragraph is None or not in_lost_quote
            if not self._begin_container(
                line, content, matched, interrupts=interrupts, can_be_footnote=can_be_footnote
            ):
                if self._begin_leaf(line, content, matched, is_whole=is_whole):
                    return
                break
            matched, paragraph, is_begun = len(containers), None, True
        if line.is_blank:
            self._end_blank(matched, is_begun=is_begun)
        elif paragraph is not None:
            containers.note_text()
            rest = paragraph.go_on(line, can_head=not in_lost_quote, is_whole=is_whole)
            self._rest = None if is_whole else rest
        else:
            self._begin_paragraph(line, matched, is_whole=is_whole)

    def _begin_container(
        self, line: Line, content: str, matched: int, *, interrupts: bool, can_be_footnote: bool
    ) -> bool:
        """`interrupts`: a paragraph is open right here, which not every item ends."""
        containers = self._containers
        if matched == len(containers) and containers.is_full:
            return False
        if content[0] == ">":
            self._leave(matched)
            containers.begin_quote(line)
            return True
        item = item_start(content)
        if item is not None and not (interrupts and (item.is_empty or (item.marker in ".)" and item.number != 1))):
            self._leave(matched)
            self._new_item = containers.begin_item(line, item, self.line_start)
            return True
        footnote = FOOTNOTE.match(content) if can_be_footnote else None
        if footnote is not None:
            self._leave(matched)
            containers.begin_footnote(line, footnote[1], footnote.end())
            self.references.define_footnote(footnote[1])
            return True
        return False

    def _begin_leaf(self, line: Line, content: str, matched: int, *, is_whole: bool) -> bool:
        if (found := HEADING.match(content)) is not None:
            self._leave(matched)
            heading = self._add(Paragraph(self.line_start, level=len(found[1])))
            if rest := content[found.end() :].lstrip(BLANK):
                heading.pieces.append(rest)
            self._leaf = OpenHeading(heading)
            self._rest = heading.pieces
            if is_whole:
                self._close_leaf()
        elif (found := FENCE.match(content)) is not None:
            indent = line.indent
            self._leave(matched)
            self._leaf = OpenCode(self._add(Code(self.line_start, found[2].strip())), found[1], indent)
        elif (formula := formula_start(content)) is not None:
            self._leave(matched)
            self._leaf = OpenFormula(self._add(Formula(self.line_start)), formula)
            if formula.is_over:
                self._close_leaf()
        elif RULE.match(content):
            self._leave(matched)
            self._add(Rule(self.line_start)).is_closed = True
        else:
            return False
        return True

    def _begin_indented_code(self, line: Line, matched: int, *, is_whole: bool) -> None:
        self._leave(matched)
        leaf = self._leaf = OpenCode(self._add(Code(self.line_start, is_fenced=False)))
        self._rest = leaf.begin(line)
        if is_whole:
            leaf.end_line()

    def _begin_paragraph(self, line: Line, matched: int, *, is_whole: bool) -> None:
        self._leave(matched)
        item, text = self._new_item, line.content
        paragraph = self._add(Paragraph(self.line_start))
        may_define = text.startswith("[")
        if item is not None and item is paragraph.container and (box := TASK.match(text)) is not None:
            item.is_done = box[1] != " "
            text = text[box.end() :]
            may_define = False
        leaf = self._leaf = OpenParagraph(paragraph, self._definitions, may_define=may_define)
        self._rest = leaf.begin_with(text, is_whole=is_whole)

    def _turn(self, paragraph: OpenParagraph, content: str) -> bool:
        """The line below makes a table of the paragraph's last line, or a heading of the whole."""
        if (found := paragraph.take_header(content)) is not None:
            start, follows_blank = self.line_start, False
            if not paragraph.block.pieces:
                start, follows_blank = self._drop_last(), paragraph.block.follows_blank
            else:
                self._close_leaf()
            table = self._add(Table(start, *found))
            table.follows_blank = follows_blank
            self._leaf = OpenTable(table)
            return True
        if paragraph.become_heading(content):
            self._close_leaf()
            return True
        return False

    def _end_blank(self, matched: int, *, is_begun: bool) -> None:
        """Nothing is left of the line."""
        if is_begun:
            self._containers.note_empty_begin()
        else:
            self._leave(matched)
            self._containers.note_blank(matched)

    def _add(self, block: B) -> B:
        block.container = self._containers.innermost
        block.follows_blank = self._containers.is_after_blank
        if not self.blocks:
            block.start = 0  # blank lines before the first block are its own
        self._containers.note_block()
        self.blocks.append(block)
        return block

    def _drop_last(self) -> int:
        """The last block is none. Returns where it began."""
        self._leaf = None
        self._containers.note_removed()
        return self.blocks.pop().start

    def _leave(self, depth: int) -> None:
        """Close the leaf, and all containers that are deeper."""
        self._close_leaf()
        for item, start in self._containers.leave(depth):
            empty = Paragraph(start if self.blocks else 0, item)
            empty.is_closed = True
            self.blocks.append(empty)

    def _close_leaf(self) -> None:
        leaf, self._leaf = self._leaf, None
        if leaf is None:
            return
        leaf.close()
        if isinstance(leaf, OpenParagraph) and not leaf.block.pieces:
            self._drop_last()
