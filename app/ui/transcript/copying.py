"""What may go to the clipboard: nothing that a terminal obeys or that an eye cannot see."""

import re
from functools import cache
from typing import NamedTuple

from app.markdown.hidden_code import NOT_IN_CODE

_ANSI = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\^_])"
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"
_not_in_text = re.compile(f"{_ANSI}|{_CONTROLS}")


@cache
def _not_in_code() -> re.Pattern[str]:
    return re.compile(f"{_ANSI}|{NOT_IN_CODE}")


class Cleaned(NamedTuple):
    text: str
    removed: int  # characters


def cleaned_text(text: str) -> Cleaned:
    """Without control characters but \\n and \\t. Arabic and Hebrew keep the marks that order them."""
    return _clean(text, _not_in_text)


def cleaned_code(text: str) -> Cleaned:
    """Without control characters but \\n and \\t, and without any that are not seen."""
    return _clean(text, _not_in_code())


def _clean(text: str, unwanted: re.Pattern[str]) -> Cleaned:
    """What is left may make a new one with what stood before: again, until there is none."""
    result, count = unwanted.subn("", text)
    while count:
        result, count = unwanted.subn("", result)
    return Cleaned(result, len(text) - len(result))
