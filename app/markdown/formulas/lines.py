"""The lines between the columns and rows of a table in a formula, drawn where its cells turned out to stand."""

from collections.abc import Iterator, Sequence

from app.markdown.formulas.tables import TableLines

Mark = tuple[str, float, float, float]  # "mark table row column"; x, top, height
Rectangle = tuple[float, float, float, float]


def drawn_lines(tables: Sequence[TableLines], marks: Sequence[Mark], *, thickness: float) -> Iterator[Rectangle]:
    """x, y, width and height. Marks stand at both ends of each cell."""
    for number, lines in enumerate(tables):
        cells = [(*_place(name), x, y, y + height) for name, x, y, height in marks if _table(name) == number]
        if not cells:
            continue
        xs = [cell[2] for cell in cells]
        top, bottom = min(cell[3] for cell in cells), max(cell[4] for cell in cells)
        for column in lines.columns:
            before = max((x for _, c, x, _, _ in cells if c <= column), default=0.0)
            after = min((x for _, c, x, _, _ in cells if c > column), default=before)
            yield (before + after - thickness) / 2, top, thickness, bottom - top
        for row in lines.rows:
            above = max((y for r, _, _, _, y in cells if r <= row), default=0.0)
            below = min((y for r, _, _, y, _ in cells if r > row), default=above)
            yield min(xs), (above + below - thickness) / 2, max(xs) - min(xs), thickness


def _table(name: str) -> int:
    return int(name.split()[1])


def _place(name: str) -> tuple[int, int]:
    _, _, row, column = name.split()
    return int(row), int(column)
