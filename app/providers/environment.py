"""The provider that the environment names: OPENAI_BASE_URL, OPENAI_API_KEY, BELAY_MODEL."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import replace

from app.domain.billing import BillingFact
from app.domain.completion import ChatProvider
from app.domain.model import ENVIRONMENT, ProviderId
from app.domain.network import ProxySetting
from app.domain.provider import Connected, Endpoint, LossListener, Secret
from app.providers.catalog import billing_after_disconnect
from app.providers.listing import list_or_named

OPENAI_BASE_URL = "https://api.openai.com/v1"


class EnvironmentEndpoint:
    """An endpoint whose key lives in the environment only, and is never stored."""

    def __init__(
        self,
        endpoint: Endpoint,
        default_model: str | None,
        connect_endpoint: Callable[[Endpoint], Awaitable[ChatProvider]],
    ) -> None:
        self.endpoint = endpoint
        self._default_model = default_model
        self._connect_endpoint = connect_endpoint

    @classmethod
    def named_in(
        cls, environ: Mapping[str, str], connect_endpoint: Callable[[Endpoint], Awaitable[ChatProvider]]
    ) -> "EnvironmentEndpoint | None":
        """Return the endpoint that the variables name, None if neither address nor key is set."""
        base_url, key = environ.get("OPENAI_BASE_URL", "").strip(), environ.get("OPENAI_API_KEY", "").strip()
        if not base_url and not key:
            return None
        endpoint = Endpoint(name="Environment", base_url=base_url or OPENAI_BASE_URL, api_key=Secret(key))
        return cls(endpoint, environ.get("BELAY_MODEL", "").strip() or None, connect_endpoint)

    @property
    def id(self) -> ProviderId:
        return ENVIRONMENT

    @property
    def name(self) -> str:
        return self.endpoint.name

    @property
    def note(self) -> str:
        return f"From OPENAI_BASE_URL: {self.endpoint.base_url}"

    @property
    def address(self) -> str:
        return self.endpoint.base_url

    @property
    def billing(self) -> BillingFact:
        return billing_after_disconnect(self.endpoint.base_url)

    def through(self, proxy: ProxySetting) -> "EnvironmentEndpoint":
        """Return the same endpoint, reached on this way."""
        return EnvironmentEndpoint(replace(self.endpoint, proxy=proxy), self._default_model, self._connect_endpoint)

    async def connect(self, on_lost: LossListener) -> Connected:
        """
        Ask the endpoint for its models. One that has no list will do if BELAY_MODEL names a model.

        Raises:
            ProviderError: it can't be reached, or there is no model to choose.
        """
        provider = await self._connect_endpoint(self.endpoint)
        try:
            models = await list_or_named(provider, self._default_model)
        except BaseException:
            await provider.aclose()
            raise
        return Connected(provider, models, self._default_model or models[0].id)

    async def aclose(self) -> None:
        return None
