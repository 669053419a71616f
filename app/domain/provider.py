"""Who answers: providers, their models, and what state they are in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

from app.domain.billing import BillingFact
from app.domain.completion import ChatProvider
from app.domain.errors import Fault

ProviderId = NewType("ProviderId", str)

BUILT_IN = ProviderId("built-in")
ENVIRONMENT = ProviderId("environment")


class Secret:
    """A key. Shows itself to nobody who does not ask by name."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that speaks the OpenAI protocol. `is_local` lifts the limit on the wait for the first byte."""

    name: str
    base_url: str
    api_key: Secret
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class ModelRef:
    """One model of one provider: what the picker picks."""

    provider_id: ProviderId
    model: str


class ProviderPhase(StrEnum):
    """READY is the only phase in which a message can be sent; FAILED can be tried again."""

    IDLE = "idle"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderState:
    """What the picker shows of a provider. `models` is empty until it is READY."""

    id: ProviderId
    name: str
    phase: ProviderPhase = ProviderPhase.IDLE
    models: tuple[str, ...] = ()
    default_model: str | None = None
    fault: Fault | None = None
    note: str = ""
    billing: BillingFact | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """A provider that can be asked. `note` is a sentence the window shows beside it."""

    provider: ChatProvider
    models: tuple[str, ...]
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
