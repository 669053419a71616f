"""A table is the same however it came; only what is in sight is laid out; all of it can be copied."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.markdown.blocks import Alignment, Table
from app.markdown.references import References
from app.markdown.stream import BlockStream
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import END, START, UNMARKED, Marked
from app.ui.transcript.cells.table import TableCell
from app.ui.transcript.cells.table_row import TableRow
from app.ui.transcript.materials import Materials

_CELLS = st.sampled_from(["", "word", "some longer text in a cell", "12.5", "**bold**", "`code`", "漢字", "a|b"])
_ROWS = st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=12)
_ONE_PAGE = 600


def table(*rows: Sequence[str], header: Sequence[str] = ("One", "Two", "Three"), alignments: str = "") -> Table:
    names: dict[str, Alignment] = {"l": "left", "c": "center", "r": "right"}
    block = Table(0, header, [names.get(letter, "") for letter in alignments.ljust(len(header))])
    block.rows = [tuple(row) for row in rows]
    block.is_closed = True
    return block


def new_cell(block: Table, materials: Materials, width: int = 760, references: References | None = None) -> TableCell:
    cell = TableCell(block, materials, references or References())
    cell.resize(width)
    cell.count()
    return cell


def settle(cell: TableCell) -> TableCell:
    for _ in range(100):
        if cell.is_settled:
            break
        cell.lay_out(Budget(60))
    assert cell.is_settled
    return cell


def laid_out(block: Table, materials: Materials, width: int = 760) -> TableCell:
    return settle(new_cell(block, materials, width))


def painted(cell: TableCell, marked: Marked = UNMARKED) -> QImage:
    image = QImage(cell.width, cell.height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    cell.paint(painter, QRect(0, 0, cell.width, cell.height), marked)
    painter.end()
    return image


def ink_in_row(cell: TableCell, row: int) -> list[int]:
    """Where there is something in a row of the picture, from left to right."""
    image = painted(cell)
    ys = range(cell.y_of((row, 0)) + 10, cell.y_of((row, 0)) + 30)
    return [x for x in range(image.width()) if any(image.pixelColor(x, y).lightness() < 128 for y in ys)]


def spot_of(cell: TableCell, mark: tuple[int, int]) -> QPoint:
    """A point that is nearest to this mark."""
    row, index = mark
    y = cell.y_of((row, 0)) + 20
    return QPoint(next(x for x in range(0, cell.width, 2) if cell.mark_at(x, y) == (row, index)), y)


@given(rows=_ROWS, cuts=st.lists(st.integers(0, 12), max_size=4), width=st.integers(200, 900))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_that_streams_in_looks_like_one_that_is_there_at_once(
    materials: Materials, rows: list[tuple[str, str, str]], cuts: list[int], width: int
) -> None:
    whole = laid_out(table(*rows), materials, width)
    block = table()
    streamed = laid_out(block, materials, width)
    for cut in sorted({min(cut, len(rows)) for cut in cuts} | {len(rows)}):
        block.rows = [*rows[:cut]]
        if cut < len(rows):
            block.open_row = rows[cut][:2]
            settle(streamed)
        block.open_row = ()
        settle(streamed)
    assert streamed.height == whole.height
    assert painted(streamed) == painted(whole)


def test_of_ten_thousand_rows_only_those_in_sight_are_laid_out(
    materials: Materials, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = new_cell(table(*[("text that is wrapped " * 4, "`code`", "1")] * 10_000), materials, 300)
    cell.look_at(100_000, 100_000 + _ONE_PAGE)
    fitted: list[TableRow] = []
    fit = TableRow.fit

    def note(row: TableRow, lefts: Sequence[int], widths: Sequence[int]) -> None:
        fitted.append(row)
        fit(row, lefts, widths)

    monkeypatch.setattr(TableRow, "fit", note)
    settle(cell)
    assert 3 < len(fitted) < 30


def test_a_cell_that_is_being_written_widens_no_column_by_what_markdown_will_hide(materials: Materials) -> None:
    whole = laid_out(table(("[x](http://a.example/with/a/long/path)", "y", "z")), materials)
    block = table()
    streamed = laid_out(block, materials)
    block.open_row = ("[x](http://a.example/with/a/long",)
    settle(streamed)
    block.rows, block.open_row = [("[x](http://a.example/with/a/long/path)", "y", "z")], ()
    settle(streamed)
    assert painted(streamed) == painted(whole)


def test_rows_out_of_sight_get_heights_that_are_about_right(materials: Materials) -> None:
    text = "several words that take more than one line in a narrow column " * 3
    block = table(*[(text, text, "1")] * 300)
    exact = laid_out(block, materials, 500).height
    guessed = new_cell(block, materials, 500)
    assert guessed.height == pytest.approx(exact, rel=0.4)
    guessed.look_at(0, 100)
    settle(guessed)
    assert guessed.height == pytest.approx(exact, rel=0.2)


def test_what_comes_into_sight_is_laid_out_before_it_is_seen(materials: Materials) -> None:
    block = table(*[("text that is wrapped in a column " * 9, "x", "1")] * 300)
    cell = new_cell(block, materials, 300)
    cell.look_at(0, _ONE_PAGE)
    settle(cell)
    cell.look_at(5_000, 5_000 + _ONE_PAGE)
    was_settled = cell.is_settled
    settle(cell)
    exact = laid_out(block, materials, 300)
    row, _ = cell.mark_at(0, 5_200)
    heights = [each.y_of((row + 1, 0)) - each.y_of((row, 0)) for each in (cell, exact)]
    assert heights[0] == heights[1]
    assert not was_settled


def test_laying_out_stops_when_the_time_is_spent(materials: Materials) -> None:
    cell = new_cell(table(*[("`a cell`", "text", "1")] * 3_000), materials)
    cell.lay_out(Budget(0))
    assert not cell.is_settled
    assert cell.height > 3_000 * 20


def test_a_cell_without_end_does_not_make_its_row_endless(materials: Materials) -> None:
    cell = laid_out(table(("x" * 100_000, "y", "z")), materials)
    assert cell.height < 20_000
    assert len(cell.text_between((START, END))) > 100_000


def test_text_stands_where_its_column_is_aligned(materials: Materials) -> None:
    cell = laid_out(table(("a", "b", "c"), header=("", "", ""), alignments="lcr"), materials)
    left, middle, right = (x for x in ink_in_row(cell, 1) if x - 1 not in ink_in_row(cell, 1))
    columns = cell._grid
    assert left < 5
    assert middle == pytest.approx(columns.lefts[1] + columns.widths[1] / 2, abs=6)
    assert right > cell.width - 12


def test_aligned_text_that_is_wrapped_is_aligned_in_every_line(materials: Materials) -> None:
    cell = laid_out(table(("words " * 60, "x"), header=("A", "B"), alignments="rl"), materials, 300)
    assert max(x for x in ink_in_row(cell, 1) if x < cell._grid.lefts[1]) > cell._grid.widths[0] - 12


def test_text_from_right_to_left_stands_on_the_right(materials: Materials) -> None:
    cell = laid_out(table(("שלום", "x", "y")), materials)
    first = [x for x in ink_in_row(cell, 1) if x < cell._grid.lefts[1]]
    assert first[0] > cell._grid.widths[0] / 2


def test_the_header_is_bolder_than_the_rows(materials: Materials) -> None:
    cell = laid_out(table(("Words", "", ""), header=("Words", "", "")), materials)
    assert len(ink_in_row(cell, 0)) > len(ink_in_row(cell, 1))


def test_a_place_is_found_where_it_is_painted(materials: Materials) -> None:
    cell = laid_out(table(("one", "two", "three"), ("four", "five", "six")), materials)
    for row in range(3):
        for character in (0, 2, 5):
            spot = spot_of(cell, (row, character))
            assert cell.mark_at(spot.x(), spot.y()) == (row, character)
    assert cell.mark_at(-50, -50) == (0, 0)
    assert cell.mark_at(9_999, 9_999) == (2, len("four\tfive\tsix"))
    assert cell.word_at((2, 6)) == ((2, 5), (2, 9))


def test_the_lines_of_a_cell_are_told_apart(materials: Materials) -> None:
    cell = laid_out(table(("word " * 40, "x", "y")), materials, 300)
    tops = [cell.y_of((1, index)) for index in (0, 1, 60, 120)]
    assert tops == sorted(tops)
    assert tops[-1] > tops[0] + 40
    assert cell.mark_at(0, tops[-1] + 5)[1] > 60


def test_text_is_copied_with_tabs_and_lines(materials: Materials) -> None:
    cell = laid_out(table(("**one**", "two", "three"), ("four", "five", "six")), materials)
    assert cell.text_between((START, END)) == "One\tTwo\tThree\none\ttwo\tthree\nfour\tfive\tsix"
    assert cell.text_between(((1, 4), (2, 4))) == "two\tthree\nfour"
    assert cell.lines() == ["One\tTwo\tThree", "one\ttwo\tthree", "four\tfive\tsix"]


@given(rows=_ROWS.filter(bool))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_markdown_of_a_table_reads_as_that_table(materials: Materials, rows: list[tuple[str, str, str]]) -> None:
    block = table(*rows, alignments=" cr")
    copied = new_cell(block, materials).markdown_between((START, END))
    stream = BlockStream()
    stream.feed(copied)
    stream.finish()
    (again,) = stream.blocks
    assert isinstance(again, Table)
    assert (again.header, again.alignments, again.rows) == (block.header, block.alignments, block.rows)


def test_some_rows_are_copied_as_a_table_with_its_header(materials: Materials) -> None:
    cell = laid_out(table(("**one**", "a|b", "three"), ("four", "five", "six"), alignments=" cr"), materials)
    assert cell.markdown_between(((1, 1), (2, 4))) == (
        "| One | Two | Three |\n| --- | :-: | --: |\n| ne | a\\|b | three |\n| four |  |  |"
    )
    assert cell.markdown_between(((1, 0), (1, 3))) == "**one**"
    assert cell.markdown_between(((1, 1), (1, 3))) == "ne"


def test_a_word_processor_gets_a_table(materials: Materials) -> None:
    cell = laid_out(table(("**one**", "<b>", "3"), alignments="  r"), materials)
    html = cell.html_between((START, END))
    assert html.count("<tr>") == 2
    assert "<th>One</th>" in html
    assert "<td><strong>one</strong></td>" in html
    assert "&lt;b&gt;" in html
    assert '<td style="text-align: right">3</td>' in html
    assert cell.html_between(((1, 4), (1, 7))) == "<p>&lt;b&gt;</p>"


def test_links_are_found_by_mouse_and_in_order(materials: Materials) -> None:
    block = table(("[one](http://one.example) and", "x", "[two](http://two.example)"))
    cell = laid_out(block, materials)
    painted(cell)
    first, second = cell.links()
    assert (first.href, second.href) == ("http://one.example", "http://two.example")
    assert [cell.text_between(link.span) for link in (first, second)] == ["one", "two"]
    spot = spot_of(cell, (1, 1))
    assert cell.link_at(spot.x(), spot.y()) == "http://one.example"
    assert cell.link_at(spot.x(), 5) == ""
    assert cell.link_at(spot_of(cell, (1, 8)).x() - 20, spot.y() + 500) == ""


def test_a_label_that_is_defined_later_becomes_a_link(materials: Materials) -> None:
    references = References()
    cell = settle(new_cell(table(("[a]", "x", "y")), materials, references=references))
    assert not cell.links()
    references.links["A"] = references.links["a"] = ("http://a.example", "")
    references.version += 1
    was_settled = cell.is_settled
    painted(settle(cell))
    assert [link.href for link in cell.links()] == ["http://a.example"]
    assert not was_settled


def test_a_table_wider_than_its_room_is_moved_sideways(materials: Materials) -> None:
    numbers = [f"number {number}" for number in range(12)]
    cell = laid_out(table(numbers, header=numbers), materials, 400)
    narrow = laid_out(table(("a", "b", "c")), materials, 400)
    assert not narrow.scroll_by(5)
    before = cell.mark_at(100, 5)
    assert not cell.scroll_by(-5)
    assert cell.scroll_by(200)
    assert cell.mark_at(100, 5) > before
    shifted = painted(cell)
    assert cell.scroll_by(-200)
    assert painted(cell) != shifted
    assert cell.scroll_by(100_000)
    assert not cell.scroll_by(1)
    assert cell.mark_at(399, 5) == (0, len("\t".join(numbers)))
    cell.resize(4_000)
    settle(cell)
    assert cell.mark_at(0, 5) == (0, 0)


def test_what_is_selected_and_found_stands_on_a_ground(materials: Materials) -> None:
    cell = laid_out(table(("one", "two", "three"), ("four", "five", "six")), materials)
    style = materials.style.body

    def grounds(marked: Marked, row: int) -> set[str]:
        image = painted(cell, marked)
        y = cell.y_of((row, 0)) + 11
        return {image.pixelColor(x, y).name() for x in range(image.width())}

    marked = Marked(selected=((1, 4), (2, 2)))
    assert [style.selection.name() in grounds(marked, row) for row in range(3)] == [False, True, True]
    marked = Marked(found=[((2, 0), (2, 4))], current=((2, 5), (2, 9)))
    assert {style.found.name(), style.found_current.name()} <= grounds(marked, 2)
    assert style.found.name() not in grounds(marked, 1)


def test_a_row_that_is_being_written_is_shown_with_the_dot_behind_it(materials: Materials) -> None:
    block = table(("one", "two", "three"))
    block.is_closed = False
    cell = laid_out(block, materials)
    height = cell.height
    centers = []
    for row in (("four",), ("four", "fi"), ("four", "five")):
        block.open_row = row
        settle(cell)
        centers.append(cell.dot_center())
    assert cell.height > height
    assert cell.text_between(((2, 0), (2, 99))) == "four\tfive"
    xs = [center.x() for center in centers if center is not None]
    assert xs == sorted(set(xs))
    assert len(xs) == 3
    assert cell.growth_y == cell.y_of((2, 0))
    block.is_closed = True
    assert cell.dot_center() is None


def test_other_columns_are_told_of_before_anything_moves(materials: Materials) -> None:
    block = table(("one", "two", "three"))
    cell = laid_out(block, materials)
    before = painted(cell)
    block.rows.append(("a much longer cell than all of those before it", "x", "y"))
    assert cell.growth_y == cell.y_of((1, 0))
    cell.lay_out(Budget(60))
    first_row = QRect(0, 0, cell.width, cell.y_of((1, 0)) + 20)
    assert painted(cell).copy(first_row) == before.copy(first_row)
    assert not cell.is_settled
    assert cell.growth_y == 0
    settle(cell)
    assert painted(cell).copy(first_row) != before.copy(first_row)


def test_a_formula_takes_the_place_of_its_source(qtbot: QtBot, materials: Materials) -> None:
    block = table((r"$\frac{a}{b}$", "x", "y"))
    cell = laid_out(block, materials)
    source, height = painted(cell), cell.height
    qtbot.waitUntil(cell.refresh, timeout=20_000)
    settle(cell)
    assert painted(cell) != source
    assert cell.height > height
    assert not cell.refresh()
