"""What is copied of a table: text with tabs, a table in Markdown, one in HTML."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from app.markdown.blocks import Alignment
from app.markdown.writing import html_of
from app.ui.transcript.cells.cell import Span
from app.ui.transcript.cells.table_source import TableSource

_DASHES: dict[Alignment, str] = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}


class _Piece(NamedTuple):
    """What is copied of a cell: all of it, or some of what it shows. Of others nothing."""

    source: str
    text: str
    is_whole: bool


def text_of_table(table: TableSource, span: Span) -> str:
    (first, start), (last, end) = span
    rows = [table.shown(row) for row in range(first, min(last + 1, table.count))]
    if not rows:
        return ""
    if last < first + len(rows):
        rows[-1] = rows[-1][:end]
    rows[0] = rows[0][start:]
    return "\n".join(rows)


def markdown_of_table(table: TableSource, span: Span) -> str:
    """With the header whatever is copied: without one it would be no table. Of a single cell its text alone."""
    if (alone := _alone(table, span)) is not None:
        return alone.source if alone.is_whole else alone.text
    rows = [
        _markdown_row(piece.source if piece.is_whole else piece.text for piece in row) for row in _rows(table, span)
    ]
    header = _markdown_row(table.cells(0))
    dashes = _markdown_row(_DASHES[alignment] for alignment in table.block.alignments)
    return "\n".join([header, dashes, *rows])


def html_of_table(table: TableSource, span: Span) -> str:
    """As `markdown_of_table`."""
    if (alone := _alone(table, span)) is not None:
        return f"<p>{_html(table, alone)}</p>"
    whole_header = (_Piece(source, "", is_whole=True) for source in table.cells(0))
    header = _html_row(table, whole_header, "th")
    rows = "".join(_html_row(table, row, "td") for row in _rows(table, span))
    return f"<table><thead>{header}</thead><tbody>{rows}</tbody></table>"


def _alone(table: TableSource, span: Span) -> _Piece | None:
    """The one cell that something is copied of, if it is one."""
    (first, _), (last, _) = span
    if first != last or first >= table.count:
        return None
    pieces = [piece for piece in _pieces(table, first, span) if piece.text]
    return pieces[0] if len(pieces) == 1 else None


def _rows(table: TableSource, span: Span) -> Iterator[list[_Piece]]:
    """Below the header."""
    (first, _), (last, _) = span
    for row in range(max(1, first), min(last + 1, table.count)):
        if first < row < last:
            yield [_Piece(source, "", is_whole=True) for source in table.cells(row)]
            continue
        pieces = _pieces(table, row, span)
        if any(piece.text for piece in pieces):
            yield pieces


def _pieces(table: TableSource, row: int, span: Span) -> list[_Piece]:
    (first, start), (last, end) = span
    begin = 0
    pieces: list[_Piece] = []
    for source, shown in zip(table.cells(row), table.shown_cells(row), strict=True):
        left = max(0, start - begin) if row == first else 0
        right = min(len(shown), end - begin) if row == last else len(shown)
        pieces.append(_Piece(source, shown[left : max(left, right)], is_whole=left == 0 and right >= len(shown)))
        begin += len(shown) + 1
    return pieces


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _html_row(table: TableSource, cells: Iterable[_Piece], tag: str) -> str:
    made: list[str] = []
    for alignment, piece in zip(table.block.alignments, cells, strict=False):
        style = f' style="text-align: {alignment}"' if alignment else ""
        made.append(f"<{tag}{style}>{_html(table, piece)}</{tag}>")
    return f"<tr>{''.join(made)}</tr>"


def _html(table: TableSource, piece: _Piece) -> str:
    return html_of(table.runs(piece.source)) if piece.is_whole else escape(piece.text)
