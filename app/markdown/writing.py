"""Runs as text again: plain, as Markdown, and as HTML for a word processor."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from app.markdown.links import target_of
from app.markdown.markdown_writing import markdown_of
from app.markdown.runs import Look, Run, RunKind

__all__ = ["html_of", "markdown_of", "plain_text"]

_TAGS = ((Look.STRONG, "strong"), (Look.EMPHASIS, "em"), (Look.STRUCK, "s"))


def plain_text(runs: Iterable[Run]) -> str:
    """What is read: formulas as their source, images as their description."""
    return "".join(_plain(run) for run in runs)


def html_of(runs: Iterable[Run]) -> str:
    """Nothing in it is loaded from anywhere; links only where they may be opened."""
    parts: list[str] = []
    for href, group in groupby(runs, lambda run: "" if run.kind is RunKind.IMAGE else run.href):
        text = "".join(_tagged(run) for run in group)
        target = target_of(href) if href else None
        parts.append(f'<a href="{escape(target.address)}">{text}</a>' if target else text)
    return "".join(parts)


def _plain(run: Run) -> str:
    match run.kind:
        case RunKind.MATH:
            return f"$${run.text}$$" if run.is_display else f"${run.text}$"
        case RunKind.FOOTNOTE:
            return f"[{run.text}]"
    return run.text


def _tagged(run: Run) -> str:
    text = escape(_plain(run)).replace("\n", "<br>")
    if run.kind is RunKind.CODE:
        text = f"<code>{text}</code>"
    elif run.kind is RunKind.FOOTNOTE:
        text = f"<sup>{text}</sup>"
    for look, tag in _TAGS:
        if look in run.look:
            text = f"<{tag}>{text}</{tag}>"
    return text
