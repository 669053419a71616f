"""What answers took, summed up."""

from datetime import date

from msgspec import Struct

from app.domain.model import ProviderId


class UsageSum(Struct, frozen=True, kw_only=True):
    """
    Of a number of answers: tokens, and US dollars.

    `cost` is None if it is known of none of them; `unpriced` answers are not in it. `estimated` of them were counted
    here, not told by a provider. `stopped` answers are counted like all others, with what came of them.
    """

    answers: int = 0
    stopped: int = 0
    estimated: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    unpriced: int = 0

    def __add__(self, other: "UsageSum") -> "UsageSum":
        costs = [each.cost for each in (self, other) if each.cost is not None]
        return UsageSum(
            answers=self.answers + other.answers,
            stopped=self.stopped + other.stopped,
            estimated=self.estimated + other.estimated,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=sum(costs) if costs else None,
            unpriced=self.unpriced + other.unpriced,
        )


class DayOfModel(Struct, frozen=True, kw_only=True):
    """What one model of one provider took on one day, by the clock of this computer."""

    day: date
    provider_id: ProviderId
    model: str
    total: UsageSum
