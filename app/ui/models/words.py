"""What is known of a model and of a provider's state, in words and short figures. What is not known is nothing."""

from app.domain.model import ModelInfo, Price
from app.domain.provider import ProviderPhase, ProviderState

_KIBI, _MEBI = 1_024, 1_048_576
_KILO, _MEGA = 1_000, 1_000_000

IMAGES, TOOLS, REASONING = "Reads images", "Uses tools", "Thinks before it answers"


def phase_sentence(provider: ProviderState) -> str:
    """How a provider is, in words."""
    match provider.phase:
        case ProviderPhase.IDLE:
            return "Not started"
        case ProviderPhase.STARTING:
            return f"Starting…{_progress(provider)}"
        case ProviderPhase.READY:
            return "Ready"
        case ProviderPhase.FAILED:
            return provider.fault.title if provider.fault else "Not available"


def starting_sentence(provider: ProviderState) -> str:
    """That it is starting, and how far it is."""
    return f"{provider.name} is starting…{_progress(provider)}"


def _progress(provider: ProviderState) -> str:
    return "" if provider.progress is None else f" {provider.progress:.0%}"


def short_context(tokens: int | None) -> str:
    """128k, 1M: as the models' makers write it, in thousands or in powers of two."""
    if not tokens:
        return ""
    for unit, sign in ((_MEBI, "M"), (_MEGA, "M")):
        if tokens >= unit and tokens % unit == 0:
            return f"{tokens // unit}{sign}"
    if tokens >= _MEGA:
        return f"{tokens / _MEGA:.1f}".removesuffix(".0") + "M"
    if tokens < _KILO:
        return str(tokens)
    is_binary = tokens % _KIBI == 0 and tokens % _KILO != 0
    return f"{tokens // _KIBI if is_binary else round(tokens / _KILO)}k"


def short_price(price: Price | None) -> str:
    """$2.50 / $10: in and out, for a million tokens each."""
    if price is None:
        return ""
    if price.input == price.output == 0:
        return "Free"
    return f"{_dollars(price.input)} / {_dollars(price.output)}"


def _dollars(amount: float) -> str:
    """Whole dollars without cents; of less than ten cents three figures."""
    if amount == int(amount):
        return f"${amount:.0f}"
    return f"${amount:.2f}" if amount >= 0.1 or round(amount, 2) == amount else f"${amount:.3g}"


def abilities(info: ModelInfo) -> tuple[str, ...]:
    """Each of IMAGES, TOOLS and REASONING that the model is known to be able to do."""
    known = ((info.reads_images, IMAGES), (info.uses_tools, TOOLS), (info.reasons, REASONING))
    return tuple(words for can, words in known if can)


def facts(info: ModelInfo) -> tuple[str, ...]:
    """All that is known of a model, a short sentence each."""
    told = []
    if info.context_tokens:
        told.append(f"{info.context_tokens:,} tokens of context")
    if info.price is not None:
        told.append(_price_sentence(info.price))
    return (*told, *abilities(info))


def _price_sentence(price: Price) -> str:
    if price.input == price.output == 0:
        return "Free"
    sentence = f"{_dollars(price.input)} for a million tokens in, {_dollars(price.output)} out"
    return f"{sentence} (as of {price.checked.day} {price.checked:%B %Y})" if price.checked else sentence
