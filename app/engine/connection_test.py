"""Whether a provider answers as it was set up: found out by asking it for one token."""

import logging
import time
from collections.abc import Iterable

from app.domain.abort import AbortSignal
from app.domain.completion import ChatProvider, CompletionRequest, Turn
from app.domain.conversation import Role
from app.domain.errors import Fault, ProviderError, UnexpectedFault
from app.domain.model import ModelInfo
from app.domain.provider import ModelSource
from app.engine.events import ConnectionTested
from app.engine.plain_http import require_consent

log = logging.getLogger(__name__)

TEST_TOKENS = 1


async def try_set_up(source: ModelSource, plain_http_hosts: Iterable[str]) -> ConnectionTested:
    """Connect, ask the default model for one token, and close. A real request: it may cost that token."""
    began_s = time.monotonic()
    fault: Fault | None = None
    models: tuple[ModelInfo, ...] = ()
    try:
        require_consent(source.address, plain_http_hosts)
        connected = await source.connect(lambda _fault: None)
        models = connected.models
        try:
            await _ask_one_token(connected.provider, connected.default_model or models[0].id)
        finally:
            await connected.provider.aclose()
            await source.aclose()
    except ProviderError as error:
        fault = error.fault
    except Exception as error:  # a bug of ours: whoever waits for the result must not wait for ever
        log.exception("connection not tested provider=%s", source.id)
        fault = UnexpectedFault(type(error).__name__).fault
    return ConnectionTested(source.id, fault, models, (time.monotonic() - began_s) * 1000)


async def _ask_one_token(provider: ChatProvider, model: str) -> None:
    request = CompletionRequest(model=model, turns=(Turn(Role.USER, "Hi"),), max_tokens=TEST_TOKENS)
    async for _ in provider.stream(request, AbortSignal()):
        pass
