"""A set of measurements, and the few numbers that are said about it."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Distribution:
    """p90 and p99 are values that were measured (nearest rank): with n = 100 the p99 is the second largest."""

    n: int
    mean: float
    median: float
    p90: float
    p99: float
    max: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Distribution":
        """Of nothing: n is 0, and all else nan."""
        ordered = sorted(values)
        if not ordered:
            return cls(0, *[math.nan] * 5)
        return cls(
            n=len(ordered),
            mean=statistics.fmean(ordered),
            median=statistics.median(ordered),
            p90=_nearest_rank(ordered, 90),
            p99=_nearest_rank(ordered, 99),
            max=ordered[-1],
        )

    def as_json(self) -> dict[str, float | None]:
        """Return the fields, rounded; JSON has no nan."""
        return {name: None if math.isnan(value) else round(value, 4) for name, value in asdict(self).items()}


def _nearest_rank(ordered: list[float], percent: int) -> float:
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
