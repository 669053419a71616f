"""However a text is cut into chunks, it has the blocks that markdown-it-py sees in the whole of it."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.markdown.judge import judged
from tests.unit.markdown.reading import streamed

_EXAMPLES = json.loads((Path(__file__).parent / "spec" / "commonmark.json").read_text(encoding="utf-8"))

_MARKS = [
    *("- ", "* ", "+ ", "1. ", "2) ", "10. ", "123456789. ", "-", "+", "1.", "> ", ">", ">>"),
    *("# ", "## ", " #", "##", "---", "***", "_ _ _", "===", "=", "-", "```", "~~~", "```py", "`"),
    *("| a | b |\n", "|---|:-:|\n", "--|--\n", "a | b\n", "|", "\\|", ":-:", ":", "|-"),
    *("[a]: /x", "[foo]: <b>", '"t"', "'t", "(t)", '"', "[", "]", "]:", "\\"),
    *("[^1]: ", "[^n]:", "[^x y]: ", "[^", "$$", "$$\n", "$$ x $$", "\\[", "\\]", "$"),
    *("[ ] ", "[x] ", "- [ ] ", "[X]", "\0", "<b>", "&amp;", "\u00a0", "\u3000"),
]
_WORDS = ["a", "b", "foo bar", "**b**", "é🙂漢", "x" * 5]
_BLANKS = ["\n", "\n", "\n", "\n", "\n\n", "\r\n", "\r", " ", "  ", "   ", "    ", "\t", "     "]
_TEXTS = st.lists(st.sampled_from(_MARKS) | st.sampled_from(_WORDS) | st.sampled_from(_BLANKS), max_size=30).map(
    "".join
)

# Lines that stand in containers, so that what begins in them and what leaves them comes up often.
_PREFIXES = [
    "",
    "",
    "> ",
    ">",
    "> > ",
    "- ",
    "  ",
    "    ",
    "1. ",
    "   ",
    "- - ",
    "  - ",
    "> - ",
    ">   ",
    "[^1]: ",
    "\t",
    " > ",
]
_CONTENTS = [
    *(
        "",
        "",
        "text",
        "more | text",
        "| a | b |",
        "|---|---|",
        "--|--",
        "---",
        "===",
        "```",
        "~~~ py",
        "# heading",
        "***",
    ),
    *(
        "    code",
        "[a]: /b",
        "[a]:",
        "/b",
        "'t'",
        "'t",
        "[^2]: note",
        "$$",
        "$$ x $$",
        "\\[",
        "\\]",
        "2. two",
        "[ ] to do",
        "> q",
    ),
]
_LINES = st.tuples(st.sampled_from(_PREFIXES), st.sampled_from(_PREFIXES), st.sampled_from(_CONTENTS)).map("".join)
_NESTED_TEXTS = st.lists(_LINES, max_size=9).map("\n".join)

_CUTS = st.lists(st.integers(0, 200), max_size=10)

_GITHUB = [
    "| foo | bar |\n| --- | --- |\n| baz | bim |",
    "| abc | defghi |\n:-: | -----------:\nbar | baz",
    "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |",
    "| abc | def |\n| --- | --- |\n| bar | baz |\n> bar",
    "| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar",
    "| abc | def |\n| --- |\n| bar |",
    "| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |",
    "| abc | def |\n| --- | --- |",
    "text\nmore\n| abc | def |\n| --- | --- |\n| 1 | 2 |\n[^1]: a row\n\n| x |\n|---|\n---",
    "- | a | b |\n  |---|---|\n  | 1 | 2 |\n- c\nlazy | line\n--|--",
    "# a | b\n--|--\n\n> a | b\n--|--\n\n- a | b\n--|--",
    "- [ ] foo\n- [x] bar",
    "- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim",
    "- [ ]\n- [ ] \n- [y] no\n1. [X] yes\n- [ ] a | b\n  --|--\n- [x] title\n  ===\n- text\n\n  [ ] no",
    "+\n\n\n+ a\n+\n\n+ b\n- c\n  -\n\n\n  - d",
    "-\n  [ ] foo\n- [x]:/url\n  [ ] bar\n- [ ]\tbaz",
]
_FOOTNOTES = [
    "text[^1] and[^note]\n\n[^1]: One.\n\n[^note]: Two\n    lines.\n\n    ```\n    code\n    ```\nafter",
    "[^a]:\n    b\n[^a]: again\nlazy\n\n[^ no]: x\n[^]: x\n> [^q]: quoted\n> lazy\n[^c]: text of the quote",
    "text\n[^1]: ends it\n- item\n  [^2]: in the item\n\n      more of it\n  no more\n[^3]:     text",
    "[^4]:         code",
    "[^1]: - a\n    - b\n\n          c",
]
_FORMULAS = [
    "$$\nx^2\n$$\n\n\\[\ny\n\\]\n\n$$ z $$\n\n> $$\n> q\n> $$\n- $$\n  i\n  $$\n  after",
    "text\n$$ x $$\n\\[ y \\]\nmore\n$$\na\n\nb\n$$\n# c",
    "$$ x $$ y\n$$ x\n$$$$\n\\[no link](/foo)\n    $$\n$$\nx$$\nafter\n$$\n- x\n# y\n  z $$ \nafter",
    "> $$\nx\n$$\n",
]
_DEFINITIONS = [
    "[a]: /b\n[A]: /c\n[b]: <x y>\n'a\ntitle'\n[c]:\n/d 'not' a title\n\n[d\ne]: /f\n    'indented'\n[g]: /h\n    code",
    '[a]: /b\n\'title\nwithout end\n\n[c]: /d\n"" x\n\n[e]: javascript:x\n[f]: /g\n===\n[g]: /h | i\n--|--',
    "> [a]: /b\nlazy\n\n> [c]: /d\n'lazy title'\n- [e]: /f\n- [g]: /h\n\n  text\n[h\n2. i]: /j\n[k\n===\nl]: /m",
    "[a]: /b\n[c]: /d\n|e|f|\n|-|-|\n\n[a](b) text\n\n[x]: y\\\nz\n\n[a | b\n--|--\n]: /x\n",
    "[a]: /b\n'c | d\n--|--\ne'\n\n> [a]:\n> b | c\n> --|--",
]


def assert_blocks_are_the_judges(text: str, cuts: list[int]) -> None:
    expected = judged(text)
    assert streamed([text]) == expected
    assert streamed(text) == expected
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    assert streamed(text[start:end] for start, end in itertools.pairwise(places)) == expected


def test_all_examples_of_commonmark_are_there() -> None:
    assert len(_EXAMPLES) == 652


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda example: str(example["example"]))
def test_an_example_of_commonmark_has_the_judges_blocks(example: dict[str, str]) -> None:
    text = example["markdown"]
    assert_blocks_are_the_judges(text, [len(text) // 3, len(text) // 2])


@pytest.mark.parametrize("text", _GITHUB + _FOOTNOTES + _FORMULAS + _DEFINITIONS)
def test_tables_tasks_footnotes_formulas_and_definitions_have_the_judges_blocks(text: str) -> None:
    assert_blocks_are_the_judges(text, [len(text) // 3, len(text) // 2])


@given(text=_TEXTS, cuts=_CUTS)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_any_marks_in_any_order_have_the_judges_blocks(text: str, cuts: list[int]) -> None:
    assert_blocks_are_the_judges(text, cuts)


@given(text=_NESTED_TEXTS, cuts=_CUTS)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_any_lines_in_containers_have_the_judges_blocks(text: str, cuts: list[int]) -> None:
    assert_blocks_are_the_judges(text, cuts)


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "[^1]: ", "> - ", "- > "])
@pytest.mark.parametrize("end", ["text", "\n", "text\nlazy\n- item\n> quote\n\n    code"])
def test_two_thousand_containers_in_one_another_have_the_judges_blocks(mark: str, end: str) -> None:
    assert_blocks_are_the_judges(mark * 2_000 + end, [1_001, 3_000])


def test_a_list_of_two_thousand_levels_has_the_judges_blocks() -> None:
    text = "".join(f"{'  ' * level}- item {level}\n" for level in range(2_000))
    expected = judged(text)
    assert streamed([text]) == expected
    assert streamed(text.splitlines(keepends=True)) == expected


def test_a_table_that_would_grow_by_empty_cells_ends_where_the_judges_does() -> None:
    text = "|a" * 3_000 + "|\n" + "|-" * 3_000 + "|\n" + "x\n" * 40 + "| [a]: /b |\n"
    assert_blocks_are_the_judges(text[: len(text)], [7_000, 12_000])
