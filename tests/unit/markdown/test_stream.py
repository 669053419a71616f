"""However a text is cut into chunks, it becomes the same blocks, and no character of it is lost."""

import itertools
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.markdown.blocks import Block, Code, Paragraph, sources
from app.markdown.stream import BlockStream
from tests.ui.transcript.costs import cost_ratio

Shape = tuple[str, str, str, int, bool]

_ALPHABET = st.sampled_from(
    [
        "`",
        "``",
        "```",
        "````",
        "~~~",
        "~",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "   ",
        "    ",
        "\t",
        "a",
        "py",
        "é🙂漢",
        "-",
    ]
)
_TEXTS = st.lists(_ALPHABET, max_size=60).map("".join)


def shape(block: Block) -> Shape:
    match block:
        case Paragraph():
            return "paragraph", "", block.text, block.start, True
        case Code():
            return "code", block.info, block.text, block.start, block.is_closed


def blocks_of(*chunks: str) -> list[Block]:
    stream = BlockStream()
    for chunk in chunks:
        stream.feed(chunk)
    stream.finish()
    return stream.blocks


def shapes(*chunks: str) -> list[Shape]:
    return [shape(block) for block in blocks_of(*chunks)]


@given(text=_TEXTS, cuts=st.lists(st.integers(0, 200), max_size=20))
@settings(max_examples=300)
def test_any_way_of_cutting_gives_the_blocks_of_one_whole_feed(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    chunks = [text[start:end] for start, end in itertools.pairwise(places)]
    assert shapes(*chunks) == shapes(text)


@given(text=_TEXTS)
@settings(max_examples=200)
def test_one_character_at_a_time_gives_the_blocks_of_one_whole_feed(text: str) -> None:
    assert shapes(*text) == shapes(text)


@given(text=_TEXTS)
@settings(max_examples=200)
def test_the_sources_of_the_blocks_joined_are_the_text(text: str) -> None:
    blocks = blocks_of(text)
    assert "".join(sources(text, blocks)) == text
    assert [block.start for block in blocks] == sorted({block.start for block in blocks})
    words = [character for character in text if character not in "`~ \t\r\n"]
    shown = [c for b in blocks for c in (b.info if isinstance(b, Code) else "") + b.text if c not in "`~ \t\r\n"]
    assert shown == words


@given(text=_TEXTS)
@settings(max_examples=300)
def test_markdown_it_sees_the_same_paragraphs_and_fences(text: str) -> None:
    judge = MarkdownIt("zero").enable("fence")
    # Without its rule for indented code, markdown-it lets a fence stand at any indent; we do not.
    text = re.sub("(?<![^\r\n]) {4,}", "   ", text.replace("\t", " ")) + "\n"
    expected: list[tuple[str, str, object]] = []
    for token in judge.parse(text):
        if token.type == "fence":
            expected.append(("code", token.info.strip(), token.content.removesuffix("\n")))
        elif token.type == "inline":
            expected.append(("paragraph", "", [line.strip() for line in token.content.split("\n")]))
    found = [
        ("code", block.info, block.text.removesuffix("\n"))
        if isinstance(block, Code)
        else ("paragraph", "", [line.strip() for line in block.text.split("\n")])
        for block in blocks_of(text)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n \n", []),
        ("one\ntwo\n\nthree", [("paragraph", "", "one\ntwo"), ("paragraph", "", "three")]),
        ("a\n```py\nx = 1\n```\nb", [("paragraph", "", "a"), ("code", "py", "x = 1\n"), ("paragraph", "", "b")]),
        ("```\nnever closed", [("code", "", "never closed")]),
        ("```", [("code", "", "")]),
        ("~~~~ text\n```\n~~~\n~~~~~\n", [("code", "text", "```\n~~~\n")]),
        ("```a`b\n", [("paragraph", "", "```a`b")]),
        ("~~~a`b\n", [("code", "a`b", "")]),
        ("  ```\n   x\n y\n  ```", [("code", "", " x\ny\n")]),
        ("    ```\nx", [("paragraph", "", "    ```\nx")]),
        ("```\nx\n    ```\n", [("code", "", "x\n    ```\n")]),
        ("```\nx\n``` y\n", [("code", "", "x\n``` y\n")]),
        ("  ```\n\tx\n", [("code", "", "  x\n")]),
        ("``", [("paragraph", "", "``")]),
        ("a\r\nb\r\rc", [("paragraph", "", "a\nb"), ("paragraph", "", "c")]),
    ],
)
def test_paragraphs_and_fences_are_what_commonmark_says(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [found[:3] for found in shapes(text)] == expected


def test_text_is_handed_out_before_its_line_ends() -> None:
    stream = BlockStream()
    stream.feed("Hel")
    stream.feed("lo")
    assert [shape(block)[2] for block in stream.blocks] == ["Hello"]


def test_a_line_that_begins_with_inline_code_is_handed_out_before_it_ends() -> None:
    stream = BlockStream()
    stream.feed("`x is")
    assert [shape(block)[2] for block in stream.blocks] == ["`x is"]


def test_what_may_become_a_fence_is_not_shown_as_text() -> None:
    stream = BlockStream()
    for chunk in ("text\n", "`", "``", "py", "thon"):
        stream.feed(chunk)
        assert [shape(block)[2] for block in stream.blocks] == ["text"]
    stream.feed("\nx")
    assert [shape(block)[:3] for block in stream.blocks] == [("paragraph", "", "text"), ("code", "python", "x")]


def test_a_closed_block_is_never_touched_again() -> None:
    stream = BlockStream()
    stream.feed("one\n\n```\ntwo\n```\nthree")
    before = [(id(block), shape(block)) for block in stream.blocks[:-1]]
    stream.feed(" more\n\n\n```\nagain\n```\n")
    stream.finish()
    assert [(id(block), shape(block)) for block in stream.blocks[:2]] == before


@pytest.mark.parametrize(
    ("opening", "chunk"),
    [
        ("", "word "),
        ("", "x"),
        ("", " "),
        ("", "`"),
        ("```", "info"),
        ("```\n", "code "),
        ("```\n", "line\n"),
        ("````\n", "`" * 3),
        ("a", "\n```\nb\n```\n\na"),
    ],
)
def test_a_chunk_costs_the_same_however_long_the_text_is(opening: str, chunk: str) -> None:
    def step_after(chunks: int) -> Callable[[], None]:
        stream = BlockStream()
        stream.feed(opening)
        for _ in range(chunks):
            stream.feed(chunk)

        def step() -> None:
            for _ in range(200):
                stream.feed(chunk)

        return step

    assert cost_ratio(step_after(60_000), step_after(100)) < 1.5
