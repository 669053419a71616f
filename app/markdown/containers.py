"""The containers that are open at the end of the text so far: quotes, items, footnotes."""

from app.markdown.blocks import Container, Footnote, Item, ItemList, Quote
from app.markdown.line import Line
from app.markdown.starts import ItemStart

MAX_DEPTH = 60  # deeper marks are text: what a line costs must not grow with them
_CODE_INDENT = 4


class _Open:
    """A container, with what only the reading of it must know."""

    __slots__ = ("blocks", "columns", "container", "items", "next_number", "start")

    def __init__(self, container: Container | None, columns: int = 0, blocks: int = 0, start: int = 0) -> None:
        self.container = container
        self.start = start  # of the line it begins on
        self.columns = columns  # by which a line must be indented to be in it
        self.blocks = blocks  # blocks and containers in it so far
        self.items: ItemList | None = None  # the list that goes on if an item of its kind follows
        self.next_number = 0


class Containers:
    """`note_…` tell it what is read; from that it knows which lists are loose."""

    def __init__(self) -> None:
        self._stack: list[_Open] = []
        self._root = _Open(None)
        self._blank_from: int | None = None  # the line before was blank for containers of this depth and deeper

    def __len__(self) -> int:
        return len(self._stack)

    @property
    def innermost(self) -> Container | None:
        return self._top.container

    @property
    def is_after_blank(self) -> bool:
        return self._blank_from is not None

    @property
    def is_full(self) -> bool:
        return len(self._stack) >= MAX_DEPTH

    @property
    def _top(self) -> _Open:
        return self._stack[-1] if self._stack else self._root

    def match(self, line: Line) -> int:
        """How many go on with this line. Takes their marks off it."""
        for depth, opened in enumerate(self._stack):
            if isinstance(opened.container, Quote):
                if not line.content.startswith(">"):
                    return depth
                line.take_mark(1)
            elif line.is_blank:
                if not opened.blocks:
                    return depth  # an item may begin with one blank line, not with two
            elif line.indent >= opened.columns:
                line.take_columns(opened.columns)
            else:
                return depth
        return len(self._stack)

    def has_quote_below(self, depth: int) -> bool:
        return any(isinstance(opened.container, Quote) for opened in self._stack[depth:])

    def begin_quote(self, line: Line) -> None:
        line.take_mark(1)
        self._push(_Open(Quote(self.innermost)))

    def begin_item(self, line: Line, start: ItemStart, line_start: int) -> Item:
        indent, blanks = line.indent, line.blanks_behind(start.length)
        if start.is_empty or blanks > _CODE_INDENT:
            blanks = 1
        line.take_mark(start.length, blanks=blanks)
        parent = self._top
        items, number = parent.items, parent.next_number
        if items is None or items.marker != start.marker:
            items, number = ItemList(start.marker, start.number), start.number
            self._note_child()
        elif self._is_blank_between:
            items.is_tight = False
        item = Item(self.innermost, items, number)
        self._stack.append(_Open(item, columns=indent + start.length + blanks, start=line_start))
        parent.items, parent.next_number = items, number + 1
        return item

    def begin_footnote(self, line: Line, label: str, length: int) -> None:
        blanks = line.blanks_behind(length)
        line.take_mark(length, blanks=_CODE_INDENT if blanks >= _CODE_INDENT else 0)
        self._push(_Open(Footnote(self.innermost, label), columns=_CODE_INDENT, blocks=1))

    def leave(self, depth: int) -> list[tuple[Item, int]]:
        """Close all that are deeper. Returns the items among them that have nothing in them, and where they begin."""
        empty: list[tuple[Item, int]] = []
        while len(self._stack) > depth:
            opened = self._stack.pop()
            if isinstance(opened.container, Item) and not opened.blocks:
                empty.append((opened.container, opened.start))
        return empty

    def note_block(self) -> None:
        """A block begins in the innermost one."""
        self._note_child()
        self._top.items = None
        self._blank_from = None

    def note_removed(self) -> None:
        """The block that was begun last is none."""
        self._top.blocks -= 1

    def note_text(self) -> None:
        self._blank_from = None

    def note_blank(self, matched: int) -> None:
        """A line is blank behind the marks of so many containers: blank for all in the innermost quote of these."""
        depth = matched
        while depth and not isinstance(self._stack[depth - 1].container, Quote):
            depth -= 1
        self._blank_from = depth if self._blank_from is None else min(self._blank_from, depth)

    def note_empty_begin(self) -> None:
        """The innermost one begins and its line has nothing else: no blank line for an item, but one in a quote."""
        self._blank_from = None
        if not isinstance(self.innermost, Item):
            self.note_blank(len(self._stack))

    @property
    def _is_blank_between(self) -> bool:
        return self._blank_from is not None and len(self._stack) >= self._blank_from

    def _push(self, opened: _Open) -> None:
        self._note_child()
        self._top.items = None
        self._stack.append(opened)

    def _note_child(self) -> None:
        """A blank line between two blocks of an item makes its list loose."""
        top = self._top
        if top.blocks and isinstance(top.container, Item) and self._is_blank_between:
            top.container.list.is_tight = False
        top.blocks += 1
