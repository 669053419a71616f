"""Rules put together find what the first of them would have found, each with its own flags and groups."""

import re
from collections.abc import Iterable

import pytest

from app.markdown.rule_choice import LONGEST_JOINED, Choice, Rule, choices_of

PATTERNS = [
    (r"(a)(b)", 0),
    (r"ab*", re.IGNORECASE),
    (r"x  # a remark", re.VERBOSE),
    (r"(?i)q(u)?", 0),
    (r"(['\"]).*?\1", re.DOTALL),
    (r"(?P<name>n)m", 0),
    (r"^l.", re.MULTILINE | re.DOTALL),
    ("[" + "".join(map(chr, range(0x4E00, 0x4E00 + LONGEST_JOINED))) + "]+", 0),
    (r"\w", 0),
    (r"", 0),
]
TEXTS = ["ab", "AB", "abbb", "x", "QU", "qq", "'a\nb' c", "nm", "nn", "a\nl\n", "l ", "丁丂", "é", " ", ""]


def rules_of(patterns: Iterable[tuple[str, int]]) -> list[Rule]:
    return [(re.compile(source, flags).match, source, None) for source, flags in patterns]


def chosen(choices: Iterable[Choice], text: str, position: int) -> tuple[str, int] | None:
    for match, rules in choices:
        if found := match(text, position, len(text)):
            return rules[found.lastindex][1], found.end()
    return None


@pytest.mark.parametrize("first", range(len(PATTERNS)))
def test_the_first_rule_that_matches_is_chosen(first: int) -> None:
    rules = rules_of(PATTERNS[first:] + PATTERNS[:first])
    choices = choices_of(rules)
    for text in TEXTS:
        for position in range(len(text) + 1):
            found = ((what, match(text, position, len(text))) for match, what, _ in rules)
            expected = next(((what, end.end()) for what, end in found if end), None)
            assert chosen(choices, text, position) == expected


def test_rules_are_asked_together() -> None:
    assert len(choices_of(rules_of([("a", 0), ("(b)", re.IGNORECASE), ("c", re.DOTALL)]))) == 1
