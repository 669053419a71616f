"""
A provider's list of models, read forgivingly and within bounds.

A list comes from outside and may be anything: entries are cut apart first and read one by one, so that one that is
broken costs only itself, and no step holds the interpreter for long.
"""

from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

import msgspec

from app.domain.errors import NotAnOpenAIServer
from app.domain.model import ModelInfo
from app.providers.json_pieces import Broken, NoSuchList, objects_in
from app.providers.known_models import completed
from app.providers.model_entry import Entry, decode_entry, model_of

MAX_LIST_BYTES = 8 * 1024 * 1024  # OpenRouter's 400 models take about 1 MB
MAX_ENTRY_BYTES = 64 * 1024
MAX_ENTRIES = 10_000  # looked at
MAX_MODELS = 2_000  # kept


class Listed(NamedTuple):
    """The models of a list, and whom it names as their owners: servers are told by that word."""

    models: tuple[ModelInfo, ...]
    owners: frozenset[str]


def read_list(body: bytes, base_url: str) -> Listed:
    """
    Return the models of a list, with what the catalog knows where the list is silent. To be called in a thread.

    Raises:
        NotAnOpenAIServer: this is no list of models.
    """
    entries = parse_entries(body)
    models = tuple(completed(model, base_url) for model in models_of(entries))
    return Listed(models, frozenset(entry.owned_by for entry in entries if isinstance(entry.owned_by, str)))


def models_of(entries: Iterable[Entry]) -> tuple[ModelInfo, ...]:
    """Return the models to chat with, in the provider's order, each id once, and no more than MAX_MODELS."""
    models: dict[str, ModelInfo] = {}
    for entry in entries:
        if (model := model_of(entry)) is not None:
            models.setdefault(model.id, model)
            if len(models) >= MAX_MODELS:
                break
    return tuple(models.values())


def parse_entries(body: bytes) -> list[Entry]:
    """
    Return the entries of a list that can be read, chat or not.

    To be called in a thread: the worst list takes seconds, in steps of a few milliseconds.

    Raises:
        NotAnOpenAIServer: this is no list of models.
    """
    if len(body) > MAX_LIST_BYTES:
        raise NotAnOpenAIServer(f"the list of models is larger than {MAX_LIST_BYTES >> 20} MB")
    try:
        try:
            return _entries(body, b"data")
        except NoSuchList:
            return _entries(body, b"models")  # LM Studio's and xAI's own lists
    except Broken as error:
        raise NotAnOpenAIServer(f"this is no list of models: {error}") from error


def _entries(body: bytes, name: bytes) -> list[Entry]:
    entries: list[Entry] = []
    for portion in islice(objects_in(body, name), MAX_ENTRIES):
        if len(portion) <= MAX_ENTRY_BYTES:
            with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                entries.append(decode_entry(portion))
    return entries
