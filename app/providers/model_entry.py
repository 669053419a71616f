"""
One entry of a list of models: what providers say there, each in its own words, made one ModelInfo.

Nothing is taken on trust: a field of another type than documented counts as not there. The words are those of
OpenRouter, Mistral, Together, Groq, Fireworks, xAI, Anthropic, LM Studio, vLLM and llama.cpp (tests name the sources).
"""

import math
import unicodedata
from collections.abc import Iterable
from typing import Any

import msgspec

from app.domain.model import ModelInfo, Price
from app.providers.chat_names import is_chat_name

MAX_ID_CHARACTERS = 256
MAX_NAME_CHARACTERS = 120
MAX_TOKENS = 1_000_000_000
MAX_DOLLARS = 1_000_000.0  # for a million tokens
_MILLION = 1_000_000
_XAI_UNITS = 10_000  # xAI's list has prices in hundredths of a cent for a million tokens
_PRICES_OF_MILLIONS = ("input", "output", "cached_input")  # Together; others tell the price of one token

_CHAT_TYPES = frozenset({"chat", "llm", "vlm", "language", "text", "model", "base", "fine-tuned", "code"})
_TOOL_WORDS = frozenset({"tools", "tool_use", "tool-calling", "tool_calling", "function_calling", "function-calling"})
_IMAGE_WORDS = frozenset({"vision", "image", "images", "image_input"})
_REASON_WORDS = frozenset({"reasoning", "thinking", "include_reasoning", "reasoning_effort"})


class Entry(msgspec.Struct):
    """The fields that are read. Any type may come: those who read them look."""

    id: Any = None
    key: Any = None  # LM Studio, /api/v1
    name: Any = None
    display_name: Any = None
    owned_by: Any = None
    type: Any = None
    active: Any = None
    archived: Any = None
    architecture: Any = None
    capabilities: Any = None
    context_length: Any = None
    context_window: Any = None
    loaded_context_length: Any = None
    limits: Any = None
    max_completion_tokens: Any = None
    max_context_length: Any = None
    max_input_tokens: Any = None
    max_model_len: Any = None
    max_output_tokens: Any = None
    meta: Any = None
    input_modalities: Any = None
    output_modalities: Any = None
    supported_input_modalities: Any = None
    supported_output_modalities: Any = None
    pricing: Any = None
    supported_parameters: Any = None
    supports_chat: Any = None
    supports_image_input: Any = None
    supports_tools: Any = None
    top_provider: Any = None
    prompt_text_token_price: Any = None
    cached_prompt_text_token_price: Any = None
    completion_text_token_price: Any = None


decode_entry = msgspec.json.Decoder(Entry).decode


def model_of(entry: Entry) -> ModelInfo | None:
    """Return what the entry tells, None for what is no model to chat with, or has no id that can be sent back."""
    model_id = _id(entry)
    if model_id is None or not _is_for_chat(entry, model_id):
        return None
    abilities = _words(entry.capabilities) | _words(entry.supported_parameters)
    sees = _words(_field(entry.architecture, "input_modalities"), entry.input_modalities)
    sees |= _words(entry.supported_input_modalities)
    return ModelInfo(
        id=model_id,
        name=_name(entry, model_id),
        context_tokens=_context(entry),
        output_tokens=_first_count(
            entry.max_completion_tokens,
            entry.max_output_tokens,
            _field(entry.top_provider, "max_completion_tokens"),
            _field(entry.limits, "max_output_tokens"),
        ),
        reads_images=_told(
            sees | abilities,
            _IMAGE_WORDS,
            bool(sees),
            entry.supports_image_input,
            _flag(entry.capabilities, "vision"),
            True if entry.type == "vlm" else None,
        ),
        uses_tools=_told(
            abilities,
            _TOOL_WORDS,
            isinstance(entry.supported_parameters, list),
            entry.supports_tools,
            _flag(entry.capabilities, "function_calling"),
            _flag(entry.capabilities, "trained_for_tool_use"),
        ),
        reasons=_told(
            abilities,
            _REASON_WORDS,
            isinstance(entry.supported_parameters, list),
            _flag(entry.capabilities, "reasoning"),
        ),
        price=_price(entry),
    )


def _id(entry: Entry) -> str | None:
    model_id = entry.id if entry.id is not None else entry.key
    if not isinstance(model_id, str) or not 0 < len(model_id) <= MAX_ID_CHARACTERS:
        return None
    return model_id if model_id == _printable(model_id).strip() else None


def _name(entry: Entry, model_id: str) -> str:
    """Return the name to show, "" where it would say no more than the id."""
    for value in (entry.display_name, entry.name):
        if isinstance(value, str) and (name := _printable(value[: 4 * MAX_NAME_CHARACTERS]).strip()):
            return "" if name == model_id else name[:MAX_NAME_CHARACTERS]
    return ""


def _printable(text: str) -> str:
    """Return the text without what controls, hides or turns other text around."""
    return "".join(each for each in text if unicodedata.category(each)[0] != "C" and each not in "\u2028\u2029")


def _is_for_chat(entry: Entry, model_id: str) -> bool:
    """Whether it can be chatted with: as the list tells, else by its name."""
    if entry.active is False or entry.archived is True:
        return False
    told = (entry.supports_chat, _flag(entry.capabilities, "completion_chat"))
    if any(value is False for value in told):
        return False
    writes = _words(_field(entry.architecture, "output_modalities"), entry.output_modalities)
    writes |= _words(entry.supported_output_modalities)
    if writes and "text" not in writes:
        return False
    if isinstance(entry.type, str) and entry.type.lower() not in _CHAT_TYPES:
        return False
    is_told = any(value is True for value in told) or entry.type in ("chat", "llm", "vlm")
    return is_told or is_chat_name(model_id)


def _context(entry: Entry) -> int | None:
    """Return the context that counts: what is loaded before what could be, the provider's before the model's."""
    return _first_count(
        entry.loaded_context_length,
        _field(entry.meta, "n_ctx"),
        _field(entry.top_provider, "context_length"),
        entry.context_length,
        entry.context_window,
        entry.max_context_length,
        entry.max_model_len,
        entry.max_input_tokens,
        _field(entry.limits, "max_input_tokens"),
        _field(entry.meta, "n_ctx_train"),
    )


def _price(entry: Entry) -> Price | None:
    """Return the price for a million tokens, None where it is not told, varies (-1), or is no number."""
    if entry.prompt_text_token_price is not None:
        units = (entry.prompt_text_token_price, entry.completion_text_token_price, entry.cached_prompt_text_token_price)
        return _made_price(units, 1 / _XAI_UNITS)
    one = [_field(entry.pricing, word) for word in ("prompt", "completion", "input_cache_read")]
    if one[0] is not None:
        return _made_price(one, _MILLION)
    of_millions = [_field(entry.pricing, word) for word in _PRICES_OF_MILLIONS]
    if of_millions[:2] == [0, 0]:  # what is let by the hour has no price for tokens, and is not free
        return None
    return _made_price(of_millions, 1)


def _made_price(values: Iterable[object], factor: float) -> Price | None:
    price, answer, cached = (_dollars(value, factor) for value in values)
    return None if price is None or answer is None else Price(input=price, output=answer, cached_input=cached)


def _dollars(value: object, factor: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        dollars = round(float(value) * factor, 6)
    except (ValueError, OverflowError):
        return None
    return dollars if math.isfinite(dollars) and 0 <= dollars <= MAX_DOLLARS else None


def _first_count(*values: object) -> int | None:
    return next((count for value in values if (count := _count(value)) is not None), None)


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= MAX_TOKENS:
        return None
    return int(value)


def _field(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _flag(value: object, name: str) -> bool | None:
    found = _field(value, name)
    return found if isinstance(found, bool) else None


def _words(*values: object) -> set[str]:
    """Return the words of those values that are lists."""
    lists = (value for value in values if isinstance(value, list))
    return {word.lower() for value in lists for word in value if isinstance(word, str)}


def _told(words: set[str], wanted: frozenset[str], is_complete: bool, *flags: object) -> bool | None:
    """Return what a flag says, else whether a word is in the list; a list that is not complete denies nothing."""
    for flag in flags:
        if isinstance(flag, bool):
            return flag
    if words & wanted:
        return True
    return False if is_complete else None
