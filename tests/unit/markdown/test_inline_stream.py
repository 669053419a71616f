"""However a paragraph is cut into chunks, it reads the same; and a chunk costs the same wherever it comes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.inline import LIMIT, InlineText, runs_of
from app.markdown.references import References
from app.markdown.runs import UNKNOWN_TARGET, Look, Run, RunKind, joined
from tests.ui.transcript.costs import cost_ratio
from tests.unit.markdown.inline_texts import FRAGMENTS, in_chunks, paragraphs, references, spec_paragraphs, streamed

STRONG, EMPHASIS, STRUCK = Look.STRONG, Look.EMPHASIS, Look.STRUCK
_PROSE = "Some **bold words**, a bit of `code()`, *emphasis* and [a link](https://example.com/x) in a sentence. "


@given(text=paragraphs())
@settings(max_examples=500, derandomize=True, deadline=None)
def test_a_paragraph_reads_the_same_one_character_at_a_time_and_as_a_whole(text: str) -> None:
    whole = runs_of(text, references())
    assert streamed([text]) == whole
    assert streamed(list(text)) == whole


@given(text=paragraphs(), size=st.integers(2, 300))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_a_paragraph_reads_the_same_in_chunks_of_any_size(text: str, size: int) -> None:
    assert streamed(in_chunks(text, size)) == runs_of(text, references())


def test_the_specification_reads_the_same_among_other_text() -> None:
    for number, text, known in spec_paragraphs():
        for before in (0, 244):
            source = f"{'x' * before} {text}\n{text} {_PROSE}"
            assert streamed(in_chunks(source, 40), known) == runs_of(source, known), number


@pytest.mark.parametrize(
    "source",
    [
        "[ []$] 5$\\]][foo] word",
        "[foo][ ]*a b",
        "[foo](\\) \\[\\]> a",
        "[foo]( *a b",
        '[foo](b "t u") c',
        '[none](b "t u") c',
        "[a](<b c> 'd e') f",
        "[a](b c[foo] d) e",
        "`d`[](d\u00a0] ) b",
        "[a` b](c) d` e",
        "[a $5](b) c$ d",
        "![$]() d$ e",
        "![a ` b](c) d` e",
        "![a [b](c d",
        "a[^1](\nword) b",
        "a ~~~b c~~~ d",
        "*a **b c* d** e",
        "**a *b* c *d** e",
        "a\\\n b  \n  c \n d",
        "`a ``b c` d`` e",
        "\\(a \\\\) b\\) c",
        "a，**b，c**，d，_e_，f",
        "<http://漢，字> a",
    ],
)
def test_a_seam_at_any_place_of_it_changes_nothing(source: str) -> None:
    for shift in range(len(source) + 3):
        text = f"{'x' * (256 - shift)} {source} {_PROSE}"
        assert streamed([text]) == runs_of(text, references()), shift


@given(text=FRAGMENTS, opening=st.sampled_from(["[", "`", "**", "$$", "\\(", "[a](b 'c", "*a_", "x" * 900, ""]))
@settings(max_examples=25, derandomize=True, deadline=None)
def test_a_paragraph_longer_than_the_limit_reads_the_same_however_it_is_cut(text: str, opening: str) -> None:
    source = f"{opening}{f'{text} {_PROSE}' * (2 * LIMIT // (len(text) + len(_PROSE)))}"
    whole = streamed([source])
    assert streamed(in_chunks(source, 997)) == whole
    assert streamed(in_chunks(source, 64)) == whole


def test_settled_runs_are_only_appended_to() -> None:
    text = InlineText(references())
    before: list[Run] = []
    for chunk in in_chunks(_PROSE * 40, 5):
        text.feed(chunk)
        assert text.settled[: len(before)] == before
        before = list(text.settled)
    assert len(before) > 100


@pytest.mark.parametrize("opening", ["", "[", "`", "**", "$$", "\\(", "x" * 300])
def test_what_is_read_again_stays_short(opening: str) -> None:
    text = InlineText(References())
    longest = 0
    for chunk in in_chunks(opening + _PROSE * 90, 64):
        text.feed(chunk)
        longest = max(longest, sum(len(run.text) for run in text.open_runs()))
    assert longest <= (LIMIT if opening else 300)


@pytest.mark.parametrize("unit", ["a", "漢字", "漢，", "`", "[", "*a", "\\[", "a@b", "http://a.b/"])
def test_a_text_without_blanks_is_settled_too(unit: str) -> None:
    text = InlineText(References())
    for chunk in in_chunks(unit * 10_000, 1_000):
        text.feed(chunk)
    assert sum(len(run.text) for run in text.open_runs()) <= LIMIT


@pytest.mark.parametrize("shift", range(0, len(_PROSE), 5))
def test_a_short_construct_is_not_broken_by_a_long_one_around_it(shift: int) -> None:
    source = f"[ {'x' * shift} {_PROSE * (2 * LIMIT // len(_PROSE))}"
    assert streamed([source]) == runs_of(source, references())


def test_a_chunk_costs_the_same_at_the_end_of_a_long_paragraph() -> None:
    text = InlineText(References())
    for _ in range(4_000):
        text.feed(_PROSE)
    short = InlineText(References())

    def go_on(growing: InlineText) -> None:
        for chunk in in_chunks(_PROSE, 4):
            growing.feed(chunk)
        growing.open_runs()

    assert cost_ratio(lambda: go_on(text), lambda: go_on(short)) < 1.3


STREAMED = [
    ("a **bo", [Run("a "), Run("bo", look=STRONG)]),
    ("a **bo ", [Run("a "), Run("bo", look=STRONG)]),
    ("a **bold*", [Run("a "), Run("bold", look=STRONG)]),
    ("**a *b", [Run("a ", look=STRONG), Run("b", look=STRONG | EMPHASIS)]),
    ("_a ~~b", [Run("a ", look=EMPHASIS), Run("b", look=EMPHASIS | STRUCK)]),
    ("a `co", [Run("a "), Run("co", RunKind.CODE)]),
    ("a ``co`", [Run("a "), Run("co", RunKind.CODE)]),
    ("`a **b", [Run("a **b", RunKind.CODE)]),
    ("**a `b", [Run("a ", look=STRONG), Run("b", RunKind.CODE, STRONG)]),
    ("the ` key", [Run("the ` key")]),
    ("see [text](http://exa", [Run("see "), Run("text", href=UNKNOWN_TARGET)]),
    ("[text](", [Run("text", href=UNKNOWN_TARGET)]),
    ('[a](b "ti', [Run("a", href=UNKNOWN_TARGET)]),
    ("**b [te](ht", [Run("b ", look=STRONG), Run("te", look=STRONG, href=UNKNOWN_TARGET)]),
    ("![im](ht", [Run("im", RunKind.IMAGE, href=UNKNOWN_TARGET)]),
    ("[text", [Run("[text")]),
    ("<https://exa", [Run("https://exa", href=UNKNOWN_TARGET)]),
    ("see https://exa", [Run("see "), Run("https://exa", href=UNKNOWN_TARGET)]),
    ("**https://exa", [Run("https://exa", look=STRONG, href=UNKNOWN_TARGET)]),
    ("https://a.b c", [Run("https://a.b", href="https://a.b"), Run(" c")]),
    ("a@b.co", [Run("a@b.co", href=UNKNOWN_TARGET)]),
    ("$x^2 + _y", [Run("$x^2 + _y")]),
    ("\\(x_1 *y", [Run("\\(x_1 *y")]),
    ("$x$", [Run("x", RunKind.MATH)]),
    ("cost $5 and **b", [Run("cost $5 and "), Run("b", look=STRONG)]),
    ("2*3 **b", [Run("2*3 "), Run("b", look=STRONG)]),
    ("x &am", [Run("x")]),
    ("x &#3", [Run("x")]),
    ("AT&T is", [Run("AT&T is")]),
]


@pytest.mark.parametrize(("source", "runs"), STREAMED)
def test_what_is_unfinished_looks_as_it_will_look(source: str, runs: list[Run]) -> None:
    text = InlineText(references())
    text.feed(source)
    assert text.open_runs() == runs


@pytest.mark.parametrize(("source", "_"), STREAMED)
def test_what_stays_unfinished_is_text(source: str, _: list[Run]) -> None:
    text = InlineText(references())
    text.feed(source)
    text.open_runs()
    text.finish()
    assert text.settled == runs_of(source, references())
    assert text.open_runs() == []


@pytest.mark.parametrize("sign", ["*", "**", "_", "~", "`", "[", "!", "![", "\\", "$", " ", "\n"])
def test_a_sign_at_the_very_end_is_held_back(sign: str) -> None:
    text = InlineText(References())
    text.feed(f"word {sign}")
    assert text.open_runs() == [Run("word")]
    text.finish()
    assert joined(text.settled) == runs_of(f"word {sign}", References())


def test_a_bold_word_never_shows_its_asterisks_while_it_streams() -> None:
    text = InlineText(References())
    for character in "so **very bold** indeed, and `code` too":
        text.feed(character)
        shown = "".join(run.text for run in text.open_runs())
        assert "*" not in shown
        assert "`" not in shown


def test_a_thousand_openings_are_shown_as_they_are() -> None:
    text = InlineText(References())
    text.feed("*a " * 60)
    assert text.open_runs() == [Run(("*a " * 60).strip())]


def test_a_text_of_nothing_but_delimiters_is_shown_as_it_is() -> None:
    text = InlineText(References())
    text.feed("_a_b_" * 100 + " **c")
    assert text.open_runs()[-1].text.endswith(" **c")


def test_open_runs_are_read_once_for_each_chunk() -> None:
    text = InlineText(References())
    text.feed("a")
    assert text.open_runs() is text.open_runs()


def test_a_definition_that_comes_later_makes_it_stale() -> None:
    known = References()
    text, other = InlineText(known), InlineText(known)
    text.feed("see [label] and [^1]")
    other.feed("nothing")
    text.finish()
    other.finish()
    known.define_footnote("2")
    staleness = [text.is_stale]
    known.links["LABEL"] = ("/x", "")
    known.version += 1
    assert [*staleness, text.is_stale, other.is_stale] == [False, True, False]


def test_a_footnote_that_comes_later_makes_it_stale() -> None:
    known = References()
    text = InlineText(known)
    text.feed("see [^1]")
    text.finish()
    known.define_footnote("1")
    assert text.is_stale


def test_open_runs_know_of_a_definition_at_once() -> None:
    known = References()
    text = InlineText(known)
    text.feed("see [label] there")
    assert text.open_runs() == [Run("see [label] there")]
    known.links["LABEL"] = ("/x", "")
    known.version += 1
    assert text.open_runs() == [Run("see "), Run("label", href="/x"), Run(" there")]


def is_stale(text: InlineText) -> bool:
    return text.is_stale
