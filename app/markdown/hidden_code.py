"""
Characters that are not seen and have no business in code: marked on screen, left out of what is copied.

More than in running text, where scripts need some of them: here they make one name look like another, or
carry what nobody reads.
"""

import re
from functools import cache

from app.markdown.hidden import Hidden, name_of

# Controls but for tab and newline, bidi controls, zero-width and tag characters, line separators, soft hyphens,
# letters without a shape.
_NEVER = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
# Joiners and selectors of variants make emoji and some scripts what they are: after ASCII, or three in a row,
# they do not. A digit in a key, 1️⃣, is the exception.
_JOINING = r"[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]"
NOT_IN_CODE = rf"[{_NEVER}]+|(?<![^\x00-\x7f])(?!\ufe0f\u20e3){_JOINING}+|(?<={_JOINING}{{2}}){_JOINING}+"


@cache
def _hidden() -> re.Pattern[str]:
    """Compiled when code beyond ASCII is met: 4 ms."""
    return re.compile(NOT_IN_CODE)


def hidden_in_code(text: str) -> list[Hidden]:
    """In the order of the text."""
    if text.isascii() and text.isprintable():
        return []
    hidden = _hidden().finditer(text)
    return [Hidden(position, name_of(text[position])) for found in hidden for position in range(*found.span())]
