"""Code has the colours that Pygments gives it, read line by line or as a whole, and no lexer gets out of hand."""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexer import Lexer, RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Text

from app.markdown.highlight import LONGEST_LINE, Language, language_named
from app.markdown.lexing import LOOK_AHEAD, Deadline, Token
from app.markdown.line_reading import DEEPEST, RuleLines
from app.markdown.syntax import Colors, Kind, LexingFailed
from app.markdown.token_colors import colors_by_lines

SAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "code_samples").iterdir())}
# What line by line cannot be told as the whole text tells it, each with its line.
DIFFERENT = {
    "RUN apt-get update && \\": "the backslash that goes on in the next line",
    "  Text": "the blanks in front of a line of Elixir's documentation: nobody sees their colour",
}

Told = list[tuple[str, str]]


def language(name: str) -> Language:
    found = language_named(name)
    assert found is not None
    return found


def lines_of(name: str) -> list[str]:
    return SAMPLES[name].read_text(encoding="utf-8").splitlines()


def told(line: str, colors: Colors) -> Told:
    """The coloured words of a line with their kinds."""
    stretches = zip(colors[::3], colors[1::3], colors[2::3], strict=True)
    return [(line[start : start + length], Kind(kind).name) for start, length, kind in stretches]


def line_by_line(lexer: Language, lines: list[str]) -> list[Told]:
    state = lexer.first_state(lines[0])
    result = []
    for line in lines:
        colors, state = lexer.read_line(line, state)
        result.append(told(line, colors))
    return result


def at_once(lexer: Language, lines: list[str]) -> list[Told]:
    return [told(line, colors) for line, colors in zip(lines, lexer.read_all(lines), strict=True)]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_whole_pass_tells_what_pygments_tells(name: str) -> None:
    lines = lines_of(name)
    lexer = get_lexer_by_name(name, startinline=True)
    expected = colors_by_lines(lexer.get_tokens_unprocessed("\n".join([*lines, ""])), lines, Deadline(10))
    assert language(name).read_all(lines) == expected
    assert any(expected)


@pytest.mark.parametrize("name", SAMPLES)
def test_line_by_line_tells_what_the_whole_pass_tells(name: str) -> None:
    lexer, lines = language(name), lines_of(name)
    assert lexer.reads_lines
    together = zip(lines, line_by_line(lexer, lines), at_once(lexer, lines), strict=True)
    assert [(line, apart, whole) for line, apart, whole in together if apart != whole and line not in DIFFERENT] == []


@pytest.mark.parametrize("name", ["python", "javascript", "rust", "c++", "bash", "yaml", "html", "php"])
def test_reading_an_unfinished_line_changes_nothing_of_what_comes_after(name: str) -> None:
    lexer, lines = language(name), lines_of(name)
    state = lexer.first_state(lines[0])
    for line, expected in zip(lines, line_by_line(lexer, lines), strict=True):
        for end in range(0, len(line), 3):
            lexer.read_line(line[:end], state)
        colors, state = lexer.read_line(line, state)
        assert told(line, colors) == expected


def test_a_comment_may_be_longer_than_what_rules_look_at() -> None:
    lines = ["/* begins", *["if else " * 100] * (2 * LOOK_AHEAD // 800), "ends */ int x;"]
    told_lines = at_once(language("c"), lines)
    assert told_lines[:-1] == [[(line, "COMMENT")] for line in lines[:-1]]
    assert told_lines[-1] == [("ends */", "COMMENT"), ("int", "KEYWORD")]


def test_what_spans_lines_is_known_before_it_ends() -> None:
    lines = ["/** begins", "class is no keyword here", "ends */ class A {}"]
    first, second, third = line_by_line(language("javascript"), lines)
    assert first == [("/** begins", "COMMENT")]
    assert second == [("class is no keyword here", "COMMENT")]
    assert third[:2] == [("ends */", "COMMENT"), ("class", "KEYWORD")]


def test_a_document_in_a_shell_script_ends_with_its_word() -> None:
    lines = ["cat <<'END' > file", "if then else", "END", "if true; then echo; fi"]
    told_lines = line_by_line(language("bash"), lines)
    assert told_lines[1] == [("if then else", "STRING")]
    assert told_lines[3][0] == ("if", "KEYWORD")


@pytest.mark.parametrize(
    ("info", "other"),
    [("py", "python"), ("ts", "typescript"), ("kt", "kotlin"), ("jsonc", "json"), ("sol", "solidity")],
)
def test_a_language_has_several_names(info: str, other: str) -> None:
    assert language(info).name == language(other).name


@pytest.mark.parametrize("name", ["", "text", "no-such-language", "../../etc/passwd", "a" * 10_000])
def test_what_is_no_language_has_no_colours(name: str) -> None:
    assert language_named(name) is None


def test_the_languages_within_a_language_are_made_ready_with_it() -> None:
    script = (
        "from app.markdown.highlight import language_named; language_named('html');"
        "from pygments.lexers.css import CssLexer; from pygments.lexers.javascript import JavascriptLexer;"
        "print('_tokens' in vars(CssLexer), '_tokens' in vars(JavascriptLexer))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_php_needs_no_opening_tag_and_may_have_one() -> None:
    assert told("echo 1;", language("php").read_all(["echo 1;"])[0])[0] == ("echo", "KEYWORD")
    tagged = ["<p>text</p>", "<?php echo 1;"]
    assert ("echo", "KEYWORD") in at_once(language("php"), tagged)[1]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=60), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_colours_of_any_text_stand_within_its_lines_side_by_side(lines: list[str]) -> None:
    for name in ("python", "c++", "yaml", "json", "markdown"):
        lexer = language(name)
        state = lexer.first_state(lines[0])
        for line, whole in zip(lines, lexer.read_all(lines), strict=True):
            colors, state = lexer.read_line(line, state)
            for each in (colors, whole):
                ends = [(each[at], each[at] + each[at + 1]) for at in range(0, len(each), 3)]
                assert all(0 <= start < end <= len(line) for start, end in ends)
                assert all(before[1] <= after[0] for before, after in pairwise(ends))


def test_a_line_that_is_too_long_has_no_colours_and_does_not_touch_the_next() -> None:
    lexer = language("python")
    lines = ["x = 1", '"""' + "a" * LONGEST_LINE, "return 1"]
    for told_lines in (line_by_line(lexer, lines), at_once(lexer, lines)):
        assert told_lines[1] == []
        assert told_lines[2] == [("return", "KEYWORD"), ("1", "NUMBER")]


def test_characters_of_two_units_are_counted_as_one() -> None:
    assert at_once(language("python"), ["'🙂' + 1"]) == [[("'🙂'", "STRING"), ("+", "OPERATOR"), ("1", "NUMBER")]]


def test_what_a_line_remembers_is_bounded() -> None:
    lexer = language("javascript")
    state = lexer.first_state("")
    for _ in range(3 * DEEPEST):
        _, state = lexer.read_line("`${", state)
    assert isinstance(state.before, tuple)
    assert len(state.before) <= DEEPEST + 1


class _Endless(RegexLexer):
    """Goes round in circles without reading anything."""

    name = "Endless"
    tokens = {"root": [(r"(?=x)", Text, "other"), (r"\w+", Keyword)], "other": [(r"", Text, "#pop")]}  # noqa: RUF012 - as Pygments wants it


def _fail(_lexer: Lexer, match: re.Match[str]) -> Iterator[Token]:
    raise ValueError(match.group())


class _Broken(RegexLexer):
    name = "Broken"
    tokens = {"root": [(r"secret", _fail), (r".+\n", Name)]}  # noqa: RUF012 - as Pygments wants it


class _Slow(Lexer):
    name = "Slow"

    def __init__(self) -> None:
        super().__init__()
        self.given = 0

    def get_tokens_unprocessed(self, text: str) -> Iterator[Token]:
        for index in range(1_000_000):
            self.given += 1
            yield index, Comment, "x"


@pytest.mark.parametrize("lexer", [_Endless, _Broken])
def test_a_lexer_that_fails_says_so_and_nothing_of_the_text(lexer: type[RegexLexer]) -> None:
    hostile = Language(RuleLines(lexer()), lexer(), is_php=False)
    with pytest.raises(LexingFailed) as one:
        hostile.read_line("secret x", hostile.first_state(""))
    with pytest.raises(LexingFailed) as other:
        hostile.read_all(["secret x"])
    assert not re.search("secret", f"{one.value!r} {other.value!r} {one.value.__cause__!r} {other.value.__cause__!r}")


def test_a_lexer_that_takes_too_long_is_given_up() -> None:
    lexer = _Slow()
    with pytest.raises(LexingFailed):
        Language(None, lexer, is_php=False).read_all(["x" * 100], limit_s=0.01)
    assert lexer.given < 1_000_000


@pytest.mark.parametrize(("name", "atom"), [("c++", "\n"), ("c#", "a\n"), ("java", "a a\n"), ("ini", ": ")])
def test_200_kb_made_to_be_slow_are_given_up(name: str, atom: str) -> None:
    text = atom * (200_000 // len(atom))
    lines = text.split("\n") if "\n" in atom else re.findall(r".{1,5000}", text)
    with pytest.raises(LexingFailed):
        language(name).read_all(lines, limit_s=0.1)
