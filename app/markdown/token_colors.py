"""Pygments' tokens as colours: which kind a token has, and where it stands in its line."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cache

from pygments.token import Comment, Generic, Keyword, Literal, Name, Operator, String, _TokenType

from app.markdown.lexing import Deadline, Token
from app.markdown.syntax import Colors, Kind

TOKENS_A_LOOK = 64  # at the clock

_KINDS: dict[_TokenType, Kind] = {
    Keyword: Kind.KEYWORD, Operator.Word: Kind.KEYWORD, Comment.Preproc: Kind.KEYWORD,
    Name.Function: Kind.FUNCTION, Name.Decorator: Kind.FUNCTION, Generic.Heading: Kind.FUNCTION,
    Generic.Subheading: Kind.FUNCTION,
    Name.Class: Kind.CLASS, Name.Exception: Kind.CLASS,
    Name.Builtin: Kind.BUILTIN,
    Literal.String: Kind.STRING, Comment.PreprocFile: Kind.STRING, Generic.Inserted: Kind.STRING,
    Literal.Number: Kind.NUMBER, Literal.Date: Kind.NUMBER, String.Escape: Kind.NUMBER, String.Interpol: Kind.NUMBER,
    Keyword.Constant: Kind.NUMBER, Name.Attribute: Kind.NUMBER, Name.Entity: Kind.NUMBER, Name.Label: Kind.NUMBER,
    Comment: Kind.COMMENT,
    Operator: Kind.OPERATOR, Generic.Prompt: Kind.OPERATOR,
    Name.Tag: Kind.TAG, Generic.Deleted: Kind.TAG, Generic.Error: Kind.TAG, Generic.Traceback: Kind.TAG,
}  # fmt: skip


@cache
def kind_of(token_type: _TokenType) -> Kind | None:
    """Of the token's type, or of what it is a special case of."""
    wanted: _TokenType | None = token_type
    while wanted is not None:
        if wanted in _KINDS:
            return _KINDS[wanted]
        wanted = wanted.parent
    return None


class LineColors:
    """Collects the colours of one line. Pieces of one kind side by side become one."""

    def __init__(self) -> None:
        self.packed: Colors = array("H")
        self.last_kind: Kind | None = None  # of the last token, coloured or not

    def add(self, start: int, end: int, kind: Kind | None) -> None:
        self.last_kind = kind
        if kind is None or end <= start:
            return
        packed = self.packed
        if packed and packed[-1] == kind and packed[-3] + packed[-2] == start:
            packed[-2] += end - start
        else:
            packed.extend((start, end - start, kind))

    def take(self, tokens: Iterable[Token], end: int, deadline: Deadline) -> None:
        """All tokens are taken from their source. Those at `end` and beyond it are none of this line's."""
        for count, (index, token_type, value) in enumerate(tokens, 1):
            if count % TOKENS_A_LOOK == 0:
                deadline.check()
            if index < end:
                self.add(index, min(end, index + len(value)), kind_of(token_type))


def colors_by_lines(tokens: Iterable[Token], lines: Sequence[str], deadline: Deadline) -> list[Colors]:
    """The tokens are those of `lines`, each ended by a newline."""
    found = [LineColors() for _ in lines]
    number = start = 0  # of the line that the tokens have come to
    for count, (index, token_type, value) in enumerate(tokens, 1):
        if count % TOKENS_A_LOOK == 0:
            deadline.check()
        kind = kind_of(token_type)
        end = index + len(value)
        while number < len(lines) and start + len(lines[number]) < index:
            start += len(lines[number]) + 1
            number += 1
        while kind is not None and number < len(lines) and start < end:
            found[number].add(max(0, index - start), min(len(lines[number]), end - start), kind)
            if end <= start + len(lines[number]):
                break
            start += len(lines[number]) + 1
            number += 1
    return [line.packed for line in found]
