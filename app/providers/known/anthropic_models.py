"""Anthropic's models. Cached prices are those of a cache that is read, not written."""

from datetime import date

from app.providers.known.rows import Maker, dollars, model

_DAY = date(2026, 10, 10)  # the page's state as last seen, with Haiku 5.5 of 7 October 2026
_ALL = "images tools reasons"

ANTHROPIC = Maker(
    hosts=("api.anthropic.com",),
    checked=_DAY,
    source="https://platform.claude.com/docs/en/about-claude/pricing",
    models=(
        model("claude-fable-5-1", 1_000_000, 128_000, can=_ALL, price=dollars(_DAY, 10, 50, 0.25)),
        model("claude-fable-5", 1_000_000, 128_000, can=_ALL, price=dollars(_DAY, 10, 50, 1)),
        model("claude-opus-5-5", 1_000_000, 128_000, can=_ALL, price=dollars(_DAY, 4, 20, 0.2)),
        model(
            "claude-opus-5 claude-opus-4-8 claude-opus-4-7 claude-opus-4-6",
            1_000_000,
            128_000,
            can=_ALL,
            price=dollars(_DAY, 5, 25, 0.5),
        ),
        model("claude-opus-4-5", 200_000, 64_000, can=_ALL, price=dollars(_DAY, 5, 25, 0.5)),
        model(
            "claude-opus-4-1 claude-opus-4-0 claude-opus-4", 200_000, 32_000, can=_ALL, price=dollars(_DAY, 15, 75, 1.5)
        ),
        model("claude-sonnet-5-5", 1_000_000, 128_000, can=_ALL, price=dollars(_DAY, 2, 10, 0.1)),
        model("claude-sonnet-5", 1_000_000, 128_000, can=_ALL, price=dollars(_DAY, 2, 10, 0.2)),
        model("claude-sonnet-4-6", 1_000_000, 64_000, can=_ALL, price=dollars(_DAY, 3, 15, 0.3)),
        model(
            "claude-sonnet-4-5 claude-sonnet-4-0 claude-sonnet-4 claude-3-7-sonnet",
            200_000,
            64_000,
            can=_ALL,
            price=dollars(_DAY, 3, 15, 0.3),
        ),
        # Up to 100,000 tokens of prompt; beyond five times as much.
        model("claude-haiku-5-5", 1_000_000, 128_000, can=_ALL, price=dollars(_DAY, 0.1, 0.5, 0.01)),
        model("claude-haiku-4-5", 200_000, 64_000, can=_ALL, price=dollars(_DAY, 1, 5, 0.1)),
        model("claude-3-5-haiku", 200_000, 8_192, can="images tools", price=dollars(_DAY, 0.8, 4, 0.08)),
        model("claude-3-haiku", 200_000, 4_096, can="images tools", price=dollars(_DAY, 0.25, 1.25, 0.03)),
    ),
)
