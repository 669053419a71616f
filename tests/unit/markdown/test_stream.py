"""Text is seen as early as can be, and marks are not seen as text."""

import pytest

from app.markdown.blocks import Code, Formula, Item, Paragraph, Table
from tests.unit.markdown.streams import blocks_of, seen, stream_of, texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hel", "Hel"),
        ("`x", "`x"),
        ("**b", "**b"),
        ("- it", "it"),
        ("- **b", "**b"),
        ("> qu", "qu"),
        ("> - [x] do", "do"),
        ("## Ti", "Ti"),
        ("1. on", "on"),
        ("    co", "co"),
        ("```py\nx =", "x ="),
        ("```\n``x", "``x"),
        ("[a](b", "[a](b"),
        ("[^1]: no", "no"),
        ("$5", "$5"),
        ("$$ x $$ y", "$$ x $$ y"),
        ("text\n-x", "text\n-x"),
        ("text\n1.5", "text\n1.5"),
        ("text\n:--x", "text\n:--x"),
        ("a | b", "a | b"),
        ("| a |\nx", "| a |\nx"),
        ("> a\nlazy", "a\nlazy"),
    ],
)
def test_text_is_seen_before_its_line_ends(text: str, shown: str) -> None:
    assert texts(stream_of(*text))[-1] == shown


@pytest.mark.parametrize(
    "marks",
    [
        *(
            "-",
            "- ",
            "--",
            "**",
            "1",
            "1.",
            "1. ",
            "#",
            "## ",
            "`",
            "```py",
            "~~~",
            ">",
            "> ",
            "|",
            "| a | b |",
            "  ",
        ),
        *("$", "$$ x", "\\", "\\[ x", "[", "[a]", "[a]: /b", "[^1]", "[^1]: "),
    ],
)
def test_marks_are_not_seen_as_text_while_they_can_be_marks(marks: str) -> None:
    stream = stream_of("text\n\n")
    for mark in marks:
        stream.feed(mark)
        assert "".join(texts(stream)) == "text"


def test_what_may_close_a_fence_is_not_shown_as_code() -> None:
    stream = stream_of("```\nx\n", "``")
    assert texts(stream) == ["x\n"]
    stream.feed("y")
    assert texts(stream) == ["x\n``y"]


def test_the_sharps_at_the_end_of_a_heading_are_none_of_its_text() -> None:
    stream = stream_of(*"# C# and F ##")
    assert texts(stream) == ["C# and F"]
    stream.feed(" x #\n")
    assert texts(stream) == ["C# and F ## x"]


def test_a_line_of_a_thousand_characters_is_not_held_back_for_a_table() -> None:
    stream = stream_of(*"| a" * 400)
    assert texts(stream) == ["| a" * 400]
    stream.feed("\n" + "|-" * 400)
    stream.finish()
    assert [type(block) for block in stream.blocks] == [Table]


def test_the_last_line_of_a_paragraph_becomes_the_header_of_a_table() -> None:
    stream = stream_of("one\ntwo | three\n")
    (paragraph,) = stream.blocks
    stream.take_touched()
    stream.feed("--|--\n")
    assert [seen(block)[:3] for block in stream.blocks] == [("text", 0, "one"), ("table", ("two", "three"), ())]
    assert stream.blocks[0] is paragraph
    assert (paragraph.revision, stream.take_touched()) == (1, 0)


def test_a_paragraph_that_was_only_a_header_is_replaced() -> None:
    stream = stream_of("one\n\n", "- [x] two | three\n")
    assert texts(stream) == ["one", "two | three"]
    stream.take_touched()
    stream.feed("  --|--\n")
    table = stream.blocks[1]
    assert isinstance(table, Table)
    assert isinstance(table.container, Item)
    assert (table.header, table.container.is_done, stream.take_touched()) == (("[x] two", "three"), None, 1)


def test_the_row_being_written_is_seen_and_becomes_a_row() -> None:
    stream = stream_of("|a|b|\n|-|-|\n|1|2|\n", "| 3 ", "| fo")
    (table,) = stream.blocks
    assert isinstance(table, Table)
    assert (table.rows, table.open_row) == ([("1", "2")], ("3", "fo"))
    stream.feed("ur | 5 |\n")
    assert (table.rows, table.open_row) == ([("1", "2"), ("3", "four")], ())


def test_a_formula_is_seen_while_it_is_written() -> None:
    stream = stream_of("$$\nx^2\n", "+ y")
    (formula,) = stream.blocks
    assert isinstance(formula, Formula)
    assert (formula.lines, formula.open_line) == (["x^2"], "+ y")
    stream.feed("^2\nz")
    assert (formula.lines, formula.open_line) == (["x^2", "+ y^2"], "z")


@pytest.mark.parametrize(("opening", "closing"), [("$$", "$$"), ("\\[", "\\]")])
def test_what_may_close_a_formula_is_not_shown_as_part_of_it(opening: str, closing: str) -> None:
    stream = stream_of(f"{opening}\n", "x ", closing[0])
    (formula,) = stream.blocks
    assert isinstance(formula, Formula)
    assert formula.open_line == "x"
    stream.feed("5 ")
    assert formula.open_line == f"x {closing[0]}5"
    stream.feed(f"{closing} ")
    assert formula.open_line == f"x {closing[0]}5"
    stream.feed("\nafter")
    assert (formula.lines, formula.open_line, formula.is_closed) == ([f"x {closing[0]}5"], "", True)


def test_an_underlined_paragraph_is_revised_into_a_heading() -> None:
    stream = stream_of("Title\n")
    (paragraph,) = stream.blocks
    assert isinstance(paragraph, Paragraph)
    stream.feed("===\n")
    assert stream.blocks == [paragraph]
    assert (paragraph.level, paragraph.revision, paragraph.text) == (1, 1, "Title")


def test_a_box_to_tick_is_taken_off_its_text() -> None:
    stream = stream_of(*"- [x] done\n- [ ] not yet\n- neither")
    items = [block.container for block in stream.blocks]
    assert [item.is_done for item in items if isinstance(item, Item)] == [True, False, None]
    assert texts(stream) == ["done", "not yet", "neither"]


def test_items_know_the_numbers_that_are_shown() -> None:
    items = [block.container for block in blocks_of("7. a\n7. b\n\n   c\n1) d\n- e")]
    assert [item.number for item in items if isinstance(item, Item)] == [7, 8, 8, 1, 1]


def test_a_list_is_tight_until_a_blank_line_stands_in_it() -> None:
    stream = stream_of("- a\n- b\n")
    item = stream.blocks[0].container
    assert isinstance(item, Item)
    assert item.list.is_tight
    stream.feed("\n- c")
    assert not item.list.is_tight


def test_blocks_know_whether_a_blank_line_stands_above_them() -> None:
    blocks = blocks_of(
        "a\n- b\n\n  c\n> d\n>\n> e\n\n# f\n---\n\n```\n```\n\n[g]: /h\ni\n\n|j|\n|-|\n\n\n$$ k $$\n\n    l"
    )
    assert [block.follows_blank for block in blocks] == [
        *(False, False, True, False, True, True, False, True, False, True, True, True)
    ]


def test_definitions_are_no_blocks_and_count_as_new_versions() -> None:
    stream = stream_of("see [a]\n\n[a]: /there 'T'\n")
    assert stream.references.version == 1
    stream.feed("[A]: /elsewhere\n\n[^n]: note")
    assert texts(stream) == ["see [a]", "note"]
    assert stream.references.links == {"A": ("/there", "T")}
    assert stream.references.footnotes == {"n": 1}
    assert stream.references.version == 2


def test_line_ends_of_all_kinds_are_line_ends_wherever_the_text_is_cut() -> None:
    for chunks in (["a\r\nb\r\rc"], list("a\r\nb\r\rc"), ["a\r", "", "\nb\r", "\rc"]):
        assert texts(stream_of(*chunks, "\n")) == ["a\nb", "c"]


def test_a_line_end_that_was_cut_belongs_to_the_line_above() -> None:
    assert [block.start for block in stream_of(*"a\r\n# b\r\nc").blocks] == [0, 3, 8]


@pytest.mark.parametrize("opening", ["[", "[^", "$$ ", "\\[ "])
def test_nothing_is_held_back_for_more_than_four_thousand_characters(opening: str) -> None:
    stream = stream_of(opening, *["x"] * 4_000)
    assert texts(stream) == [opening + "x" * 4_000]


def test_an_opening_bracket_is_text_after_a_thousand_characters() -> None:
    assert texts(stream_of("[", *["word "] * 200)) == ["[" + "word " * 200]


def test_of_a_long_line_only_the_beginning_is_seen_in_a_formula_before_it_ends() -> None:
    stream = stream_of("$$\n", *["x"] * 2_000)
    (formula,) = stream.blocks
    assert isinstance(formula, Formula)
    assert formula.open_line == "x" * 1_000
    stream.feed("\n")
    assert (formula.open_line, formula.lines) == ("", ["x" * 2_000])


def test_a_nul_is_replaced() -> None:
    assert texts(stream_of("a\0b\n\n\0")) == ["a\ufffdb", "\ufffd"]


def test_code_without_a_fence_at_its_end_is_closed_by_the_end_of_the_text() -> None:
    (code,) = blocks_of("```\na\n\nb")
    assert isinstance(code, Code)
    assert (code.lines, code.open_pieces, code.is_closed) == (["a", "", "b"], [], True)
