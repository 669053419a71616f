"""What a model is known to hold and to cost: what the user entered, else its provider's list, else the catalog."""

from collections.abc import Callable
from dataclasses import fields, replace

from app.domain.model import BUILT_IN, ModelInfo, ModelRef, Price
from app.domain.network import is_loopback, origin_of
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
        gaps = {
            each.name: getattr(known, each.name) for each in fields(ModelInfo) if getattr(listed, each.name) is None
        }
        return replace(listed, **gaps)

    def price(self, ref: ModelRef) -> Price | None:
        """Return what a model costs, None if nobody knows. What runs on this computer is free."""
        for own in self._preferences.current.own_prices:
            if own.provider_id == ref.provider_id and own.model == ref.model:
                return own.price
        return FREE if self._is_local(ref) else self.info(ref).price

    def _is_local(self, ref: ModelRef) -> bool:
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
