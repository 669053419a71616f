"""However a text is cut into chunks, no character of it is lost, and a chunk costs the same wherever it comes."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.blocks import Block, Code, Formula, Item, Paragraph, Table, sources
from app.markdown.containers import MAX_DEPTH
from app.markdown.stream import BlockStream

_TEXTS = st.lists(
    st.sampled_from([*"`~- >#|\n\t1.[]:x$é", "\r", "\r\n", "```", "~~~", "    ", "[a]: b", "---", "|-|", "word"]),
    max_size=60,
).map("".join)


def stream_of(*chunks: str) -> BlockStream:
    stream = BlockStream()
    for chunk in chunks:
        stream.feed(chunk)
    return stream


def blocks_of(*chunks: str) -> list[Block]:
    stream = stream_of(*chunks)
    stream.finish()
    return stream.blocks


def texts(stream: BlockStream) -> list[str]:
    return [block.text for block in stream.blocks if isinstance(block, Paragraph | Code)]


@given(text=_TEXTS)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_the_sources_of_the_blocks_joined_are_the_text(text: str) -> None:
    blocks = blocks_of(text)
    assert "".join(sources(text, blocks)) == text
    starts = [block.start for block in blocks]
    assert starts == sorted(starts)
    assert [block.start for block in blocks_of(*text)] == starts


def test_a_source_begins_at_its_own_line() -> None:
    text = "one\n\n- two\n\n```\nthree\n```\n[a]: b\nfour"
    assert sources(text, blocks_of(text)) == ["one\n\n", "- two\n\n", "```\nthree\n```\n[a]: b\n", "four"]


def test_line_ends_of_all_kinds_are_line_ends_wherever_the_text_is_cut() -> None:
    for chunks in (["a\r\nb\r\rc"], list("a\r\nb\r\rc"), ["a\r", "\nb\r", "\rc"]):
        assert texts(stream_of(*chunks, "\n")) == ["a\nb", "c"]


def test_a_nul_is_replaced() -> None:
    assert texts(stream_of("a\0b")) == ["a\ufffdb"]


@pytest.mark.parametrize(
    ("opening", "shown"),
    [
        ("Hel", "Hel"),
        ("`x is", "`x is"),
        ("**bo", "**bo"),
        ("- it", "it"),
        ("> qu", "qu"),
        ("## Ti", "Ti"),
        ("1. on", "on"),
    ],
)
def test_text_is_handed_out_before_its_line_ends(opening: str, shown: str) -> None:
    assert texts(stream_of(*opening)) == [shown]


def test_a_line_of_code_is_handed_out_before_it_ends() -> None:
    assert texts(stream_of(*"```py\nx =")) == ["x ="]


def test_what_may_become_a_fence_is_not_shown_as_text() -> None:
    stream = stream_of("text\n")
    for chunk in ("`", "``", "py", "thon"):
        stream.feed(chunk)
        assert texts(stream) == ["text"]
    stream.feed("\nx")
    assert texts(stream) == ["text", "x"]


def test_what_may_close_a_fence_is_not_shown_as_code() -> None:
    stream = stream_of("```\nx\n", "``")
    assert texts(stream) == ["x\n"]
    stream.feed("y")
    assert texts(stream) == ["x\n``y"]


def test_a_line_that_may_be_a_tables_header_is_not_shown_as_text() -> None:
    stream = stream_of(*"| a | b |\n")
    assert "".join(texts(stream)) == ""
    stream.feed("|--")
    assert "".join(texts(stream)) == ""
    stream.feed("|--|\n")
    (table,) = stream.blocks
    assert isinstance(table, Table)
    assert table.header == ("a", "b")


def test_a_line_that_looked_like_a_header_is_text_after_all() -> None:
    assert texts(stream_of("| a | b |\n", "and more")) == ["| a | b |\nand more"]


def test_the_row_being_written_is_seen_and_becomes_a_row() -> None:
    stream = stream_of("|a|b|\n|-|-|\n|1|2|\n", "| 3 ", "| fo")
    (table,) = stream.blocks
    assert isinstance(table, Table)
    assert (table.rows, table.open_row) == ([("1", "2")], ("3", "fo"))
    stream.feed("ur |\n")
    assert (table.rows, table.open_row) == ([("1", "2"), ("3", "four")], ())


def test_a_formula_is_seen_while_it_is_written() -> None:
    stream = stream_of("$$\nx^2\n", "+ y", "^2\n$")
    (formula,) = stream.blocks
    assert isinstance(formula, Formula)
    assert formula.tex == "x^2\n+ y^2"
    stream.feed("$\nafter")
    assert formula.tex == "x^2\n+ y^2"
    assert formula.is_closed


def test_the_last_line_of_an_unclosed_fence_gets_no_line_end() -> None:
    for chunks in (["```\na\nb"], list("```\na\nb"), ["```\na\n--"]):
        (code,) = blocks_of(*chunks)
        assert isinstance(code, Code)
        assert code.text in ("a\nb", "a\n--")


def test_a_box_to_tick_is_taken_off_its_text() -> None:
    (paragraph,) = stream_of(*"- [x] done").blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(paragraph.container, Item)
    assert (paragraph.container.is_done, paragraph.text) == (True, "done")


def test_a_closed_block_is_never_touched_again() -> None:
    stream = stream_of("one\n\n```\ntwo\n```\nthree")
    assert stream.take_touched() == 0
    before = [(id(block), block.revision) for block in stream.blocks[:2]]
    stream.feed(" more\n\n\n```\nagain\n```\n")
    assert stream.take_touched() == 2
    stream.finish()
    assert [(id(block), block.revision) for block in stream.blocks[:2]] == before


def test_nothing_new_touches_nothing() -> None:
    stream = stream_of("one\n\ntwo")
    stream.take_touched()
    assert stream.take_touched() == len(stream.blocks)


def test_an_underlined_paragraph_is_revised_into_a_heading() -> None:
    stream = stream_of("Title\n")
    (paragraph,) = stream.blocks
    assert isinstance(paragraph, Paragraph)
    stream.feed("===\n")
    assert stream.blocks == [paragraph]
    assert (paragraph.level, paragraph.revision, paragraph.text) == (1, 1, "Title")


def test_definitions_are_no_blocks_and_count_as_a_new_version() -> None:
    stream = stream_of("see [a]\n\n[a]: /there 'T'\n")
    before = stream.references.version
    stream.feed("\nmore")
    assert texts(stream) == ["see [a]", "more"]
    assert stream.references.links == {"A": ("/there", "T")}
    assert stream.references.version == before + 1


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_two_thousand_containers_are_text_below_a_depth(mark: str) -> None:
    (paragraph,) = blocks_of(mark * 2_000 + "deep")
    depth, container = 0, paragraph.container
    while container is not None:
        depth, container = depth + 1, container.parent
    assert depth == MAX_DEPTH
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text.endswith("deep")


@pytest.mark.parametrize(
    ("opening", "chunk"),
    [
        ("", "word "),
        ("", "a line\n"),
        ("", "`"),
        ("", "-"),
        ("", "[a](b) "),
        ("[", "word "),
        ("```\n", "code "),
        ("```\n", "line\n"),
        ("````\n", "`" * 3),
        ("", "> quote\n"),
        ("", "- item\n"),
        ("", "- item\n\n  text\n"),
        ("", "1. one\n   - two\n"),
        ("|a|b|\n|-|-|\n", "| 1 | 2 |\n"),
        ("|a|b|\n|-|-|\n|", " word "),
        ("$$\n", "x + y\n"),
        ("", "[a]: b\n"),
        ("", "\n```\nb\n```\n\na"),
    ],
)
def test_a_chunk_takes_as_many_steps_after_ten_thousand_others_as_after_a_hundred(opening: str, chunk: str) -> None:
    def steps_after(chunks: int) -> int:
        stream = stream_of(opening, *[chunk] * chunks)

        def feed_fifty() -> None:
            for _ in range(50):
                stream.feed(chunk)

        return counted_calls(feed_fifty)

    assert steps_after(10_000) <= steps_after(700) * 1.05


def counted_calls(work: Callable[[], object]) -> int:
    """How many functions are called, Python's own and those in C."""
    count = 0

    def count_call(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
