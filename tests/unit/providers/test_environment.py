"""The provider that the environment names."""

import asyncio
from collections.abc import Iterator

import pytest

from app.domain.completion import ChatProvider
from app.domain.errors import AuthenticationFailed, ProviderError, ProviderUnreachable
from app.domain.model import ModelInfo
from app.domain.provider import Connected, Endpoint
from app.providers.environment import OPENAI_BASE_URL, EnvironmentEndpoint
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.fake_provider.process import FakeProvider


async def connect_endpoint(endpoint: Endpoint) -> ChatProvider:
    return OpenAICompatibleProvider(endpoint)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


def named(**environ: str) -> EnvironmentEndpoint | None:
    return EnvironmentEndpoint.named_in(environ, connect_endpoint)


async def connected(**environ: str) -> Connected:
    source = named(**environ)
    assert source is not None
    async with asyncio.timeout(20):
        made = await source.connect(lambda fault: None)
    await made.provider.aclose()
    return made


def test_without_variables_there_is_none() -> None:
    assert named() is None
    assert named(OPENAI_BASE_URL=" ", OPENAI_API_KEY="", BELAY_MODEL="m") is None


def test_a_key_alone_means_openai_and_is_never_shown() -> None:
    source = named(OPENAI_API_KEY="sk-canary")
    assert source is not None
    assert source.endpoint.base_url == OPENAI_BASE_URL
    assert "canary" not in repr(source.endpoint)
    assert "canary" not in source.note


async def test_the_models_are_the_servers_and_the_first_is_the_default(server: FakeProvider) -> None:
    made = await connected(OPENAI_BASE_URL=server.base_url)
    assert made.default_model == made.models[0].id == "fake-50"


async def test_the_named_model_comes_first_even_if_it_is_not_listed(server: FakeProvider) -> None:
    made = await connected(OPENAI_BASE_URL=server.base_url, BELAY_MODEL="mine")
    assert made.default_model == made.models[0].id == "mine"
    assert "fake-50" in [model.id for model in made.models]


async def test_a_server_without_a_list_will_do_if_a_model_is_named() -> None:
    with FakeProvider(flags="--models-fault status:404") as server:
        made = await connected(OPENAI_BASE_URL=server.base_url, BELAY_MODEL="mine")
        assert made.models == (ModelInfo(id="mine"),)
        with pytest.raises(ProviderError):
            await connected(OPENAI_BASE_URL=server.base_url)


async def test_a_rejected_key_is_told_even_if_a_model_is_named() -> None:
    with FakeProvider(flags="--models-fault status:401") as server, pytest.raises(AuthenticationFailed):
        await connected(OPENAI_BASE_URL=server.base_url, BELAY_MODEL="mine")


async def test_nobody_there(unused_tcp_port: int) -> None:
    with pytest.raises(ProviderUnreachable):
        await connected(OPENAI_BASE_URL=f"http://127.0.0.1:{unused_tcp_port}/v1")


async def test_nobody_there_is_told_even_if_a_model_is_named(unused_tcp_port: int) -> None:
    """It is no server without a list: who takes it for one forgets the list that was kept."""
    with pytest.raises(ProviderUnreachable):
        await connected(OPENAI_BASE_URL=f"http://127.0.0.1:{unused_tcp_port}/v1", BELAY_MODEL="mine")
