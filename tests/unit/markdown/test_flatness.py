"""A chunk takes as much work after a long text as after a short one, whatever the text is made of."""

import sys
from types import FrameType

import pytest

from app.markdown.line import Line
from app.markdown.stream import BlockStream

_CONSTRUCTS = [
    ("", "word "),
    ("", "a line of text\n"),
    ("", "x"),
    ("word", " "),
    ("", " "),
    ("", "`"),
    ("", "-"),
    ("", "#"),
    ("# ", "#"),
    ("", "="),
    ("text\n", "="),
    ("text\n", "|-"),
    ("", "1"),
    ("", ">"),
    ("", "> "),
    ("", "- "),
    ("", "["),
    ("[", "word "),
    ("[a]: /b '", "word "),
    ("[a]: /b '", "words\n"),
    ("[^", "a"),
    ("| ", "word "),
    ("$$ ", "x "),
    ("", "[a](b) "),
    ("", "[a]: /b\n"),
    ("", "# heading\n"),
    ("```", "info"),
    ("```\n", "code "),
    ("```\n", "line\n"),
    ("```\n", "\n"),
    ("````\n", "`" * 3),
    ("    code\n", "    line\n"),
    ("    code\n", "\n"),
    ("", "> quote\n"),
    ("> quote\n", "lazy\n"),
    ("> " * 2_000 + "\n", "> " * 40 + "text\n"),
    ("", "- item\n"),
    ("", "-\n"),
    ("", "- item\n\n  text\n"),
    ("- item\n\n", "  text\n\n"),
    ("", "1. one\n   - two\n"),
    ("", "- [ ] to do\n"),
    ("|a|b|\n|-|-|\n", "| 1 | 2 |\n"),
    ("|a|b|\n|-|-|\n|", " word "),
    ("|a|b|\n|-|-|\n", "x|"),
    ("", "|a|b|\n"),
    ("$$\n", "x + y\n"),
    ("$$\n", "x + y"),
    ("[^1]: note\n", "    more\n"),
    ("", "\n```\nb\n```\n\na"),
    ("", "a\n---\n"),
]


@pytest.mark.parametrize(("opening", "chunk"), _CONSTRUCTS)
def test_a_chunk_takes_as_much_work_after_eight_thousand_as_after_two(opening: str, chunk: str) -> None:
    early = work_of_chunks(opening, chunk, after=2_000)
    late = work_of_chunks(opening, chunk, after=8_000)
    assert late.calls <= early.calls * 1.02 + 2
    assert late.characters <= early.characters * 1.02 + 2


def test_the_end_of_a_long_line_takes_no_more_calls_than_that_of_a_short_one() -> None:
    for opening in ("", "- " * 20, "# ", "| a | b |\n|---|---|\n|", "$$\n", "```\n", "```"):
        early = work_of_chunks(opening + "x|" * 5_000, "\n", after=0, chunks=1)
        late = work_of_chunks(opening + "x|" * 50_000, "\n", after=0, chunks=1)
        assert late.calls <= early.calls + 2


class Work:
    """
    What functions were called for: how many of them, those in C too, and with how many characters.

    Counts the characters of all strings and lines that our functions have at hand when they are called.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.characters = 0

    def note(self, frame: FrameType, event: str, _: object) -> None:
        if event in ("call", "c_call"):
            self.calls += 1
        if event == "call" and "markdown" in frame.f_code.co_filename:
            self.characters += sum(_length(value) for value in frame.f_locals.values())


def _length(value: object) -> int:
    if isinstance(value, Line):
        return len(getattr(value, "text", ""))  # none yet where a line is made
    return len(value) if isinstance(value, str) else 0


def work_of_chunks(opening: str, chunk: str, *, after: int, chunks: int = 60) -> Work:
    stream = BlockStream()
    stream.feed(opening)
    for _ in range(after):
        stream.feed(chunk)
    work = Work()
    sys.setprofile(work.note)
    try:
        for _ in range(chunks):
            stream.feed(chunk)
    finally:
        sys.setprofile(None)
    return work
