"""The line under an answer that was stopped: what was kept, and how fast the connection closed."""

import textwrap

from app.domain.abort import AbortReason
from app.domain.billing import BillingFact
from app.domain.conversation import Message, MessageStatus
from app.domain.usage import Timing, Usage, UsageSource

TOOLTIP_COLUMNS = 72  # Qt does not wrap a plain tooltip

_WHY = {
    AbortReason.USER: "Stopped",
    AbortReason.SUPERSEDED: "Stopped: you asked again",
    AbortReason.DELETED: "Stopped: it was deleted",
    AbortReason.QUIT: "Stopped when Belay was closed",
    AbortReason.EXTERNAL: "Stopped by another program",
    AbortReason.NETWORK: "Stopped: the connection was lost",
    "crash": "Stopped when Belay ended unexpectedly",
}

_COUNTED = {
    UsageSource.PROVIDER: "counted by the provider",
    UsageSource.ESTIMATED: "estimated here",
    UsageSource.RECONCILED: "asked of the provider afterwards",
}


def receipt_of(message: Message, billing: BillingFact | None = None) -> tuple[str, str] | None:
    """
    Return the receipt of a stopped answer and its tooltip, None for any other message.

    Both are plain text; the tooltip has a fact a line. `billing` is what is known of its provider.
    """
    if message.status is not MessageStatus.STOPPED:
        return None
    parts = [_WHY.get(message.stop_reason or "", "Stopped")]
    if _was_sent(message.timing):
        parts.append(_kept(message))
        close_ms = message.timing.close_ms
        if close_ms is not None and message.stop_reason != AbortReason.NETWORK:  # that one closed by itself
            parts.append(f"connection closed in {_duration(close_ms, tiny='< 0.1 ms')}")
    else:
        parts.append("nothing had been sent")
    return " · ".join(parts), "\n".join(_details(message, billing))


def _was_sent(timing: Timing) -> bool:
    """Whether there was a connection to close. An answer that a crash ended has no times: its text tells."""
    return (
        timing.stop_click_ms is None
        or timing.socket_closed_ms is not None
        or timing.headers_ms is not None
        or timing.first_token_ms is not None
    )


def _kept(message: Message) -> str:
    """
    Say how much of the answer there is.

    The text decides whether there is anything: a provider may count none for a text it sent, and
    a crash leaves a text that nobody counted.
    """
    if not message.content and not message.reasoning:
        return "nothing received"
    usage = message.usage
    if usage is None or not usage.completion_tokens:
        return "text kept"
    return f"{_count(usage)} {'token' if usage.completion_tokens == 1 else 'tokens'} kept"


def _count(usage: Usage) -> str:
    about = "≈ " if usage.source is UsageSource.ESTIMATED else ""
    return f"{about}{usage.completion_tokens:,}"


def _details(message: Message, billing: BillingFact | None) -> list[str]:
    timing = message.timing
    was_sent = _was_sent(timing)
    lines: list[str] = []
    if timing.first_token_ms is not None:
        lines.append(f"First token: {_duration(timing.first_token_ms)} after the start")
    if (click_ms := timing.stop_click_ms) is not None:
        is_click = message.stop_reason == AbortReason.USER
        lines.append(f"{'Click on Stop' if is_click else 'Stopped'}: {_duration(click_ms)} after the start")
        then = "after the click" if is_click else "after that"
        if timing.close_ms is not None:
            lines.append(f"Connection closed: {_duration(timing.close_ms)} {then}")
        if timing.committed_ms is not None:
            lines.append(f"Saved: {_duration(timing.committed_ms - click_ms)} {then}")
    if message.usage is not None and message.usage.completion_tokens and was_sent:
        lines.append(f"Tokens: {_count(message.usage)}, {_COUNTED[message.usage.source]}")
    if billing is not None and was_sent:
        lines.append(_billing(billing))
    return lines


def _billing(fact: BillingFact) -> str:
    checked = f" Checked {fact.checked.isoformat()}." if fact.checked is not None else ""
    return textwrap.fill(fact.sentence + checked, TOOLTIP_COLUMNS)


def _duration(duration_ms: float, tiny: str = "under 0.1 ms") -> str:
    """
    Write a time as exactly as it is of use: 0.3 ms, 12 ms, 1.24 s.

    `tiny` is for what would show as 0.0 ms. A tooltip is spared the sign <, which Qt takes for markup.
    """
    if duration_ms < 0.05:
        return tiny
    if duration_ms < 9.95:
        return f"{duration_ms:.1f} ms"
    if duration_ms < 999.5:
        return f"{duration_ms:.0f} ms"
    return f"{duration_ms / 1000:,.2f} s"
