"""Decides what each line is, and lets the blocks grow by it."""

from collections.abc import Callable

from app.markdown.block_list import BlockList
from app.markdown.continuing import continue_leaf, start_instead_of_lazy_line
from app.markdown.definitions import OpenDefinition, definition_at, may_go_on
from app.markdown.line import Line, Undecided
from app.markdown.open_blocks import OpenFence, OpenIndented
from app.markdown.open_end import BLANKS_OF_ALL_KINDS, OpenEnd
from app.markdown.open_text import OpenText
from app.markdown.references import References
from app.markdown.starts import Answer, FootnoteStart, ItemStart, QuoteStart
from app.markdown.table_lines import DELIMITERS


class BlockReader:
    """
    The block step of CommonMark's reference algorithm, for lines that may still be growing.

    A line goes through three steps: the containers it stands in, the leaf it goes on with, what it begins.
    """

    def __init__(self, listing: BlockList, references: References) -> None:
        self._end = OpenEnd(listing)
        self._containers = self._end.containers
        self._references = references
        self._is_matched = False  # the containers are known that the line stands in
        self._may_continue = True  # the open leaf
        self._is_blank = False

    @property
    def write(self) -> Callable[[str], None] | None:
        """What takes the rest of the line, once it is decided what the line is."""
        return self._end.write

    def read(self, line: Line, *, is_whole: bool) -> Undecided | None:
        """Decide what the line is, or say what has to be waited for. Goes on where it left."""
        if not self._is_matched:
            if undecided := self._containers.match(line, is_whole=is_whole):
                return undecided
            self._is_matched = True
        if line.is_blank:
            self._read_blank_line(line)
            return None
        if self._may_continue:
            answer = self._continue(line, is_whole)
            if isinstance(answer, Undecided):
                return answer
            if answer:
                return None
            self._may_continue = False
            self._end.close_leaf()
            self._end.close_containers(self._containers.end_unmatched())
        return self._begin(line, is_whole)

    def end_line(self, line: Line) -> None:
        if self._end.write is not None and (refused := self._end.end_leaf_line()) is not None:
            self._end.write = None
            self._end.close_leaf()
            line.text = line.text[: line.position] + refused
            self._begin(line, True)
            self.end_line(line)
            return
        self._containers.end_line(is_blank=self._is_blank)
        self._begin_line()

    def finish(self) -> None:
        while isinstance(self._end.leaf, OpenDefinition):
            self._settle(self._end.leaf)
        self._end.close_leaf()
        self._end.close_containers(self._containers.end_all())

    def _begin_line(self) -> None:
        self._end.write = None
        self._is_matched = False
        self._may_continue = True
        self._is_blank = False
        self._containers.rewind()

    def _continue(self, line: Line, is_whole: bool) -> Undecided | bool:
        """Give the line to the open leaf. False if it is not for it."""
        leaf = self._end.leaf
        is_inside = self._containers.are_all_matched
        if isinstance(leaf, OpenDefinition):
            return self._continue_definition(leaf, line, is_inside, is_whole)
        if is_inside:
            return continue_leaf(self._end, line, is_whole=is_whole)
        if not isinstance(leaf, OpenText):
            return False
        start = start_instead_of_lazy_line(self._end, line, is_whole=is_whole)
        if isinstance(start, Undecided):
            return start
        if start is None:
            self._end.write = leaf.begin_line(line, line.rest, may_be_header=False)
        return start is None

    def _read_blank_line(self, line: Line) -> None:
        leaf = self._end.leaf
        is_inside = self._containers.are_all_matched
        if isinstance(leaf, OpenDefinition):
            self._settle_and_restart(leaf, line, is_whole=True)
            return
        self._is_blank = True
        if isinstance(leaf, OpenFence) and is_inside:
            leaf.add_blank_line(line.without_indent(leaf.column))
            self._end.listing.touch_last()
        elif isinstance(leaf, OpenIndented) and is_inside:
            leaf.add_blank_line(self._end.without_code_indent(line))
        else:
            self._end.close_leaf()
        self._end.close_containers(self._containers.end_blank_line())

    def _begin(self, line: Line, is_whole: bool) -> Undecided | None:
        """Begin the containers and the leaf whose marks the line has."""
        while True:
            if self._end.is_indented(line):
                self._end.begin_indented(line)
                return None
            start = self._end.start_at(line, is_whole=is_whole)
            leaves = len(self._end.listing.blocks)
            match start:
                case Undecided():
                    return start
                case None:
                    return self._begin_text(line, is_whole)
                case QuoteStart():
                    self._containers.enter_quote(line, leaves)
                case ItemStart():
                    self._containers.enter_item(line, start, leaves)
                case FootnoteStart():
                    self._containers.enter_footnote(line, start, leaves)
                    self._references.define_footnote(start.label)
                case _:
                    self._end.begin_leaf(line, start)
                    return None
            if line.is_blank:
                self._is_blank = isinstance(start, QuoteStart)
                return None

    def _begin_text(self, line: Line, is_whole: bool) -> Undecided | None:
        may_define = line.text[line.position] == "[" and may_go_on(line.rest)
        if not is_whole:
            if may_define:
                return Undecided()
            if self._end.may_be_box(line):
                return Undecided(BLANKS_OF_ALL_KINDS)
        follows_blank = self._containers.follows_blank
        container = self._end.hold()
        if may_define:
            leaf = OpenDefinition(container, follows_blank=follows_blank)
            self._end.leaf = leaf
            self._add_to_definition(leaf, line, may_be_header=True)
        else:
            self._end.begin_text(line, container, follows_blank=follows_blank)
        return None

    # Definitions: their lines are read again as text if it turns out that they define nothing

    def _continue_definition(
        self, leaf: OpenDefinition, line: Line, is_inside: bool, is_whole: bool
    ) -> Undecided | bool:
        start: Answer = None
        may_be_header = is_inside and not self._end.is_indented(line)
        if not is_inside:
            start = start_instead_of_lazy_line(self._end, line, is_whole=is_whole)
        elif may_be_header:
            if line.text[line.position] in "|-:" and DELIMITERS.fullmatch(line.rest):
                if not is_whole:
                    return Undecided(DELIMITERS)
                if leaf.has_header_above(line):
                    return self._settle_and_restart(leaf, line, is_whole=True, lines=len(leaf.lines) - 1)
            start = self._end.start_at(line, is_whole=is_whole)
        if isinstance(start, Undecided):
            return start
        if start is not None or not may_go_on(leaf.text + line.rest):
            return self._settle_and_restart(leaf, line, is_whole=is_whole)
        if not is_whole:
            return Undecided()
        self._add_to_definition(leaf, line, may_be_header=may_be_header)
        return True

    def _add_to_definition(self, leaf: OpenDefinition, line: Line, *, may_be_header: bool) -> None:
        leaf.add(line, may_be_header=may_be_header)
        if not may_go_on(leaf.text):
            self._settle(leaf)

    def _settle_and_restart(
        self, leaf: OpenDefinition, line: Line, *, is_whole: bool, lines: int | None = None
    ) -> Undecided | bool:
        """Neither the line nor those from `lines` on belong to the definition: read them anew."""
        self._settle(leaf, lines)
        line.rewind()
        return self.read(line, is_whole=is_whole) or True

    def _settle(self, leaf: OpenDefinition, lines: int | None = None) -> None:
        """Take the definition out of the lines, and read those again that are none of it."""
        self._end.leaf = None
        definition = definition_at(leaf.text_of(lines))
        if definition:
            self._references.define_link(definition.label, definition.address, definition.title)
        used = definition.lines if definition else 0
        for line in leaf.lines[used:]:
            self._begin_line()
            if used == 0 and line is leaf.lines[0]:
                self._end.begin_text(line, leaf.container, follows_blank=leaf.follows_blank)
            else:
                line.rewind()
                self.read(line, is_whole=True)
            self.end_line(line)
        self._begin_line()
