"""
markdown-it, set up for the text inside a block: the one place that configures it.

HTML is text. Besides CommonMark: ~~struck~~, addresses without markup, formulas, references to footnotes.
"""

import re
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_inline import StateInline, autolink, entity, escape, newline

from app.markdown import inline_rules
from app.markdown.bare_addresses import START, bare_address, may_hold_addresses
from app.markdown.inline_math import math
from app.markdown.reading import Reading
from app.markdown.references import References

# Brackets nest this deep, as in markdown-it's presets: each level is a level of recursion.
_MAX_NESTING = 20
_KEPT_ADDRESSES, _LONGEST_KEPT_ADDRESS = 256, 500
_SIGN = r"[\n$&*<\[\\\]_`~]|!(?=\[)"
_STOP = re.compile(_SIGN)
_STOP_AT_ADDRESSES = re.compile(rf"{_SIGN}|{START}")
# markdown-it would ask every rule at every sign; the first that finds something decides.
_RULES: Final = {
    "\n": (newline,),
    "\\": (math, escape),
    "$": (math,),
    "`": (inline_rules.code,),
    "~": (inline_rules.strikethrough,),
    "*": (inline_rules.emphasis,),
    "_": (inline_rules.emphasis,),
    "[": (inline_rules.footnote, inline_rules.link, inline_rules.bracket),
    "]": (inline_rules.bracket,),
    "!": (inline_rules.image,),
    "<": (autolink, inline_rules.angle),
    "&": (entity,),
    **dict.fromkeys("hHw", (bare_address,)),
}


_normalized = lru_cache(_KEPT_ADDRESSES)(normalizeLink)


class _Syntax(MarkdownIt):
    """The text that streams in is read again in every frame, and its addresses are the same ones."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return _normalized(url) if len(url) <= _LONGEST_KEPT_ADDRESS else super().normalizeLink(url)


class _Labels:
    """The link labels, as markdown-it asks for them; remembers which were asked for in vain."""

    def __init__(self, references: References, missed: set[str]) -> None:
        self._links = references.links
        self._missed = missed

    def get(self, label: str, _default: None = None) -> dict[str, str] | None:
        found = self._links.get(label)
        if found is None:
            self._missed.add(label)
            return None
        return {"href": found[0], "title": found[1]}


def read(source: str, references: References, *, is_open: bool = False) -> Reading:
    """Read the source from beginning to end. `is_open`: more text may follow its last character."""
    reading = Reading(source, is_open=is_open)
    labels = _Labels(references, reading.missed_links)
    stop = _STOP_AT_ADDRESSES if may_hold_addresses(source) else _STOP
    env = {"references": labels, "footnotes": references.footnotes, "reading": reading, "stop": stop}
    state = StateInline(source, _SYNTAX, env, reading.tokens)
    _SYNTAX.inline.tokenize(state)
    for rule in _SYNTAX.inline.ruler2.getRules(""):
        rule(state)
    reading.conclude(state.delimiters)
    return reading


def _text(state: StateInline, silent: bool) -> bool:
    """Plain text up to what may mean something. markdown-it's own stops at signs that mean nothing here."""
    start = state.pos
    stop = state.env["stop"].search(state.src, start, state.posMax)
    state.pos = stop.start() if stop else state.posMax
    if not silent and state.pos > start:
        state.append_pending(state.src[start : state.pos])
    return state.pos > start


def _markup(state: StateInline, silent: bool) -> bool:
    for rule in _RULES.get(state.src[state.pos], ()):  # noqa: SIM110 - half as fast again as any()
        if rule(state, silent):
            return True
    return False


def _syntax() -> MarkdownIt:
    syntax = _Syntax("zero", {"maxNesting": _MAX_NESTING})
    syntax.inline.ruler.at("text", _text)
    syntax.inline.ruler.after("text", "markup", _markup)
    syntax.inline.ruler2.enable(["strikethrough", "emphasis"])
    return syntax


_SYNTAX: Final = _syntax()
