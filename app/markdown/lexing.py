"""
Pygments' rules, driven so that they can stop at the end of a line and go on later, and cannot run away.

Pygments itself reads a text from beginning to end. Here the stack of states is ours: a text that is
still being written costs what its last line costs.
"""

import copy
import re
import time
from collections.abc import Iterator
from typing import Any

from pygments.lexer import ExtendedRegexLexer, LexerContext, RegexLexer
from pygments.lexers.data import YamlLexer, YamlLexerContext
from pygments.token import Error, _TokenType

from app.markdown.rule_choice import Choices
from app.markdown.syntax import LexingFailed

LOOK_AHEAD = (
    2_000  # characters that one rule may look at: some cost the square of what is there, and none can be stopped
)
IDLE_STEPS = 1_000  # without getting on
STEPS_A_LOOK = 32  # at the clock
STEP_LIMIT_S = 0.25  # between two looks, which take less than a millisecond as a rule
# What one rule of Pygments swallows in one piece, if it is long enough, and where that ends.
PAIRS = (
    ("/*", "*/"),
    ("<!--", "-->"),
    ('"""', '"""'),
    ("'''", "'''"),
    ("`", "`"),
    ("{-", "-}"),
    ("(*", "*)"),
    ('r#"', '"#'),
)

_PAIR_STARTS = frozenset(opener[0] for opener, _ in PAIRS)
_everything = re.compile(r"(?s).+").match

Token = tuple[int, _TokenType, str]


class Deadline:
    """
    In time of this thread, so that other threads cannot make it pass.

    The time between two looks at it is limited too: while one rule is at work, no other thread is.
    """

    def __init__(self, limit_s: float, step_limit_s: float = STEP_LIMIT_S) -> None:
        self._looked = time.thread_time()
        self._end = self._looked + limit_s
        self._step_limit_s = step_limit_s

    def check(self) -> None:
        now = time.thread_time()
        if now > self._end or now - self._looked > self._step_limit_s:
            raise LexingFailed("too slow")
        self._looked = now


class RuleLexer:
    """
    A RegexLexer whose stack of states is handed in and is left as it is where the reading ends.

    What the lexer's class adds to the rules (names of a standard library, mostly) is kept: it is
    given a front lexer with one rule, which hands on what the real rules find.
    """

    def __init__(self, lexer: Any) -> None:
        """`lexer` is a RegexLexer; types-Pygments does not know of its rules."""
        self._lexer = lexer
        self._choices = Choices(lexer._tokens)
        self._front: Any = copy.copy(lexer)
        self._front._tokens = dict.fromkeys(lexer._tokens, ((_everything, self._run, None),))
        self._stack = ["root"]
        self._start = self._limit = 0
        self._deadline = Deadline(0)
        self.end = -1  # where the last reading ended: at the limit, or beyond it with the token that reached over it

    def tokens(self, text: str, stack: list[str], *, start: int = 0, limit: int, deadline: Deadline) -> Iterator[Token]:
        self._stack, self._start, self._limit, self._deadline = stack, start, limit, deadline
        self.end = -1
        yield from self._front.get_tokens_unprocessed(text)

    def _run(self, _front: RegexLexer, match: "re.Match[str]") -> Iterator[Token]:
        text, stack, limit = match.string, self._stack, self._limit
        position, length = self._start, len(match.string)
        choices = self._choices[stack[-1]]
        idle = steps = 0
        while position < limit:
            steps += 1
            if steps % STEPS_A_LOOK == 0:
                self._deadline.check()
            reach = length if length - position <= LOOK_AHEAD else _reach(text, position)
            for choice, rules in choices:
                found = choice(text, position, reach)
                if not found:
                    continue
                rule, action, new_state = rules[found.lastindex]
                if type(action) is _TokenType:
                    yield position, action, found.group()
                elif action is not None:
                    yield from action(self._lexer, rule(text, position, reach))  # the groups are those of the rule
                idle = idle + 1 if found.end() == position else 0
                position = found.end()
                if new_state is not None:
                    _change(stack, new_state)
                    choices = self._choices[stack[-1]]
                break
            else:
                if text[position] == "\n":
                    stack[:] = ["root"]
                    choices = self._choices["root"]
                else:
                    yield position, Error, text[position]
                position += 1
            if idle > IDLE_STEPS:
                raise LexingFailed("does not get on")
        self.end = position


def _reach(text: str, position: int) -> int:
    """How far a rule may look. Farther for what is closed farther off: those rules just go there."""
    reach = position + LOOK_AHEAD
    if text[position] in _PAIR_STARTS:
        for opener, closer in PAIRS:
            if text.startswith(opener, position):
                at = text.find(closer, position + len(opener))
                return max(reach, at + len(closer))
    return reach


def _change(stack: list[str], new_state: tuple[str, ...] | int | str) -> None:
    """As RegexLexer does it: one state at least stays."""
    if isinstance(new_state, int):
        del stack[max(1, len(stack) + new_state) :]
        return
    for state in (new_state,) if isinstance(new_state, str) else new_state:
        if state == "#pop":
            del stack[max(1, len(stack) - 1) :]
        else:
            stack.append(stack[-1] if state == "#push" else state)


class ContextLexer:
    """An ExtendedRegexLexer, whose rules change a context object. It goes from line to line with the text."""

    def __init__(self, lexer: ExtendedRegexLexer) -> None:
        self._lexer = lexer

    def first_context(self) -> LexerContext:
        kind = YamlLexerContext if isinstance(self._lexer, YamlLexer) else LexerContext
        return kind("", 0)

    def tokens(self, text: str, before: LexerContext) -> tuple[Iterator[Token], LexerContext]:
        """`before` stays as it is. The context that is returned is that of the end once all tokens are taken."""
        context = copy.copy(before)
        for name, value in vars(before).items():
            if isinstance(value, list):
                setattr(context, name, value.copy())
        context.text, context.pos, context.end = text, 0, len(text)
        return self._lexer.get_tokens_unprocessed(context=context), context
