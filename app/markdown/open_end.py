"""The open end of a text's blocks: the leaf that lines go on with, and how leaves begin and close."""

import re
from collections.abc import Callable

from markdown_it.common.utils import MD_TRIM_CHARS

from app.markdown.block_list import BlockList
from app.markdown.blocks import Alignment, Code, Container, Formula, Item, Paragraph, Quote, Rule, Table
from app.markdown.containers import Containers, OpenContainer
from app.markdown.definitions import OpenDefinition
from app.markdown.fence import FenceStart
from app.markdown.line import Line
from app.markdown.open_blocks import OpenFence, OpenFormula, OpenIndented, OpenTable
from app.markdown.open_text import OpenHeading, OpenText
from app.markdown.starts import (
    Answer,
    FootnoteStart,
    FormulaStart,
    HeadingStart,
    ItemStart,
    QuoteStart,
    RuleStart,
    start_at,
)

CODE_COLUMNS = 4
BLANKS_OF_ALL_KINDS = re.compile(f"[{MD_TRIM_CHARS}]+")
_BOX = re.compile(rf"[{MD_TRIM_CHARS}]*\[([ xX])\][ \t][{MD_TRIM_CHARS}]*(?=[^{MD_TRIM_CHARS}])")
_BOX_SO_FAR = re.compile(rf"[{MD_TRIM_CHARS}]*(?:\[(?:[ xX](?:\](?:[ \t][{MD_TRIM_CHARS}]*)?)?)?)?\Z")

OpenLeaf = OpenText | OpenHeading | OpenFence | OpenIndented | OpenTable | OpenFormula | OpenDefinition


class OpenEnd:
    """`write` takes the rest of the line once it is decided what the line is; None until then."""

    def __init__(self, listing: BlockList) -> None:
        self.listing = listing
        self.containers = Containers()
        self.leaf: OpenLeaf | None = None
        self.write: Callable[[str], None] | None = None

    def write_with(self, write: Callable[[str], None], text: str) -> None:
        self.write = write
        if text:
            write(text)
            self.listing.touch_last()

    def is_indented(self, line: Line) -> bool:
        """So far that it is code, or text that goes on."""
        return line.indent - self.containers.column >= CODE_COLUMNS

    def without_code_indent(self, line: Line) -> str:
        return line.without_indent(self.containers.column + CODE_COLUMNS)

    def start_at(self, line: Line, *, is_whole: bool) -> Answer:
        """What the line begins right here."""
        start = start_at(line.text, line.position, is_whole=is_whole)
        is_container = isinstance(start, QuoteStart | ItemStart | FootnoteStart)
        return None if is_container and self.containers.is_full else start

    # How leaves begin

    def hold(self) -> Container | None:
        """Something begins in the innermost container: which is returned."""
        self.containers.hold_something()
        inner = self.containers.innermost
        return inner.node if inner else None

    def begin_text(self, line: Line, container: Container | None, *, follows_blank: bool) -> None:
        item = self._item_to_tick()
        box = _BOX.match(line.text, line.position) if item else None
        if item and box:
            item.is_done = box[1] != " "
        paragraph = Paragraph(line.start, container, follows_blank=follows_blank)
        leaf = OpenText(paragraph, self.listing)
        self.leaf = leaf
        text = line.text[box.end() :] if box else line.rest
        self.write = leaf.begin_line(line, text, may_be_header=True, box=box[0] if box else "")

    def may_be_box(self, line: Line) -> bool:
        """Whether what has arrived may become the box to tick of an item."""
        return self._item_to_tick() is not None and _BOX_SO_FAR.match(line.text, line.position) is not None

    def _item_to_tick(self) -> Item | None:
        """The item in which the first leaf begins."""
        inner = self.containers.innermost
        if inner and isinstance(inner.node, Item) and inner.leaves_before == len(self.listing.blocks):
            return inner.node
        return None

    def begin_indented(self, line: Line) -> None:
        follows_blank = self.containers.follows_blank
        code = Code(line.start, "", self.hold(), is_fenced=False, follows_blank=follows_blank)
        self.listing.add(code)
        self.leaf = OpenIndented(code)
        self.write_with(code.open_pieces.append, self.without_code_indent(line))

    def begin_leaf(self, line: Line, start: HeadingStart | FenceStart | FormulaStart | RuleStart) -> None:
        follows_blank = self.containers.follows_blank
        container = self.hold()
        match start:
            case HeadingStart(level):
                heading = Paragraph(line.start, container, level=level, follows_blank=follows_blank)
                self.listing.add(heading)
                opened = OpenHeading(heading)
                self.leaf = opened
                self.write_with(opened.write, line.text[line.position + level :])
            case FenceStart():
                code = Code(line.start, start.info, container, follows_blank=follows_blank)
                self.listing.add(code)
                self.leaf = OpenFence(code, start, line.indent)
            case FormulaStart():
                formula = Formula(line.start, container, follows_blank=follows_blank)
                self.listing.add(formula)
                self.leaf = OpenFormula(formula, start.closer)
                if start.tex is not None:
                    formula.lines.append(start.tex)
                    self.close_leaf()
            case RuleStart():
                rule = Rule(line.start, container, follows_blank=follows_blank)
                rule.is_closed = True
                self.listing.add(rule)

    def begin_table(self, leaf: OpenText, header: list[str], alignments: list[Alignment]) -> None:
        """With the last line of the text as its header."""
        start, is_all = leaf.cut_last_line()
        paragraph = leaf.paragraph
        if not is_all:
            self.close_leaf()
        elif leaf.has_box and isinstance(paragraph.container, Item):
            paragraph.container.is_done = None
        follows_blank = is_all and paragraph.follows_blank
        table = Table(start, header, alignments, paragraph.container, follows_blank=follows_blank)
        self.listing.add(table)
        self.leaf = OpenTable(table)

    # How they end

    def end_leaf_line(self) -> str | None:
        """The line that `write` took is whole. Returns it if the leaf does not want it after all."""
        leaf = self.leaf
        refused = None
        match leaf:
            case OpenFence() | OpenIndented():
                leaf.end_line()
            case OpenHeading():
                self.close_leaf()
            case OpenFormula():
                if leaf.end_line():
                    self.close_leaf()
            case OpenTable():
                refused = leaf.end_line()
            case _:
                return None
        self.listing.touch_last()
        return refused

    def close_leaf(self) -> None:
        leaf, self.leaf = self.leaf, None
        match leaf:
            case None | OpenDefinition():
                return
            case OpenText() | OpenHeading():
                leaf.close()
            case OpenFence() | OpenIndented():
                leaf.code.is_closed = True
            case OpenTable():
                leaf.table.is_closed = True
            case OpenFormula():
                leaf.formula.is_closed = True
        self.listing.touch_last()

    def close_containers(self, ended: list[OpenContainer]) -> None:
        """Items and footnotes in which nothing was to be listed have an empty paragraph."""
        for container in ended:
            if not isinstance(container.node, Quote) and container.leaves_before == len(self.listing.blocks):
                empty = Paragraph(container.start, container.node)
                empty.is_closed = True
                self.listing.add(empty)
