"""Blocks in a form that can be compared, whoever made them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.common.utils import MD_TRIM_CHARS

from app.markdown.blocks import Block, Code, Container, Footnote, Formula, Item, Paragraph, Quote, Rule, Table
from app.markdown.stream import BlockStream


@dataclass
class Reading:
    """Leaves with the path of the containers they stand in; link labels; footnote labels."""

    leaves: list[tuple[object, ...]] = field(default_factory=list)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    footnotes: list[str] = field(default_factory=list)


def streamed(chunks: Iterable[str]) -> Reading:
    stream = BlockStream()
    for chunk in chunks:
        stream.feed(chunk)
    stream.finish()
    return reading_of(stream)


def reading_of(stream: BlockStream) -> Reading:
    names = Names()
    return Reading(
        leaves=[(_path_of(block.container, names), *_shape(block)) for block in stream.blocks],
        links=dict(stream.references.links),
        footnotes=list(stream.references.footnotes),
    )


class Names:
    """Numbers in the order of their first appearance for things that have no name."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}  # the things compare by identity

    def of(self, thing: object) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))


def _path_of(container: Container | None, names: Names) -> tuple[object, ...]:
    if container is None:
        return ()
    path = _path_of(container.parent, names)
    name = names.of(container)
    match container:
        case Quote():
            return (*path, ("quote", name))
        case Footnote():
            return (*path, ("footnote", name, container.label))
        case Item():
            of = container.list
            known = (names.of(of), of.marker, of.is_ordered, of.first_number, of.is_tight)
            return (*path, ("item", name, container.number, container.is_done, known))


def _shape(block: Block) -> tuple[object, ...]:
    match block:
        case Paragraph():
            return "paragraph", block.level, trimmed(block.text)
        case Code():
            return "code", block.is_fenced, block.info, tuple(block.lines), tuple(block.open_pieces)
        case Table():
            return "table", block.header, block.alignments, tuple(block.rows), block.open_row
        case Formula():
            return "formula", block.tex, block.open_line
        case Rule():
            return ("rule",)


def trimmed(content: str) -> str:
    """Without the blanks that inline parsing passes over."""
    return "\n".join(line.lstrip(" \t") for line in content.split("\n")).strip(MD_TRIM_CHARS)
