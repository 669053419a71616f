"""Reads code a line at a time: the colours of a line, and what the next one depends on."""

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from pygments.lexer import ExtendedRegexLexer, Lexer, LexerContext, RegexLexer

from app.markdown.lexing import PAIRS, ContextLexer, Deadline, RuleLexer
from app.markdown.syntax import Kind
from app.markdown.token_colors import LineColors

DEEPEST = 64  # states that are remembered at the end of a line

_HEREDOC = re.compile(r"<<[-~<]?\s*(['\"]?)([A-Za-z_]\w*)\1")


class LineState(NamedTuple):
    """
    What a line depends on.

    `closer`: it begins inside a comment or a text of `kind` that ends there.
    """

    before: tuple[str, ...] | LexerContext = ("root",)
    closer: str = ""
    kind: Kind | None = None


class LineReader(Protocol):
    def first_state(self, first_line: str) -> LineState: ...

    def read(self, line: str, state: LineState, colors: LineColors, deadline: Deadline) -> LineState:
        """Put the line's colours into `colors`; return the state of the next line. `state` stays as it is."""
        ...


class RuleLines:
    """
    For a RegexLexer.

    Some rules take what spans lines in one piece (comments, mostly) and would not know it from its
    first line. There, the end of what may be open is put after the line: if a token reaches over
    to it, that is still open, and so is the next line until the real end comes.
    """

    def __init__(self, lexer: RegexLexer, *, is_php: bool = False) -> None:
        self._rules = RuleLexer(lexer)
        self._is_php = is_php

    def first_state(self, first_line: str) -> LineState:
        return LineState(first_stack(first_line, is_php=self._is_php))

    def read(self, line: str, state: LineState, colors: LineColors, deadline: Deadline) -> LineState:
        start = 0
        if state.closer:
            at = line.find(state.closer)
            start = at + len(state.closer) if at >= 0 else len(line)
            colors.add(0, start, state.kind)
            if at < 0:
                return state
        assert isinstance(state.before, tuple)
        closer = ""
        for ending, wanted in _endings(line, start):
            stack, found = list(state.before), LineColors()
            tokens = self._rules.tokens(f"{line}\n{ending}", stack, start=start, limit=len(line) + 1, deadline=deadline)
            found.take(tokens, len(line), deadline)
            if self._rules.end > len(line) + 1:
                closer = wanted
                break
        colors.packed += found.packed
        del stack[1 : max(1, len(stack) - DEEPEST)]
        return LineState(tuple(stack), closer, found.last_kind if closer else None)


def first_stack(first_line: str, *, is_php: bool) -> tuple[str, ...]:
    """A fence of PHP seldom begins with <?php, as a file of it does."""
    return ("root", "php") if is_php and not first_line.lstrip().startswith("<") else ("root",)


def _endings(line: str, start: int) -> Iterator[tuple[str, str]]:
    """What may be open at the line's end: what would end it, and what to look for. The last is nothing at all."""
    for opener, closer in PAIRS:
        at = line.rfind(opener, start)
        if at >= 0 and (line.count(opener, start) % 2 if opener == closer else line.find(closer, at) < 0):
            yield closer, closer
    if "<<" in line:
        for found in _HEREDOC.finditer(line, start):
            yield f"\n{found.group(2)};\n", found.group(2)
    yield "", ""


class ContextLines:
    """For an ExtendedRegexLexer."""

    def __init__(self, lexer: ExtendedRegexLexer) -> None:
        self._contexts = ContextLexer(lexer)

    def first_state(self, first_line: str) -> LineState:
        return LineState(self._contexts.first_context())

    def read(self, line: str, state: LineState, colors: LineColors, deadline: Deadline) -> LineState:
        assert isinstance(state.before, LexerContext)
        tokens, context = self._contexts.tokens(f"{line}\n", state.before)
        colors.take(tokens, len(line), deadline)
        del context.stack[1 : max(1, len(context.stack) - DEEPEST)]
        return LineState(context)


class LoneLines:
    """For languages whose lines can nearly always be told without the others."""

    def __init__(self, lexer: Lexer) -> None:
        self._lexer = lexer

    def first_state(self, first_line: str) -> LineState:
        return LineState()

    def read(self, line: str, state: LineState, colors: LineColors, deadline: Deadline) -> LineState:
        colors.take(self._lexer.get_tokens_unprocessed(f"{line}\n"), len(line), deadline)
        return state
