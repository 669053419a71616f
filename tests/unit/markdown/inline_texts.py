"""Texts full of inline Markdown, and ways to cut them into chunks."""

import json
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.markdown.inline import InlineText
from app.markdown.references import References
from app.markdown.runs import Run, joined

_SIGNS = [*"*_~`[]()!<>$\\&\n .,:;\"'@#", "**", "***", "__", "~~", "``", "](", "![", "$$", "\\(", "\\)", "\\[", "\\]"]
_WORDS = ["word", "a b", "5", "snake_case", "é", "漢字。", "漢，", "🙂", "  ", "  \n", "\t", "\u00a0", "&amp;", "&#35;"]
_PIECES = [
    *("[foo]", "[foo](", "[a](b)", '[a](<b c> "t")', "[^1]", "[^2]", "![i](j.png)", "<http://x.y>", "http://x.y/z"),
    *("www.a.bc", "a@b.cd", "**b c**", "*e*", "`c d`", "~~s~~", "$x^2$", "\\(y\\)", "$$z$$", ' "t")'),
]
FRAGMENTS = st.lists(st.sampled_from([*_SIGNS, *_WORDS, *_PIECES]), max_size=40).map("".join)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Long enough to be settled in pieces, with markup around the places where that happens."""
    parts = [f"{'word ' * draw(st.integers(0, 55))}{draw(FRAGMENTS)}" for _ in range(draw(st.integers(1, 3)))]
    return " ".join(parts)


def references() -> References:
    return References(links={"FOO": ("/url", ""), "A B": ("/ab", "title")}, footnotes={"1": 1}, version=3)


def streamed(chunks: Sequence[str], known: References | None = None) -> list[Run]:
    text = InlineText(known or references())
    for index, chunk in enumerate(chunks):
        text.feed(chunk)
        if index % 50 == 0:
            text.open_runs()
    text.finish()
    return joined(text.settled)


def in_chunks(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def spec_paragraphs() -> list[tuple[int, str, References]]:
    """Of the specification's examples: number, text of a paragraph or heading, what its document defines."""
    examples = json.loads((Path(__file__).parent / "spec" / "commonmark.json").read_text())
    judge = MarkdownIt("commonmark", {"html": False})
    found: list[tuple[int, str, References]] = []
    for example in examples:
        environment: dict[str, dict[str, dict[str, str]]] = {}
        tokens = judge.parse(example["markdown"], environment)
        defined = environment.get("references", {})
        known = References(links={label: (link["href"], link["title"]) for label, link in defined.items()})
        found += [(example["example"], token.content, known) for token in tokens if token.type == "inline"]
    return found
