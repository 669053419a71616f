"""What may go to the clipboard: nothing that a terminal obeys or that an eye cannot see."""

import re
from typing import NamedTuple

_ANSI = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])"
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"
# Bidi controls, zero-width and tag characters, line separators. The joiners stay: emoji and scripts need them.
_INVISIBLE = r"[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
_NOT_IN_TEXT = re.compile(f"{_ANSI}|{_CONTROLS}")
_NOT_IN_CODE = re.compile(f"{_ANSI}|{_CONTROLS}|{_INVISIBLE}")


class Cleaned(NamedTuple):
    text: str
    removed: int  # characters


def cleaned_text(text: str) -> Cleaned:
    """Without control characters but \\n and \\t. Arabic and Hebrew keep the marks that order them."""
    return _clean(text, _NOT_IN_TEXT)


def cleaned_code(text: str) -> Cleaned:
    """Without control characters but \\n and \\t, and without any that are not seen."""
    return _clean(text, _NOT_IN_CODE)


def _clean(text: str, unwanted: re.Pattern[str]) -> Cleaned:
    result = unwanted.sub("", text)
    return Cleaned(result, len(text) - len(result))
