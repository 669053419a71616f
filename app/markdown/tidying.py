"""Runs without what Markdown cannot tell: blanks at the edges of lines, and how those between two looks look."""

import re
from collections.abc import Iterable, Sequence

from markdown_it.common.utils import MD_TRIM_CHARS

from app.markdown.runs import Look, Run, RunKind, joined

_LINE_EDGES = re.compile(r"[ \t]*(\n+)[ \t]*")
_BETWEEN_BREAKS = re.compile(r"\n[ \t]+(?=\n)")


def tidied(runs: Iterable[Run]) -> list[Run]:
    pieces: list[Run] = []
    for run in runs:
        if run.kind is RunKind.TEXT:
            pieces += [run._replace(text=text) for text in with_edges_apart(run.text) if text]
        elif run.text or run.kind is RunKind.IMAGE:
            pieces.append(run)
    looks = [None if is_blank(run.text) and run.kind is RunKind.TEXT else run.look for run in pieces]
    for index, (before, after) in enumerate(neighbours(looks)):
        if looks[index] is None:
            pieces[index] = pieces[index]._replace(look=before if before == after else Look.PLAIN)
    return _trimmed([_without_line_edges(run) if run.kind is RunKind.TEXT else run for run in joined(pieces)])


def with_edges_apart(text: str) -> tuple[str, str, str]:
    """The blanks before the text, the text, the blanks after it."""
    body = text.strip(MD_TRIM_CHARS)
    start = len(text) - len(text.lstrip(MD_TRIM_CHARS))
    return text[:start], body, text[start + len(body) :]


def is_blank(text: str) -> bool:
    return not text.strip(MD_TRIM_CHARS)


def neighbours(looks: Sequence[Look | None]) -> list[tuple[Look, Look]]:
    """For each look the nearest known one before and after, itself if it is known; plain beyond the ends."""
    return list(zip(_carried(looks), reversed(_carried(looks[::-1])), strict=True))


def _carried(looks: Sequence[Look | None]) -> list[Look]:
    result: list[Look] = []
    known = Look.PLAIN
    for look in looks:
        known = known if look is None else look
        result.append(known)
    return result


def _without_line_edges(run: Run) -> Run:
    return run._replace(text=_LINE_EDGES.sub(r"\1", _BETWEEN_BREAKS.sub("\n", run.text)))


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without blanks at the beginning and end, unless they are a link's."""
    while runs and _is_running_text(runs[0]):
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip(MD_TRIM_CHARS))
        if runs[0].text:
            break
        del runs[0]
    while runs and _is_running_text(runs[-1]):
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(MD_TRIM_CHARS))
        if runs[-1].text:
            break
        del runs[-1]
    return runs


def _is_running_text(run: Run) -> bool:
    return run.kind is RunKind.TEXT and not run.href
