"""Runs as Markdown that reads as these runs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from app.markdown.emphasising import MARKS, OTHER_MARKS, Atom, emphasised, nested, piecewise
from app.markdown.inline import runs_of
from app.markdown.references import References
from app.markdown.run_sources import address_source, atom_source, text_source, with_first_as_entity
from app.markdown.runs import Look, Run, RunKind
from app.markdown.tidying import is_blank, tidied, with_edges_apart


def markdown_of(runs: Iterable[Run]) -> str:
    """
    Markdown that reads as `tidied(runs)`, but that what looks like a mail address becomes one.

    Delimiters look at their neighbours: where they might be read otherwise, it is read again to see.
    """
    meant = tidied(runs)
    atoms = list(_atoms(meant))
    source, is_certain = nested(atoms, MARKS)
    if is_certain:
        return source
    labels = [run.text for run in meant if run.kind is RunKind.FOOTNOTE]
    references = References(footnotes=dict.fromkeys(labels, 1))
    for attempt in (source, nested(atoms, OTHER_MARKS)[0]):
        if tidied(runs_of(attempt, references)) == meant:
            return attempt
    return piecewise(atoms)


def _atoms(runs: Sequence[Run]) -> Iterator[Atom]:
    before: Run | None = None
    for href, group in groupby(runs, lambda run: "" if run.kind is RunKind.IMAGE else run.href):
        linked = list(group)
        if href:
            yield _link(href, linked)
        else:
            yield from _plain_atoms(linked, before)
        before = linked[-1]


def _plain_atoms(runs: Sequence[Run], before: Run | None, *, is_in_brackets: bool = False) -> Iterator[Atom]:
    for run in runs:
        if run.kind is not RunKind.TEXT:
            yield Atom(atom_source(run), run.look)
        else:
            for text in filter(None, with_edges_apart(run.text)):
                is_start = before is None or (before.kind is RunKind.TEXT and before.text.endswith("\n"))
                source = text_source(text, is_line_start=is_start, is_in_brackets=is_in_brackets)
                if before and _joins(before, source):
                    source = with_first_as_entity(source)
                yield Atom(source, run.look, is_blank(text))
                before = run._replace(text=text)
        before = run


def _joins(before: Run, source: str) -> bool:
    """The first sign would change what stands before it: a digit a formula, a colon a reference to a footnote."""
    return (before.kind is RunKind.MATH and source[0].isdigit()) or (
        before.kind is RunKind.FOOTNOTE and source[0] == ":"
    )


def _link(href: str, runs: Sequence[Run]) -> Atom:
    """What all of it shares of its look stands around the link, the rest within."""
    text = runs[0].text
    shared = ~Look.PLAIN
    for run in runs:
        if run.kind is not RunKind.TEXT or not is_blank(run.text):
            shared &= run.look
    if shared == ~Look.PLAIN:
        shared = Look.PLAIN
    if len(runs) == 1 and href in (text, f"mailto:{text}"):
        short = f"<{text}>"
        if runs_of(short, References()) == [runs[0]._replace(look=Look.PLAIN)]:
            return Atom(short, shared)
    inside = [run._replace(look=run.look & ~shared, href="") for run in runs]
    source = emphasised(list(_plain_atoms(inside, Run("["), is_in_brackets=True)))
    return Atom(f"[{source}]({address_source(href)})", shared)
