"""What the sources of models are made with, and how an endpoint is connected."""

import asyncio
import importlib
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from app.domain.completion import ChatProvider
from app.domain.network import ProxySetting
from app.domain.provider import Endpoint, ModelSource
from app.domain.provider_config import ProviderConfig
from app.domain.redaction import Redactor
from app.providers.configured import ConfiguredEndpoint, FindKey
from app.providers.local_model import LocalModel
from app.providers.tls import TlsContexts

if TYPE_CHECKING:
    from app.providers.openai_compatible import OpenAICompatibleProvider


async def connect_endpoint(endpoint: Endpoint, tls: TlsContexts | None = None) -> ChatProvider:
    """
    Return a provider for the endpoint. Loading httpcore2 and the trust store takes 80 ms: in a thread, once.

    Raises:
        ProviderError: it can't be used as it was set up.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, _connect_endpoint, endpoint, tls or TlsContexts())


def _connect_endpoint(endpoint: Endpoint, tls: TlsContexts) -> "OpenAICompatibleProvider":
    module = importlib.import_module("app.providers.openai_compatible")
    provider: OpenAICompatibleProvider = module.OpenAICompatibleProvider(endpoint, tls=tls)
    return provider


async def connect_and_learn(redactor: Redactor, tls: TlsContexts | None, endpoint: Endpoint) -> ChatProvider:
    """Return a provider for the endpoint, whose key is told to the log's redactor first."""
    for secret in endpoint.secrets:
        redactor.learn(secret)
    return await connect_endpoint(endpoint, tls)


def own_ports(sources: Iterable[ModelSource]) -> set[int]:
    """Return the ports of this computer at which servers of our own listen."""
    return {source.port for source in sources if isinstance(source, LocalModel) and source.port is not None}


def source_of(
    redactor: Redactor, tls: TlsContexts | None, config: ProviderConfig, proxy: ProxySetting, find_key: FindKey
) -> ModelSource:
    """Return the source of a provider that the user set up."""
    connect = partial(connect_and_learn, redactor, tls)
    return ConfiguredEndpoint(config, find_key=find_key, proxy=proxy, connect_endpoint=connect)
