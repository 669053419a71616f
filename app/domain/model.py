"""Which model of which provider, and what is known of it: what it can do, how much it reads, what it costs."""

from datetime import date
from typing import NamedTuple, NewType

from msgspec import Struct

ProviderId = NewType("ProviderId", str)

BUILT_IN = ProviderId("built-in")
ENVIRONMENT = ProviderId("environment")


class ModelRef(Struct, frozen=True):
    """One model of one provider: what the picker picks."""

    provider_id: ProviderId
    model: str


class Price(Struct, frozen=True, kw_only=True):
    """
    US dollars for a million tokens.

    `cached_input` is for tokens the provider had read before, None where it makes no difference. `checked` is the
    day on which the source was read; None for a price the provider told with its list, or the user entered.
    """

    input: float
    output: float
    cached_input: float | None = None
    checked: date | None = None

    @property
    def is_free(self) -> bool:
        return not self.input and not self.output


class ModelInfo(Struct, frozen=True, kw_only=True):
    """
    One model as its provider or the catalog describes it. None means: not known.

    `context_tokens` is for question and answer together; `output_tokens` the most that one answer may have.
    """

    id: str
    name: str = ""
    context_tokens: int | None = None
    output_tokens: int | None = None
    reads_images: bool | None = None
    uses_tools: bool | None = None
    reasons: bool | None = None
    price: Price | None = None

    @property
    def shown_name(self) -> str:
        return self.name or self.id


class ModelList(NamedTuple):
    """What a provider listed, and when: None where nothing was listed yet."""

    models: tuple[ModelInfo, ...] = ()
    listed_at_ms: int | None = None


NOTHING_LISTED = ModelList()
