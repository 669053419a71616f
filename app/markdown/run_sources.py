"""How one run is written in Markdown, so that it reads as itself and not as markup."""

import re

from app.markdown.bare_addresses import START
from app.markdown.inline_math import is_formula
from app.markdown.runs import Run, RunKind

# What may stand unescaped: an asterisk among blanks, an underscore in a word, a lone tilde. The end of the text
# is not known to be harmless: markup may follow. An opening bracket without one that closes it is none, and with
# a backslash it would open a formula.
_SPECIAL = re.compile(
    r"""[\\`\]$]
    | (?<![ \n])\* | \*(?![ ])
    | (?<![^\W_])_ | _(?![^\W_])
    | ~(?=~|\Z) | (?<=~)~ | (?<!.)~
    | <(?=\S|\Z) | &(?=[\#A-Za-z]|\Z) | !(?=\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_START = re.compile(
    r"^(?:(?=\#{1,6}(?:[ \t]|$)|[-+*](?:[ \t]|$)|>|[-=:|][-=:| \t]*$)|([0-9]{1,9})(?=[.)](?:[ \t]|$)))", re.MULTILINE
)
_ADDRESS = re.compile(rf"({START})")
_ENTITY_IN_ADDRESS = re.compile(r"&(?=#?[0-9A-Za-z]+;)")


def text_source(text: str, *, is_line_start: bool = False, is_in_brackets: bool = False) -> str:
    """Of running text. `is_line_start`: a paragraph or a line of one begins with it."""
    source = _SPECIAL.sub(r"\\\g<0>", text)
    if is_in_brackets:
        source = source.replace("[", "&#91;").replace("\\]", "&#93;")
    source = _ADDRESS.sub(lambda found: re.sub(r"([.:])", r"\\\1", found[0]), source)
    # A blank line would end the paragraph.
    source = re.sub(r"\n{2,}", lambda found: "\\\n" * len(found[0]), source)
    first, newline, rest = source.partition("\n")
    if is_line_start:
        first = _LINE_START.sub(r"\1\\", first)
    return first + newline + _LINE_START.sub(r"\1\\", rest) if newline else first


def atom_source(run: Run) -> str:
    """Of anything but running text."""
    match run.kind:
        case RunKind.CODE:
            return _code(run.text)
        case RunKind.IMAGE:
            return f"![{text_source(run.text, is_in_brackets=True)}]({address_source(run.href)})"
        case RunKind.FOOTNOTE:
            return f"[^{run.text}]"
        case _:
            return _formula(run.text, is_display=run.is_display)


def with_first_as_entity(source: str) -> str:
    """An underscore that follows is no longer inside a word then, and could open."""
    rest = source[1:]
    if rest.startswith("_"):
        rest = f"\\{rest}"
    return f"&#{ord(source[0])};{rest}"


def with_last_as_entity(source: str) -> str:
    return f"{source[:-1]}&#{ord(source[-1])};"


def address_source(href: str) -> str:
    """Of the address of a link or image. Addresses that come from Markdown have no blanks in them."""
    href = _ENTITY_IN_ADDRESS.sub("&amp;", href.replace("\\", "\\\\"))
    return href if _is_balanced(href) else re.sub(r"([()])", r"\\\1", href)


def _is_balanced(text: str) -> bool:
    level = 0
    for sign in text:
        level += (sign == "(") - (sign == ")")
        if level < 0:
            return False
    return level == 0


def _code(text: str) -> str:
    longest = max((len(found) for found in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    is_padded = text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip(" "))
    return f"{fence} {text} {fence}" if is_padded else f"{fence}{text}{fence}"


def _formula(tex: str, *, is_display: bool) -> str:
    padding = " " if "$" in (tex[:1], tex[-1:]) else ""
    if is_display:
        source = f"$${padding}{tex}{padding}$$"
        return source if is_formula(source) else f"\\[{tex}\\]"
    source = f"${tex}$"
    return source if is_formula(source) else f"\\({tex}\\)"
