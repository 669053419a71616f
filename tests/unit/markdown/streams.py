"""Streams that were fed, and what can be seen of them."""

from app.markdown.blocks import Block, Code, Formula, Paragraph, Rule, Table
from app.markdown.stream import BlockStream


def stream_of(*chunks: str) -> BlockStream:
    stream = BlockStream()
    for chunk in chunks:
        stream.feed(chunk)
    return stream


def blocks_of(*chunks: str) -> list[Block]:
    stream = stream_of(*chunks)
    stream.finish()
    return stream.blocks


def seen(block: Block) -> tuple[object, ...]:
    """All of a block that can be seen, and what it stands in."""
    place = (id(block.container), block.is_closed, block.revision)
    match block:
        case Paragraph():
            return ("text", block.level, block.text, place)
        case Code():
            return ("code", block.info, block.text, place)
        case Table():
            return ("table", block.header, tuple(block.rows), block.open_row, place)
        case Formula():
            return ("formula", block.tex, place)
        case Rule():
            return ("rule", place)


def texts(stream: BlockStream) -> list[str]:
    return [block.text for block in stream.blocks if isinstance(block, Paragraph | Code)]
