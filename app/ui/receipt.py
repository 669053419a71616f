"""
What is told of an answer that has ended: how, what came of it, and how long it took.

The only place with words for that: the line under an answer, its tooltip and the details all take them from here.
"""

import textwrap

from app.domain.abort import AbortReason
from app.domain.billing import BillingFact
from app.domain.conversation import Message, MessageStatus, Role
from app.domain.errors import Fault
from app.domain.usage import Timing, Usage, UsageSource
from app.ui.amounts import dollars

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

UNKNOWN_FAULT = Fault("The answer failed", "Press Retry to ask again.")

_STATUS_WORDS = {
    MessageStatus.GENERATING: "Being written",
    MessageStatus.COMPLETE: "Complete",
    MessageStatus.STOPPED: "Stopped",
    MessageStatus.FAILED: "Failed",
}

_COUNTED = {
    UsageSource.PROVIDER: "counted by the provider",
    UsageSource.ESTIMATED: "estimated here",
    UsageSource.RECONCILED: "asked of the provider afterwards",
}


def status_line(message: Message) -> str:
    """In words, how an answer ended early; empty for others."""
    match message.status:
        case MessageStatus.STOPPED:
            return _WHY.get(message.stop_reason or "", "Stopped")
        case MessageStatus.FAILED:
            fault = message.fault or UNKNOWN_FAULT
            return f"Failed: {fault.title} — {fault.advice}"
    return ""


def receipt_of(message: Message, billing: BillingFact | None = None) -> tuple[str, str] | None:
    """
    Return the receipt of an answer that has ended and its tooltip, None for any other message.

    Both are plain text; the tooltip has a fact a line. `billing` is what is known of its provider.
    """
    if message.role is not Role.ASSISTANT:
        return None
    match message.status:
        case MessageStatus.STOPPED:
            line = _stop_receipt(message)
        case MessageStatus.FAILED:
            line = _kept(message) if message.content or message.reasoning else ""
        case MessageStatus.COMPLETE:
            line = _took(message)
        case MessageStatus.GENERATING:
            return None
    return line, "\n".join(_tooltip_lines(message, billing))


def facts_of(message: Message, billing: BillingFact | None = None) -> list[tuple[str, str]]:
    """Return what is known of how an answer came about: names and values, plain text. Nothing of a question."""
    if message.role is not Role.ASSISTANT:
        return []
    facts = [("Model", message.model or ""), ("Status", status_line(message) or _STATUS_WORDS[message.status])]
    facts += _times_and_counts(message)
    if message.status is MessageStatus.STOPPED and billing is not None and _was_sent(message.timing):
        facts.append(("Billing", _billing(billing)))
    return [(name, value) for name, value in facts if value]


def _stop_receipt(message: Message) -> str:
    parts = [status_line(message)]
    if not _was_sent(message.timing):
        return " · ".join([*parts, "nothing had been sent"])
    parts.append(_kept(message))
    close_ms = message.timing.close_ms
    if close_ms is not None and message.stop_reason != AbortReason.NETWORK:  # that one closed by itself
        parts.append(f"connection closed in {_duration(close_ms, tiny='< 0.1 ms')}")
    return " · ".join(parts)


def _took(message: Message) -> str:
    """What a whole answer took."""
    parts: list[str] = []
    if message.usage is not None and message.usage.completion_tokens:
        parts.append(_tokens(message.usage))
    if message.timing.first_token_ms is not None:
        parts.append(f"{_duration(message.timing.first_token_ms)} to first token")
    if speed := _speed(message):
        parts.append(speed)
    if message.usage is not None and message.usage.cost:
        parts.append(_cost(message.usage))
    return " · ".join(parts)


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
    return f"{_tokens(usage)} kept"


def _tokens(usage: Usage) -> str:
    return f"{_count(usage)} {'token' if usage.completion_tokens == 1 else 'tokens'}"


def _count(usage: Usage) -> str:
    return f"{_about(usage)}{usage.completion_tokens:,}"


def _about(usage: Usage) -> str:
    return "≈ " if usage.source is UsageSource.ESTIMATED else ""


def _sent(usage: Usage) -> str:
    cached = f", {usage.cached_tokens:,} of them read from a cache" if usage.cached_tokens else ""
    return f"{_about(usage)}{usage.prompt_tokens:,}{cached}"


def _cost(usage: Usage) -> str:
    return f"{_about(usage)}{dollars(usage.cost or 0.0)}"


def _speed(message: Message) -> str:
    """Tokens a second from the first to the last; empty where there were not two moments to tell apart."""
    usage, timing = message.usage, message.timing
    if usage is None or usage.completion_tokens < 2 or timing.first_token_ms is None or timing.last_token_ms is None:
        return ""
    took_ms = timing.last_token_ms - timing.first_token_ms
    if took_ms < 1:
        return ""
    about = "≈ " if usage.source is UsageSource.ESTIMATED else ""
    per_s = (usage.completion_tokens - 1) * 1000 / took_ms
    return f"{about}{per_s:,.1f} tokens/s" if per_s < 9.95 else f"{about}{per_s:,.0f} tokens/s"


def _tooltip_lines(message: Message, billing: BillingFact | None) -> list[str]:
    lines = [f"{name}: {value}" for name, value in _times_and_counts(message)]
    if billing is not None and message.status is MessageStatus.STOPPED and _was_sent(message.timing):
        lines.append(textwrap.fill(_billing(billing), TOOLTIP_COLUMNS))
    return lines


def _times_and_counts(message: Message) -> list[tuple[str, str]]:
    timing, usage = message.timing, message.usage
    facts: list[tuple[str, str]] = []
    if timing.first_token_ms is not None:
        facts.append(("First token", f"{_duration(timing.first_token_ms)} after the start"))
    if speed := _speed(message):
        facts.append(("Speed", speed))
    if (click_ms := timing.stop_click_ms) is not None:
        is_click = message.stop_reason == AbortReason.USER
        facts.append(("Click on Stop" if is_click else "Stopped", f"{_duration(click_ms)} after the start"))
        then = "after the click" if is_click else "after that"
        if timing.close_ms is not None:
            facts.append(("Connection closed", f"{_duration(timing.close_ms)} {then}"))
        if timing.committed_ms is not None:
            facts.append(("Saved", f"{_duration(timing.committed_ms - click_ms)} {then}"))
    if usage is not None and usage.completion_tokens and _was_sent(timing):
        facts.append(("Tokens", f"{_count(usage)}, {_COUNTED[usage.source]}"))
        if usage.reasoning_tokens:
            facts.append(("Thought", f"{_about(usage)}{usage.reasoning_tokens:,} of them"))
    if usage is not None and usage.prompt_tokens is not None and _was_sent(timing):
        facts.append(("Tokens sent", _sent(usage)))
    if usage is not None and usage.cost is not None and _was_sent(timing):
        facts.append(("Cost", _cost(usage) if usage.cost else "free"))
    return facts


def _billing(fact: BillingFact) -> str:
    checked = f" Checked {fact.checked.isoformat()}." if fact.checked is not None else ""
    return fact.sentence + checked


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
