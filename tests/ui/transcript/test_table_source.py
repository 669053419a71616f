"""What the cells of a table show is what their Markdown says, read only where there is some."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.blocks import Table
from app.markdown.inline import runs_of
from app.markdown.references import References
from app.markdown.runs import Run
from app.ui.transcript.cells.table_source import LONGEST_CELL, TableSource, is_plain


def source(*rows: tuple[str, ...]) -> TableSource:
    block = Table(0, ["a", "b"], ["", ""])
    block.rows = list(rows)
    result = TableSource(block, References())
    result.read()
    return result


@given(st.text(alphabet=st.sampled_from("ab1 .,-+*_`~[](){}<>$&!:@#|\\/^=éß漢w\u200b"), max_size=30))
@settings(max_examples=400)
def test_a_plain_text_is_what_reading_it_would_show(text: str) -> None:
    text = text.strip(" \t\n")  # as the cells of a row are
    if text and is_plain(text):
        assert runs_of(text, References()) == [Run(text)]


@pytest.mark.parametrize(
    "text", ["www.a.example", "http://a.example", "a@b.example", "**b**", "`c`", "[l](x)", "&amp;"]
)
def test_what_says_more_than_its_characters_is_not_plain(text: str) -> None:
    assert not is_plain(text)


def test_a_row_is_its_cells_parted_by_tabs() -> None:
    table = source(("**one**", "`two`"), ("[three](http://a.example)", "four"))
    assert [table.shown(row) for row in range(table.count)] == ["a\tb", "one\ttwo", "three\tfour"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("one<br>two", "one\ntwo"),
        ("one<BR/>two<br />**three**", "one\ntwo\nthree"),
        ("`a<br>b`", "a<br>b"),
        ("`a` one<br>two", "a one\ntwo"),
        ("<b>no</b>", "<b>no</b>"),
    ],
)
def test_a_line_ends_at_a_break_tag_and_all_other_tags_are_text(cell: str, shown: str) -> None:
    assert source((cell, "")).shown_cells(1) == [shown, ""]


def test_of_a_cell_without_end_only_the_beginning_is_laid_out() -> None:
    table = source(("x" * 100_000, "y"))
    assert sum(part.length for part in table.parts(table.cells(1)[0])) == LONGEST_CELL
    assert len(table.shown(1)) == 100_002


def test_reading_tells_from_which_row_on_there_is_news() -> None:
    table = source(("1", "2"))
    was_read = table.is_read
    assert table.read() == table.count == 2
    table.block.open_row = ("3",)
    assert (was_read, table.is_read) == (True, False)
    assert table.read() == 2
    table.block.rows.append(("3", "4"))
    table.block.open_row = ()
    assert table.read() == 2
    assert (table.count, table.complete) == (3, 3)
    assert table.shown(2) == "3\t4"
