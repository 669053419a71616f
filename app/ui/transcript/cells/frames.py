"""
What containers put around the cells that stand in them: room at the side, markers and bars.

Each container is looked at once, when its first cell comes: a list of ten thousand items, or one
of two thousand levels, costs a new cell no more than a short one.
"""

from typing import NamedTuple

from msgspec import Struct
from PySide6.QtGui import QFontMetricsF

from app.markdown.blocks import Container, Footnote, Item, ItemList, Quote
from app.markdown.references import References
from app.ui.transcript.style import Style

MARKER_GAP_PX = 8  # from a marker to its text
DEEPEST = 12  # levels; what is deeper stands no further in
_ITEM_PX = 26
_OVERHANG_PX = 6  # how far a number may stand out on the left, so that one with two digits moves nothing
_QUOTE_PX = 16
_THOUGHTS_PX = 14


class Bar(NamedTuple):
    """The line beside a quote: where, and how many containers deep the quote is."""

    x: int
    depth: int


class Frame(Struct, frozen=True, eq=False):
    """
    `indent` is how far in the text stands, in pixels. `number` is what is written before it, "" for a bullet.

    `is_small`: what stands in it is small, as in a footnote.
    """

    container: Container
    depth: int
    indent: int
    list_level: int
    number: str
    bars: tuple[Bar, ...]
    outer_list: ItemList | None
    is_small: bool


def frame_of_thoughts(style: Style) -> Frame:
    """Around what a model thought before it answered: a bar, as beside a quote."""
    return Frame(Quote(None), 0, style.px(_THOUGHTS_PX), 0, "", (Bar(0, 0),), None, is_small=True)


class Framing(NamedTuple):
    """
    Of one cell: the innermost frame, those whose marker stands at this cell, and all that begin with it.

    What is not deeper than `known_depth` has begun before.
    """

    frame: Frame | None
    markers: tuple[Frame, ...] = ()
    begun: tuple[Container, ...] = ()
    known_depth: int = 0


UNFRAMED = Framing(None)


class Frames:
    """`root` is what stands around all of it."""

    def __init__(self, style: Style, references: References, root: Frame | None = None) -> None:
        self._style = style
        self._references = references
        self._root = root
        self._known: dict[Container, Frame] = {}

    def enter(self, container: Container | None) -> Framing:
        """For the next cell, which stands in this container."""
        begun: list[Container] = []
        while container is not None and container not in self._known:
            begun.append(container)
            container = container.parent
        frame = self._known[container] if container is not None else self._root
        known_depth = frame.depth if frame is not None else 0
        markers: dict[int, Frame] = {}  # of those that would stand on one another the innermost
        for new in reversed(begun):
            frame = self._known[new] = self._new_frame(new, frame)
            if not isinstance(new, Quote):
                markers[frame.indent] = frame
        return Framing(frame, tuple(markers.values()), tuple(begun), known_depth)

    def forget(self, framing: Framing) -> None:
        """The cell is gone, and what began with it begins again with another."""
        for container in framing.begun:
            self._known.pop(container, None)

    def _new_frame(self, container: Container, parent: Frame | None) -> Frame:
        depth = parent.depth + 1 if parent is not None else 1
        indent = left = parent.indent if parent is not None else 0
        number = self._number(container)
        if depth <= DEEPEST:
            indent += self._room(container, number)
        bars = parent.bars if parent is not None else ()
        if isinstance(container, Quote) and depth <= DEEPEST:
            bars = (*bars, Bar(left, depth))
        outer_list = parent.outer_list if parent is not None else None
        list_level = parent.list_level if parent is not None else 0
        if isinstance(container, Item):
            outer_list = outer_list or container.list
            list_level += 1
        is_small = isinstance(container, Footnote) or (parent is not None and parent.is_small)
        return Frame(container, depth, indent, list_level, number, bars, outer_list, is_small)

    def _number(self, container: Container) -> str:
        match container:
            case Item() if container.list.is_ordered and container.is_done is None:
                return f"{container.number}{container.list.marker}"
            case Footnote():
                return f"{self._references.footnotes.get(container.label, container.label)}."
        return ""

    def _room(self, container: Container, number: str) -> int:
        if isinstance(container, Quote):
            return self._style.px(_QUOTE_PX)
        room = self._style.px(_ITEM_PX)
        if len(number) > 3:
            width = QFontMetricsF(self._style.body.font).horizontalAdvance(number)
            room = max(room, round(width) + self._style.px(MARKER_GAP_PX - _OVERHANG_PX))
        return room
