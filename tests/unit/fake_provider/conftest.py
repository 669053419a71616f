"""One provider for all these tests; each test asks of it what it needs by the model's name."""

import http.client
from collections.abc import Iterator

import pytest

from tests.fake_provider.process import FakeProvider
from tests.unit.fake_provider.client import connected


@pytest.fixture(scope="session")
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture
def connection(provider: FakeProvider) -> Iterator[http.client.HTTPConnection]:
    with connected(provider) as opened:
        yield opened
