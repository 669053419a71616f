"""What is copied of a message, for programs that show rich text."""

from app.markdown.blocks import Container, Footnote, Item, ItemList, Quote
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.excerpt import Piece

_Opened = Container | ItemList


def html_of(pieces: list[Piece]) -> str:
    """A part of one paragraph is running text, all else stands in blocks."""
    if len(pieces) == 1 and not pieces[0].is_whole:
        return pieces[0].cell.html_between(pieces[0].span)
    parts: list[str] = []
    opened: list[_Opened] = []
    for piece in pieces:
        wanted = _around(piece)
        shared = 0
        while shared < min(len(opened), len(wanted)) and opened[shared] is wanted[shared]:
            shared += 1
        while len(opened) > shared:
            parts.append(_closing(opened.pop()))
        for container in wanted[shared:]:
            parts.append(_opening(container))
            opened.append(container)
        parts.append(_block(piece))
    parts += [_closing(container) for container in reversed(opened)]
    return "".join(parts)


def _around(piece: Piece) -> list[_Opened]:
    """What the piece stands in, from the outside."""
    result: list[_Opened] = []
    container = piece.container
    while container is not None:
        result.append(container)
        if isinstance(container, Item):
            result.append(container.list)
        container = container.parent
    return result[::-1]


def _opening(opened: _Opened) -> str:
    match opened:
        case Quote():
            return "<blockquote>"
        case ItemList() if opened.is_ordered:
            return f'<ol start="{opened.first_number}">' if opened.first_number != 1 else "<ol>"
        case ItemList():
            return "<ul>"
        case Item():
            return "<li>" if opened.is_done is None else f"<li>{'☑' if opened.is_done else '☐'} "
        case Footnote():
            return "<div>"


def _closing(opened: _Opened) -> str:
    match opened:
        case Quote():
            return "</blockquote>"
        case ItemList():
            return "</ol>" if opened.is_ordered else "</ul>"
        case Item():
            return "</li>"
        case Footnote():
            return "</div>"


def _block(piece: Piece) -> str:
    inside = piece.cell.html_between(piece.span)
    if not isinstance(piece.cell, TextCell):
        return inside
    level = piece.cell.block.level
    if level:
        return f"<h{level}>{inside}</h{level}>"
    is_tight = isinstance(piece.container, Item) and piece.container.list.is_tight
    return inside if is_tight else f"<p>{inside}</p>"
