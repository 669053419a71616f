"""Who answers: providers, their models, and what state they are in."""

from enum import StrEnum
from typing import NoReturn, Protocol, SupportsIndex, runtime_checkable

from msgspec import Struct

from app.domain.billing import BillingFact
from app.domain.completion import ChatProvider
from app.domain.errors import Fault
from app.domain.extras import secret_values
from app.domain.model import ModelInfo, ProviderId
from app.domain.network import SYSTEM_PROXY, ProxySetting


class Secret:
    """A key. Shows itself to nobody who does not ask by name, and can be neither copied, pickled nor encoded."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(…)" if self._value else "Secret(empty)"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a key is neither copied nor written down")


class AuthStyle(StrEnum):
    """The header a key travels in."""

    BEARER = "bearer"  # Authorization: Bearer …
    API_KEY = "api-key"  # api-key: … (Azure)
    X_API_KEY = "x-api-key"  # x-api-key: …


class Endpoint(Struct, frozen=True, kw_only=True):
    """
    An address that speaks the OpenAI protocol. `is_local` lifts the limit on the wait for the first byte.

    `headers`, `body` and `ca_file` are those of ProviderConfig. `is_built_in`: the server is our own child process.
    """

    name: str
    base_url: str
    api_key: Secret
    is_local: bool = False
    is_built_in: bool = False
    auth: AuthStyle = AuthStyle.BEARER
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    ca_file: str = ""
    proxy: ProxySetting = SYSTEM_PROXY

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Return what no text shall show of it: the key, and what a gateway's own header holds."""
        return (self.api_key, *map(Secret, secret_values(self.headers)))


class ProviderPhase(StrEnum):
    """READY is the only phase in which a message can be sent; FAILED can be tried again."""

    IDLE = "idle"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


class ProviderState(Struct, frozen=True, kw_only=True):
    """
    What the picker shows of a provider. `models` are those of its last list, before it is READY as kept on disk.

    `address` is its base URL, "" for one that has none. `progress` is how much of it is loaded while it is STARTING,
    0 to 1, None where that is not known. `listed_at_ms` is when `models` were told, None if that is not known.
    """

    id: ProviderId
    name: str
    phase: ProviderPhase = ProviderPhase.IDLE
    address: str = ""
    models: tuple[ModelInfo, ...] = ()
    listed_at_ms: int | None = None
    default_model: str | None = None
    fault: Fault | None = None
    note: str = ""
    billing: BillingFact | None = None
    progress: float | None = None

    def model(self, model_id: str) -> ModelInfo | None:
        """What is known of one of its models, None for one that it does not list."""
        return next((each for each in self.models if each.id == model_id), None)

    def offered(self, model_id: str) -> str:
        """Return the model, or the default where none is named or a provider that is READY does not list it."""
        if self.phase is not ProviderPhase.READY:
            return model_id
        if model_id and (self.model(model_id) is not None or model_id == self.default_model):
            return model_id
        return self.default_model or (self.models[0].id if self.models else model_id)


class Connected(Struct, frozen=True):
    """A provider that can be asked. `note` is a sentence the window shows beside it."""

    provider: ChatProvider
    models: tuple[ModelInfo, ...]
    default_model: str | None


class LossListener(Protocol):
    def __call__(self, fault: Fault) -> None: ...


class ModelSource(Protocol):
    """Where a provider comes from: an endpoint to connect to, or a process to start."""

    @property
    def id(self) -> ProviderId: ...

    @property
    def name(self) -> str: ...

    @property
    def note(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def billing(self) -> BillingFact: ...

    async def connect(self, on_lost: LossListener) -> Connected:
        """
        Make it answerable. `on_lost` is called on the event loop if it dies later.

        A cancel ends what was begun (a child process is killed).

        Raises:
            ProviderError: it cannot be had now.
        """
        ...

    async def aclose(self) -> None:
        """End what `connect` began. Safe to call twice, or without a connect."""
        ...


@runtime_checkable
class GoesThrough(Protocol):
    """A source whose way through the network is the one that Settings › Advanced says."""

    def through(self, proxy: ProxySetting) -> ModelSource:
        """Return the same source on this way."""
        ...
