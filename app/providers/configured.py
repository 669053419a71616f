"""A provider that the user set up: its key is looked for when it is connected, not before."""

from collections.abc import Awaitable, Callable

from app.domain.billing import BillingFact
from app.domain.completion import ChatProvider
from app.domain.errors import NotAnOpenAIServer
from app.domain.model import ModelInfo, ProviderId
from app.domain.network import ProxySetting, is_loopback, origin_of
from app.domain.provider import Connected, Endpoint, LossListener, Secret
from app.domain.provider_config import ProviderConfig
from app.providers.catalog import billing_after_disconnect
from app.providers.listing import list_or_named

FindKey = Callable[[ProviderConfig], Awaitable[Secret]]


class ConfiguredEndpoint:
    """A ModelSource made of a ProviderConfig."""

    def __init__(
        self,
        config: ProviderConfig,
        *,
        find_key: FindKey,
        proxy: ProxySetting,
        connect_endpoint: Callable[[Endpoint], Awaitable[ChatProvider]],
    ) -> None:
        """`proxy` is for a provider that has no setting of its own."""
        self._config = config
        self._find_key = find_key
        self._proxy = proxy
        self._connect_endpoint = connect_endpoint

    @property
    def id(self) -> ProviderId:
        return self._config.id

    @property
    def name(self) -> str:
        return self._config.name

    @property
    def note(self) -> str:
        return ""

    @property
    def address(self) -> str:
        return self._config.base_url

    @property
    def billing(self) -> BillingFact:
        return billing_after_disconnect(self._config.base_url)

    async def connect(self, on_lost: LossListener) -> Connected:
        """
        Find the key, and ask the endpoint for its models. One that has no list will do if a model is named.

        Raises:
            ProviderError: there is no key, it can't be reached, or there is no model to choose.
        """
        provider = await self._connect_endpoint(await self.endpoint())
        try:
            models: tuple[ModelInfo, ...] = await list_or_named(provider, self._config.default_model)
        except BaseException:
            await provider.aclose()
            raise
        return Connected(provider, models, self._config.default_model or models[0].id)

    async def aclose(self) -> None:
        return None

    async def endpoint(self) -> Endpoint:
        """
        Return the address with its key.

        Raises:
            ProviderError: there is no key, or the address is none.
        """
        config = self._config
        try:
            origin = origin_of(config.base_url)
        except ValueError as error:
            raise NotAnOpenAIServer(str(error)) from error
        return Endpoint(
            name=config.name,
            base_url=config.base_url,
            api_key=await self._find_key(config),
            is_local=is_loopback(origin.host),
            auth=config.auth,
            headers=config.headers,
            body=config.body,
            ca_file=config.ca_file,
            proxy=config.proxy or self._proxy,
        )
