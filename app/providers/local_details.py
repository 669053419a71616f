"""
What servers on this computer tell of their models beside the OpenAI protocol: how much is really read, and who sees.

A model that could read 128,000 tokens reads 4,096 where its server was started so, and the rest is cut off silently:
only what the server says of itself counts. Whoever says nothing within the limit stays unknown.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

import msgspec
from msgspec.structs import replace

from app.domain.errors import NotAnOpenAIServer
from app.domain.model import ModelInfo
from app.domain.network import Origin
from app.providers.model_entry import MAX_TOKENS
from app.providers.model_list import models_of, parse_entries
from app.providers.plain_http import ask
from app.providers.server_kinds import kind_by_owners

LIMIT_S = 1.5
MAX_ASKED = 40  # of Ollama's models, each with a question of its own
_AT_ONCE = 4
_OK = 200

Tokens = Annotated[int, msgspec.Meta(ge=0, le=MAX_TOKENS)]
Ask = Callable[[str, bytes], Awaitable[bytes]]  # raises OSError or ValueError
Known = dict[str, ModelInfo]


class _Ollama(msgspec.Struct):
    """/api/show, and an entry of /api/ps: https://docs.ollama.com/api, read 2026-11-28."""

    capabilities: list[str] | None = None
    parameters: str | None = None  # lines of a Modelfile
    model: str = ""
    context_length: Tokens | None = None


class _Running(msgspec.Struct):
    models: list[_Ollama] | None = None


class _Defaults(msgspec.Struct):
    n_ctx: Tokens | None = None


class _Modalities(msgspec.Struct):
    vision: bool | None = None


class _Props(msgspec.Struct):
    """/props of llama.cpp: tools/server/README.md, read 2026-11-28."""

    default_generation_settings: _Defaults = msgspec.field(default_factory=_Defaults)
    modalities: _Modalities = msgspec.field(default_factory=_Modalities)


class _Value(msgspec.Struct):
    value: Tokens | None = None


async def with_local_details(
    models: tuple[ModelInfo, ...], owners: frozenset[str], origin: Origin
) -> tuple[ModelInfo, ...]:
    """Return the models with what their server tells of them; as they are if it tells nothing within LIMIT_S."""
    kind = kind_by_owners(set(owners)) or ("ollama" if "library" in owners else "")
    tell = _TELLERS.get(kind)
    if tell is None or not models or origin.scheme != "http":
        return models
    known: Known = {model.id: model for model in models}
    try:
        async with asyncio.timeout(LIMIT_S):
            await tell(partial(_ask, origin), known)
    except (OSError, ValueError, msgspec.MsgspecError, NotAnOpenAIServer, RecursionError):  # TimeoutError: an OSError
        pass
    return tuple(known.values())


async def _ask(origin: Origin, path: str, document: bytes) -> bytes:
    answer = await ask(origin.host, origin.port, path, document)
    if answer.status != _OK:
        raise ValueError(f"status {answer.status}")
    return answer.body


async def _tell_of_ollama(ask_for: Ask, known: Known) -> None:
    turns = asyncio.Semaphore(_AT_ONCE)

    async def show(model: ModelInfo) -> None:
        async with turns:
            try:
                shown = msgspec.json.decode(
                    await ask_for("/api/show", json.dumps({"model": model.id}).encode()), type=_Ollama
                )
            except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
                return
        if shown.capabilities is not None and "completion" not in shown.capabilities:
            del known[model.id]
            return
        abilities = shown.capabilities
        known[model.id] = replace(
            known[model.id],
            context_tokens=known[model.id].context_tokens or _num_ctx(shown.parameters or ""),
            reads_images=None if abilities is None else "vision" in abilities,
            uses_tools=None if abilities is None else "tools" in abilities,
            reasons=None if abilities is None else "thinking" in abilities,
        )

    running = msgspec.json.decode(await ask_for("/api/ps", b""), type=_Running)
    for each in running.models or ():
        if each.model in known and each.context_length:
            known[each.model] = replace(known[each.model], context_tokens=each.context_length)
    await asyncio.gather(*(show(model) for model in tuple(known.values())[:MAX_ASKED]))


async def _tell_of_lm_studio(ask_for: Ask, known: Known) -> None:
    body = await ask_for("/api/v0/models", b"")
    entries = await asyncio.get_running_loop().run_in_executor(None, parse_entries, body)
    told = {model.id: model for model in models_of(entries)}
    listed = {entry.id for entry in entries if isinstance(entry.id, str)}
    for model_id in tuple(known):
        if model_id in told:
            known[model_id] = told[model_id]
        elif model_id in listed:  # for embeddings
            del known[model_id]


async def _tell_of_llama_cpp(ask_for: Ask, known: Known) -> None:
    if len(known) > 1:  # a router: its properties are not those of each model
        return
    props = msgspec.json.decode(await ask_for("/props", b""), type=_Props)
    for model_id, model in known.items():
        known[model_id] = replace(
            model,
            context_tokens=props.default_generation_settings.n_ctx or model.context_tokens,
            reads_images=model.reads_images if props.modalities.vision is None else props.modalities.vision,
        )


async def _tell_of_koboldcpp(ask_for: Ask, known: Known) -> None:
    told = msgspec.json.decode(await ask_for("/api/extra/true_max_context_length", b""), type=_Value)
    for model_id, model in known.items():
        known[model_id] = replace(model, context_tokens=told.value or model.context_tokens)


_TELLERS: dict[str, Callable[[Ask, Known], Awaitable[None]]] = {
    "ollama": _tell_of_ollama,
    "lm-studio": _tell_of_lm_studio,
    "llama.cpp": _tell_of_llama_cpp,
    "koboldcpp": _tell_of_koboldcpp,
}


def _num_ctx(parameters: str) -> int | None:
    for line in parameters.splitlines():
        name, _, value = line.strip().partition(" ")
        if name == "num_ctx" and value.strip().isdecimal():
            return int(value)
    return None
