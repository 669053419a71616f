"""A model file on this computer: what it says of itself, and what running it takes."""

from msgspec import Struct

from app.domain.settings import LocalModelSettings

STANDARD_CONTEXT_TOKENS = 8_192  # enough for a long conversation, and no more memory than that needs
SMALLEST_CONTEXT_TOKENS = 512
LARGEST_CONTEXT_TOKENS = 1_048_576
# Beside the weights and the cache: what llama.cpp computes in, and the process itself (60 MB for SmolLM2, measured).
_OVERHEAD_BYTES = 96 * 1_048_576
_OVERHEAD_SHARE = 0.05


class ModelFile(Struct, frozen=True, kw_only=True):
    """
    A GGUF file, as its head describes it. None and "" mean: it does not say.

    `cache_bytes` is what each token of the context takes in memory. `parts` is over 1 for a model in several files.
    """

    path: str
    size_bytes: int
    name: str = ""
    architecture: str = ""
    quantization: str = ""
    parameters: int | None = None
    trained_context_tokens: int | None = None
    cache_bytes: int | None = None
    parts: int = 1


def context_tokens(settings: LocalModelSettings, file: ModelFile | None) -> int:
    """Return the context to run a model with: the user's, else the standard, never more than it was trained for."""
    if settings.context_tokens:
        return min(max(settings.context_tokens, SMALLEST_CONTEXT_TOKENS), LARGEST_CONTEXT_TOKENS)
    trained = file.trained_context_tokens if file is not None else None
    return min(STANDARD_CONTEXT_TOKENS, trained or STANDARD_CONTEXT_TOKENS)


def needed_bytes(file: ModelFile, context: int) -> int:
    """Return roughly what running a file takes: its weights, the cache of the context, and what is computed in."""
    return round(file.size_bytes * (1 + _OVERHEAD_SHARE)) + context * (file.cache_bytes or 0) + _OVERHEAD_BYTES
