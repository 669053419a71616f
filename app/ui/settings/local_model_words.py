"""What a model file is and needs, in the words of the page On this computer."""

from app.domain.diagnosis import size_in_words
from app.domain.local_model import ModelFile, context_tokens, needed_bytes
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import LocalModelSettings

_BILLION, _MILLION = 1_000_000_000, 1_000_000
_NEARLY_ALL = 0.9  # of the free memory: the system itself wants some


def describe(file: ModelFile) -> str:
    """What the file says of itself: 7.2B parameters · Q4_K_M · trained for 32,768 tokens · 4.1 GB."""
    told = [
        _count(file.parameters) if file.parameters else "",
        file.quantization,
        f"trained for {file.trained_context_tokens:,} tokens" if file.trained_context_tokens else "",
        size_in_words(file.size_bytes),
    ]
    return " · ".join(filter(None, told))


def memory_sentence(file: ModelFile, settings: LocalModelSettings, free_bytes: int | None) -> str:
    """What running it takes, beside what there is."""
    context = context_tokens(settings, file)
    needed = f"Needs about {size_in_words(needed_bytes(file, context))} with a context of {context:,} tokens"
    return f"{needed}; {size_in_words(free_bytes)} are free." if free_bytes is not None else f"{needed}."


def warnings(file: ModelFile, settings: LocalModelSettings, free_bytes: int | None) -> str:
    """What speaks against running it like this, "" if nothing does."""
    context, trained = context_tokens(settings, file), file.trained_context_tokens
    told = []
    if free_bytes is not None and needed_bytes(file, context) > _NEARLY_ALL * free_bytes:
        told.append("That is more memory than is free: it will be slow, and the system may end it.")
    if trained is not None and context > trained:
        told.append(f"It was trained for {trained:,} tokens; beyond them its answers get worse.")
    if file.parts > 1:
        told.append(f"It is the first of {file.parts} files: the others must be beside it.")
    return " ".join(told)


def state_sentence(state: ProviderState) -> str:
    """How the process is, and what to do about it."""
    match state.phase:
        case ProviderPhase.IDLE:
            return "Not loaded: the next message loads it."
        case ProviderPhase.STARTING:
            return "Loading…" if state.progress is None else f"Loading… {state.progress:.0%}"
        case ProviderPhase.READY:
            return "Ready"
        case ProviderPhase.FAILED:
            fault = state.fault
            return f"{fault.title}. {in_place(fault.advice)}" if fault is not None else "It could not run."


def in_place(advice: str) -> str:
    """The advice as this page gives it: the way here needs not be told."""
    return advice.replace(" in Settings › On this computer", "")


def _count(parameters: int) -> str:
    """135M, 7.2B."""
    unit, sign = (_BILLION, "B") if parameters >= _BILLION else (_MILLION, "M")
    amount = parameters / unit
    return f"{amount:.0f}{sign} parameters" if amount >= 10 else f"{amount:.1f}{sign} parameters"
