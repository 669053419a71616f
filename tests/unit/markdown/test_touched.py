"""Nothing closed is touched again, all that is touched is told, and no character is lost."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.blocks import sources
from app.markdown.stream import BlockStream
from tests.unit.markdown.streams import blocks_of, seen, stream_of

_FRAGMENTS = st.sampled_from(
    [
        *(
            "`",
            "```",
            "~~~",
            "-",
            "- ",
            "1. ",
            "> ",
            "#",
            "# ",
            "|",
            "| a | b |\n",
            "|---|---|\n",
            "a | b\n",
            "--|--\n",
        ),
        *(
            "[",
            "[a]: /b\n",
            "[ ] ",
            "[^1]: ",
            "$$",
            "$$\n",
            "\\[",
            "---",
            "===\n",
            "\n",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            " ",
        ),
        *("    ", "\t", "a", "word", "é🙂漢", "\0"),
    ]
)
_TEXTS = st.lists(_FRAGMENTS, max_size=40).map("".join)
_CUTS = st.lists(st.integers(0, 150), max_size=20)


@given(text=_TEXTS, cuts=_CUTS)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_the_sources_of_the_blocks_joined_are_the_text(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    blocks = blocks_of(*[text[start:end] for start, end in itertools.pairwise(places)])
    assert "".join(sources(text, blocks)) == text
    starts = [block.start for block in blocks]
    assert starts == sorted(set(starts))
    assert starts == [block.start for block in blocks_of(text)]


def test_a_block_begins_with_the_line_of_its_first_mark() -> None:
    text = "\none\n\n- two\n-\n\n```\nthree\n```\r\n[a]: /b\nfour\nfive | six\n--|--\n> | x |\n> |---|\n---\n"
    assert sources(text, blocks_of(text)) == [
        "\none\n\n",
        "- two\n",
        "-\n\n",
        "```\nthree\n```\r\n[a]: /b\n",
        "four\n",
        "five | six\n--|--\n",
        "> | x |\n> |---|\n",
        "---\n",
    ]


@given(text=_TEXTS, cuts=_CUTS)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_who_looks_only_at_what_was_touched_misses_nothing(text: str, cuts: list[int]) -> None:
    stream = BlockStream()
    known: list[tuple[object, ...]] = []
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    for start, end in itertools.pairwise(places):
        stream.feed(text[start:end])
        known = _looked_at(stream, known)
        assert known == [seen(block) for block in stream.blocks]
    stream.finish()
    known = _looked_at(stream, known)
    assert known == [seen(block) for block in stream.blocks]


def _looked_at(stream: BlockStream, known: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    first = stream.take_touched()
    return known[:first] + [seen(block) for block in stream.blocks[first:]]


@given(text=_TEXTS)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_no_block_before_the_last_is_touched_but_to_close_it(text: str) -> None:
    stream = BlockStream()
    for character in text:
        count = len(stream.blocks)
        stream.feed(character)
        assert stream.take_touched() >= count - 1
        assert all(block.is_closed for block in stream.blocks[:-1])


def test_nothing_new_touches_nothing() -> None:
    stream = stream_of("one\n\ntwo")
    assert stream.take_touched() == 0
    assert stream.take_touched() == 2
    stream.feed(" three")
    assert stream.take_touched() == 1
    stream.feed("\n\n")
    assert stream.take_touched() == 1
    stream.feed("\n")
    assert stream.take_touched() == 2
