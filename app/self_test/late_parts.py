"""What is loaded late, and found by name: a package that leaves it out still opens a window."""

import importlib

from app.domain.tokens import Vocabulary
from app.providers.counting_process import CountingProcess

Details = dict[str, object]

_FORMULA = r"\sum_{k=0}^{n} \frac{x^k}{k!}"
_LANGUAGES = ("python", "rust", "typescript", "go", "bash", "sql", "cpp", "json", "yaml", "html", "swift", "kotlin")
_TEXT, _TOKENS = "Belay is what sailors say for: stop, and make fast.", 14


class LatePartMissing(Exception):
    """The check's own word for what is wrong."""


def formulas() -> Details:
    outlines = importlib.import_module("app.markdown.typesetting").typeset(_FORMULA, is_display=True)
    if not outlines.width > 0:
        raise LatePartMissing("a formula has no width")
    return {"width_em": round(outlines.width, 2)}


def colors_of_code() -> Details:
    language_named = importlib.import_module("app.markdown.highlight").language_named
    missing = [name for name in _LANGUAGES if language_named(name) is None]
    if missing:
        raise LatePartMissing(f"no colours for {', '.join(missing)}")
    return {"languages": len(_LANGUAGES)}


def token_counts() -> Details:
    """The vocabulary, in the child process that the window uses."""
    counting = CountingProcess(Vocabulary.O200K)
    try:
        found = sum(counting.count(_TEXT))
    finally:
        counting.close()
    if found != _TOKENS:
        raise LatePartMissing(f"{found} tokens instead of {_TOKENS}")
    return {"tokens": found}
