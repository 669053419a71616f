r"""
Formulas inside a line: $…$, $$…$$, \(…\) and \[…\].

Between single dollars, prices must stay prices: nothing blank follows the first or precedes the second, no
digit follows the second, and the first dollar after the first decides.
"""

import re

from markdown_it.rules_inline import StateInline

from app.markdown.reading import Reading

# A price would otherwise keep all the text after it open: no formula in a line is longer.
_LONGEST_DOLLAR_BODY = 1000
_DOLLAR_BODY = rf"(?:[^$\\]|\\.){{1,{_LONGEST_DOLLAR_BODY}}}+"
_DOLLAR = re.compile(rf"\$(?![\s$])({_DOLLAR_BODY})(?<!\s)\$(?!\d)", re.DOTALL)
_OPEN_DOLLAR = re.compile(rf"\$(?![\s$]){_DOLLAR_BODY}\\?\Z", re.DOTALL)
_BLANKS = re.compile(r"\A\s+|(?<![\\\s])\s+\Z")  # not a blank that a backslash makes one of TeX's
_LONGER = {
    "$$": re.compile(r"\$\$(?!\$)((?:[^$\\]|\\.|\$(?!\$))++)\$\$", re.DOTALL),
    "\\(": re.compile(r"\\\(((?:[^\\]|\\(?!\)).)++)\\\)", re.DOTALL),
    "\\[": re.compile(r"\\\[((?:[^\\]|\\(?!\]).)++)\\\]", re.DOTALL),
}


def is_formula(source: str) -> bool:
    """All of it is one formula between dollars."""
    return (_LONGER["$$"] if source.startswith("$$") else _DOLLAR).fullmatch(source) is not None


def math(state: StateInline, silent: bool) -> bool:
    """A rule for markdown-it, to stand before its rule for backslashes."""
    source, start = state.src, state.pos
    reading: Reading = state.env["reading"]
    opener = source[start : start + 2]
    if opener in _LONGER:
        found = None
        if start < reading.endless_formulas.get(opener, len(source)):
            found = _LONGER[opener].match(source, start, state.posMax)
            if not found and state.posMax == len(source):
                reading.endless_formulas[opener] = start
        may_end = not found
    elif opener.startswith("$"):
        opener = "$"
        found = _DOLLAR.match(source, start, state.posMax)
        may_end = not found and bool(_OPEN_DOLLAR.match(source, start))
    else:
        return False
    if not found or not found[1].strip():
        if may_end and not silent:
            reading.note_opening(start, opener)
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content = _BLANKS.sub("", found[1])
        token.meta["is_display"] = opener in ("$$", "\\[")
        reading.note_span(start, found.end())
    state.pos = found.end()
    return True
