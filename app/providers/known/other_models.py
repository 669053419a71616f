"""Models of Google, xAI, DeepSeek and Mistral, and open weights that many run."""

from datetime import date

from app.providers.known.rows import Maker, dollars, model

_ALL = "images tools reasons"
_GOOGLE_DAY = date(2026, 10, 7)
_XAI_DAY, _XAI_JULY = date(2026, 9, 21), date(2026, 7, 13)
_DEEPSEEK_DAY = date(2026, 9, 1)
_MISTRAL_DAY = date(2026, 10, 6)
_OPEN_DAY = date(2026, 11, 28)
_MILLION = 1_048_576

# Prices are for up to 200,000 tokens of prompt; beyond those of Pro are higher. Flash 3.6 and 3.8 double in 2027.
GOOGLE = Maker(
    hosts=("generativelanguage.googleapis.com",),
    checked=_GOOGLE_DAY,
    source="https://ai.google.dev/gemini-api/docs/pricing",
    models=(
        model(
            "gemini-3.8-flash gemini-3.6-flash",
            _MILLION,
            65_536,
            can=_ALL,
            price=dollars(_GOOGLE_DAY, 0.75, 3.75, 0.075),
        ),
        model("gemini-3.5-flash", _MILLION, 65_536, can=_ALL, price=dollars(_GOOGLE_DAY, 1.5, 9)),
        model("gemini-3.5-flash-lite", _MILLION, 65_536, can=_ALL, price=dollars(_GOOGLE_DAY, 0.3, 2.5)),
        model("gemini-3.1-pro", _MILLION, 65_536, can=_ALL, price=dollars(_GOOGLE_DAY, 2, 12, 0.2)),
        model("gemini-3-flash gemini-3.7-flash gemini-3.1-flash-lite", _MILLION, 65_536, can=_ALL),
        model("gemini-2.5-pro", _MILLION, 65_536, can=_ALL, price=dollars(_GOOGLE_DAY, 1.25, 10, 0.125)),
        model("gemini-2.5-flash", _MILLION, 65_536, can=_ALL, price=dollars(_GOOGLE_DAY, 0.3, 2.5, 0.03)),
    ),
)

XAI = Maker(
    hosts=("api.x.ai",),
    checked=_XAI_DAY,
    source="https://docs.x.ai/developers/pricing",
    models=(
        model("grok-4.7", 500_000, can=_ALL, price=dollars(_XAI_DAY, 2, 6, 0.5)),
        model("grok-4.5", 500_000, can=_ALL, price=dollars(_XAI_JULY, 2, 6, 0.5)),
        model("grok-4.3", 1_000_000, can=_ALL, price=dollars(_XAI_JULY, 1.25, 2.5, 0.2)),
        model("grok-4", 256_000, can=_ALL),
    ),
)

# The prices of busy hours (01-04 and 06-10 UTC), which are the listed ones; at other times it is half as much.
DEEPSEEK = Maker(
    hosts=("api.deepseek.com",),
    checked=_DEEPSEEK_DAY,
    source="https://api-docs.deepseek.com/quick_start/pricing/",
    models=(
        model(
            "deepseek-v4-pro", _MILLION, 384_000, can="tools reasons", price=dollars(_DEEPSEEK_DAY, 1.32, 3.96, 0.044)
        ),
        model(
            "deepseek-v4-flash",
            1_000_000,
            384_000,
            can="tools reasons",
            price=dollars(_DEEPSEEK_DAY, 0.44, 1.32, 0.014),
        ),
    ),
)

# Its own list tells contexts and abilities. Large 4 is in preview, at half the price that was announced.
MISTRAL = Maker(
    hosts=("api.mistral.ai",),
    checked=_MISTRAL_DAY,
    source="https://docs.mistral.ai/models/mistral-large-4-0",
    models=(
        model("mistral-large-4 mistral-large-4-0", _MILLION, can=_ALL, price=dollars(_MISTRAL_DAY, 0.68, 2.09, 0.07)),
        model(
            "mistral-medium-3.5 mistral-medium-3-5 mistral-medium-2604",
            262_144,
            can=_ALL,
            price=dollars(_MISTRAL_DAY, 1.5, 7.5),
        ),
    ),
)

# Only what their makers' model cards say of each of the family; how much of it is read depends on who runs them.
OPEN_WEIGHTS = Maker(
    hosts=(),
    checked=_OPEN_DAY,
    source="https://huggingface.co/models",
    models=(
        model("deepseek-r1*", can="reasons"),
        model("deepseek-v3* deepseek-chat", can="tools"),
        model("llama-3.1-* llama-3.3-* meta-llama-3.1-*", 131_072, can="tools"),
        model("llama-4-*", can="images tools"),
        model("qwen3-* qwen3", can="tools reasons"),
        model("qwen2.5-*", can="tools"),
    ),
)
