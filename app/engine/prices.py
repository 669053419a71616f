"""What a model is known to hold and to cost: what the user entered, else its provider's list, else the catalog."""

from collections.abc import Callable

from msgspec.structs import replace

from app.domain.model import BUILT_IN, ModelInfo, ModelRef, Price
from app.domain.network import is_loopback, origin_of
from app.domain.settings import OwnPrice
from app.domain.usage import Usage
from app.engine.preferences import Preferences
from app.engine.store import ChatStore

FREE = Price(input=0.0, output=0.0)

_A_MILLION = 1_000_000
KnownModel = Callable[[str, str], ModelInfo]


class ModelFacts:
    def __init__(self, store: ChatStore, preferences: Preferences, known_model: KnownModel) -> None:
        """`known_model` looks a model up in the catalog, by its provider's address and its id."""
        self._store = store
        self._preferences = preferences
        self._known_model = known_model

    def info(self, ref: ModelRef) -> ModelInfo:
        """Return all that is known of a model: where its provider's list says nothing, the catalog's word."""
        state = self._store.providers.get(ref.provider_id)
        listed = (state.model(ref.model) if state else None) or ModelInfo(id=ref.model)
        if state is None:
            return listed
        known = self._known_model(state.address, ref.model)
        gaps = {name: getattr(known, name) for name in ModelInfo.__struct_fields__ if getattr(listed, name) is None}
        return replace(listed, **gaps)

    def price(self, ref: ModelRef) -> Price | None:
        """Return what a model costs, None if nobody knows."""
        return self.own_price(ref) or self.known_price(ref)

    def own_price(self, ref: ModelRef) -> Price | None:
        """Return the price that the user entered, None if there is none."""
        return next((each.price for each in self._preferences.current.own_prices if each.ref == ref), None)

    def known_price(self, ref: ModelRef) -> Price | None:
        """Return what the list or the catalog says. What runs on this computer is free."""
        return FREE if self.is_local(ref) else self.info(ref).price

    def set_own_price(self, ref: ModelRef, price: Price | None) -> None:
        """Have a price of the user's count from now on, for answers that end after it; None takes it back."""
        own = [each for each in self._preferences.current.own_prices if each.ref != ref]
        if price is not None:
            own.append(OwnPrice(provider_id=ref.provider_id, model=ref.model, price=price))
        self._preferences.change(own_prices=tuple(own))

    def is_local(self, ref: ModelRef) -> bool:
        """Whether a model runs on this computer."""
        if ref.provider_id == BUILT_IN:
            return True
        state = self._store.providers.get(ref.provider_id)
        try:
            return state is not None and is_loopback(origin_of(state.address).host)
        except ValueError:
            return False


def cost_of(usage: Usage, price: Price | None) -> float | None:
    """
    Return US dollars, None if the price or what was sent is not known: never 0 instead.

    What was thought is part of the completion, and costs the same.
    """
    if price is None:
        return None
    if price.is_free:
        return 0.0
    if usage.prompt_tokens is None:
        return None
    cached = min(usage.cached_tokens or 0, usage.prompt_tokens)
    cached_price = price.input if price.cached_input is None else price.cached_input
    dollars = (usage.prompt_tokens - cached) * price.input + cached * cached_price
    return (dollars + usage.completion_tokens * price.output) / _A_MILLION
