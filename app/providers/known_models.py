"""What the catalog knows of a model where its provider's list is silent: abilities, context and price."""

import re
from fnmatch import fnmatchcase
from typing import TypeVar

from msgspec.structs import replace

from app.domain.model import ModelInfo
from app.domain.network import is_loopback, origin_of
from app.providers.known.anthropic_models import ANTHROPIC
from app.providers.known.openai_models import GPT_OSS, OPENAI
from app.providers.known.other_models import DEEPSEEK, GOOGLE, MISTRAL, OPEN_WEIGHTS, XAI
from app.providers.known.rows import KnownModel, Maker

MAKERS = (OPENAI, ANTHROPIC, GOOGLE, XAI, DEEPSEEK, MISTRAL, GPT_OSS, OPEN_WEIGHTS)

_T = TypeVar("_T")

# A version of the same model: -2026-10-26, -20261026, -0813, @20261026, -latest, -preview, :free.
_VERSION = re.compile(r"(?:[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|\d{3}|latest|preview))*(?::free)?")


def known_model(base_url: str, model_id: str) -> ModelInfo:
    """
    Return what the catalog knows of a model at an address; all but the id is None for one it does not know.

    A price counts only at its maker's own address. Of a server on this computer nothing is known: what it reads, and
    whether it sees pictures, depends on how it was started.
    """
    try:
        host = origin_of(base_url).host
    except ValueError:
        return ModelInfo(id=model_id)
    if is_loopback(host):
        return ModelInfo(id=model_id)
    name = model_id.rpartition("/")[2].lower()
    for maker in MAKERS:
        for row in maker.models:
            if _is_named(row, name):
                return _told(row, model_id, is_own=_is_at(maker, host))
    return ModelInfo(id=model_id)


def completed(model: ModelInfo, base_url: str) -> ModelInfo:
    """Return what a list told of a model, and what it did not tell from the catalog."""
    known = known_model(base_url, model.id)
    return replace(
        model,
        context_tokens=_first(model.context_tokens, known.context_tokens),
        output_tokens=_first(model.output_tokens, known.output_tokens),
        reads_images=_first(model.reads_images, known.reads_images),
        uses_tools=_first(model.uses_tools, known.uses_tools),
        reasons=_first(model.reasons, known.reasons),
        price=_first(model.price, known.price),
    )


def _is_named(row: KnownModel, name: str) -> bool:
    for known in row.names:
        if "*" in known:
            if fnmatchcase(name, known):
                return True
        elif name.startswith(known) and _VERSION.fullmatch(name, len(known)):
            return True
    return False


def _is_at(maker: Maker, host: str) -> bool:
    return any(fnmatchcase(host, pattern) for pattern in maker.hosts)


def _told(row: KnownModel, model_id: str, *, is_own: bool) -> ModelInfo:
    return ModelInfo(
        id=model_id,
        context_tokens=row.context_tokens,
        output_tokens=row.output_tokens,
        reads_images=row.reads_images,
        uses_tools=row.uses_tools,
        reasons=row.reasons,
        price=row.price if is_own else None,
    )


def _first(told: _T | None, known: _T | None) -> _T | None:
    return known if told is None else told
