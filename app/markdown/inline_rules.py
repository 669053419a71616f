"""
markdown-it's inline rules, so that they also note in the Reading where they found something.

What they find is markdown-it's decision. What is not found, but could be once more text has come, is noted too.
"""

import re

from markdown_it.rules_inline import StateInline, backtick
from markdown_it.rules_inline import emphasis as markdown_it_emphasis
from markdown_it.rules_inline import image as markdown_it_image
from markdown_it.rules_inline import link as markdown_it_link
from markdown_it.rules_inline import strikethrough as markdown_it_strikethrough

from app.markdown.reading import Reading

_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")
_OPEN_AUTOLINK = re.compile(r"<[^\x00-\x20<>]+\Z")


def code(state: StateInline, silent: bool) -> bool:
    start, count = state.pos, len(state.tokens)
    backtick(state, silent)
    if not silent:
        # The text before it may have become a token too.
        if len(state.tokens) > count and state.tokens[-1].type == "code_inline":
            reading_of(state).note_span(start, state.pos)
        else:
            reading_of(state).note_opening(start, state.src[start : state.pos])
    return True


def emphasis(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = markdown_it_emphasis.tokenize(state, silent)
    if found and not state.level:
        reading_of(state).note_delimiters(range(start, state.pos))
    return found


def strikethrough(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = markdown_it_strikethrough.tokenize(state, silent)
    if found and not state.level:
        reading_of(state).note_delimiters(range(start + (state.pos - start) % 2, state.pos, 2))
    return found


def link(state: StateInline, silent: bool) -> bool:
    start = state.pos
    text_end = _label_end(state, start, is_link=True)
    if text_end < 0:
        return False
    found = _link(state, text_end, silent)
    if found and not silent:
        reading_of(state).note_link(start, state.pos)
    return found


def image(state: StateInline, silent: bool) -> bool:
    """markdown-it reads the description as a text of its own: what is open in it counts as open from the image on."""
    start, end, reading = state.pos, state.posMax, reading_of(state)
    text_end = _label_end(state, start + 1) if state.src[start + 1 : start + 2] == "[" else -1
    if text_end < 0:
        return False
    if state.src[text_end + 1 : text_end + 2] == "[" and _label_end(state, text_end + 1) < 0:
        state.posMax = text_end + 1
    state.env["reading"] = description = Reading(state.src[start + 2 : text_end])
    found = markdown_it_image(state, silent)
    state.env["reading"] = reading
    state.posMax = end
    if found and not silent:
        reading.note_span(start, state.pos)
        tokens = state.tokens[-1].children or ()
        has_dollar = any("$" in token.content for token in tokens if token.type == "text")
        if description.openings or has_dollar:
            reading.note_opening(start, "[")
    return found


def footnote(state: StateInline, silent: bool) -> bool:
    found = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if found[1] not in state.env["footnotes"]:
        reading_of(state).missed_footnotes.add(found[1])
        return False
    if not silent:
        state.push("footnote", "", 0).content = found[1]
        reading_of(state).note_span(state.pos, found.end())
    state.pos = found.end()
    return True


def bracket(state: StateInline, silent: bool) -> bool:
    """Finds nothing: notes a bracket that belongs to no link."""
    if not silent:
        reading_of(state).note_bracket(state.pos)
    return False


def angle(state: StateInline, silent: bool) -> bool:
    """Finds nothing: notes an address in angle brackets that may be closed yet."""
    if not silent and _OPEN_AUTOLINK.match(state.src, state.pos):
        reading_of(state).note_opening(state.pos, "<")
    return False


def reading_of(state: StateInline) -> Reading:
    reading = state.env["reading"]
    assert isinstance(reading, Reading)
    return reading


def _link(state: StateInline, text_end: int, silent: bool) -> bool:
    """
    [text](address), or else [text][label] or [label].

    markdown-it 4.3 goes on from where the address failed when it then looks for a label: it takes
    `[a](b c[label]` for a link. So it is asked for the one with the labels out of its sight, and for the
    others with what does not belong to them out of its sight.
    """
    start, end, sign = state.pos, state.posMax, state.src[text_end + 1 : text_end + 2]
    if sign == "(" and state.src.find(")", text_end, end) >= 0:
        may_hold_labels = state.src.find("[", start + 1, text_end) >= 0  # of images in it
        labels = state.env["references"]
        state.env["references"] = {}
        has_address = markdown_it_link(state, silent or may_hold_labels)
        state.env["references"] = labels
        if has_address and not may_hold_labels:
            return True
        state.pos = start
        if has_address:
            return markdown_it_link(state, silent)
    if sign != "[" or _label_end(state, text_end + 1) < 0:
        state.posMax = text_end + 1
    found = markdown_it_link(state, silent)
    state.posMax = end
    return found


def _label_end(state: StateInline, start: int, *, is_link: bool = False) -> int:
    """
    Where the ] is that belongs to the [ at `start`; -1 if it has none, or if it is that of a link with a link inside.

    As markdown-it's parseLinkLabel, which looks through all the text again for each [ that has no end: here
    one that has none tells it for all before it.
    """
    source, endless = state.src, reading_of(state).endless_brackets
    if start in endless:
        return -1
    before, level, found = state.pos, 1, -1
    state.pos = start + 1
    while state.pos < state.posMax:
        sign, position = source[state.pos], state.pos
        if sign == "]":
            level -= 1
            if not level:
                found = position
                break
        state.md.inline.skipToken(state)
        if sign == "[":
            if state.pos == position + 1:
                level += 1
            elif is_link:
                break
        if position in endless:
            state.pos = state.posMax
    if state.pos >= len(source):
        endless.add(start)
    state.pos = before
    return found
