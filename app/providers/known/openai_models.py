"""OpenAI's models. Prices are those of the standard tier up to 272,000 tokens of prompt; beyond they are higher."""

from datetime import date

from app.providers.known.rows import Maker, dollars, model

# The days for which the sources tell the prices.
_MAY, _JULY, _SEPTEMBER, _OCTOBER = date(2026, 5, 4), date(2026, 7, 30), date(2026, 9, 22), date(2026, 10, 26)
_GROQ_DAY = date(2026, 5, 27)
_READ = date(2026, 11, 28)  # older models, as LiteLLM's table has them, which names no day
_ALL = "images tools reasons"
_LONG, _LONG_ANSWER = 1_050_000, 128_000

OPENAI = Maker(
    hosts=("api.openai.com", "*.api.openai.com"),
    checked=_READ,
    source="https://developers.openai.com/api/docs/pricing",
    models=(
        model("gpt-6-astra", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_SEPTEMBER, 10, 50, 1)),
        model("gpt-6.1-terra", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_OCTOBER, 1, 5, 0.05)),
        model("gpt-6-sol", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_SEPTEMBER, 2, 10, 0.2)),
        model("gpt-6-luna", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_SEPTEMBER, 0.1, 0.5, 0.01)),
        # Sources of autumn 2026 disagree about the price of 5.6 Sol.
        model("gpt-5.6-sol gpt-5.6", _LONG, _LONG_ANSWER, can=_ALL),
        model("gpt-5.6-terra", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_JULY, 2, 12, 0.2)),
        model("gpt-5.6-luna", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_JULY, 0.2, 1.2, 0.02)),
        model("gpt-5.5", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_MAY, 5, 30, 0.5)),
        model("gpt-5.4", _LONG, _LONG_ANSWER, can=_ALL, price=dollars(_MAY, 2.5, 15, 0.25)),
        model("gpt-5.4-mini", can=_ALL, price=dollars(_MAY, 0.75, 4.5, 0.075)),
        model("gpt-5.4-nano", can=_ALL, price=dollars(_MAY, 0.2, 1.25, 0.02)),
        model("gpt-5.2", 400_000, _LONG_ANSWER, can=_ALL, price=dollars(_READ, 1.75, 14, 0.175)),
        model("gpt-5 gpt-5.1", 400_000, _LONG_ANSWER, can=_ALL, price=dollars(_READ, 1.25, 10, 0.125)),
        model("gpt-5-mini", 400_000, _LONG_ANSWER, can=_ALL, price=dollars(_READ, 0.25, 2, 0.025)),
        model("gpt-5-nano", 400_000, _LONG_ANSWER, can=_ALL, price=dollars(_READ, 0.05, 0.4, 0.005)),
        model("gpt-4.1", 1_047_576, 32_768, can="images tools", price=dollars(_READ, 2, 8, 0.5)),
        model("gpt-4.1-mini", 1_047_576, 32_768, can="images tools", price=dollars(_READ, 0.4, 1.6, 0.1)),
        model("gpt-4.1-nano", 1_047_576, 32_768, can="images tools", price=dollars(_READ, 0.1, 0.4, 0.025)),
        model("gpt-4o", 128_000, 16_384, can="images tools", price=dollars(_READ, 2.5, 10, 1.25)),
        model("gpt-4o-mini", 128_000, 16_384, can="images tools", price=dollars(_READ, 0.15, 0.6, 0.075)),
        model("o4-mini", 200_000, 100_000, can=_ALL, price=dollars(_READ, 1.1, 4.4, 0.275)),
        model("o3", 200_000, 100_000, can=_ALL, price=dollars(_READ, 2, 8, 0.5)),
        model("o3-mini", 200_000, 100_000, can="tools reasons", price=dollars(_READ, 1.1, 4.4, 0.55)),
        model("o1", 200_000, 100_000, can=_ALL, price=dollars(_READ, 15, 60, 7.5)),
    ),
)

# Open weights: what they can do is known wherever they run, what they cost is not.
GPT_OSS = Maker(
    hosts=("api.groq.com",),
    checked=_GROQ_DAY,
    source="https://groq.com/pricing",
    models=(
        model("gpt-oss-120b", 131_072, can="tools reasons", price=dollars(_GROQ_DAY, 0.15, 0.6, 0.075)),
        model("gpt-oss-20b", 131_072, can="tools reasons", price=dollars(_GROQ_DAY, 0.075, 0.3, 0.0375)),
    ),
)
