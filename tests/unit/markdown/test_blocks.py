"""The blocks of a text are those that markdown-it sees, however the text is cut into chunks."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.markdown.judge import judged, new_judge, streamed

EXAMPLES = json.loads((Path(__file__).parent / "spec" / "commonmark.json").read_text(encoding="utf-8"))
JUDGE = new_judge()

_FRAGMENTS = st.sampled_from(
    [
        *("a", "b c", "text", "é🙂漢", "*em*", "`c`", "\\", "[^n]", "[x]"),
        *("- ", "* ", "+ ", "1. ", "2) ", "10. ", "-", "+", "> ", ">", "# ", "## x #", "===", "---", "***"),
        *("\n", "\n", "\n", "\n\n", "  ", "   ", "    ", "\t"),
        *("```", "```py", "~~~", "$$", "\\[", "\\]", "$$ x $$"),
        *("| a | b |", "|--|:-:|", "a | b", "-|-", "|", "\\|"),
        *("[ ] ", "[x] ", "[x]: /u", "[foo]: /url 'T'", "[foo]: <u>\n'T'"),
    ]
)
_TEXTS = st.lists(_FRAGMENTS, max_size=14).map("".join)

GITHUB = [
    "| foo | bar |\n| --- | --- |\n| baz | bim |",
    "| abc | defghi |\n:-: | -----------:\nbar | baz",
    "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |",
    "| abc | def |\n| --- | --- |\n| bar | baz |\n> bar",
    "| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar",
    "| abc | def |\n| --- |\n| bar |",
    "| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |",
    "| abc | def |\n| --- | --- |",
    "text\n| abc | def |\n| --- | --- |\n| 1 | 2 |",
    "- | a | b |\n  |---|---|\n  | 1 | 2 |\n- c",
    "- [ ] foo\n- [x] bar",
    "- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim",
    "- [ ]\n- [ ] \n- [y] no\n1. [X] yes",
    "text[^1] and[^note]\n\n[^1]: One.\n\n[^note]: Two\n    lines.\n\n    ```\n    code\n    ```\nafter",
    "$$\nx^2\n$$\n\n\\[\ny\n\\]\n\n$$ z $$\n\n> $$\n> q\n> $$\n- $$\n  i\n  $$",
]


def whole_by_character_and_cut(text: str, cuts: list[int]) -> None:
    expected = judged(text, JUDGE)
    assert streamed([text]) == expected
    assert streamed(text) == expected
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    assert streamed(text[start:end] for start, end in itertools.pairwise(places)) == expected


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["example"]))
def test_every_example_of_commonmark_has_the_blocks_that_the_judge_sees(example: dict[str, str]) -> None:
    text = example["markdown"]
    whole_by_character_and_cut(text, [len(text) // 3, len(text) // 2])


def test_all_of_commonmarks_examples_are_there() -> None:
    assert len(EXAMPLES) == 652


@pytest.mark.parametrize("text", GITHUB)
def test_tables_tasks_footnotes_and_formulas_have_the_blocks_that_the_judge_sees(text: str) -> None:
    whole_by_character_and_cut(text, [len(text) // 3, len(text) // 2])


@given(text=_TEXTS, cuts=st.lists(st.integers(0, 100), max_size=8))
@settings(max_examples=600, derandomize=True, deadline=None)
def test_any_text_has_the_blocks_that_the_judge_sees(text: str, cuts: list[int]) -> None:
    whole_by_character_and_cut(text, cuts)


@given(words=st.lists(_FRAGMENTS, max_size=8).map("".join))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_text_in_a_footnote_has_the_blocks_that_the_judge_sees(words: str) -> None:
    if "\t" in words or "    " in words or "]:" in words:
        return  # the plugin counts columns from the line's beginning, and a title on the next line falls out of it
    whole_by_character_and_cut(f"[^n]\n\n[^n]: {words}", [3])
