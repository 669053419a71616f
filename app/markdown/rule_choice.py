"""
The rules of one of Pygments' states, put together: one search finds the first of them that matches.

Asking some fifty rules one after the other, as Pygments does, is most of what a line of code costs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Match = Callable[[str, int, int], "re.Match[str] | None"]
Rule = tuple[Match, Any, Any]  # what it looks for, what that is, and the next state
# Asked in their order. One that matches tells by the number of its last group which rule it was.
Choice = tuple[Match, Mapping[int | None, Rule]]

LONGEST_JOINED = 800  # characters of a rule; some name all letters of Unicode, and take 10 ms for each rule joined
_FLAG_LETTERS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}
_FLAGS_IN_FRONT = re.compile(r"\A\(\?[imsx]+\)")
# What depends on the numbers or names of groups, or on flags that cannot be set for a part.
_STANDS_ALONE = re.compile(r"\\[1-9]|\(\?P|\(\?\(|\(\?[a-zA-Z]*[aLu]|\(\?[imsx]+\)")


class Choices(dict[str, list[Choice]]):
    """Of each state of a lexer. Those of most states are put together when the state is first come to."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        super().__init__()
        self._rules = rules
        self["root"] = choices_of(rules["root"])

    def __missing__(self, state: str) -> list[Choice]:
        choices = self[state] = choices_of(self._rules[state])
        return choices


def choices_of(rules: Sequence[Rule]) -> list[Choice]:
    """The first choice that matches does so by the rule that would have matched first."""
    return list(_choices(rules))


def _choices(rules: Sequence[Rule]) -> Iterator[Choice]:
    joined: list[tuple[Rule, str]] = []
    for rule in rules:
        part = _part(rule)
        if part is not None:
            joined.append((rule, part))
            continue
        yield from _join(joined)
        joined.clear()
        yield rule[0], _Always(rule)
    yield from _join(joined)


def _join(joined: Sequence[tuple[Rule, str]]) -> Iterator[Choice]:
    if len(joined) == 1:
        yield joined[0][0][0], _Always(joined[0][0])
    elif joined:
        by_group: dict[int | None, Rule] = {}
        groups = 0
        for rule, _ in joined:
            groups += _pattern(rule).groups + 1
            by_group[groups] = rule
        yield re.compile("|".join(f"{part}()" for _, part in joined)).match, by_group


def _pattern(rule: Rule) -> "re.Pattern[str]":
    pattern = getattr(rule[0], "__self__", None)
    assert isinstance(pattern, re.Pattern)
    return pattern


def _part(rule: Rule) -> str | None:
    """The rule with its flags, as a part of a larger one; None if it cannot be one."""
    pattern = _pattern(rule)
    source = _FLAGS_IN_FRONT.sub("", pattern.pattern)
    if len(source) > LONGEST_JOINED or pattern.flags & (re.ASCII | re.LOCALE) or _STANDS_ALONE.search(source):
        return None
    flags = "".join(letter for flag, letter in _FLAG_LETTERS.items() if pattern.flags & flag)
    end = "\n" if pattern.flags & re.VERBOSE else ""  # its last line may be a comment
    return f"(?{flags}:{source}{end})"


class _Always(dict[int | None, Rule]):
    """The one rule there is, whatever group was the last."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, _group: int | None) -> Rule:
        return self._rule
