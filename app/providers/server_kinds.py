"""
Servers told apart by their answers.

The word in `owned_by` is in the servers' sources; where it is missing or could be anybody's, one more question is
asked that only one kind of server answers in this way.
"""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from app.providers.plain_http import PlainAnswer

# Sources, read 2026-11-28: vllm/entrypoints/openai, llama.cpp tools/server, koboldcpp.py, gpt4all server.cpp,
# LM Studio's answers. "library" and "user" are not here: Ollama, Jan, text-generation-webui and others share them.
_OWNERS = {
    "vllm": "vllm",
    "llamacpp": "llama.cpp",
    "koboldcpp": "koboldcpp",
    "humanity": "gpt4all",
    "organization_owner": "lm-studio",
}


# The beginning of the Server header: llama.cpp names itself even to those without its key.
_PROGRAMS = {"llama.cpp": "llama.cpp", "koboldcppserver": "koboldcpp"}


def kind_by_program(answer: PlainAnswer) -> str:
    """Return the preset of the server that names itself in the head of its answer, "" for one that does not."""
    words = answer.headers.get("server", "").lower().split()
    return _PROGRAMS.get(words[0], "") if words else ""


def kind_by_owners(owners: set[str]) -> str:
    """Return the preset of the server whose models all have these owners, "" if they do not tell."""
    kinds = {_OWNERS.get(owner, "") for owner in owners}
    return kinds.pop() if len(kinds) == 1 else ""


class Question(Struct, frozen=True):
    """A path, and how to know the one kind of server that answers there in this way."""

    path: str
    is_answer: Callable[[PlainAnswer], bool]
    preset: str


class _Fields(msgspec.Struct):
    result: object = None
    version: object = None
    data: object = None
    backends: object = None
    default_generation_settings: object = None
    model_name: object = None
    lora_names: object = None


_decode = msgspec.json.Decoder(_Fields).decode


def _fields(answer: PlainAnswer) -> _Fields:
    try:
        return _decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Fields()


def _is_lm_studio(answer: PlainAnswer) -> bool:
    entries = _fields(answer).data
    return isinstance(entries, list) and any(
        isinstance(each, dict) and "compatibility_type" in each for each in entries
    )


def _is_text_generation_webui(answer: PlainAnswer) -> bool:
    fields = _fields(answer)
    return isinstance(fields.lora_names, list) and fields.model_name is not None


# KoboldCpp before Ollama and llama.cpp: it answers to their questions too, to be taken for them.
QUESTIONS = (
    Question("/api/extra/version", lambda answer: _fields(answer).result == "KoboldCpp", "koboldcpp"),
    Question("/", lambda answer: b"Ollama is running" in answer.body, "ollama"),
    Question("/api/v0/models", _is_lm_studio, "lm-studio"),
    Question("/", lambda answer: b"/docs/swagger-ui-bundle.js" in answer.body, "jan"),
    Question("/system", lambda answer: isinstance(_fields(answer).backends, list), "localai"),
    Question("/props", lambda answer: isinstance(_fields(answer).default_generation_settings, dict), "llama.cpp"),
    Question("/v1/internal/model/info", _is_text_generation_webui, "text-generation-webui"),
    Question("/version", lambda answer: isinstance(_fields(answer).version, str), "vllm"),
)
