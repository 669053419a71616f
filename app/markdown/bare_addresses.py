"""
Addresses in running text without any markup, found as GitHub's Markdown finds them.

https://github.github.com/gfm/#autolinks-extension- with three differences: a host without a period is
one after http:// (http://localhost:8000), letters other than Latin ones may stand before an address, and
the full stops and commas of Chinese and Japanese end it.
"""

import re

from markdown_it.rules_inline import StateInline

from app.markdown.reading import Reading
from app.markdown.runs import UNKNOWN_TARGET, Run, RunKind

# Looks back behind the first letter: a search for letters is four times as fast as one for what is not behind them.
# What may not be there is ASCII but for blanks and * _ ~ (, named one by one: "all from \x80 on" takes 2 ms to compile.
_AT_WORD_START = r"(?<![\x00-\x08\x0e-\x1b!-')+-^`-}\x7f].)"
START = rf"(?s:w{_AT_WORD_START}ww\.|[hH]{_AT_WORD_START}[tT][tT][pP][sS]?://)"
_STRETCH = re.compile(rf"({START})([^\s<、。，！？；：）】》」』]*)")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ENTITY_AT_END = re.compile(r"&[0-9A-Za-z]+;\Z")
_LOCAL_PART = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-_")
_MAIL_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def may_hold_addresses(source: str) -> bool:
    return "://" in source or "www." in source


def bare_address(state: StateInline, silent: bool) -> bool:
    """
    A rule for markdown-it, to stand after its rule for text.

    Notes nothing: no text is cut inside an address, and none can be longer than up to the cut.
    """
    if silent or state.linkLevel or state.src[state.pos] not in "wWhH":
        return False
    found = _STRETCH.match(state.src, state.pos, state.posMax)
    if not found or not _is_domain(found[2], needs_period=found[1] == "www."):
        return False
    text = _without_punctuation(found[0])
    href = state.md.normalizeLink(f"http://{text}" if found[1] == "www." else text)
    if not state.md.validateLink(href):
        return False
    reading: Reading = state.env["reading"]
    if reading.is_open and found.end() == len(state.src):
        href = UNKNOWN_TARGET
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)
    state.pos += len(text)
    return True


def with_mail_links(runs: list[Run], *, is_open: bool = False) -> list[Run]:
    """Make links of the mail addresses in texts that are no links. `is_open`: more may follow the last character."""
    result: list[Run] = []
    for index, run in enumerate(runs):
        if run.kind is RunKind.TEXT and not run.href and "@" in run.text:
            result += _split(run, is_last=is_open and index == len(runs) - 1)
        else:
            result.append(run)
    return result


def _split(run: Run, *, is_last: bool) -> list[Run]:
    text, done, pieces = run.text, 0, []
    at = text.find("@")
    while at >= 0:
        start = at
        while start > done and text[start - 1] in _LOCAL_PART:
            start -= 1
        domain = _MAIL_DOMAIN.match(text, at + 1)
        if start < at and domain and domain[0][-1] not in "-_":
            address = text[start : domain.end()]
            if start > done:
                pieces.append(run._replace(text=text[done:start]))
            done = domain.end()
            href = UNKNOWN_TARGET if is_last and done == len(text) else f"mailto:{address}"
            pieces.append(run._replace(text=address, href=href))
        at = text.find("@", at + 1)
    if done < len(text):
        pieces.append(run._replace(text=text[done:]))
    return pieces


def _is_domain(text: str, *, needs_period: bool) -> bool:
    found = _DOMAIN.match(text)
    if not found:
        return False
    segments = found[0].split(".")
    return (len(segments) > 1 or not needs_period) and not any("_" in segment for segment in segments[-2:])


def _without_punctuation(address: str) -> str:
    """Without what ends the sentence rather than the address."""
    end = len(address)
    surplus = address.count(")") - address.count("(")
    while True:
        last = address[end - 1]
        if last in "?!.,:*_~":
            end -= 1
        elif last == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        elif last == ";" and (entity := _ENTITY_AT_END.search(address, max(0, end - 40), end)):
            end = entity.start()
        else:
            return address[:end]
