"""How old something is, in the words of a heading."""

import math
from datetime import UTC, datetime, timedelta

Ages = tuple[tuple[float, str], ...]


def heading_of(moment_ms: int, known_ages: Ages) -> str:
    return next(name for since_ms, name in known_ages if moment_ms >= since_ms)


def ages(now_ms: int) -> Ages:
    """The first millisecond of each age in local time, youngest first."""
    midnight = (
        datetime.fromtimestamp(now_ms / 1000, tz=UTC).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    )

    def since_ms(days: int) -> float:
        # Naive arithmetic, then the zone's rules of that day: a day of a clock change has 23 or 25 hours.
        return (midnight.replace(tzinfo=None) - timedelta(days=days)).astimezone().timestamp() * 1000

    return ((since_ms(0), "Today"), (since_ms(1), "Yesterday"), (since_ms(7), "Previous 7 days"), (-math.inf, "Older"))
