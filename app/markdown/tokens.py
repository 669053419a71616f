"""markdown-it's tokens, made into runs."""

from collections.abc import Sequence

from markdown_it.token import Token

from app.markdown.runs import Look, Run, RunKind, joined

_LOOKS = {"strong": Look.STRONG, "em": Look.EMPHASIS, "s": Look.STRUCK}
_TEXTS = {"softbreak": "\n", "hardbreak": "\n"}
_KINDS = {"code_inline": RunKind.CODE, "math": RunKind.MATH, "footnote": RunKind.FOOTNOTE}


def runs_from(tokens: Sequence[Token]) -> list[Run]:
    runs: list[Run] = []
    looks: list[Look] = [Look.PLAIN]
    href = ""
    for token in tokens:
        if token.tag in _LOOKS:
            if token.nesting > 0:
                looks.append(looks[-1] | _LOOKS[token.tag])
            else:
                looks.pop()
        elif token.type == "link_open":
            href = str(token.attrs["href"])
        elif token.type == "link_close":
            href = ""
        elif token.type == "image":
            description = _plain(token.children or ())
            runs.append(Run(description, RunKind.IMAGE, looks[-1], str(token.attrs["src"])))
        else:
            text = _TEXTS.get(token.type, token.content)
            kind = _KINDS.get(token.type, RunKind.TEXT)
            if text:
                is_display = bool(token.meta.get("is_display", False))
                runs.append(Run(text, kind, looks[-1], href, is_display))
    return joined(runs)


def _plain(tokens: Sequence[Token]) -> str:
    """The description of an image: one line of plain text."""
    pieces: list[str] = []
    for token in tokens:
        if token.type == "image":
            pieces.append(_plain(token.children or ()))
        else:
            pieces.append(" " if token.type in _TEXTS else token.content)
    return "".join(pieces).replace("\n", " ")
