"""What is copied reads as what was shown."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.inline import runs_of
from app.markdown.runs import Look, Run, RunKind
from app.markdown.tidying import tidied
from app.markdown.writing import html_of, markdown_of, plain_text
from tests.unit.markdown.inline_texts import FRAGMENTS, references

STRONG, EMPHASIS, STRUCK = Look.STRONG, Look.EMPHASIS, Look.STRUCK
_SIGNS = [*"ab1é漢。*_~`[]()!<>&$\\.-#+=|: \n", "\u0301", "🙂", "&amp;", "http://q.r", "www.z.y", "1. ", "- ", "# "]
_TEXTS = st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=5).map("".join)
_LOOKS = st.integers(0, 7).map(Look)
_HREFS = st.sampled_from(["", "", "", "http://u.v/w", "#", "a(b)c_d*", "/%20(", "x?a&copy;b"])
_RUNS = st.one_of(
    st.tuples(_TEXTS, st.just(RunKind.TEXT), _LOOKS, _HREFS),
    st.tuples(st.sampled_from(["c", "`", "a `b", " x", " y ", "  "]), st.just(RunKind.CODE), _LOOKS, _HREFS),
    st.tuples(st.sampled_from(["x", "a_1*b", "a$b", "y^2"]), st.just(RunKind.MATH), _LOOKS, _HREFS, st.booleans()),
    st.tuples(_TEXTS.map(lambda text: text.replace("\n", " ")), st.just(RunKind.IMAGE), _LOOKS, st.just("p.png")),
    st.tuples(st.just("1"), st.just(RunKind.FOOTNOTE), _LOOKS),
).map(lambda fields: Run(*fields))


def read(source: str) -> list[Run]:
    return runs_of(source, references())


@given(runs=st.lists(_RUNS, min_size=1, max_size=8))
@settings(max_examples=500, derandomize=True, deadline=None)
def test_runs_written_as_markdown_read_as_the_same_runs(runs: list[Run]) -> None:
    assert tidied(read(markdown_of(runs))) == tidied(runs)


@given(source=FRAGMENTS)
@settings(max_examples=500, derandomize=True, deadline=None)
def test_markdown_read_and_written_reads_the_same(source: str) -> None:
    runs = tidied(read(source))
    assert tidied(read(markdown_of(runs))) == runs


@given(runs=st.lists(_RUNS, min_size=1, max_size=8))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_tidying_takes_blanks_and_nothing_else(runs: list[Run]) -> None:
    def seen(some: list[Run]) -> list[tuple[str, RunKind, Look, str]]:
        return [
            (sign, run.kind, run.look, run.href)
            for run in some
            for sign in run.text
            if run.kind is not RunKind.TEXT or not sign.isspace()
        ]

    assert seen(tidied(runs)) == seen(runs)
    assert tidied(tidied(runs)) == tidied(runs)


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("This is **bold *nested* text**.", None),
        ("**bold**text, *it*.", None),
        ("a `code` and ``a`b``", None),
        ("see the [*docs*](https://a.b/c_(d)) now", "see the *[docs](https://a.b/c_(d))* now"),
        ("[a **b** c](/d)", None),
        ("https://x.y/z and a@b.de", "<https://x.y/z> and <a@b.de>"),
        ("snake_case, 2 * 3 and a - b", None),
        ("$x_1$ and $$y$$ for \\$5", None),
        ("\\(a$b\\)", None),
        ("![a *b*](c.png)", "![a b](c.png)"),
        ("a[^1]", None),
        ("a\n\\# b\n\\- c\n1\\. d\n\\> e", None),
        ("&lt;b&gt; &amp;amp;", "\\<b> \\&amp;"),
        ("[1] and [a]", "[1\\] and [a\\]"),
        ("__a__ _b_", "**a** *b*"),
        ("**a **", "\\*\\*a \\*\\*"),
        ("~~gone~~ a ~5", None),
    ],
)
def test_markdown_is_written_as_people_write_it(source: str, written: str | None) -> None:
    assert markdown_of(read(source)) == (source if written is None else written)


def test_emphasis_that_delimiters_cannot_tell_is_told_by_entities() -> None:
    runs = [Run("見「", look=STRONG), Run("は"), Run("」", look=EMPHASIS), Run("x")]
    source = markdown_of(runs)
    assert "&#12399;" in source
    assert read(source) == runs


def test_an_underscore_next_to_an_entity_opens_nothing() -> None:
    runs = [
        Run("b", RunKind.MATH, EMPHASIS),
        Run(".", look=STRONG),
        Run("2", RunKind.MATH, EMPHASIS | STRUCK),
        Run("1_z", look=STRONG),
        Run("1", look=STRONG | STRUCK, href="#"),
    ]
    assert read(markdown_of(runs)) == runs


def test_several_line_breaks_stay_in_one_paragraph() -> None:
    source = markdown_of([Run("a\n\n\nb")])
    assert "\n\n" not in source
    assert read(source) == [Run("a\n\n\nb")]


def test_plain_text_is_what_is_read() -> None:
    runs = read("**a** `b` $c$ $$d$$ ![e](f.png) [g](http://h) [^1]\ni")
    assert plain_text(runs) == "a b $c$ $$d$$ e g [1]\ni"


def test_html_is_for_a_word_processor() -> None:
    runs = read('**a *b* c** ~~c~~ `d<` [e&](https://f.g/?h="&i)\nj ![k](https://l/m.png) [^1] $n$')
    assert html_of(runs) == (
        "<strong>a </strong><em><strong>b</strong></em><strong> c</strong> <s>c</s> <code>d&lt;</code> "
        '<a href="https://f.g/?h=%22&amp;i">e&amp;</a><br>j k <sup>[1]</sup> $n$'
    )


def test_html_links_only_where_links_may_be_opened() -> None:
    runs = [Run("a", href="javascript:alert(1)"), Run("b", href="file:///etc/passwd"), Run("c", href="/d"), Run("e")]
    assert html_of(runs) == "abce"


@given(runs=st.lists(_RUNS, min_size=1, max_size=8))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_html_has_no_tags_but_ours_and_loads_nothing(runs: list[Run]) -> None:
    page = Page()
    page.feed(html_of(runs))
    page.close()
    assert page.seen <= {"strong", "em", "s", "code", "a", "href", "sup", "br"}
    assert "".join(page.texts) == re.sub("\n", "", plain_text(runs))


class Page(HTMLParser):
    """Knows which tags and attributes it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
