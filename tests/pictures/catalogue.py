"""Providers and models for the picture of the list of models. The prices are examples."""

from app.domain.errors import AuthenticationFailed
from app.domain.model import ModelInfo, ModelRef, Price, ProviderId
from app.domain.provider import ProviderPhase, ProviderState

_OPENAI, _ANTHROPIC, _OLLAMA, _ROUTER = map(ProviderId, ("openai", "anthropic", "ollama", "openrouter"))


def _model(
    name: str, context: int | None = None, price: tuple[float, float] | None = None, abilities: str = ""
) -> ModelInfo:
    """`abilities`: i reads images, t uses tools, r reasons."""
    return ModelInfo(
        id=name,
        context_tokens=context,
        price=Price(input=price[0], output=price[1]) if price else None,
        reads_images="i" in abilities,
        uses_tools="t" in abilities,
        reasons="r" in abilities,
    )


PROVIDERS = (
    ProviderState(
        id=_OPENAI,
        name="OpenAI",
        phase=ProviderPhase.READY,
        address="https://api.openai.com/v1",
        models=(
            _model("gpt-5.2", 400_000, (1.75, 14), "itr"),
            _model("gpt-5.2-mini", 400_000, (0.25, 2), "itr"),
            _model("gpt-4o", 128_000, (2.5, 10), "it"),
            _model("o4-mini", 200_000, (1.1, 4.4), "tr"),
        ),
    ),
    ProviderState(
        id=_ANTHROPIC,
        name="Anthropic",
        phase=ProviderPhase.FAILED,
        fault=AuthenticationFailed().fault,
        models=(_model("claude-sonnet-4-5", 200_000, (3, 15), "itr"),),
    ),
    ProviderState(
        id=_OLLAMA,
        name="Ollama",
        phase=ProviderPhase.STARTING,
        models=(_model("qwen3:8b", 40_960, None, "tr"), _model("llama3.2:3b", 131_072)),
    ),
    ProviderState(id=_ROUTER, name="OpenRouter"),
)
FAVORITES = (ModelRef(_ANTHROPIC, "claude-sonnet-4-5"), ModelRef(_OPENAI, "gpt-5.2-mini"))
