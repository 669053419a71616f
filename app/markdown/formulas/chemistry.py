r"""Chemical equations: what stands in \ce{…}, as TeX."""

import re

_TOKEN = re.compile(
    r"""
    (?P<reaction><=>>|<<=>|<=>|<->|->|<-)(?:\[(?P<above>[^\]]*)\](?:\[(?P<below>[^\]]*)\])?)?
    | (?P<script>[\^_])(?P<argument>\{[^{}]*\}|\d*[+-]|\d+|[a-zA-Z])
    | (?P<charge>(?<=[\w)\]])[+-](?=[\s)\]^_]|$))
    | (?P<index>(?<=[A-Za-z)\]])\d+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<letters>[A-Za-z]+)
    | (?P<command>\\[A-Za-z]+|\$[^$]*\$)
    | (?P<space>\s+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ARROWS = {
    "<=>": r"\rightleftharpoons",
    "<=>>": r"\rightleftharpoons",
    "<<=>": r"\rightleftharpoons",
    "<->": r"\leftrightarrow",
    "<-": r"\leftarrow",
    "->": r"\rightarrow",
}
_SIGNS = {"*": r"\cdot ", ".": r"\cdot ", "=": "=", "#": r"\equiv ", "~": r"\,"}


def chemistry(content: str) -> str:
    """Letters stand upright, figures after them are indices, arrows are arrows."""
    return "".join(_made(token) for token in _TOKEN.finditer(content))


def _made(token: re.Match[str]) -> str:
    if token["reaction"]:
        return _arrow(token)
    if token["script"]:
        return f"{token['script']}{{{token['argument'].strip('{}')}}}"
    if token["charge"]:
        return f"^{{{token['charge']}}}"
    if token["index"]:
        return f"_{{{token['index']}}}"
    if token["number"]:
        return token["number"] + r"\,"
    if token["letters"]:
        return rf"\mathrm {{{token['letters']}}}"
    if token["command"]:
        return token["command"].strip("$") + " "
    return "" if token["space"] else _SIGNS.get(token["sign"], token["sign"])


def _arrow(token: re.Match[str]) -> str:
    if token["above"] is None:
        return _ARROWS[token["reaction"]] + " "
    below = f"[{token['below']}]" if token["below"] else ""
    return rf"\xrightarrow{below}{{{token['above']}}}"
