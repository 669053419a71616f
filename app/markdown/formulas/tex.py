"""TeX as chat models write it, made the TeX that latex2mathml reads."""

import re
from collections.abc import Callable, Iterator

from app.markdown.formulas.chemistry import chemistry

# One that can define commands can define them in terms of themselves, and so be endless.
_DEFINITION = re.compile(
    r"\\(?:[egx]?def|let|futurelet|newcommand|renewcommand|providecommand|newenvironment|csname)\b"
)
_BREAK_SPACE = re.compile(r"(\\\\\*?)\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\]")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([a-zA-Z]+)(\*?)\s*\}")
_COLUMN_COUNT = re.compile(r"(\\begin\{alignat\*?\})\s*\{\d+\}")
_ARRAY = re.compile(r"(\\begin\{array\})\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}(?:\s*\\hline)*")
_LAST_LINES = re.compile(r"(?:\\hline\s*)+(?=\\end\{array\})")
_TEXT_COMMAND = re.compile(r"\\(text(?:bf|it|md|normal|rm|sf|tt|up|sc)?|mbox|hbox|textsuperscript|textsubscript)\s*\{")
_OPERATOR_NAME = re.compile(r"\\operatorname\s*(\*|withlimits)?\s*\{")
_CHEMISTRY = re.compile(r"\\ce\s*\{")
_TAG = re.compile(r"\\tag(\*?)\s*\{")
_ONE_COMMAND = re.compile(r"\\[a-zA-Z]+")
_WITH_ARGUMENT_DROPPED = re.compile(r"\\(?:label|vspace\*?|color|phantomsection)\s*\{[^{}]*\}")
_NEGATED_RELATION = re.compile(r"\\not\s*([=<>])")
_NEGATED = {"=": r"\neq ", "<": r"\nless ", ">": r"\ngtr "}

# Without its environment an equation is the same, and numbers nobody refers to are noise.
_ENVIRONMENTS = {
    "align": "align*",
    "aligned": "align*",
    "alignat": "align*",
    "alignedat": "align*",
    "flalign": "align*",
    "eqnarray": "align*",
    "split": "align*",
    "gather": "displaylines",
    "gathered": "displaylines",
    "multline": "displaylines",
    "dcases": "cases",
    "equation": "",
    "displaymath": "",
    "math": "",
}
_COMMANDS = {
    "R": r"\mathbb{R}",
    "N": r"\mathbb{N}",
    "Z": r"\mathbb{Z}",
    "Q": r"\mathbb{Q}",
    "C": r"\mathbb{C}",
    "bm": r"\boldsymbol",
    "mathds": r"\mathbb",
    "mathbbm": r"\mathbb",
    "arg": r"\operatorname{arg}",
    "lcm": r"\operatorname{lcm}",
    "tr": r"\operatorname{tr}",
    "rank": r"\operatorname{rank}",
    "sgn": r"\operatorname{sgn}",
    "diag": r"\operatorname{diag}",
    "copyright": "©",
    "nonumber": "",
    "notag": "",
    "hfill": r"\quad",
    "hfil": r"\quad",
    "allowbreak": "",
    "nobreak": "",
    "normalsize": "",
    "small": "",
    "large": "",
    "Large": "",
    "LARGE": "",
    "huge": "",
    "Huge": "",
}
_ESCAPED_IN_TEXT = re.compile(r"\\([_%$&# ])")
_BRACE = re.compile(r"\\\{|[{}]")
_FONT_COMMAND = re.compile(r"\\(?:text|math)[a-z]+\s*")
_NAME = re.compile(r"[A-Za-z ]+")
_SPACE_COMMAND = re.compile(r"\\[,;:! ]|\\thinspace|~")
_NEEDS_BASE = {"textsuperscript": "^", "textsubscript": "_"}


class UnreadableTex(ValueError):
    """Nothing can be made of it."""


def readable(tex: str) -> str:
    """
    The same formula in the commands that are known.

    Raises:
        UnreadableTex: it defines commands, or its braces do not match.
    """
    if _DEFINITION.search(tex):
        raise UnreadableTex("it defines commands")
    tex = _replace_arguments(tex, _CHEMISTRY, lambda _, content: chemistry(content))
    tex = _replace_arguments(tex, _TAG, _tag)
    tex = _replace_arguments(tex, _OPERATOR_NAME, _operator_name)
    tex = _replace_arguments(tex, _TEXT_COMMAND, _text)
    tex = _BREAK_SPACE.sub(r"\1", tex)
    tex = _COLUMN_COUNT.sub(r"\1", tex)
    tex = _ENVIRONMENT.sub(_environment, tex)
    tex = _LAST_LINES.sub("", _ARRAY.sub(_array, tex))
    tex = _WITH_ARGUMENT_DROPPED.sub("", tex)
    tex = _NEGATED_RELATION.sub(lambda found: _NEGATED[found[1]], tex)
    return _ONE_COMMAND.sub(lambda found: _COMMANDS.get(found[0][1:], found[0]), tex)


def _replace_arguments(tex: str, command: re.Pattern[str], new: Callable[[re.Match[str], str], str]) -> str:
    """Put `new(match, argument)` for every command that ends in an opening brace, up to the brace that closes it."""
    parts: list[str] = []
    position = 0
    while (found := command.search(tex, position)) is not None:
        end = _closing_brace(tex, found.end())
        parts += [tex[position : found.start()], new(found, tex[found.end() : end])]
        position = end + 1
    parts.append(tex[position:])
    return "".join(parts)


def _closing_brace(tex: str, start: int) -> int:
    depth = 1
    position = start
    while position < len(tex):
        match tex[position]:
            case "\\":
                position += 1
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if not depth:
                    return position
        position += 1
    raise UnreadableTex("a brace is not closed")


def _environment(found: re.Match[str]) -> str:
    side, name, star = found.groups()
    known = _ENVIRONMENTS.get(name)
    if known is None:
        return rf"\{side}{{{name}{star}}}"
    return rf"\{side}{{{known}}}" if known else ""


def _array(found: re.Match[str]) -> str:
    """Without its frame: latex2mathml could not tell the frame's lines from those between columns and rows."""
    columns = re.sub(r"[^lcr|]", "", found[2])
    return f"{found[1]}{{{re.sub(r'[|]+', '|', columns).strip('|')}}}"


def _tag(found: re.Match[str], content: str) -> str:
    return rf"\qquad \text{{{content}}}" if found[1] else rf"\qquad \text{{({content})}}"


def _operator_name(found: re.Match[str], content: str) -> str:
    name = _SPACE_COMMAND.sub(" ", _without_text_commands(content)).strip()
    if not _NAME.fullmatch(name):
        return rf"\mathrm {{{content}}}"
    star = "*" if found[1] else ""
    return rf"\operatorname{star}{{{name}}}"


def _without_text_commands(content: str) -> str:
    return re.sub(r"\\(?:text|mathrm|rm|mathit|mathsf)[a-z]*\s*|[{}]", "", content)


def _text(found: re.Match[str], content: str) -> str:
    """Text in one piece for each stretch between formulas: latex2mathml knows neither braces nor dollars in it."""
    command = found[1]
    if (script := _NEEDS_BASE.get(command)) is not None:
        return rf"{script}{{\text{{{_plain(content)}}}}}"
    name = "text" if command in ("mbox", "hbox", "textsc") else command
    pieces = list(_between_dollars(content))
    made = [piece if is_formula else rf"\{name}{{{_plain(piece)}}}" for piece, is_formula in pieces if piece]
    return "{" + " ".join(made) + "}" if len(made) > 1 else "".join(made)


def _between_dollars(content: str) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(re.split(r"(?<!\\)\$", content)):
        yield piece, bool(number % 2)


def _plain(piece: str) -> str:
    r"""What stands in \text: inner braces and font commands have no say there."""
    piece = _FONT_COMMAND.sub("", piece)
    if r"\}" in piece:
        raise UnreadableTex("a brace that is to be seen in a text would end it")
    return _ESCAPED_IN_TEXT.sub(r"\1", _BRACE.sub("", piece).replace("~", " "))
