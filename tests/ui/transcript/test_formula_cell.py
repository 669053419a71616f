"""A formula that stands on its own: its source until it is set in type, then in the middle of the width."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.markdown.blocks import Formula
from app.markdown.outlines import NotTypeset, Outlines
from app.ui.theme import Theme
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import END, START, UNMARKED, Marked
from app.ui.transcript.cells.formula import FormulaCell
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.materials import Materials
from app.ui.transcript.style import Style

BAR = (("M", (0.0, -1.0)), ("L", (1.0, -1.0)), ("L", (1.0, 0.5)), ("L", (0.0, 0.5)), ("Z", ()))


def as_wide_as_it_says(tex: str, is_display: bool) -> Outlines:
    """A bar at the left, and nothing more, in a width of so many ems."""
    if not tex.isdecimal():
        raise NotTypeset(tex)
    return Outlines(float(tex), 1.0, 0.5, (BAR,))


@pytest.fixture
def quick(materials: Materials, qapp: QObject) -> Materials:
    return replace(materials, formulas=Formulas(qapp, load=lambda: as_wide_as_it_says))


def formula(*lines: str, is_closed: bool = True) -> Formula:
    block = Formula(0)
    block.lines = list(lines)
    block.is_closed = is_closed
    return block


def laid_out(block: Formula, materials: Materials, width: int = 400) -> FormulaCell:
    cell = FormulaCell(block, materials)
    cell.resize(width)
    cell.count()
    cell.lay_out(Budget(60))
    return cell


@pytest.fixture
def in_type(qtbot: QtBot, quick: Materials) -> Callable[..., FormulaCell]:
    def make(tex: str, width: int = 400) -> FormulaCell:
        qtbot.waitUntil(lambda: quick.formulas.picture(tex, 1, is_display=True) is not None)
        return laid_out(formula(tex), quick, width)

    return make


def painted(cell: FormulaCell, marked: Marked = UNMARKED) -> QImage:
    image = QImage(cell.width, cell.height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    cell.paint(painter, QRect(0, 0, cell.width, cell.height), marked)
    painter.end()
    return image


def ink_columns(cell: FormulaCell, materials: Materials) -> list[int]:
    image = painted(cell)
    color = materials.style.body.color
    rows = range(image.height() // 2)
    return [x for x in range(image.width()) if any(image.pixelColor(x, y) == color for y in rows)]


def test_its_source_is_there_until_it_is_set(qtbot: QtBot, quick: Materials) -> None:
    cell = laid_out(formula("5"), quick)
    source = painted(cell)
    assert cell.is_settled
    qtbot.waitUntil(cell.refresh)
    assert [cell.refresh() for _ in range(2)] == [False, False]  # nothing came since
    assert cell.is_settled
    assert painted(cell) != source


def test_a_formula_that_is_being_written_is_not_set(qtbot: QtBot, quick: Materials) -> None:
    block = formula("5", is_closed=False)
    cell = laid_out(block, quick)
    qtbot.wait(60)
    assert not cell.refresh()
    was_settled = cell.is_settled
    block.is_closed = True
    assert (was_settled, cell.is_settled) == (True, False)
    cell.lay_out(Budget(60))
    qtbot.waitUntil(cell.refresh)


def test_one_that_cannot_be_set_stays_its_source(qtbot: QtBot, quick: Materials) -> None:
    cell = laid_out(formula("nonsense"), quick)
    source = painted(cell)
    qtbot.waitUntil(lambda: quick.formulas.has_failed("nonsense"))
    assert not cell.refresh()
    assert cell.is_settled
    assert painted(cell) == source


def test_it_stands_in_the_middle(in_type: Callable[..., FormulaCell], quick: Materials) -> None:
    cell = in_type("10")
    width_px = 10 * quick.style.body.px * 1.22
    assert ink_columns(cell, quick)[0] == pytest.approx((cell.width - width_px) / 2, abs=1.5)


def test_one_that_is_wider_than_the_column_is_moved_sideways(
    in_type: Callable[..., FormulaCell], quick: Materials
) -> None:
    narrow, wide = in_type("10"), in_type("100")
    assert not narrow.scroll_by(10)
    assert ink_columns(wide, quick)[0] in (0, 1)
    assert wide.height > narrow.height  # room for the thumb
    assert not wide.scroll_by(-10)
    assert wide.scroll_by(10)
    assert ink_columns(wide, quick)[-1] == ink_columns(in_type("100"), quick)[-1] - 10
    assert wide.scroll_by(10_000)
    assert not wide.scroll_by(1)
    wide.resize(10_000)
    assert ink_columns(wide, quick)


def test_zoom_makes_it_larger(in_type: Callable[..., FormulaCell], quick: Materials, theme: Theme) -> None:
    small = in_type("10")
    large = laid_out(formula("10"), replace(quick, style=Style(theme, 2.0)), 800)
    assert large.height == pytest.approx(2 * small.height, abs=4)


def test_it_is_copied_with_its_delimiters_if_it_is_all_of_it(quick: Materials) -> None:
    cell = laid_out(formula("a < b", "+ c"), quick)
    assert cell.text_between((START, END)) == "$$\na < b\n+ c\n$$"
    assert cell.text_between(((0, 0), (0, 9))) == "$$\na < b\n+ c\n$$"
    assert cell.text_between(((0, 4), (0, 9))) == "b\n+ c"
    assert cell.markdown_between((START, END)) == "$$\na < b\n+ c\n$$"
    assert cell.html_between(((0, 0), (0, 3))) == "<p>a &lt;</p>"
    assert cell.lines() == ("a < b\n+ c",)


def test_in_type_it_is_selected_as_a_whole(in_type: Callable[..., FormulaCell], quick: Materials) -> None:
    cell = in_type("12")
    assert cell.mark_at(10, 10) == START
    assert cell.mark_at(390, 10) == (0, 2)
    assert cell.word_at((0, 1)) == ((0, 0), (0, 2))
    selection = quick.style.body.selection
    ground = [painted(cell, Marked(span)).pixelColor(200, 5) for span in ((START, END), ((0, 2), (0, 2)))]
    assert ground == [selection, QColor("white")]
    assert painted(cell, Marked(found=[(START, (0, 1))])).pixelColor(200, 5) == quick.style.body.found


def test_its_source_is_selected_by_characters(quick: Materials) -> None:
    cell = laid_out(formula("first", "second", is_closed=False), quick)
    line_px = quick.style.code.line_px
    assert cell.mark_at(0, 0) == START
    assert cell.mark_at(390, 15) == (0, 5)
    assert cell.mark_at(390, 15 + line_px) == (0, 12)
    assert cell.y_of((0, 8)) == cell.y_of((0, 1)) + line_px
    assert cell.word_at((0, 7)) == ((0, 6), (0, 12))


def test_the_source_grows_as_it_is_written(quick: Materials) -> None:
    block = formula(is_closed=False)
    cell = laid_out(block, quick)
    for lines, open_line in ([], "a"), ([], "ab"), (["abc"], ""), (["abc"], "d"):
        block.lines, block.open_line = lines, open_line
        assert not cell.is_settled
        cell.lay_out(Budget(60))
        assert cell.is_settled
    assert cell.lines() == ("abc\nd",)
    assert cell.mark_at(390, 500) == (0, len("abc\nd"))
    assert cell.growth_y < cell.y_of((0, 5)) + 1


def test_the_dot_stands_behind_what_is_being_written(quick: Materials) -> None:
    block = formula("ab", is_closed=False)
    center = laid_out(block, quick).dot_center()
    assert center is not None
    longer = laid_out(formula("abcd", is_closed=False), quick).dot_center()
    assert longer is not None
    assert longer.x() > center.x()
    assert laid_out(formula("ab"), quick).dot_center() is None


def test_a_long_source_is_laid_out_in_slices(quick: Materials) -> None:
    cell = FormulaCell(formula("x" * 50_000), quick)
    cell.resize(400)
    cell.count()
    cell.lay_out(Budget(0))
    assert not cell.is_settled
    assert cell.height > 50_000 / 100 * quick.style.code.line_px
