"""Code as it is copied: as Markdown and as HTML."""

import re
from html import escape

_SHORTEST_FENCE = 3


def fenced(code: str, info: str = "") -> str:
    """
    The code between fences longer than any run in it.

    Tildes where the info string has a backtick, which it may not have after backticks.
    """
    mark = "~" if "`" in info else "`"
    longest = max(map(len, re.findall(f"{mark}+", code)), default=0)
    fence = mark * max(_SHORTEST_FENCE, longest + 1)
    return f"{fence}{info}\n{code}\n{fence}" if code else f"{fence}{info}\n{fence}"


def code_html(code: str, language: str = "") -> str:
    attribute = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{attribute}>{escape(code)}</code></pre>"
