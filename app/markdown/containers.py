"""The containers that are open: each line finds out how many of them it stands in."""

from typing import NamedTuple

from msgspec import Struct

from app.markdown.blocks import Container, Footnote, Item, ItemList, Quote
from app.markdown.line import BLANKS, Line, Undecided
from app.markdown.starts import FootnoteStart, ItemStart

MOST_NESTED = 60  # containers in containers; markers beyond that are text
FOOTNOTE_COLUMNS = 4
_NOT_BLANK = MOST_NESTED + 1


class OpenContainer(Struct, eq=False):
    """
    A container that may go on.

    `column`: where what it holds begins, counted from the quote it stands in (in a quote: 0).
    `list_column`: the same of what holds the list it belongs to or stands in, -1 without one.
    """

    node: Container
    column: int
    list_column: int
    quotes: int  # it stands in, and itself
    start: int
    leaves_before: int
    holds_something: bool = False
    is_over: bool = False  # an item that began with a blank line and another one after it
    list_is_over: bool = False  # and another: so markdown-it has it


class LazyLine(NamedTuple):
    """The columns are those of OpenContainer."""

    column: int
    list_column: int
    quotes: int  # that it leaves


class Containers:
    """From the outermost to the innermost."""

    def __init__(self) -> None:
        self.matched = 0  # how many of them the line stands in, as far as it was read
        self._open: list[OpenContainer] = []
        self._ended_item: OpenContainer | None = None  # that the line ended: another of its list may follow
        self._blank_quotes = _NOT_BLANK  # if the line above was blank: the quotes it stood in

    @property
    def are_all_matched(self) -> bool:
        return self.matched == len(self._open)

    @property
    def innermost(self) -> OpenContainer | None:
        return self._open[-1] if self._open else None

    @property
    def column(self) -> int:
        return self._open[-1].column if self._open else 0

    @property
    def is_full(self) -> bool:
        return len(self._open) >= MOST_NESTED

    @property
    def follows_blank(self) -> bool:
        return self._blank_quotes != _NOT_BLANK

    def rewind(self) -> None:
        self.matched = 0
        self._ended_item = None

    def match(self, line: Line, *, is_whole: bool) -> Undecided | None:
        """Count in `matched` the containers that the line stands in, behind their marks. Goes on where it left."""
        while True:
            line.skip_blanks()
            if line.is_blank and not is_whole:
                return Undecided(BLANKS)
            while self.matched < len(self._open):
                container = self._open[self.matched]
                if isinstance(container.node, Quote):
                    break
                if not _takes(container, line):
                    return None
                self.matched += 1
            if self.matched == len(self._open) or line.is_blank or line.text[line.position] != ">":
                return None
            if not is_whole and not line.text[line.position + 1 :].strip(" \t"):
                return Undecided(BLANKS)
            line.enter_quote()
            self.matched += 1

    def lazy_line(self) -> LazyLine:
        """
        How a line is measured that not all containers take.

        As in markdown-it, the innermost container that can look at the line does, though it does not hold it.
        """
        quotes = [i for i in range(self.matched, len(self._open)) if isinstance(self._open[i].node, Quote)]
        end = quotes[0] if quotes else len(self._open)
        if end == 0:
            return LazyLine(0, -1, len(quotes))
        return LazyLine(self._open[end - 1].column, self._open[end - 1].list_column, len(quotes))

    def end_unmatched(self) -> list[OpenContainer]:
        """Close those that the line does not stand in. Returns them, the innermost first."""
        ended = self._open[self.matched :]
        del self._open[self.matched :]
        self._ended_item = ended[0] if ended and not ended[0].list_is_over else None
        ended.reverse()
        return ended

    def end_all(self) -> list[OpenContainer]:
        self.matched = 0
        return self.end_unmatched()

    def end_blank_line(self) -> list[OpenContainer]:
        """The line is blank: it ends quotes without a mark, and items that have not begun. Returns what it ended."""
        for index in range(self.matched, len(self._open)):
            if isinstance(self._open[index].node, Quote):
                self.matched = index
                return self.end_unmatched()
            self._open[index].list_is_over = self._open[index].is_over
            self._open[index].is_over = True
        return []

    def end_line(self, *, is_blank: bool) -> None:
        self._blank_quotes = (self._open[-1].quotes if self._open else 0) if is_blank else _NOT_BLANK

    def hold_something(self) -> None:
        """Something begins in the innermost container. A list of items with blank lines inside is not tight."""
        if not self._open:
            return
        container = self._open[-1]
        if container.holds_something and isinstance(container.node, Item) and self._is_after_blank(container):
            container.node.list.is_tight = False
        container.holds_something = True

    def _is_after_blank(self, container: OpenContainer) -> bool:
        return container.quotes >= self._blank_quotes

    def enter_quote(self, line: Line, leaves_before: int) -> None:
        self.hold_something()
        line.enter_quote()
        self._add(Quote(self._parent), line, leaves_before, column=0, list_column=self._list_column)

    def enter_item(self, line: Line, start: ItemStart, leaves_before: int) -> None:
        before = self._ended_item.node if self._ended_item else None
        if self._ended_item and isinstance(before, Item) and before.list.marker == start.marker:
            items = before.list
            number = before.number + 1
            if self._is_after_blank(self._ended_item):
                items.is_tight = False
        else:
            self.hold_something()
            items = ItemList(start.marker, start.number)
            number = start.number
        list_column = self.column
        column = line.enter_item(start.length)
        self._add(Item(self._parent, items, number), line, leaves_before, column=column, list_column=list_column)

    def enter_footnote(self, line: Line, start: FootnoteStart, leaves_before: int) -> None:
        self.hold_something()
        column = self.column + FOOTNOTE_COLUMNS
        line.enter_footnote(start.length, column)
        node = Footnote(self._parent, start.label)
        self._add(node, line, leaves_before, column=column, list_column=self._list_column)

    @property
    def _parent(self) -> Container | None:
        return self._open[-1].node if self._open else None

    @property
    def _list_column(self) -> int:
        return self._open[-1].list_column if self._open else -1

    def _add(self, node: Container, line: Line, leaves_before: int, *, column: int, list_column: int) -> None:
        quotes = (self._open[-1].quotes if self._open else 0) + isinstance(node, Quote)
        self._open.append(OpenContainer(node, column, list_column, quotes, line.start, leaves_before))
        self.matched = len(self._open)
        self._ended_item = None


def _takes(container: OpenContainer, line: Line) -> bool:
    """Whether the line goes on with an item or a footnote."""
    if line.is_blank:
        return container.holds_something or isinstance(container.node, Footnote)
    return line.indent >= container.column and not container.is_over
