"""Matrices, cases and aligned equations: their rows at even distances, and the lines between them."""

from typing import NamedTuple
from xml.etree.ElementTree import Element

from app.markdown.formulas.lengths import ems

# TeX's strut: without one, rows without ascenders would stand closer than others.
_STRUT_HEIGHT_EM, _STRUT_DEPTH_EM = 0.7, 0.3
_ROW_GAP_EM = 0.2
_EQUATION_GAP_EM = 0.5
_COLUMN_GAP_EM = 1.0


class TableLines(NamedTuple):
    """After which columns and rows a line is drawn."""

    columns: frozenset[int]
    rows: frozenset[int]


def fit_table(table: Element, number: int) -> TableLines | None:
    """
    What is to be drawn between its cells, None for nothing.

    With lines, every cell has an empty space at both ends that tells where it stands: "mark number row column".
    """
    lines = _lines(table)
    is_aligned = table.get("displaystyle") == "true"
    is_small = "scriptlevel" in table.attrib or table.get("rowspacing") == ems(0.1)
    table.attrib.setdefault("displaystyle", "false")
    table.attrib.setdefault("columnspacing", ems(_COLUMN_GAP_EM))
    if not is_small:
        table.set("rowspacing", ems(_EQUATION_GAP_EM if is_aligned else _ROW_GAP_EM))
    for row_number, row in enumerate(table):
        for column_number, cell in enumerate(row):
            fill = f"mark {number} {row_number} {column_number}" if lines is not None else ""
            cell.insert(0, _strut(fill, is_small=is_small))
            if lines is not None:
                cell.append(_strut(fill, is_small=is_small))
    return lines


def _strut(fill: str, *, is_small: bool) -> Element:
    share = 0.8 if is_small else 1.0
    strut = Element("mspace", width="0", height=ems(_STRUT_HEIGHT_EM * share), depth=ems(_STRUT_DEPTH_EM * share))
    if fill:
        strut.set("mathbackground", fill)
    return strut


def _lines(table: Element) -> TableLines | None:
    columns = _numbers(table.attrib.pop("columnlines", ""))
    rows = _numbers(table.attrib.pop("rowlines", ""))
    return TableLines(columns, rows) if columns or rows else None


def _numbers(kinds: str) -> frozenset[int]:
    return frozenset(number for number, kind in enumerate(kinds.split()) if kind != "none")
