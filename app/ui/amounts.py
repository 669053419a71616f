"""Money and shares in words."""

_TINY = 0.0001


def dollars(cost: float) -> str:
    """Write US dollars as exactly as it is of use: free, $0.0042, $0.031, $1.24, $1,240."""
    if cost <= 0:
        return "free"
    if cost < _TINY:
        return f"under ${_TINY:.4f}"
    if cost < 0.00995:
        return f"${cost:.4f}"
    if cost < 0.995:
        return f"${cost:.3f}"
    return f"${cost:,.2f}" if cost < 999.5 else f"${cost:,.0f}"


def short(count: int) -> str:
    """Write a number so that it can be compared at a glance: 9,640, 56.4k, 1.80M."""
    if count < 10_000:
        return f"{count:,}"
    if count < 999_950:
        return f"{count / 1_000:.1f}k" if count < 99_950 else f"{count / 1_000:.0f}k"
    return f"{count / 1_000_000:,.2f}M"


def percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def counted(count: int, what: str) -> str:
    """1 token, 1,204 tokens."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
