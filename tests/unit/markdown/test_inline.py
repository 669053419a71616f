"""What is read of a line is what CommonMark says, and GitHub where CommonMark says nothing."""

import sys
from types import FrameType

import pytest
from markdown_it import MarkdownIt

from app.markdown.inline import runs_of
from app.markdown.references import References
from app.markdown.runs import Look, Run, RunKind
from app.markdown.tokens import runs_from
from tests.unit.markdown.inline_texts import references, spec_paragraphs

STRONG, EMPHASIS, STRUCK = Look.STRONG, Look.EMPHASIS, Look.STRUCK
# Where formulas and addresses without markup are more than CommonMark knows.
_OURS = {12, 606, 608, 611, 612}


def code(text: str, look: Look = Look.PLAIN) -> Run:
    return Run(text, RunKind.CODE, look)


def math(tex: str, *, is_display: bool = False) -> Run:
    return Run(tex, RunKind.MATH, is_display=is_display)


def linked(text: str, href: str = "") -> Run:
    return Run(text, href=href or text)


def read(source: str) -> list[Run]:
    return runs_of(source, references())


def test_every_paragraph_of_the_specification_reads_as_markdown_it_reads_it() -> None:
    judge = MarkdownIt("commonmark", {"html": False})
    paragraphs = spec_paragraphs()
    assert len(paragraphs) > 700
    for number, text, known in paragraphs:
        links = {label: {"href": href, "title": title} for label, (href, title) in known.links.items()}
        (inline,) = judge.parseInline(text, {"references": links})
        if number not in _OURS:
            assert runs_of(text, known) == runs_from(inline.children or ()), number


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("a **b** c", [Run("a "), Run("b", look=STRONG), Run(" c")]),
        ("***a** b*", [Run("a", look=STRONG | EMPHASIS), Run(" b", look=EMPHASIS)]),
        ("~~a *b*~~", [Run("a ", look=STRUCK), Run("b", look=STRUCK | EMPHASIS)]),
        ("~a~", [Run("~a~")]),
        ("**a `b`**", [Run("a ", look=STRONG), code("b", STRONG)]),
        ("`` a`b ``", [code("a`b")]),
        ("[**a** b](/c)", [Run("a", look=STRONG, href="/c"), Run(" b", href="/c")]),
        ("[foo] and [none]", [Run("foo", href="/url"), Run(" and [none]")]),
        ('![*a* b](c.png "d")', [Run("a b", RunKind.IMAGE, href="c.png")]),
        ("![a&#10;b](c)", [Run("a b", RunKind.IMAGE, href="c")]),
        ("a&amp;b &copy; \\*", [Run("a&b © *")]),
        ("a\nb  \nc\\\n  d", [Run("a\nb\nc\nd")]),
        ("<b>a</b> <!-- c -->", [Run("<b>a</b> <!-- c -->")]),
        ("a[^1] b[^2]", [Run("a"), Run("1", RunKind.FOOTNOTE), Run(" b[^2]")]),
        ("[^1](x)", [Run("1", RunKind.FOOTNOTE), Run("(x)")]),
        ("[x](javascript:alert(1))", [Run("[x](javascript:alert(1))")]),
        ("  \n a \t\n", [Run("a")]),
        ("", []),
        ("[](x)", []),
    ],
)
def test_markup_becomes_runs(source: str, runs: list[Run]) -> None:
    assert read(source) == runs


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("$x^2$", [math("x^2")]),
        ("\\(x\\) \\[y\\]", [math("x"), Run(" "), math("y", is_display=True)]),
        ("a $$ x $$ b", [Run("a "), math("x", is_display=True), Run(" b")]),
        ("$a*b*c_d$", [math("a*b*c_d")]),
        ("$\\$5$", [math("\\$5")]),
        ("\\(a \\\\)\\)", [math("a \\\\)")]),
        ("\\(a\\ \\)", [math("a\\ ")]),
        ("$a$$b$", [math("a"), math("b")]),
        ("$5 and $10", [Run("$5 and $10")]),
        ("$5, $10 and $x$", [Run("$5, $10 and "), math("x")]),
        ("costs 5$ or 6$", [Run("costs 5$ or 6$")]),
        ("$x$5", [Run("$x$5")]),
        ("$ x$ and $x $", [Run("$ x$ and $x $")]),
        ("\\$x$", [Run("$x$")]),
        ("`$x$`", [code("$x$")]),
        ("$`$", [math("`")]),
        ("$$ $$", [Run("$$ $$")]),
        (f"${'x' * 1001}$", [Run(f"${'x' * 1001}$")]),
    ],
)
def test_formulas_are_told_from_prices(source: str, runs: list[Run]) -> None:
    assert read(source) == runs


@pytest.mark.parametrize(
    ("source", "address", "rest"),
    [
        ("www.commonmark.org", "www.commonmark.org", ""),
        ("www.commonmark.org/help for", "www.commonmark.org/help", " for"),
        ("www.commonmark.org.", "www.commonmark.org", "."),
        ("www.commonmark.org/a.b.", "www.commonmark.org/a.b", "."),
        ("www.google.com/search?q=Markup+(business)", "www.google.com/search?q=Markup+(business)", ""),
        ("www.google.com/search?q=Markup+(business)))", "www.google.com/search?q=Markup+(business)", "))"),
        ("www.google.com/search?q=(business))+ok", "www.google.com/search?q=(business))+ok", ""),
        ("www.google.com/search?q=commonmark&hl=en", "www.google.com/search?q=commonmark&hl=en", ""),
        ("www.google.com/search?q=commonmark&hl;", "www.google.com/search?q=commonmark", "&hl;"),
        ("www.commonmark.org/he<lp", "www.commonmark.org/he", "<lp"),
        ("https://encrypted.google.com/search?q=Markup", "https://encrypted.google.com/search?q=Markup", ""),
        ("HTTPS://A.bc", "HTTPS://A.bc", ""),
        ("http://localhost:8000/x", "http://localhost:8000/x", ""),
        ("https://x.y/__init__.py", "https://x.y/__init__.py", ""),
        ("https://x.y/a_b_", "https://x.y/a_b", "_"),
        ("https://x.y/?!.,:*_~", "https://x.y/", "?!.,:*_~"),
        ("https://x.y/z，漢", "https://x.y/z", "，漢"),
    ],
)
def test_addresses_without_markup_are_links_as_on_github(source: str, address: str, rest: str) -> None:
    runs = read(source)
    assert (runs[0].text, "".join(run.text for run in runs[1:])) == (address, rest)
    href = f"http://{address}" if address.startswith("www") else address
    assert runs[0].href.lower() == href.lower()
    assert not any(run.href for run in runs[1:])


@pytest.mark.parametrize(
    "source",
    ["www.", "www.a", "xwww.a.bc", "http://", "http://a_b.c", "(x)http://a.b", "a.b", "`http://a.b`", "http:/a"],
)
def test_what_is_no_address_is_no_link(source: str) -> None:
    assert not any(run.href for run in read(source))


def test_an_address_may_stand_in_emphasis_brackets_and_chinese_text() -> None:
    assert read("**http://a.b**") == [Run("http://a.b", look=STRONG, href="http://a.b")]
    assert read("(http://a.b)") == [Run("("), linked("http://a.b"), Run(")")]
    assert read("見http://a.b") == [Run("見"), linked("http://a.b")]
    assert read("[http://a.b](/c)") == [Run("http://a.b", href="/c")]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("foo@bar.baz", "foo@bar.baz"),
        ("hello@mail+xyz.example isn't valid, but hello+xyz@mail.example is.", "hello+xyz@mail.example"),
        ("a.b-c_d@a.b", "a.b-c_d@a.b"),
        ("a.b-c_d@a.b.", "a.b-c_d@a.b"),
        ("a.b-c_d@a.b-", ""),
        ("a.b-c_d@a.b_", ""),
        ("a@b", ""),
        ("@b.c", ""),
        ("[a@b.cd](/e)", ""),
    ],
)
def test_mail_addresses_are_links_as_on_github(source: str, address: str) -> None:
    found = [run for run in read(source) if run.href.startswith("mailto:")]
    assert found == ([Run(address, href=f"mailto:{address}")] if address else [])


def test_a_link_does_not_go_on_where_its_address_failed() -> None:
    assert read("[foo](b c[foo] d)") == [linked("foo", "/url"), Run("(b c"), linked("foo", "/url"), Run(" d)")]
    assert read("[none](b c[foo])") == [Run("[none](b c"), linked("foo", "/url"), Run(")")]
    assert read("[foo](") == [linked("foo", "/url"), Run("(")]
    assert read("[foo][ ") == [linked("foo", "/url"), Run("[")]


@pytest.mark.parametrize("signs", ["[", "![", "[a](", "](", "[[a] ", "[a][b ", "\\(x ", "*a_b ", "`a``b```c", "<"])
def test_the_work_for_a_page_of_openings_grows_with_its_length_and_no_faster(signs: str) -> None:
    short, long = (signs * 400)[:400], (signs * 4000)[:4000]
    assert calls_for(long) < 13 * calls_for(short)
    assert calls_for(long) < 50 * len(long)


def calls_for(source: str) -> int:
    """How many functions are called to read it."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        runs_of(source, References())
    finally:
        sys.setprofile(None)
    return count
